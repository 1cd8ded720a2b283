/* case_item.h — what a case gathers: which kinds of items there are, and what each says. Pure.
 *
 * People are roles and numbers: a case is no register of suspects.
 */
#pragma once

#include "base/error.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stdint.h>

#define CASE_ITEM_REPORT "report"
#define CASE_ITEM_NOTE "note"
#define CASE_ITEM_FOOTAGE "footage"
#define CASE_ITEM_NOTHING_SEEN "nothing-seen"
#define CASE_ITEM_GIVEN "household-file" /* comes with being kept as evidence, not by hand */

enum {
    CASE_NOTE_MOST = 2000, /* letters, as this */
    CASE_WORDS_MOST = 200,
    CASE_CAMERAS_MOST = 64, /* of an item, or of a hold */
    CASE_PERSONS_MOST = 99,
};

/* The span of an item, or of a hold. */
#define CASE_SPAN_MOST_US (INT64_C(31) * 24 * 3600 * 1000000)

/* As it is told; borrowed. NULL, 0: not told. */
typedef struct CaseItemTold {
    const char *kind;
    const char *thing;   /* id or number of what it names: report, event, bookmark, trace, copy */
    const Uuid *cameras; /* of footage one */
    size_t camera_count;
    int64_t from_us, to_us;
    const char *text;  /* of a note */
    const char *words; /* what is to be seen there */
    const char *role;  /* of persons, and how many */
    int64_t count;
    const char *request, *sha256,
        *type; /* of what a household gave: asked by it, in hex, media type */
    int64_t bytes;
} CaseItemTold;

/* Is it one that names a thing of its own? */
bool case_item_names(const char *kind);

/* Its members as JSON, as they are stored and told. ERR_INVALID says what is wrong by its name on
 * the API. Returns owned, or NULL. */
char *case_item_body(const CaseItemTold *told, GError **error);

/* ERR_INVALID unless it is a span of a month at most that has begun by `now_us`. */
bool case_span_check(int64_t from_us, int64_t to_us, int64_t now_us, GError **error);
