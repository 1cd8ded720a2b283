#include "casework/bookmark.h"

#include "base/clock.h"
#include "casework/span.h"

enum { NOTE_MOST = 500 };

static bool is_sound(const BookmarkRow *row, int64_t now_us, GError **error)
{
    return span_check("a bookmark", row->from_us, row->to_us, now_us, error) &&
           (g_utf8_strlen(row->note, -1) <= NOTE_MOST ||
            err_set(error, ERR_INVALID, "‘note’ must have at most %d letters", NOTE_MOST));
}

static void apply(BookmarkRow *row, const BookmarkEdit *edit, int64_t now_us)
{
    row->from_us = edit->from_us ? *edit->from_us : row->from_us;
    row->to_us = edit->to_us ? *edit->to_us : row->to_us;
    row->shared = edit->shared ? *edit->shared : row->shared;
    row->changed_us = now_us;
    if (edit->note) {
        g_free(row->note);
        row->note = g_strstrip(g_strdup(edit->note));
    }
}

/* On the writer's thread, so that of two who change one at once none undoes what the other did. */
typedef struct Write {
    BookmarkRow *row; /* NULL: `id` is to be changed */
    const Uuid *id;
    const BookmarkEdit *edit;
    int64_t now_us;
} Write;

static bool write_row(CatalogDb *db, void *data, GError **error)
{
    Write *write = data;
    if (!write->row && !(write->row = bookmarks_get(db, write->id, error)))
        return false;
    apply(write->row, write->edit, write->now_us);
    return is_sound(write->row, write->now_us, error) && bookmarks_put(db, write->row, error);
}

static BookmarkRow *write_wait(Catalog *catalog, Write *write, GError **error)
{
    if (catalog_write_wait(catalog, write_row, write, error))
        return write->row;
    bookmark_row_free(write->row);
    return NULL;
}

BookmarkRow *bookmark_add(Catalog *catalog, const Uuid *camera, const BookmarkEdit *edit,
                          const Uuid *who, int64_t now_us, GError **error)
{
    if (!edit->from_us) {
        err_set(error, ERR_INVALID, "‘from’ must be a time such as 2026-11-24T07:30:00Z");
        return NULL;
    }
    BookmarkRow *row = g_new(BookmarkRow, 1);
    *row = (BookmarkRow){
        .id = uuid_new(),
        .camera = *camera,
        .to_us = *edit->from_us,
        .note = g_strdup(""),
        .who = *who,
        .shared = true,
        .created_us = now_us,
    };
    Write write = {.row = row, .edit = edit, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

BookmarkRow *bookmark_change(Catalog *catalog, const Uuid *id, const BookmarkEdit *edit,
                             int64_t now_us, GError **error)
{
    Write write = {.id = id, .edit = edit, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

static bool remove_row(CatalogDb *db, void *data, GError **error)
{
    return bookmarks_remove(db, data, error);
}

bool bookmark_remove(Catalog *catalog, const Uuid *id, GError **error)
{
    Uuid own = *id;
    return catalog_write_wait(catalog, remove_row, &own, error);
}
