#include "catalog/traces.h"

#include "base/fold.h"
#include "catalog/db.h"

#include <string.h>

void sighting_row_free(SightingRow *row)
{
    if (!row)
        return;
    g_free(row->verdict);
    g_free(row->note);
    g_free(row);
}

void trace_row_free(TraceRow *row)
{
    if (!row)
        return;
    g_free(row->name);
    if (row->sightings)
        g_ptr_array_unref(row->sightings);
    g_free(row);
}

bool traces_put(CatalogDb *db, const TraceRow *row, GError **error)
{
    g_autofree char *words = fold_text(row->name);
    g_auto(Query) query =
        query_begin(db, "INSERT INTO traces (id, name, words, who, shared, created_us, changed_us)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                        " name = excluded.name, words = excluded.words, shared = excluded.shared,"
                        " changed_us = excluded.changed_us");
    query_uuid(&query, &row->id);
    query_text(&query, row->name);
    query_text(&query, words);
    query_uuid(&query, &row->who);
    query_int(&query, row->shared);
    query_int(&query, row->created_us);
    query_int(&query, row->changed_us);
    return query_run(&query, error);
}

static SightingRow *read_sighting(const Query *query)
{
    SightingRow *row = g_new(SightingRow, 1);
    *row = (SightingRow){
        .id = column_uuid(query, 0),
        .camera = column_uuid(query, 1),
        .from_us = column_int(query, 2),
        .to_us = column_int(query, 3),
        .verdict = column_text(query, 4),
        .note = column_text(query, 5),
        .who = column_uuid(query, 6),
        .created_us = column_int(query, 7),
    };
    return row;
}

static bool read_sightings(CatalogDb *db, TraceRow *row, GError **error)
{
    row->sightings = g_ptr_array_new_with_free_func((GDestroyNotify)sighting_row_free);
    g_auto(Query) query =
        query_begin(db, "SELECT id, camera, from_us, to_us, verdict, note, who, created_us FROM"
                        " sightings WHERE trace = ? ORDER BY from_us, ref");
    query_int(&query, row->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(row->sightings, read_sighting(&query));
    return step == QUERY_END;
}

#define TRACE_COLUMNS \
    "SELECT ref, id, name, who, shared, created_us, changed_us, words FROM traces "
enum { WORDS = 7 };

static TraceRow *read_row(const Query *query)
{
    TraceRow *row = g_new(TraceRow, 1);
    *row = (TraceRow){
        .ref = column_int(query, 0),
        .id = column_uuid(query, 1),
        .name = column_text(query, 2),
        .who = column_uuid(query, 3),
        .shared = column_int(query, 4) != 0,
        .created_us = column_int(query, 5),
        .changed_us = column_int(query, 6),
    };
    return row;
}

TraceRow *traces_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, TRACE_COLUMNS "WHERE id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such trace");
    if (step != QUERY_ROW)
        return NULL;
    g_autoptr(TraceRow) row = read_row(&query);
    return read_sightings(db, row, error) ? g_steal_pointer(&row) : NULL;
}

static bool remove_by_id(CatalogDb *db, const char *sql, const Uuid *id, const char *what,
                         GError **error)
{
    g_auto(Query) query = query_begin(db, sql);
    query_uuid(&query, id);
    if (!query_run(&query, error))
        return false;
    return query_changes(&query) > 0 || err_set(error, ERR_NOT_FOUND, "no such %s", what);
}

bool traces_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    return remove_by_id(db, "DELETE FROM traces WHERE id = ?", id, "trace", error);
}

bool sightings_remove(CatalogDb *db, const Uuid *id, GError **error)
{
    return remove_by_id(db, "DELETE FROM sightings WHERE id = ?", id, "sighting", error);
}

bool traces_count(CatalogDb *db, const Uuid *who, int64_t *count, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT count(*) FROM traces WHERE who IS ?");
    query_uuid(&query, who);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *count = column_int(&query, 0);
    return true;
}

bool sightings_put(CatalogDb *db, const Uuid *trace, const SightingRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO sightings (id, trace, camera, from_us, to_us, verdict, note, who,"
            " created_us) SELECT ?, ref, ?, ?, ?, ?, ?, ?, ? FROM traces WHERE id = ?"
            " ON CONFLICT (id) DO UPDATE SET from_us = excluded.from_us, to_us = excluded.to_us,"
            " verdict = excluded.verdict, note = excluded.note");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->camera);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_text(&query, row->verdict);
    query_text(&query, row->note);
    query_uuid(&query, &row->who);
    query_int(&query, row->created_us);
    query_uuid(&query, trace);
    if (!query_run(&query, error))
        return false;
    return query_changes(&query) > 0 || err_set(error, ERR_NOT_FOUND, "no such trace");
}

static bool has_words(const Query *query, char *const *wanted)
{
    g_autofree char *words = column_text(query, WORDS);
    return fold_has(words, wanted);
}

GPtrArray *traces_list(CatalogDb *db, const TraceQuery *asked, GError **error)
{
    g_auto(GStrv) wanted = fold_words(asked->words);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)trace_row_free);
    g_auto(Query) query =
        query_begin(db, TRACE_COLUMNS "WHERE (changed_us, ref) < (?1, ?2) AND (?3 IS NULL OR"
                                      " who = ?3) ORDER BY changed_us DESC, ref DESC");
    query_int(&query, asked->before_us ? asked->before_us : INT64_MAX);
    query_int(&query, asked->before_us ? asked->before_ref : INT64_MAX);
    query_uuid(&query, asked->who ? asked->who : &(Uuid){{0}});
    QueryStep step = QUERY_END;
    unsigned sightings = 0;
    while (rows->len < asked->limit && sightings <= asked->sightings &&
           (step = query_next(&query, error)) == QUERY_ROW) {
        if (!has_words(&query, wanted))
            continue;
        g_autoptr(TraceRow) row = read_row(&query);
        if (!read_sightings(db, row, error))
            return NULL;
        if (!asked->may(asked->data, row))
            continue;
        sightings += row->sightings->len;
        g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return step == QUERY_FAILED ? NULL : g_steal_pointer(&rows);
}
