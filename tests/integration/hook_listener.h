/* hook_listener.h — an HTTP server on loopback that keeps what is posted to it: the other side of
 * a webhook. Its own thread; functions of the test's. */
#pragma once

#include "base/json.h"

#include <stdint.h>

typedef struct HookListener HookListener;

typedef struct Posted {
    int64_t at_us; /* clock_wall_us() */
    char *head;    /* request line and headers */
    Json *json;    /* NULL: the body was none */
} Posted;

HookListener *hook_listener_new(void);
void hook_listener_free(HookListener *listener);

/* "http://127.0.0.1:PORT/secret-path"; owned by the listener. */
const char *hook_listener_url(const HookListener *listener);

/* What it answers from now on, and a Location header with it (NULL: none; a constant). */
void hook_listener_answer(HookListener *listener, int status, const char *location);

/* How bodies are read from now on, where they are no plain JSON; owned, NULL for none. On the
 * listener's thread. */
typedef Json *(*HookReader)(const char *head, const void *body, size_t size, void *data);
void hook_listener_read_by(HookListener *listener, HookReader reader, void *data);

unsigned hook_listener_count(HookListener *listener);

/* Waits for the first message with these members (NULL: any) from number `*from` on, and moves
 * `*from` behind it. Fails the test after `most_ms`. Borrowed until the listener is freed. */
const Posted *hook_listener_wait(HookListener *listener, unsigned *from, const char *kind,
                                 const char *state, int most_ms);
