/* The timeline of a stream is a row an interval, none overlapping: a span when its cause is NULL,
 * else a gap. Adding to it is: make room, join with like neighbours, insert. */
#include "catalog/coverage.h"

#include "catalog/refs.h"

typedef struct Interval {
    int64_t from_us;
    int64_t to_us;
    int cause; /* GapCause, or COVERED */
} Interval;

enum { COVERED = -1 };

typedef struct Timeline {
    CatalogDb *db;
    int64_t camera; /* ref */
    StreamKind stream;
} Timeline;

static Query timeline_query(const Timeline *line, const char *sql)
{
    Query query = query_begin(line->db, sql);
    query_int(&query, line->camera);
    query_int(&query, line->stream);
    return query;
}

static Interval read_interval(const Query *query)
{
    Interval found = {column_int(query, 0), column_int(query, 1), COVERED};
    g_autofree char *text = column_text(query, 2);
    GapCause cause = GAP_UNKNOWN;
    if (text) {
        gap_cause_parse(text, &cause);
        found.cause = (int)cause;
    }
    return found;
}

/* Interval by value, those that overlap [from_us, to_us), in order. Since rows never overlap, only
 * the last one that begins at or before `from_us` can reach into it. */
static GArray *overlapping(const Timeline *line, int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Interval));
    g_auto(Query) query = timeline_query(
        line, "SELECT from_us, to_us, cause FROM timeline WHERE camera = ?1 AND stream = ?2"
              " AND from_us < ?4 AND to_us > ?3 AND from_us >= coalesce((SELECT max(from_us)"
              "   FROM timeline WHERE camera = ?1 AND stream = ?2 AND from_us <= ?3), ?3)"
              " ORDER BY from_us");
    query_int(&query, from_us);
    query_int(&query, to_us);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        Interval one = read_interval(&query);
        g_array_append_val(found, one);
    }
    return step == QUERY_END ? g_steal_pointer(&found) : NULL;
}

static bool insert(const Timeline *line, Interval one, GError **error)
{
    if (one.from_us >= one.to_us)
        return true;
    g_auto(Query) query = timeline_query(line, "INSERT INTO timeline VALUES (?, ?, ?, ?, ?)");
    query_int(&query, one.from_us);
    query_int(&query, one.to_us);
    query_text(&query, one.cause == COVERED ? NULL : gap_cause_text((GapCause)one.cause));
    return query_run(&query, error);
}

static bool drop(const Timeline *line, int64_t from_us, GError **error)
{
    g_auto(Query) query = timeline_query(
        line, "DELETE FROM timeline WHERE camera = ? AND stream = ? AND from_us = ?");
    query_int(&query, from_us);
    return query_run(&query, error);
}

/* Leaves nothing in [from_us, to_us). */
static bool clear(const Timeline *line, int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(GArray) found = overlapping(line, from_us, to_us, error);
    for (guint i = 0; found && i < found->len; i++) {
        Interval one = g_array_index(found, Interval, i);
        if (!drop(line, one.from_us, error) ||
            !insert(line, (Interval){one.from_us, from_us, one.cause}, error) ||
            !insert(line, (Interval){to_us, one.to_us, one.cause}, error))
            return false;
    }
    return found != NULL;
}

static bool neighbour(const Timeline *line, const char *sql, int64_t at_us, Interval *found,
                      bool *any, GError **error)
{
    g_auto(Query) query = timeline_query(line, sql);
    query_int(&query, at_us);
    QueryStep step = query_next(&query, error);
    *any = step == QUERY_ROW;
    if (*any)
        *found = read_interval(&query);
    return step != QUERY_FAILED;
}

/* Inserts `one`, for which there is room, joined with neighbours of its kind. */
static bool place(const Timeline *line, Interval one, GError **error)
{
    Interval near;
    bool any;
    if (!neighbour(line,
                   "SELECT from_us, to_us, cause FROM timeline WHERE camera = ? AND stream = ?"
                   " AND from_us < ? ORDER BY from_us DESC LIMIT 1",
                   one.from_us, &near, &any, error))
        return false;
    if (any && near.cause == one.cause && one.from_us - near.to_us <= COVERAGE_JOIN_US) {
        if (!drop(line, near.from_us, error))
            return false;
        one.from_us = near.from_us;
    }
    if (!neighbour(line,
                   "SELECT from_us, to_us, cause FROM timeline WHERE camera = ? AND stream = ?"
                   " AND from_us >= ? ORDER BY from_us LIMIT 1",
                   one.to_us, &near, &any, error))
        return false;
    if (any && near.cause == one.cause && near.from_us - one.to_us <= COVERAGE_JOIN_US) {
        if (!drop(line, near.from_us, error))
            return false;
        one.to_us = near.to_us;
    }
    return insert(line, one, error);
}

bool coverage_add(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                  int64_t to_us, GError **error)
{
    Timeline line = {.db = db, .stream = stream};
    if (from_us >= to_us)
        return true;
    return camera_ref_make(db, camera, from_us, &line.camera, error) &&
           clear(&line, from_us, to_us, error) &&
           place(&line, (Interval){from_us, to_us, COVERED}, error);
}

bool coverage_add_gap(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                      int64_t to_us, GapCause cause, GError **error)
{
    Timeline line = {.db = db, .stream = stream};
    if (from_us >= to_us)
        return true;
    if (!camera_ref_make(db, camera, from_us, &line.camera, error))
        return false;
    g_autoptr(GArray) taken = overlapping(&line, from_us, to_us, error);
    if (!taken)
        return false;
    int64_t at_us = from_us;
    for (guint i = 0; i <= taken->len; i++) {
        const Interval *next = i < taken->len ? &g_array_index(taken, Interval, i) : NULL;
        int64_t until_us = next ? MIN(next->from_us, to_us) : to_us;
        if (at_us < until_us && !place(&line, (Interval){at_us, until_us, (int)cause}, error))
            return false;
        if (next)
            at_us = MAX(at_us, next->to_us);
    }
    return true;
}

bool coverage_add_segment(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                          int64_t to_us, const GapRow *gaps, size_t count, GError **error)
{
    int64_t at_us = from_us;
    for (size_t i = 0; i < count; i++) {
        int64_t gap_from_us = CLAMP(gaps[i].from_us, at_us, to_us);
        int64_t gap_to_us = CLAMP(gaps[i].to_us, gap_from_us, to_us);
        if (!coverage_add(db, camera, stream, at_us, gap_from_us, error) ||
            !coverage_add_gap(db, camera, stream, gap_from_us, gap_to_us, gaps[i].cause, error))
            return false;
        at_us = gap_to_us;
    }
    return coverage_add(db, camera, stream, at_us, to_us, error);
}

bool coverage_retire(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                     int64_t to_us, GError **error)
{
    Timeline line = {.db = db, .stream = stream};
    if (!camera_ref(db, camera, &line.camera, error))
        return false;
    g_autoptr(GArray) found = overlapping(&line, from_us, to_us, error);
    for (guint i = 0; found && i < found->len; i++) {
        Interval one = g_array_index(found, Interval, i);
        int64_t begin_us = MAX(one.from_us, from_us), end_us = MIN(one.to_us, to_us);
        if (one.cause == COVERED &&
            (!clear(&line, begin_us, end_us, error) ||
             !place(&line, (Interval){begin_us, end_us, GAP_RETIRED}, error)))
            return false;
    }
    return found != NULL;
}

bool coverage_read(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t from_us,
                   int64_t to_us, GArray **spans, GArray **gaps, GError **error)
{
    Timeline line = {.db = db, .stream = stream};
    if (!camera_ref(db, camera, &line.camera, error))
        return false;
    g_autoptr(GArray) found = overlapping(&line, from_us, to_us, error);
    if (!found)
        return false;
    *spans = g_array_new(FALSE, FALSE, sizeof(SpanRow));
    *gaps = g_array_new(FALSE, FALSE, sizeof(GapRow));
    for (guint i = 0; i < found->len; i++) {
        Interval one = g_array_index(found, Interval, i);
        int64_t begin_us = MAX(one.from_us, from_us), end_us = MIN(one.to_us, to_us);
        SpanRow span = {begin_us, end_us};
        GapRow gap = {begin_us, end_us, one.cause == COVERED ? GAP_UNKNOWN : (GapCause)one.cause};
        if (one.cause == COVERED)
            g_array_append_val(*spans, span);
        else
            g_array_append_val(*gaps, gap);
    }
    return true;
}

bool coverage_reach(CatalogDb *db, const Uuid *camera, StreamKind stream, int64_t *from_us,
                    int64_t *until_us, GError **error)
{
    Timeline line = {.db = db, .stream = stream};
    if (!camera_ref(db, camera, &line.camera, error))
        return false;
    Interval first = {0}, last = {0};
    bool any;
    if (from_us && !neighbour(&line,
                              "SELECT from_us, to_us, cause FROM timeline WHERE camera = ? AND"
                              " stream = ? AND from_us >= ? ORDER BY from_us LIMIT 1",
                              INT64_MIN, &first, &any, error))
        return false;
    if (!neighbour(&line,
                   "SELECT from_us, to_us, cause FROM timeline WHERE camera = ? AND stream = ?"
                   " AND from_us < ? ORDER BY from_us DESC LIMIT 1",
                   INT64_MAX, &last, &any, error))
        return false;
    if (from_us)
        *from_us = first.from_us;
    *until_us = last.to_us;
    return true;
}

GArray *coverage_open_gaps(CatalogDb *db, const Uuid *camera, StreamKind stream, unsigned most,
                           GError **error)
{
    Timeline line = {.db = db, .stream = stream};
    if (!camera_ref(db, camera, &line.camera, error))
        return NULL;
    g_autoptr(GArray) gaps = g_array_new(FALSE, FALSE, sizeof(GapRow));
    g_auto(Query) query = timeline_query(
        &line, "SELECT from_us, to_us, cause FROM timeline WHERE camera = ? AND stream = ?"
               " ORDER BY from_us DESC LIMIT ?");
    query_int(&query, most);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        Interval one = read_interval(&query);
        if (one.cause == COVERED || one.cause == GAP_RETIRED)
            return g_steal_pointer(&gaps);
        GapRow gap = {one.from_us, one.to_us, (GapCause)one.cause};
        g_array_prepend_val(gaps, gap);
    }
    return step == QUERY_END ? g_steal_pointer(&gaps) : NULL;
}
