/* target.h — the request target: path and query, decoded and checked (RFC 3986, RFC 9112 §3.2). */
#pragma once

#include "http/api/context.h"

#include <stddef.h>

/* True for an absolute path we are willing to look at: UTF-8, no control characters, no backslash,
 * no segment "." or "..". `size` counts bytes, so that an inner NUL is seen. */
bool path_is_plain(const char *path, size_t size);

/* Replaces %XX in place; NULL when a sequence is broken or gives NUL. `plus`: '+' means a blank. */
char *percent_decode(char *text, bool plus);

/* A target taken apart; the params borrow from `text`. */
typedef struct Target {
    char *text; /* owned */
    const char *path;
    ApiParam query[API_QUERY_MOST];
    size_t query_count;
} Target;

/* False when it is none, or has more than API_QUERY_MOST parameters. */
bool target_parse(const char *text, Target *target);
void target_clear(Target *target);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Target, target_clear)

/* Splits "name=value" in place into the next of `query`; false when there is no room. */
bool query_add(ApiParam query[API_QUERY_MOST], size_t *count, char *pair);
