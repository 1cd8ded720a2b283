#include "catalog/reports.h"

#include "catalog/db.h"
#include "catalog/numbers.h"
#include "catalog/same_thing.h"

#include <string.h>

ReportRow *report_row_new(void)
{
    ReportRow *row = g_new0(ReportRow, 1);
    char **const texts[] = {&row->kind,       &row->source, &row->state, &row->span_words,
                            &row->where_text, &row->text,   &row->vneid, &row->reporter,
                            &row->phone,      &row->answer};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    row->holds = g_array_new(FALSE, FALSE, sizeof(ReportHoldRow));
    row->files = g_array_new(FALSE, FALSE, sizeof(ReportFileRow));
    return row;
}

void report_row_free(ReportRow *row)
{
    if (!row)
        return;
    g_free(row->kind);
    g_free(row->source);
    g_free(row->state);
    g_free(row->span_words);
    g_free(row->where_text);
    g_free(row->text);
    g_free(row->vneid);
    g_free(row->reporter);
    g_free(row->phone);
    g_free(row->answer);
    g_clear_pointer(&row->holds, g_array_unref);
    g_clear_pointer(&row->files, g_array_unref);
    g_free(row);
}

/* ---- writing ---- */

static void bind_place(Query *query, const ReportRow *row)
{
    query_uuid(query, &row->location);
    query_int(query, row->has_place);
    query_double(query, row->latitude);
    query_double(query, row->longitude);
}

/* What changes after it was told; in the order of both statements below. */
static void bind_course(Query *query, const ReportRow *row)
{
    query_text(query, row->state);
    query_bytes(query, row->secret, sizeof row->secret);
    query_uuid(query, &row->taken_by);
    query_int(query, row->taken_us);
    query_text(query, row->answer);
    query_int(query, row->answered_us);
    query_int(query, row->joined_ref);
    query_int(query, row->hold_waits);
    query_int(query, row->rose_us);
}

static bool insert(CatalogDb *db, const ReportRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO reports (id, year, seq, kind, source, told_us, from_us, to_us,"
            " span_words, where_text, camera, text, vneid, reporter, phone, told_by, key,"
            " location, has_place, latitude, longitude,"
            " state, secret, taken_by, taken_us, answer, answered_us, joined, hold_waits, rose_us)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_int(&query, row->year);
    query_int(&query, row->seq);
    query_text(&query, row->kind);
    query_text(&query, row->source);
    query_int(&query, row->told_us);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_text(&query, row->span_words);
    query_text(&query, row->where_text);
    query_uuid(&query, &row->camera);
    query_text(&query, row->text);
    query_text(&query, row->vneid);
    query_text(&query, row->reporter);
    query_text(&query, row->phone);
    query_uuid(&query, &row->by);
    query_uuid(&query, &row->key);
    bind_place(&query, row);
    bind_course(&query, row);
    return query_run(&query, error);
}

bool reports_add(CatalogDb *db, ReportRow *row, GError **error)
{
    if (!numbers_next(db, NUMBERED_REPORT, row->year, &row->id, &row->seq, error) ||
        !insert(db, row, error))
        return false;
    g_auto(Query) query = query_begin(db, "SELECT ref FROM reports WHERE id = ?");
    query_uuid(&query, &row->id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    row->ref = column_int(&query, 0);
    return true;
}

bool reports_put(CatalogDb *db, const ReportRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "UPDATE reports SET kind = ?, from_us = ?, to_us = ?, span_words = ?,"
                        " location = ?, has_place = ?, latitude = ?, longitude = ?, state = ?, "
                        "secret = ?, taken_by = ?, taken_us = ?,"
                        " answer = ?, answered_us = ?, joined = ?, hold_waits = ?, rose_us = ?"
                        " WHERE id = ?");
    query_text(&query, row->kind);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_text(&query, row->span_words);
    bind_place(&query, row);
    bind_course(&query, row);
    query_uuid(&query, &row->id);
    return query_run(&query, error);
}

bool reports_add_hold(CatalogDb *db, const ReportRow *row, const ReportHoldRow *hold,
                      GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO report_holds (report, camera, from_us, to_us, until_us)"
                        " VALUES (?, ?, ?, ?, ?)");
    query_int(&query, row->ref);
    query_uuid(&query, &hold->camera);
    query_int(&query, hold->from_us);
    query_int(&query, hold->to_us);
    query_int(&query, hold->until_us);
    return query_run(&query, error);
}

/* ---- reading ---- */

#define REPORT_COLUMNS                                                                         \
    "SELECT r.ref, r.id, r.year, r.seq, r.kind, r.source, r.state, r.told_us, r.from_us,"      \
    " r.to_us, r.span_words, r.location, r.has_place, r.latitude, r.longitude, r.where_text,"  \
    " r.camera, r.text, r.vneid, r.reporter, r.phone, r.told_by, r.secret, r.key, r.taken_by," \
    " r.taken_us, r.answer, r.answered_us, r.joined, j.year, j.seq, r.hold_waits, r.rose_us,"  \
    " r.wishes, r.wished_us, r.wish_due_us, r.erased, r.erased_us"                             \
    " FROM reports r LEFT JOIN reports j ON j.ref = r.joined "

static void take_text(char **text, const Query *query, int column)
{
    g_free(*text);
    *text = column_text(query, column);
}

static ReportRow *read_row(const Query *query)
{
    ReportRow *row = report_row_new();
    row->ref = column_int(query, 0);
    row->id = column_uuid(query, 1);
    row->year = (int)column_int(query, 2);
    row->seq = (int)column_int(query, 3);
    take_text(&row->kind, query, 4);
    take_text(&row->source, query, 5);
    take_text(&row->state, query, 6);
    row->told_us = column_int(query, 7);
    row->from_us = column_int(query, 8);
    row->to_us = column_int(query, 9);
    take_text(&row->span_words, query, 10);
    row->location = column_uuid(query, 11);
    row->has_place = column_int(query, 12) != 0;
    row->latitude = column_double(query, 13);
    row->longitude = column_double(query, 14);
    take_text(&row->where_text, query, 15);
    row->camera = column_uuid(query, 16);
    take_text(&row->text, query, 17);
    take_text(&row->vneid, query, 18);
    take_text(&row->reporter, query, 19);
    take_text(&row->phone, query, 20);
    row->by = column_uuid(query, 21);
    if (!column_bytes(query, 22, row->secret, sizeof row->secret))
        memset(row->secret, 0, sizeof row->secret);
    row->key = column_uuid(query, 23);
    row->taken_by = column_uuid(query, 24);
    row->taken_us = column_int(query, 25);
    take_text(&row->answer, query, 26);
    row->answered_us = column_int(query, 27);
    row->joined_ref = column_int(query, 28);
    row->joined_year = (int)column_int(query, 29);
    row->joined_seq = (int)column_int(query, 30);
    row->hold_waits = column_int(query, 31) != 0;
    row->rose_us = column_int(query, 32);
    row->wishes = (unsigned)column_int(query, 33);
    row->wished_us = column_int(query, 34);
    row->wish_due_us = column_int(query, 35);
    row->erased = (int)column_int(query, 36);
    row->erased_us = column_int(query, 37);
    return row;
}

static bool read_holds(CatalogDb *db, ReportRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT camera, from_us, to_us, until_us FROM report_holds WHERE report = ?"
                        " ORDER BY ref");
    query_int(&query, row->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        ReportHoldRow hold = {column_uuid(&query, 0), column_int(&query, 1), column_int(&query, 2),
                              column_int(&query, 3)};
        g_array_append_val(row->holds, hold);
    }
    return step == QUERY_END;
}

static bool read_rest(CatalogDb *db, ReportRow *row, GError **error)
{
    GArray *files = report_files_list(db, &row->id, error);
    if (!files)
        return false;
    g_array_unref(row->files);
    row->files = files;
    return read_holds(db, row, error);
}

static ReportRow *get(CatalogDb *db, Query *query, GError **error)
{
    QueryStep step = query_next(query, error);
    g_autoptr(ReportRow) row = step == QUERY_ROW ? read_row(query) : NULL;
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such report");
    return row && read_rest(db, row, error) ? g_steal_pointer(&row) : NULL;
}

ReportRow *reports_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, REPORT_COLUMNS "WHERE r.id = ?");
    query_uuid(&query, id);
    return get(db, &query, error);
}

ReportRow *reports_get_ref(CatalogDb *db, int64_t ref, GError **error)
{
    g_auto(Query) query = query_begin(db, REPORT_COLUMNS "WHERE r.ref = ?");
    query_int(&query, ref);
    return get(db, &query, error);
}

ReportRow *reports_get_number(CatalogDb *db, int year, int seq, GError **error)
{
    g_auto(Query) query = query_begin(db, REPORT_COLUMNS "WHERE r.year = ? AND r.seq = ?");
    query_int(&query, year);
    query_int(&query, seq);
    return get(db, &query, error);
}

ReportRow *reports_get_key(CatalogDb *db, const Uuid *key, GError **error)
{
    g_auto(Query) query = query_begin(db, REPORT_COLUMNS "WHERE r.key = ?");
    query_uuid(&query, key);
    return get(db, &query, error);
}

/* ",new,taken,", to be looked through for ",new,"; NULL: any state. Returns owned. */
static char *states_text(const ReportQuery *asked)
{
    if (!asked->states)
        return NULL;
    g_autofree char *joined = g_strjoinv(",", (char **)asked->states);
    return g_strdup_printf(",%s,", joined);
}

GPtrArray *reports_list(CatalogDb *db, const ReportQuery *asked, GError **error)
{
    g_autofree char *states = states_text(asked);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)report_row_free);
    g_auto(Query) query = query_begin(
        db, REPORT_COLUMNS "WHERE r.ref < ? AND r.told_us >= ? AND r.told_us < ?"
                           " AND instr(coalesce(?, ',' || r.state || ','), ',' || r.state || ',')"
                           " AND r.kind = coalesce(?, r.kind) AND r.wishes >= ?"
                           " ORDER BY r.ref DESC");
    query_int(&query, asked->before_ref ? asked->before_ref : INT64_MAX);
    query_int(&query, asked->from_us);
    query_int(&query, asked->to_us);
    query_text(&query, states);
    query_text(&query, asked->kind);
    query_int(&query, asked->wishing);
    QueryStep step = QUERY_END;
    while (rows->len < asked->limit && (step = query_next(&query, error)) == QUERY_ROW) {
        g_autoptr(ReportRow) row = read_row(&query);
        if (asked->may && !asked->may(asked->data, row))
            continue;
        if (!read_rest(db, row, error))
            return NULL;
        g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return step == QUERY_FAILED ? NULL : g_steal_pointer(&rows);
}

bool reports_each(CatalogDb *db, int64_t from_us, int64_t to_us, ReportTake take, void *data,
                  GError **error)
{
    g_auto(Query) query = query_begin(db, REPORT_COLUMNS "WHERE r.told_us >= ? AND r.told_us < ?"
                                                         " ORDER BY r.ref");
    query_int(&query, from_us);
    query_int(&query, to_us);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_autoptr(ReportRow) row = read_row(&query);
        take(data, row);
    }
    return step == QUERY_END;
}

/* All that is left of a list, without holds and files. */
static GPtrArray *read_rows(Query *query, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)report_row_free);
    QueryStep step;
    while ((step = query_next(query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

GPtrArray *reports_waiting(CatalogDb *db, const char *state, int64_t before_us, unsigned limit,
                           GError **error)
{
    g_auto(Query) query =
        query_begin(db, REPORT_COLUMNS "WHERE r.state = ? AND r.told_us < ? AND r.rose_us = 0"
                                       " ORDER BY r.ref LIMIT ?");
    query_text(&query, state);
    query_int(&query, before_us);
    query_int(&query, limit);
    return read_rows(&query, error);
}

GPtrArray *reports_unanswered(CatalogDb *db, const char *state, int64_t before_us,
                              const char *const *case_states, unsigned limit, GError **error)
{
    g_auto(Query) query = query_begin(
        db, REPORT_COLUMNS "WHERE r.ref IN (SELECT o.ref FROM reports o WHERE o.state = ?"
                           " AND o.taken_us < ? AND o.rose_us < o.taken_us"
                           " AND NOT " WANTED_BY_CASE("o.ref") ") ORDER BY r.ref LIMIT ?");
    query_text(&query, state);
    query_int(&query, before_us);
    same_thing_bind_states(&query, case_states);
    query_int(&query, limit);
    return read_rows(&query, error);
}
