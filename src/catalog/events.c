#include "catalog/events.h"

#include "catalog/refs.h"

void event_row_free(EventRow *row)
{
    if (!row)
        return;
    g_free(row->kind);
    g_free(row->detail);
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

#define EVENT_COLUMNS                                                         \
    "SELECT e.ref, e.id, c.id, e.kind, e.from_us, e.to_us, e.open, e.detail," \
    " e.picture_bytes FROM events e LEFT JOIN cameras c ON c.ref = e.camera "

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

/* Two texts, so that each walks along its own index. */
#define NEWEST_FIRST                                                                \
    "e.from_us < ?1 AND (e.open OR e.to_us > ?2) AND (e.from_us, e.ref) < (?3, ?4)" \
    " AND (?5 IS NULL OR e.kind = ?5) "
static const char all_cameras[] =
    EVENT_COLUMNS "WHERE " NEWEST_FIRST "ORDER BY e.from_us DESC, e.ref DESC";
static const char one_camera[] =
    EVENT_COLUMNS "WHERE " NEWEST_FIRST "AND e.camera = ?6 ORDER BY e.from_us DESC, e.ref DESC";

GPtrArray *event_rows_list(CatalogDb *db, const EventQuery *asked, GError **error)
{
    int64_t camera = 0;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)event_row_free);
    if (asked->camera && !camera_ref(db, asked->camera, &camera, error))
        return NULL;
    g_auto(Query) query = query_begin(db, asked->camera ? one_camera : all_cameras);
    query_int(&query, asked->to_us);
    query_int(&query, asked->from_us);
    query_int(&query, asked->before_us ? asked->before_us : INT64_MAX);
    query_int(&query, asked->before_us ? asked->before_ref : INT64_MAX);
    query_text(&query, asked->kind);
    if (asked->camera)
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

GArray *event_rows_pictured_before(CatalogDb *db, int64_t before_us, GError **error)
{
    g_autoptr(GArray) pictures = g_array_new(FALSE, FALSE, sizeof(EventPicture));
    g_auto(Query) query =
        query_begin(db, "SELECT id, from_us FROM events WHERE picture_bytes > 0 AND from_us < ?");
    query_int(&query, before_us);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        EventPicture picture = {column_uuid(&query, 0), column_int(&query, 1)};
        g_array_append_val(pictures, picture);
    }
    return step == QUERY_END ? g_steal_pointer(&pictures) : NULL;
}

bool event_rows_drop_pictures(CatalogDb *db, int64_t before_us, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE events SET picture_bytes = 0 WHERE picture_bytes > 0 AND from_us < ?");
    query_int(&query, before_us);
    return query_run(&query, error);
}
