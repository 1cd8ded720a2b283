/* json.h — jansson with clean-up and with readers that say which member is wrong. */
#pragma once

#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef json_t Json; /* for g_autoptr(Json) */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, json_decref)

/* Call once, before other threads run: what JSON held, passwords and keys among it, is then wiped
 * before its memory is given back. */
void json_wipe_freed(void);

/* Parses one JSON text of at most `size` bytes; ERR_INVALID with line and column. Duplicate
 * members and trailing bytes are refused. Returns owned. */
Json *json_parse(const char *text, size_t size, GError **error);

/* One line, members in the order they were set. Returns owned (g_free). */
char *json_line(const Json *value);
/* The same with a line for each member, for files that people read; ends with a new line. */
char *json_lines(const Json *value);

/* Members of an object. A missing member, or null, leaves `*value` as it is; a wrong type sets
 * `error` (ERR_INVALID) and returns false. Strings are borrowed from `object`. */
bool json_get_text(const Json *object, const char *name, const char **value, GError **error);
bool json_get_int(const Json *object, const char *name, int64_t *value, GError **error);
bool json_get_double(const Json *object, const char *name, double *value, GError **error);
bool json_get_bool(const Json *object, const char *name, bool *value, GError **error);

/* RFC 3339 UTC with milliseconds. */
Json *json_time(int64_t time_us);

/* {"from":…,"to":…}, each as json_time(). */
Json *json_span(int64_t from_us, int64_t to_us);
