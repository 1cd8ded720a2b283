#include "archive/rebuild.h"

#include "archive/known_volumes.h"
#include "archive/late_listing.h"
#include "archive/seal_rows.h"
#include "base/file.h"
#include "base/json.h"

#include <unistd.h>

enum { VOLUME_FILE_MOST = 4096 };

typedef struct Walk {
    CatalogDb *db;
    ArchiveRebuild *rebuild;
    GError **error;
    bool failed;
} Walk;

static char *file_path(const ArchiveRebuild *rebuild, const SegmentSeal *seal)
{
    char id[UUID_TEXT];
    return g_build_filename(rebuild->volume_path, uuid_text(&seal->camera, id), seal->file, NULL);
}

static bool put_segment(Walk *walk, const SegmentSeal *seal)
{
    g_autofree char *path = file_path(walk->rebuild, seal);
    if (!seal->entries) /* retired: the leaves went last */
        return seal_enter_retired(walk->db, seal, walk->error);
    if (access(path, F_OK) != 0) /* lost: verify tells */
        return true;
    walk->rebuild->segments++;
    return seal_enter(walk->db, seal, walk->error);
}

static bool visit(void *data, SegmentSeal *segment, RetiredSeal *retired)
{
    Walk *walk = data;
    if (segment && !put_segment(walk, segment))
        walk->failed = true;
    return !walk->failed;
}

bool archive_rebuild_day(CatalogDb *db, ArchiveRebuild *rebuild, const Uuid *camera,
                         const char *day, GError **error)
{
    Walk walk = {.db = db, .rebuild = rebuild, .error = error};
    return seal_day_each(rebuild->volume_path, camera, day, visit, &walk, error) && !walk.failed;
}

static bool rebuild_camera(CatalogDb *db, ArchiveRebuild *rebuild, const Uuid *camera,
                           const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(rebuild->volume_path, name, NULL);
    g_autoptr(GPtrArray) days = folder_names(path);
    for (guint i = 0; i < days->len; i++)
        if (!archive_rebuild_day(db, rebuild, camera, g_ptr_array_index(days, i), error))
            return false;
    return true;
}

static bool read_volume(ArchiveRebuild *rebuild, GError **error)
{
    g_autofree char *path = g_build_filename(rebuild->volume_path, "volume.json", NULL);
    size_t size = 0;
    g_autofree char *text = file_read(path, VOLUME_FILE_MOST, &size, error);
    g_autoptr(Json) volume = text ? json_parse(text, size, error) : NULL;
    if (!volume)
        return false;
    if (!uuid_parse(json_string_value(json_object_get(volume, "volume")), &rebuild->volume))
        return err_set(error, ERR_CORRUPT, "%s names no volume", path);
    return true;
}

bool archive_rebuild_rows(CatalogDb *db, void *data, GError **error)
{
    ArchiveRebuild *rebuild = data;
    if (access(rebuild->volume_path, F_OK) != 0)
        return true;
    if (!read_volume(rebuild, error))
        return false;
    g_autoptr(GPtrArray) cameras = folder_names(rebuild->volume_path);
    for (guint i = 0; i < cameras->len; i++) {
        const char *name = g_ptr_array_index(cameras, i);
        Uuid camera;
        if (uuid_parse(name, &camera) && !rebuild_camera(db, rebuild, &camera, name, error))
            return false;
    }
    return true;
}

bool archive_rebuild_later(CatalogDb *db, void *data, GError **error)
{
    const ArchiveRebuild *rebuild = data;
    return late_listing_note(db, rebuild->volume_path, error);
}

bool archive_knows_volume(const char *data_path, const char *volume_path, bool *known,
                          GError **error)
{
    Uuid id;
    bool found = known_volume_find(data_path, volume_path, &id, error);
    *known = !found || !uuid_is_nil(&id);
    return found;
}
