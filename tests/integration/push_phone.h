/* push_phone.h — the browser's side of Web Push: a subscription, and what opens its messages
 * (RFC 8291), written apart from the server's. */
#pragma once

#include "base/json.h"

#include <stddef.h>

typedef struct PushPhone PushPhone;

PushPhone *push_phone_new(void);
void push_phone_free(PushPhone *phone);

/* The body of POST /me/push for the endpoint; owned. */
char *push_phone_subscription(const PushPhone *phone, const char *endpoint);

/* A HookReader; `phone` is the PushPhone. NULL: it is not for this phone, or was changed. */
Json *push_phone_open(const char *head, const void *body, size_t size, void *phone);
