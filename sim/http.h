/* http.h — the smallest HTTP server that serves: one request a connection, JSON answers.
 *
 * Each request is handled on a thread of its own, so handlers may take their time, but must be safe
 * to call at the same time.
 */
#pragma once

#include "base/json.h"

typedef struct Http Http;

typedef struct HttpRequest {
    char *method, *path;
    GHashTable *query; /* text -> text, decoded */
} HttpRequest;

/* Returns the answer, owned by the caller, and its status (200 unless set). */
typedef Json *(*HttpHandler)(void *data, const HttpRequest *request, int *status);

/* Listens on `bind`:`port` (0: a free one). */
Http *http_start(const char *bind, int port, HttpHandler handler, void *data, GError **error);
void http_stop(Http *http); /* takes `http` */
int http_port(const Http *http);
