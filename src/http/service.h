/* service.h — the service thread as the rest of http/ sees it: its settings, and a letter box. */
#pragma once

#include "http/api/context.h"
#include "http/static_files.h"

#include <stdatomic.h>

struct lws_context;

typedef struct Service Service;

/* Calls other threads want made on the service thread, in order. */
typedef void (*ServiceCall)(void *data);

struct Service {
    ApiContext *api;
    StaticFiles *files;  /* NULL: no app */
    const char *scheme;  /* "https", "http"; NULL behind a proxy, where either may be true */
    bool secure_cookies; /* the browser sees TLS, ours or a proxy's */
    bool behind_proxy;
    atomic_bool public_certificate; /* worth HSTS */
    unsigned in_work;               /* exchanges on the pool; service thread only */
    unsigned uploads;               /* under way; service thread only, as the next */
    struct Upload *guest_uploads;   /* those of them that are of guests, by `next` */
    struct ServiceBox *box;
};

/* Any thread. */
void service_post(Service *service, ServiceCall call, void *data);
