/* bookmark.h — a moment or a span of a camera's footage that somebody wants to find again, with a
 * note. Its maker's alone, or shared with all who may replay the camera. Blocking; thread-safe.
 */
#pragma once

#include "catalog/bookmarks.h"

/* What is asked for a bookmark, new or known; borrowed. NULL leaves as it is. */
typedef struct BookmarkEdit {
    const int64_t *from_us, *to_us; /* the same, or `to_us` left out when new: a moment */
    const char *note;               /* new: "" */
    const bool *shared;             /* new: true */
} BookmarkEdit;

/* A bookmark of `camera` by `who`. ERR_INVALID says what is wrong. Returns owned, or NULL. */
BookmarkRow *bookmark_add(Catalog *catalog, const Uuid *camera, const BookmarkEdit *edit,
                          const Uuid *who, int64_t now_us, GError **error);

/* ERR_NOT_FOUND. Returns owned, or NULL. */
BookmarkRow *bookmark_change(Catalog *catalog, const Uuid *id, const BookmarkEdit *edit,
                             int64_t now_us, GError **error);

bool bookmark_remove(Catalog *catalog, const Uuid *id, GError **error);
