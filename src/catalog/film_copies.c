#include "catalog/film_copies.h"

#include "catalog/db.h"
#include "catalog/numbers.h"

void film_copy_row_free(FilmCopyRow *row)
{
    if (!row)
        return;
    g_free(row->receiver);
    g_free(row);
}

bool film_copies_add(CatalogDb *db, FilmCopyRow *row, GError **error)
{
    if (!numbers_next(db, NUMBERED_FILM, row->year, &row->id, &row->seq, error))
        return false;
    g_auto(Query) query = query_begin(
        db, "INSERT INTO film_copies (id, year, seq, camera, from_us, to_us, receiver, boxes,"
            " asked_by, at_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_int(&query, row->year);
    query_int(&query, row->seq);
    query_uuid(&query, &row->camera);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_text(&query, row->receiver);
    query_int(&query, row->boxes);
    query_uuid(&query, &row->by);
    query_int(&query, row->at_us);
    return query_run(&query, error);
}

bool film_copies_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, "DELETE FROM film_copies WHERE id = ?");
    query_uuid(&query, id);
    return query_run(&query, error);
}

#define FILM_COLUMNS                                                                      \
    "SELECT id, camera, from_us, to_us, receiver, boxes, asked_by, at_us, year, seq FROM" \
    " film_copies "

static FilmCopyRow *read_row(const Query *query)
{
    FilmCopyRow *row = g_new0(FilmCopyRow, 1);
    *row = (FilmCopyRow){.id = column_uuid(query, 0),
                         .camera = column_uuid(query, 1),
                         .from_us = column_int(query, 2),
                         .to_us = column_int(query, 3),
                         .receiver = column_text(query, 4),
                         .boxes = (unsigned)column_int(query, 5),
                         .by = column_uuid(query, 6),
                         .at_us = column_int(query, 7),
                         .year = (int)column_int(query, 8),
                         .seq = (int)column_int(query, 9)};
    return row;
}

FilmCopyRow *film_copies_get_number(CatalogDb *db, int year, int seq, GError **error)
{
    g_auto(Query) query = query_begin(db, FILM_COLUMNS "WHERE year = ? AND seq = ?");
    query_int(&query, year);
    query_int(&query, seq);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no film has this number");
    return step == QUERY_ROW ? read_row(&query) : NULL;
}

GPtrArray *film_copies_list(CatalogDb *db, unsigned limit, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)film_copy_row_free);
    g_auto(Query) query = query_begin(db, FILM_COLUMNS "ORDER BY year DESC, seq DESC LIMIT ?");
    query_int(&query, limit);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
