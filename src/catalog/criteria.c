#include "catalog/criteria.h"

#include "catalog/db.h"

CriterionRow *criterion_row_new(void)
{
    CriterionRow *row = g_new0(CriterionRow, 1);
    row->text = g_strdup("");
    row->figure = g_strdup("");
    row->compare = g_strdup("");
    return row;
}

void criterion_row_free(CriterionRow *row)
{
    if (!row)
        return;
    g_free(row->text);
    g_free(row->figure);
    g_free(row->compare);
    g_free(row);
}

void criterion_mark_free(CriterionMark *mark)
{
    if (!mark)
        return;
    g_free(mark->month);
    g_free(mark->note);
    g_free(mark);
}

bool criteria_put(CatalogDb *db, const CriterionRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO criteria (id, text, figure, compare, threshold, created_us)"
                        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                        " text = excluded.text, figure = excluded.figure,"
                        " compare = excluded.compare, threshold = excluded.threshold");
    query_uuid(&query, &row->id);
    query_text(&query, row->text);
    query_text(&query, row->figure);
    query_text(&query, row->compare);
    query_double(&query, row->threshold);
    query_int(&query, row->created_us);
    return query_run(&query, error);
}

#define CRITERION_COLUMNS "SELECT id, text, figure, compare, threshold, created_us FROM criteria "

static CriterionRow *read_row(const Query *query)
{
    CriterionRow *row = g_new(CriterionRow, 1);
    *row = (CriterionRow){
        .id = column_uuid(query, 0),
        .text = column_text(query, 1),
        .figure = column_text(query, 2),
        .compare = column_text(query, 3),
        .threshold = column_double(query, 4),
        .created_us = column_int(query, 5),
    };
    return row;
}

CriterionRow *criteria_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, CRITERION_COLUMNS "WHERE id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        return read_row(&query);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such criterion");
    return NULL;
}

GPtrArray *criteria_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)criterion_row_free);
    g_auto(Query) query = query_begin(db, CRITERION_COLUMNS "ORDER BY created_us, id");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool criteria_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) marks = query_begin(db, "DELETE FROM criterion_marks WHERE criterion = ?");
    query_uuid(&marks, id);
    g_auto(Query) query = query_begin(db, "DELETE FROM criteria WHERE id = ?");
    query_uuid(&query, id);
    if (!query_run(&marks, error) || !query_run(&query, error))
        return false;
    return query_changes(&query) > 0 || err_set(error, ERR_NOT_FOUND, "no such criterion");
}

bool criterion_marks_put(CatalogDb *db, const CriterionMark *mark, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO criterion_marks (criterion, month, met, note, by, at_us)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (criterion, month) DO UPDATE SET"
            " met = excluded.met, note = excluded.note, by = excluded.by, at_us = excluded.at_us");
    query_uuid(&query, &mark->criterion);
    query_text(&query, mark->month);
    query_int(&query, mark->met);
    query_text(&query, mark->note);
    query_uuid(&query, &mark->by);
    query_int(&query, mark->at_us);
    return query_run(&query, error);
}

bool criterion_marks_remove(CatalogDb *db, const Uuid *criterion, const char *month, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "DELETE FROM criterion_marks WHERE criterion = ? AND month = ?");
    query_uuid(&query, criterion);
    query_text(&query, month);
    return query_run(&query, error);
}

GPtrArray *criterion_marks_of(CatalogDb *db, const char *month, GError **error)
{
    g_autoptr(GPtrArray) marks =
        g_ptr_array_new_with_free_func((GDestroyNotify)criterion_mark_free);
    g_auto(Query) query = query_begin(
        db, "SELECT criterion, met, note, by, at_us FROM criterion_marks WHERE month = ?");
    query_text(&query, month);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        CriterionMark *mark = g_new(CriterionMark, 1);
        *mark = (CriterionMark){
            .criterion = column_uuid(&query, 0),
            .month = g_strdup(month),
            .met = column_int(&query, 1) != 0,
            .note = column_text(&query, 2),
            .by = column_uuid(&query, 3),
            .at_us = column_int(&query, 4),
        };
        g_ptr_array_add(marks, mark);
    }
    return step == QUERY_END ? g_steal_pointer(&marks) : NULL;
}
