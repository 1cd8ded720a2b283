#include "cli/rebuild.h"

#include "archive/rebuild.h"
#include "base/clock.h"
#include "base/file.h"
#include "catalog/care.h"
#include "cli/volume.h"
#include "config/data_folder.h"
#include "config/site.h"

#include <string.h>

static bool count_cameras(const char *catalog_path, int64_t *cameras, GError **error)
{
    g_auto(CatalogCheck) found = {0};
    if (!catalog_check(catalog_path, &found, error))
        return false;
    *cameras = found.cameras;
    return true;
}

/* A node restored without its footage has an empty folder of its own. A folder that the
 * configuration names may be a disk that is not mounted: that is an error. */
static bool has_footage(const DataFolder *folder, const char *volume)
{
    g_autoptr(GPtrArray) names = folder_names(volume);
    return names->len > 0 || strcmp(volume, folder->footage) != 0;
}

bool rebuild_catalog(const char *data, RebuildReport *report, GError **error)
{
    g_autoptr(DataFolder) paths = data_folder_paths(data);
    g_autoptr(DataFolder) folder =
        data_folder_check(paths, error) ? data_folder_open(data, error) : NULL;
    g_autofree char *volume = folder ? volume_path(folder, error) : NULL;
    if (!volume)
        return false;
    SiteOptions site = {.site_file = folder->site, .secrets_key = folder->secrets_key};
    ArchiveRebuild footage = {.volume_path = volume};
    const CatalogSource sources[] = {{site_restore, &site}, {archive_rebuild_rows, &footage}};
    size_t count = has_footage(folder, volume) ? 2 : 1;
    if (!catalog_rebuild(folder->catalog, sources, count, clock_now_us(), &report->aside, error))
        return false;
    report->segments = footage.segments;
    return count_cameras(folder->catalog, &report->cameras, error);
}
