#include "catalog/bookmarks.h"

#include "base/fold.h"
#include "catalog/refs.h"

#include <string.h>

void bookmark_row_free(BookmarkRow *row)
{
    if (!row)
        return;
    g_free(row->note);
    g_free(row);
}

bool bookmarks_put(CatalogDb *db, const BookmarkRow *row, GError **error)
{
    int64_t camera = 0;
    if (!camera_ref(db, &row->camera, &camera, error))
        return false;
    if (camera == 0)
        return err_set(error, ERR_NOT_FOUND, "a bookmark of a camera that is not known");
    g_autofree char *words = fold_text(row->note);
    g_auto(Query) query =
        query_begin(db, "INSERT INTO bookmarks (id, camera, from_us, to_us, note, words, who,"
                        " shared, created_us, changed_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        " ON CONFLICT (id) DO UPDATE SET from_us = excluded.from_us,"
                        " to_us = excluded.to_us, note = excluded.note, words = excluded.words,"
                        " shared = excluded.shared, changed_us = excluded.changed_us");
    query_uuid(&query, &row->id);
    query_int(&query, camera);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_text(&query, row->note);
    query_text(&query, words);
    query_uuid(&query, &row->who);
    query_int(&query, row->shared);
    query_int(&query, row->created_us);
    query_int(&query, row->changed_us);
    return query_run(&query, error);
}

#define BOOKMARK_COLUMNS                                                                   \
    "SELECT b.ref, b.id, c.id, b.from_us, b.to_us, b.note, b.who, b.shared, b.created_us," \
    " b.changed_us, b.words FROM bookmarks b JOIN cameras c ON c.ref = b.camera "
enum { WORDS = 10 };

static BookmarkRow *read_row(const Query *query)
{
    BookmarkRow *row = g_new(BookmarkRow, 1);
    *row = (BookmarkRow){
        .ref = column_int(query, 0),
        .id = column_uuid(query, 1),
        .camera = column_uuid(query, 2),
        .from_us = column_int(query, 3),
        .to_us = column_int(query, 4),
        .note = column_text(query, 5),
        .who = column_uuid(query, 6),
        .shared = column_int(query, 7),
        .created_us = column_int(query, 8),
        .changed_us = column_int(query, 9),
    };
    return row;
}

BookmarkRow *bookmarks_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, BOOKMARK_COLUMNS "WHERE b.id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        return read_row(&query);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such bookmark");
    return NULL;
}

bool bookmarks_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM bookmarks WHERE id = ?");
    query_uuid(&query, id);
    if (!query_run(&query, error))
        return false;
    return query_changes(&query) > 0 || err_set(error, ERR_NOT_FOUND, "no such bookmark");
}

static bool has_words(const Query *query, char *const *wanted)
{
    g_autofree char *words = column_text(query, WORDS);
    return fold_has(words, wanted);
}

GPtrArray *bookmarks_list(CatalogDb *db, const BookmarkQuery *asked, GError **error)
{
    int64_t camera = 0;
    g_auto(GStrv) wanted = fold_words(asked->words);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)bookmark_row_free);
    if (asked->camera && !camera_ref(db, asked->camera, &camera, error))
        return NULL;
    g_auto(Query) query = query_begin(
        db, BOOKMARK_COLUMNS "WHERE b.from_us < ?1 AND b.to_us >= ?2 AND (b.from_us, b.ref) <"
                             " (?3, ?4) AND (?5 = 0 OR b.camera = ?6) AND (?7 IS NULL OR b.who ="
                             " ?7) ORDER BY b.from_us DESC, b.ref DESC");
    query_int(&query, asked->to_us);
    query_int(&query, asked->from_us);
    query_int(&query, asked->before_us ? asked->before_us : INT64_MAX);
    query_int(&query, asked->before_us ? asked->before_ref : INT64_MAX);
    query_int(&query, asked->camera != NULL);
    query_int(&query, camera);
    query_uuid(&query, asked->who ? asked->who : &(Uuid){{0}});
    QueryStep step = QUERY_END;
    while (rows->len < asked->limit && (step = query_next(&query, error)) == QUERY_ROW) {
        if (!has_words(&query, wanted))
            continue;
        g_autoptr(BookmarkRow) row = read_row(&query);
        if (!asked->may || asked->may(asked->data, row))
            g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return step == QUERY_FAILED ? NULL : g_steal_pointer(&rows);
}
