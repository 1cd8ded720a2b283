/* bookmarks.h — rows of moments and spans of footage that people want to find again. Rules about
 * them live in casework/bookmark.h.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct BookmarkRow {
    int64_t ref; /* grows; with `from_us` the cursor of a list */
    Uuid id;
    Uuid camera;
    int64_t from_us;
    int64_t to_us; /* of a moment: `from_us` */
    char *note;
    Uuid who;    /* account or token that made it */
    bool shared; /* with all who may replay the camera */
    int64_t created_us, changed_us;
} BookmarkRow;

void bookmark_row_free(BookmarkRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BookmarkRow, bookmark_row_free)

/* Inserts one, or replaces all of it but its camera and its beginning. ERR_NOT_FOUND: no such
 * camera. */
bool bookmarks_put(CatalogDb *db, const BookmarkRow *row, GError **error);

/* ERR_NOT_FOUND when there is none. Returns owned. */
BookmarkRow *bookmarks_get(CatalogDb *db, const Uuid *id, GError **error);
bool bookmarks_remove(CatalogDb *db, const Uuid *id, GError **error);

/* What to list: those that touch from..to, newest footage first. */
typedef struct BookmarkQuery {
    int64_t from_us, to_us;
    const Uuid *camera;            /* NULL: any */
    const Uuid *who;               /* made by; NULL: anyone */
    const char *words;             /* each stands in the note, marks or not; NULL: any */
    int64_t before_us, before_ref; /* behind this one of the last page; 0: from the newest */
    unsigned limit;
    bool (*may)(void *data, const BookmarkRow *row); /* which are listed; NULL: all */
    void *data;
} BookmarkQuery;

/* BookmarkRow *; returns owned, or NULL. */
GPtrArray *bookmarks_list(CatalogDb *db, const BookmarkQuery *query, GError **error);
