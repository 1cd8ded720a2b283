#include "catalog/mark_judgements.h"

#include "catalog/db.h"

void mark_judgement_free(MarkJudgement *row)
{
    if (!row)
        return;
    g_free(row->mark);
    g_free(row->kind);
    g_free(row->actor);
    g_free(row->object);
    g_free(row->note);
    g_free(row);
}

bool mark_judgements_remove(CatalogDb *db, const MarkJudgement *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "DELETE FROM mark_judgements WHERE kind = ? AND actor = ? AND object = ?"
                        " AND last_seq BETWEEN ? AND ?");
    query_text(&query, row->kind);
    query_text(&query, row->actor);
    query_text(&query, row->object);
    query_int(&query, row->first_seq);
    query_int(&query, row->last_seq);
    return query_run(&query, error);
}

bool mark_judgements_put(CatalogDb *db, const MarkJudgement *row, GError **error)
{
    if (!mark_judgements_remove(db, row, error))
        return false;
    g_auto(Query) query =
        query_begin(db, "INSERT INTO mark_judgements"
                        " (mark, kind, actor, object, first_seq, last_seq, misuse, note, by, at_us)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_text(&query, row->mark);
    query_text(&query, row->kind);
    query_text(&query, row->actor);
    query_text(&query, row->object);
    query_int(&query, row->first_seq);
    query_int(&query, row->last_seq);
    query_int(&query, row->misuse);
    query_text(&query, row->note);
    query_uuid(&query, &row->by);
    query_int(&query, row->at_us);
    return query_run(&query, error);
}

#define JUDGEMENT_COLUMNS                                                            \
    "SELECT mark, kind, actor, object, first_seq, last_seq, misuse, note, by, at_us" \
    " FROM mark_judgements "

static MarkJudgement *read_row(const Query *query)
{
    MarkJudgement *row = g_new(MarkJudgement, 1);
    *row = (MarkJudgement){
        .mark = column_text(query, 0),
        .kind = column_text(query, 1),
        .actor = column_text(query, 2),
        .object = column_text(query, 3),
        .first_seq = column_int(query, 4),
        .last_seq = column_int(query, 5),
        .misuse = column_int(query, 6) != 0,
        .note = column_text(query, 7),
        .by = column_uuid(query, 8),
        .at_us = column_int(query, 9),
    };
    return row;
}

bool mark_judgements_get(CatalogDb *db, const char *mark, MarkJudgement **row, GError **error)
{
    *row = NULL;
    g_auto(Query) query = query_begin(db, JUDGEMENT_COLUMNS "WHERE mark = ?");
    query_text(&query, mark);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        *row = read_row(&query);
    return step != QUERY_FAILED;
}

GPtrArray *mark_judgements_list(CatalogDb *db, unsigned most, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)mark_judgement_free);
    g_auto(Query) query = query_begin(db, JUDGEMENT_COLUMNS "ORDER BY at_us DESC, mark LIMIT ?");
    query_int(&query, most);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool mark_judgements_count(CatalogDb *db, int64_t from_us, int64_t to_us, unsigned *misuse,
                           unsigned *explained, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT coalesce(sum(misuse), 0), count(*) FROM mark_judgements"
                        " WHERE at_us >= ? AND at_us < ?");
    query_int(&query, from_us);
    query_int(&query, to_us);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *misuse = (unsigned)column_int(&query, 0);
    *explained = (unsigned)column_int(&query, 1) - *misuse;
    return true;
}
