#include "catalog/camera_devices.h"

#include "catalog/refs.h"

#include <stdlib.h>

void camera_device_clear(CameraDevice *device)
{
    g_clear_pointer(&device->firmware, g_free);
}

/* False on error. `*kept`: the newest reading that was kept; at_us 0: none. */
static bool newest_kept(CatalogDb *db, int64_t ref, CameraClock *kept, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT at_us, offset_us, doubt_us FROM camera_clocks"
                                          " WHERE camera = ? ORDER BY at_us DESC LIMIT 1");
    *kept = (CameraClock){0};
    query_int(&query, ref);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        *kept = (CameraClock){column_int(&query, 0), column_int(&query, 1), column_int(&query, 2)};
    return step != QUERY_FAILED;
}

static bool tells_more(const CameraClock *kept, const CameraClock *clock)
{
    int64_t apart_us = llabs(clock->offset_us - kept->offset_us);
    return kept->at_us == 0 || llabs(clock->at_us - kept->at_us) >= CLOCK_KEPT_EVERY_US ||
           apart_us > MAX(kept->doubt_us, clock->doubt_us);
}

static bool keep_clock(CatalogDb *db, int64_t ref, const CameraClock *clock, GError **error)
{
    CameraClock kept;
    if (clock->at_us == 0)
        return true;
    if (!newest_kept(db, ref, &kept, error))
        return false;
    if (!tells_more(&kept, clock))
        return true;
    g_auto(Query) query = query_begin(db, "INSERT OR REPLACE INTO camera_clocks"
                                          " (camera, at_us, offset_us, doubt_us)"
                                          " VALUES (?, ?, ?, ?)");
    query_int(&query, ref);
    query_int(&query, clock->at_us);
    query_int(&query, clock->offset_us);
    query_int(&query, clock->doubt_us);
    g_auto(Query) old = query_begin(db, "DELETE FROM camera_clocks WHERE camera = ? AND at_us < ?");
    query_int(&old, ref);
    query_int(&old, clock->at_us - CLOCK_KEPT_US);
    return query_run(&query, error) && query_run(&old, error);
}

bool camera_devices_put(CatalogDb *db, const Uuid *camera, const CameraDevice *device,
                        GError **error)
{
    int64_t ref = 0;
    if (!camera_ref(db, camera, &ref, error))
        return false;
    if (ref == 0)
        return true;
    g_auto(Query) query = query_begin(
        db, "INSERT INTO camera_devices (camera, firmware, clock_us, offset_us, doubt_us)"
            " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (camera) DO UPDATE SET"
            " firmware = CASE WHEN ?2 = '' THEN firmware ELSE ?2 END,"
            " offset_us = CASE WHEN ?3 = 0 THEN offset_us ELSE ?4 END,"
            " doubt_us = CASE WHEN ?3 = 0 THEN doubt_us ELSE ?5 END,"
            " clock_us = CASE WHEN ?3 = 0 THEN clock_us ELSE ?3 END");
    query_int(&query, ref);
    query_text(&query, device->firmware);
    query_int(&query, device->clock.at_us);
    query_int(&query, device->clock.offset_us);
    query_int(&query, device->clock.doubt_us);
    return query_run(&query, error) && keep_clock(db, ref, &device->clock, error);
}

bool camera_devices_get(CatalogDb *db, const Uuid *camera, CameraDevice *device, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "SELECT d.firmware, d.clock_us, d.offset_us, d.doubt_us FROM camera_devices d"
            " JOIN cameras c ON c.ref = d.camera WHERE c.id = ?");
    *device = (CameraDevice){0};
    query_uuid(&query, camera);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        *device = (CameraDevice){
            .firmware = column_text(&query, 0),
            .clock = {column_int(&query, 1), column_int(&query, 2), column_int(&query, 3)}};
    else
        device->firmware = g_strdup("");
    return step != QUERY_FAILED;
}

/* The nearest at or before, or behind, by the order of the statement. */
static bool take_nearer(CatalogDb *db, const char *sql, const Uuid *camera, int64_t at_us,
                        CameraClock *clock, GError **error)
{
    g_auto(Query) query = query_begin(db, sql);
    query_uuid(&query, camera);
    query_int(&query, at_us);
    QueryStep step = query_next(&query, error);
    if (step != QUERY_ROW)
        return step != QUERY_FAILED;
    int64_t read_us = column_int(&query, 0), away_us = llabs(read_us - at_us);
    if (away_us <= CLOCK_NEAR_US && (clock->at_us == 0 || away_us < llabs(clock->at_us - at_us)))
        *clock = (CameraClock){read_us, column_int(&query, 1), column_int(&query, 2)};
    return true;
}

#define READINGS                                                   \
    "SELECT k.at_us, k.offset_us, k.doubt_us FROM camera_clocks k" \
    " JOIN cameras c ON c.ref = k.camera WHERE c.id = ?1"

bool camera_clock_at(CatalogDb *db, const Uuid *camera, int64_t at_us, CameraClock *clock,
                     GError **error)
{
    *clock = (CameraClock){0};
    return take_nearer(db, READINGS " AND k.at_us <= ?2 ORDER BY k.at_us DESC LIMIT 1", camera,
                       at_us, clock, error) &&
           take_nearer(db, READINGS " AND k.at_us > ?2 ORDER BY k.at_us LIMIT 1", camera, at_us,
                       clock, error);
}
