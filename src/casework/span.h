/* span.h — the moment or span of footage that something is said of. */
#pragma once

#include "base/error.h"

#include <stdint.h>

/* A client's “now” may be a little ahead of ours. */
#define SPAN_CLOCKS_APART_US (INT64_C(5) * 1000000)

/* ERR_INVALID: it ends before it begins, is longer than a day, or lies in the future of `now_us`;
 * `what`, as in "a bookmark", is told. */
bool span_check(const char *what, int64_t from_us, int64_t to_us, int64_t now_us, GError **error);
