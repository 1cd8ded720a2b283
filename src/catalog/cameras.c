#include "catalog/cameras.h"

#include "catalog/db.h"

void camera_row_clear(CameraRow *row)
{
    g_free(row->name);
    g_free(row->owner);
    g_free(row->url);
    g_free(row->sub_url);
    g_free(row->user);
    g_free(row->secret);
    g_free(row->pause_reason);
    g_free(row->fingerprint);
    g_free(row->onvif);
    g_free(row->schedule);
    g_free(row->transport);
    *row = (CameraRow){0};
}

void camera_row_free(CameraRow *row)
{
    if (!row)
        return;
    camera_row_clear(row);
    g_free(row);
}

CameraRow *camera_row_copy(const CameraRow *row)
{
    CameraRow *copy = g_memdup2(row, sizeof *row);
    copy->name = g_strdup(row->name);
    copy->owner = g_strdup(row->owner);
    copy->url = g_strdup(row->url);
    copy->onvif = g_strdup(row->onvif);
    copy->sub_url = g_strdup(row->sub_url);
    copy->user = g_strdup(row->user);
    copy->secret = g_strdup(row->secret);
    copy->pause_reason = g_strdup(row->pause_reason);
    copy->fingerprint = g_strdup(row->fingerprint);
    copy->schedule = g_strdup(row->schedule);
    copy->transport = g_strdup(row->transport);
    return copy;
}

bool cameras_put(CatalogDb *db, const CameraRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db,
        "INSERT INTO cameras (id, location, name, owner, url, sub_url, user, secret, audio,"
        " paused, pause_reason, retention_days, retention_bytes, locked, created_us, removed_us,"
        " record_sub, fingerprint, onvif, connections, schedule, transport, view_off, heading_deg,"
        " fov_deg, reach_m, height_cm)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?)"
        " ON CONFLICT (id) DO UPDATE SET location = excluded.location, name = excluded.name,"
        " owner = excluded.owner, url = excluded.url, sub_url = excluded.sub_url,"
        " user = excluded.user, secret = excluded.secret, audio = excluded.audio,"
        " paused = excluded.paused, pause_reason = excluded.pause_reason,"
        " retention_days = excluded.retention_days,"
        " retention_bytes = excluded.retention_bytes, locked = excluded.locked,"
        " created_us = excluded.created_us, removed_us = excluded.removed_us,"
        " record_sub = excluded.record_sub, fingerprint = excluded.fingerprint,"
        " onvif = excluded.onvif, connections = excluded.connections,"
        " schedule = excluded.schedule, transport = excluded.transport,"
        " view_off = excluded.view_off, heading_deg = excluded.heading_deg,"
        " fov_deg = excluded.fov_deg, reach_m = excluded.reach_m,"
        " height_cm = excluded.height_cm");
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->location);
    query_text(&query, row->name);
    query_text(&query, row->owner);
    query_text(&query, row->url);
    query_text(&query, row->sub_url);
    query_text(&query, row->user);
    query_text(&query, row->secret);
    query_int(&query, row->audio);
    query_int(&query, row->paused);
    query_text(&query, row->pause_reason);
    query_int(&query, row->retention_days);
    query_int(&query, row->retention_bytes);
    query_int(&query, row->locked);
    query_int(&query, row->created_us);
    query_int(&query, row->removed_us);
    query_int(&query, row->record_sub);
    query_text(&query, row->fingerprint);
    query_text(&query, row->onvif);
    query_int(&query, row->connections);
    query_text(&query, row->schedule);
    query_text(&query, row->transport);
    query_int(&query, row->view_off);
    query_int(&query, row->heading_deg);
    query_int(&query, row->fov_deg);
    query_int(&query, row->reach_m);
    query_int(&query, row->height_cm);
    return query_run(&query, error);
}

#define CAMERA_COLUMNS                                                                           \
    "SELECT id, location, name, owner, url, sub_url, user, secret, audio, paused, pause_reason," \
    " retention_days, retention_bytes, locked, created_us, removed_us, record_sub, fingerprint," \
    " onvif, connections, schedule, transport, view_off, heading_deg, fov_deg, reach_m,"         \
    " height_cm FROM cameras "

static CameraRow *read_row(const Query *query)
{
    CameraRow *row = g_new(CameraRow, 1);
    *row = (CameraRow){
        .id = column_uuid(query, 0),
        .location = column_uuid(query, 1),
        .name = column_text(query, 2),
        .owner = column_text(query, 3),
        .url = column_text(query, 4),
        .sub_url = column_text(query, 5),
        .user = column_text(query, 6),
        .secret = column_text(query, 7),
        .audio = column_int(query, 8),
        .paused = column_int(query, 9),
        .pause_reason = column_text(query, 10),
        .retention_days = column_int(query, 11),
        .retention_bytes = column_int(query, 12),
        .locked = column_int(query, 13),
        .created_us = column_int(query, 14),
        .removed_us = column_int(query, 15),
        .record_sub = column_int(query, 16),
        .fingerprint = column_text(query, 17),
        .onvif = column_text(query, 18),
        .connections = column_int(query, 19),
        .schedule = column_text(query, 20),
        .transport = column_text(query, 21),
        .view_off = column_int(query, 22),
        .heading_deg = column_int(query, 23),
        .fov_deg = column_int(query, 24),
        .reach_m = column_int(query, 25),
        .height_cm = column_int(query, 26),
    };
    return row;
}

CameraRow *cameras_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, CAMERA_COLUMNS "WHERE id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        return read_row(&query);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such camera");
    return NULL;
}

GPtrArray *cameras_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)camera_row_free);
    g_auto(Query) query = query_begin(db, CAMERA_COLUMNS "ORDER BY name, id");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

#define FORGETTABLE                                                       \
    " id = ? AND removed_us <> 0"                                         \
    " AND NOT EXISTS (SELECT 1 FROM segments WHERE camera = cameras.ref)" \
    " AND NOT EXISTS (SELECT 1 FROM repairs WHERE camera = cameras.ref)"  \
    " AND NOT EXISTS (SELECT 1 FROM papers WHERE camera = cameras.ref)"

bool cameras_forget(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) bookmarks = query_begin(db, "DELETE FROM bookmarks WHERE camera IN"
                                              " (SELECT ref FROM cameras WHERE" FORGETTABLE ")");
    query_uuid(&bookmarks, id);
    g_auto(Query) query = query_begin(db, "DELETE FROM cameras WHERE" FORGETTABLE);
    query_uuid(&query, id);
    if (!query_run(&bookmarks, error) || !query_run(&query, error))
        return false;
    return query_changes(&query) > 0 ||
           err_set(error, ERR_NOT_FOUND, "no such removed camera that nothing tells of");
}
