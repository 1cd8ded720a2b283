#include "catalog/events.h"

#include "base/clock.h"
#include "catalog/refs.h"

void event_row_free(EventRow *row)
{
    if (!row)
        return;
    g_free(row->kind);
    g_free(row->detail);
    g_free(row->mark);
    g_free(row);
}

bool event_rows_put(CatalogDb *db, const EventRow *row, GError **error)
{
    int64_t camera = 0;
    if (!uuid_is_nil(&row->camera) && !camera_ref(db, &row->camera, &camera, error))
        return false;
    if (!uuid_is_nil(&row->camera) && camera == 0)
        return err_set(error, ERR_NOT_FOUND, "an event of a camera that is not known");
    g_auto(Query) query =
        query_begin(db, "INSERT INTO events (id, camera, kind, from_us, to_us, open, detail,"
                        " picture_bytes) VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, 0)"
                        " ON CONFLICT (id) DO UPDATE SET open = excluded.open,"
                        " to_us = iif(excluded.open, max(to_us, excluded.to_us), excluded.to_us)"
                        " WHERE open");
    query_uuid(&query, &row->id);
    query_int(&query, camera);
    query_text(&query, row->kind);
    query_int(&query, row->from_us);
    query_int(&query, MAX(row->from_us, row->to_us));
    query_int(&query, row->open);
    query_text(&query, row->detail);
    return query_run(&query, error);
}

bool event_rows_end_all(CatalogDb *db, int64_t alive_us, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "UPDATE events SET open = 0, to_us = max(to_us, ?) WHERE open = 1");
    query_int(&query, alive_us);
    return query_run(&query, error);
}

bool event_rows_picture(CatalogDb *db, const Uuid *id, int64_t bytes, GError **error)
{
    g_auto(Query) query = query_begin(db, "UPDATE events SET picture_bytes = ? WHERE id = ?");
    query_int(&query, bytes);
    query_uuid(&query, id);
    return query_run(&query, error);
}

bool event_rows_mark(CatalogDb *db, const EventMark *mark, bool *set, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "UPDATE events SET mark = ?1, marked_by = ?2, marked_us = ?3"
                        " WHERE id = ?4 AND (?5 IS NULL OR mark = ?5)");
    query_text(&query, mark->mark);
    query_uuid(&query, &mark->who);
    query_int(&query, mark->at_us);
    query_uuid(&query, &mark->event);
    query_text(&query, mark->was);
    if (!query_run(&query, error))
        return false;
    *set = query_changes(&query) > 0;
    return true;
}

#define EVENT_COLUMNS                                                         \
    "SELECT e.ref, e.id, c.id, e.kind, e.from_us, e.to_us, e.open, e.detail," \
    " e.picture_bytes, e.mark, e.marked_by, e.marked_us FROM events e"        \
    " LEFT JOIN cameras c ON c.ref = e.camera "

static EventRow *read_row(const Query *query)
{
    EventRow *row = g_new0(EventRow, 1);
    *row = (EventRow){
        .ref = column_int(query, 0),
        .id = column_uuid(query, 1),
        .camera = column_uuid(query, 2),
        .kind = column_text(query, 3),
        .from_us = column_int(query, 4),
        .to_us = column_int(query, 5),
        .open = column_int(query, 6),
        .detail = column_text(query, 7),
        .picture_bytes = column_int(query, 8),
        .mark = column_text(query, 9),
        .marked_by = column_uuid(query, 10),
        .marked_us = column_int(query, 11),
    };
    return row;
}

EventRow *event_rows_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, EVENT_COLUMNS "WHERE e.id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        return read_row(&query);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such event");
    return NULL;
}

/* One text for each index that is worth walking along; what is asked besides is looked at on the
 * way. The catalog has 90 days of them, 100,000 or so. */
#define NEWEST_FIRST                                                                         \
    EVENT_COLUMNS                                                                            \
    "WHERE e.from_us < ?1 AND (e.open OR e.to_us > ?2)"                                      \
    " AND (e.from_us, e.ref) < (?3, ?4) AND (?5 IS NULL OR instr(?5, ',' || e.kind || ','))" \
    " AND (?6 IS NULL OR c.location = ?6)"
#define IN_ORDER " ORDER BY e.from_us DESC, e.ref DESC"
#define OF_KIND " AND (?7 IS NULL OR e.kind = ?7)"
#define OF_MARK " AND (?8 IS NULL OR e.mark = ?8)"
#define OF_CAMERA " AND (?9 = 0 OR e.camera = ?9)"
static const char by_time[] = NEWEST_FIRST OF_KIND OF_MARK OF_CAMERA IN_ORDER;
static const char by_camera[] = NEWEST_FIRST OF_KIND OF_MARK " AND e.camera = ?9" IN_ORDER;
static const char by_kind[] = NEWEST_FIRST " AND e.kind = ?7" OF_MARK OF_CAMERA IN_ORDER;
static const char by_mark[] =
    NEWEST_FIRST OF_KIND " AND e.mark = ?8 AND e.mark <> ''" OF_CAMERA IN_ORDER;

/* Most events have no mark: that one leads to few only where the others lead nowhere. */
static const char *text_of(const EventQuery *asked)
{
    return asked->camera                 ? by_camera
           : asked->mark && *asked->mark ? by_mark
           : asked->kind                 ? by_kind
                                         : by_time;
}

GPtrArray *event_rows_list(CatalogDb *db, const EventQuery *asked, GError **error)
{
    int64_t camera = 0;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)event_row_free);
    if (asked->camera && !camera_ref(db, asked->camera, &camera, error))
        return NULL;
    if (asked->camera && camera == 0)
        return g_steal_pointer(&rows);
    g_auto(Query) query = query_begin(db, text_of(asked));
    query_int(&query, asked->to_us);
    query_int(&query, asked->from_us);
    query_int(&query, asked->before_us ? asked->before_us : INT64_MAX);
    query_int(&query, asked->before_us ? asked->before_ref : INT64_MAX);
    query_text(&query, asked->kinds);
    query_uuid(&query, asked->location ? asked->location : &(Uuid){{0}});
    query_text(&query, asked->kind);
    query_text(&query, asked->mark);
    query_int(&query, camera);
    QueryStep step = QUERY_END;
    while (rows->len < asked->limit && (step = query_next(&query, error)) == QUERY_ROW) {
        g_autoptr(EventRow) row = read_row(&query);
        if (!asked->may || asked->may(asked->data, &row->camera))
            g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return step == QUERY_FAILED ? NULL : g_steal_pointer(&rows);
}

bool event_rows_forget(CatalogDb *db, int64_t before_us, unsigned most, unsigned *deleted,
                       GError **error)
{
    g_auto(Query) query =
        query_begin(db, "DELETE FROM events WHERE ref IN (SELECT ref FROM events"
                        " WHERE from_us < ?1 AND to_us < ?1 AND NOT open LIMIT ?2)");
    query_int(&query, before_us);
    query_int(&query, most);
    *deleted = 0;
    if (!query_run(&query, error))
        return false;
    *deleted = (unsigned)query_changes(&query);
    return true;
}

bool event_rows_picture_reach(CatalogDb *db, int64_t most_bytes, int64_t *since_us, GError **error)
{
    int64_t sum = 0;
    *since_us = 0;
    g_auto(Query) query = query_begin(db, "SELECT from_us, picture_bytes FROM events"
                                          " WHERE picture_bytes > 0 ORDER BY from_us DESC");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        sum += column_int(&query, 1);
        if (sum > most_bytes) {
            *since_us = column_int(&query, 0) + 1;
            return true;
        }
    }
    return step == QUERY_END;
}

static GArray *read_pictures(Query *query, GError **error)
{
    g_autoptr(GArray) pictures = g_array_new(FALSE, FALSE, sizeof(EventPicture));
    QueryStep step;
    while ((step = query_next(query, error)) == QUERY_ROW) {
        EventPicture picture = {column_uuid(query, 0), column_int(query, 1)};
        g_array_append_val(pictures, picture);
    }
    return step == QUERY_END ? g_steal_pointer(&pictures) : NULL;
}

GArray *event_rows_pictured_before(CatalogDb *db, int64_t before_us, unsigned limit, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT id, from_us FROM events WHERE picture_bytes > 0 AND from_us < ?"
                        " LIMIT ?");
    query_int(&query, before_us);
    query_int(&query, limit);
    return read_pictures(&query, error);
}

/* What is held beside `e` of the camera `c`, and what a case names by the event's id. */
#define HOLDS_IT "c.id = s.camera AND e.from_us BETWEEN s.from_us AND s.to_us"
#define ID_TEXT                                                                                 \
    "lower(substr(hex(e.id), 1, 8) || '-' || substr(hex(e.id), 9, 4) || '-' ||"                 \
    " substr(hex(e.id), 13, 4) || '-' || substr(hex(e.id), 17, 4) || '-' || substr(hex(e.id), " \
    "21))"

GArray *event_rows_pictured_past(CatalogDb *db, int64_t now_us, int64_t days, unsigned limit,
                                 GError **error)
{
    g_auto(Query) query = query_begin(
        db, "SELECT e.id, e.from_us FROM events e LEFT JOIN cameras c ON c.ref = e.camera"
            " WHERE e.picture_bytes > 0"
            " AND e.from_us < ?1 - ?2 * iif(c.retention_days > 0, c.retention_days, ?3)"
            " AND NOT EXISTS (SELECT 1 FROM report_holds s WHERE s.until_us > ?1 AND " HOLDS_IT ")"
            " AND NOT EXISTS (SELECT 1 FROM case_holds h JOIN case_hold_spans s ON s.hold = h.ref"
            "  WHERE h.released_us = 0 AND (h.until_us = 0 OR h.until_us > ?1) AND " HOLDS_IT ")"
            " AND NOT EXISTS (SELECT 1 FROM case_items i WHERE i.kind = 'event'"
            "  AND i.removed_us = 0 AND instr(i.body, " ID_TEXT ") > 0) LIMIT ?4");
    query_int(&query, now_us);
    query_int(&query, DAY_US);
    query_int(&query, days);
    query_int(&query, limit);
    return read_pictures(&query, error);
}
