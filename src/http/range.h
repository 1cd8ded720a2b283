/* range.h — which bytes of a body are asked for, and whether the client has it already
 * (RFC 9110 §13, §14). Header values may be NULL: not sent. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum RangeResult {
    RANGE_WHOLE,         /* none asked, not understood, or several: the whole body, 200 */
    RANGE_PART,          /* 206 */
    RANGE_UNSATISFIABLE, /* 416 */
} RangeResult;

/* `*first` and `*last` are set for RANGE_PART, both included. */
RangeResult range_parse(const char *range, uint64_t size, uint64_t *first, uint64_t *last);

/* May a Range be honoured? True without If-Range, and when it is just our strong `etag`. */
bool if_range_holds(const char *if_range, const char *etag);

/* Does If-None-Match name `etag` (weak comparison, or "*")? Then the answer is 304. */
bool if_none_match_hits(const char *if_none_match, const char *etag);
