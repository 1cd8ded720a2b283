#include "archive/late_listing.h"

#include "archive/rebuild.h"
#include "base/file.h"
#include "base/log.h"
#include "catalog/settings.h"

#include <inttypes.h>

static char *mark_name(const char *volume_path)
{
    return g_strdup_printf("archive.unlisted:%s", volume_path);
}

bool late_listing_note(CatalogDb *db, const char *volume_path, GError **error)
{
    g_autofree char *name = mark_name(volume_path);
    return settings_put(db, name, "1", error);
}

static bool is_due(const Store *store, bool *due, GError **error)
{
    g_autofree char *name = mark_name(store->volume.path), *text = NULL;
    g_autoptr(CatalogDb) db = catalog_read(store->archive->catalog, error);
    if (!db || !settings_get(db, name, &text, error))
        return false;
    *due = text && *text;
    return true;
}

static bool done_work(CatalogDb *db, void *data, GError **error)
{
    const Store *store = data;
    g_autofree char *name = mark_name(store->volume.path);
    return settings_put(db, name, "", error);
}

typedef struct Day {
    ArchiveRebuild *rebuild;
    const Uuid *camera;
    const char *name;
} Day;

static bool day_work(CatalogDb *db, void *data, GError **error)
{
    const Day *day = data;
    return archive_rebuild_day(db, day->rebuild, day->camera, day->name, error);
}

static bool list_camera(Store *store, ArchiveRebuild *rebuild, const char *name, GError **error)
{
    Uuid camera;
    if (!uuid_parse(name, &camera))
        return true;
    g_autofree char *path = g_build_filename(store->volume.path, name, NULL);
    g_autoptr(GPtrArray) days = folder_names(path);
    for (guint i = 0; i < days->len; i++) {
        Day day = {rebuild, &camera, days->pdata[i]};
        if (atomic_load(&store->archive->closing))
            return err_set(error, ERR_UNAVAILABLE,
                           "the server stops; it goes on at the next start");
        if (!catalog_write_wait(store->archive->catalog, day_work, &day, error))
            return false;
    }
    return true;
}

bool late_listing_do(Store *store, GError **error)
{
    bool due = false;
    ArchiveRebuild rebuild = {.volume_path = store->volume.path};
    if (!is_due(store, &due, error))
        return false;
    if (!due)
        return true;
    g_autoptr(GPtrArray) cameras = folder_names(store->volume.path);
    for (guint i = 0; i < cameras->len; i++)
        if (!list_camera(store, &rebuild, cameras->pdata[i], error))
            return false;
    if (!catalog_write_wait(store->archive->catalog, done_work, store, error))
        return false;
    log_info("archive.listed", "volume=%s segments=%" PRId64, store->volume.path, rebuild.segments);
    return true;
}
