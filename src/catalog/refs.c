#include "catalog/refs.h"

#include "catalog/cameras.h"

static bool look_up(CatalogDb *db, const char *sql, const Uuid *id, int64_t *ref, GError **error)
{
    g_auto(Query) query = query_begin(db, sql);
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    *ref = step == QUERY_ROW ? column_int(&query, 0) : 0;
    return step != QUERY_FAILED;
}

bool camera_ref(CatalogDb *db, const Uuid *camera, int64_t *ref, GError **error)
{
    return look_up(db, "SELECT ref FROM cameras WHERE id = ?", camera, ref, error);
}

bool camera_ref_make(CatalogDb *db, const Uuid *camera, int64_t created_us, int64_t *ref,
                     GError **error)
{
    if (!camera_ref(db, camera, ref, error))
        return false;
    if (*ref)
        return true;
    char name[UUID_TEXT];
    uuid_text(camera, name);
    CameraRow row = {
        .id = *camera,
        .name = name,
        .owner = (char *)"commune",
        .url = (char *)"",
        .created_us = created_us,
        .removed_us = created_us,
    };
    return cameras_put(db, &row, error) && camera_ref(db, camera, ref, error);
}

bool volume_ref_make(CatalogDb *db, const Uuid *volume, int64_t *ref, GError **error)
{
    static const char select[] = "SELECT ref FROM volumes WHERE id = ?";
    if (!look_up(db, select, volume, ref, error))
        return false;
    if (*ref)
        return true;
    g_auto(Query) query = query_begin(db, "INSERT INTO volumes (id) VALUES (?)");
    query_uuid(&query, volume);
    return query_run(&query, error) && look_up(db, select, volume, ref, error);
}
