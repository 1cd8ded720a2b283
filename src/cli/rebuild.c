#include "cli/rebuild.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "catalog/care.h"
#include "cli/volume.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool count_cameras(const char *catalog_path, int64_t *cameras, GError **error)
{
    g_auto(CatalogCheck) found = {0};
    if (!catalog_check(catalog_path, &found, error))
        return false;
    *cameras = found.cameras;
    return true;
}

/* A node restored without its footage has an empty folder of its own. A folder that the
 * configuration names may be a disk that is not mounted: its footage is listed when that is back.
 * Where the node does not know of a volume there, that is an error, unless recording can go on with
 * another: it would be made a new one. */
static bool footage_rows(CatalogDb *db, void *data, GError **error)
{
    RebuildVolume *volume = data;
    const char *path = volume->footage.volume_path;
    g_autofree char *mark = g_build_filename(path, "volume.json", NULL);
    g_autoptr(GPtrArray) names = folder_names(path);
    bool known;
    (void)archive_knows_volume(volume->data_path, path, &known, NULL); /* the start tells why not */
    if (access(mark, F_OK) == 0 || (!known && volume->alone && (names->len > 0 || !volume->own)))
        return archive_rebuild_rows(db, &volume->footage, error);
    if (known || !volume->own)
        log_error("catalog.volume_missing",
                  "volume=%s cause=\"its footage is listed when its disk is back\"", path);
    return archive_rebuild_later(db, &volume->footage, error);
}

void rebuild_from(RebuildFrom *from, const DataFolder *folder, const char *const *volumes,
                  unsigned count)
{
    const char *const own[] = {folder->footage};
    *from = (RebuildFrom){
        .site = {.site_file = folder->site, .secrets_key = folder->secrets_key},
        .copy = {.folder = folder->backup, .catalog = folder->catalog},
        .marks = {.audit = folder->audit, .copy = &from->copy},
    };
    from->sources[from->count++] = (CatalogSource){site_restore, &from->site};
    for (unsigned i = 0; i < MIN(MAX(count, 1), (unsigned)ARCHIVE_VOLUMES_MOST); i++) {
        const char *path = count ? volumes[i] : own[i];
        from->volumes[i].footage.volume_path = path;
        from->volumes[i].data_path = folder->path;
        from->volumes[i].own = strcmp(path, folder->footage) == 0;
        from->volumes[i].alone = count <= 1;
        from->sources[from->count++] = (CatalogSource){footage_rows, &from->volumes[i]};
    }
    from->sources[from->count++] = (CatalogSource){last_copy_rows, &from->copy};
    from->sources[from->count++] = (CatalogSource){given_marks_rows, &from->marks};
}

bool rebuild_catalog(const char *data, RebuildReport *report, GError **error)
{
    g_autoptr(DataFolder) paths = data_folder_paths(data);
    g_autoptr(DataFolder) folder =
        data_folder_check(paths, error) ? data_folder_open(data, error) : NULL;
    g_autoptr(GPtrArray) volumes = folder ? volume_paths(folder, error) : NULL;
    if (!volumes)
        return false;
    RebuildFrom from;
    rebuild_from(&from, folder, (const char *const *)volumes->pdata, volumes->len);
    if (!catalog_rebuild(folder->catalog, from.sources, from.count, clock_now_us(), &report->aside,
                         error))
        return false;
    for (unsigned i = 0; i < ARCHIVE_VOLUMES_MOST; i++)
        report->segments += from.volumes[i].footage.segments;
    report->copy = from.copy;
    return count_cameras(folder->catalog, &report->cameras, error);
}

/* An empty file is what a disk that was full, or a power cut, may leave. */
static bool is_gone(const DataFolder *folder)
{
    struct stat facts;
    return access(folder->site, F_OK) == 0 &&
           (stat(folder->catalog, &facts) < 0 || facts.st_size == 0);
}

Catalog *rebuild_open(const DataFolder *folder, RebuildFrom *from, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    Catalog *catalog = is_gone(folder) ? NULL : catalog_open(folder->catalog, &trouble);
    bool may_be_made_anew =
        !trouble || (g_error_matches(trouble, ERR, ERR_CORRUPT) && access(folder->site, F_OK) == 0);
    if (!catalog && !may_be_made_anew) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return NULL;
    }
    if (!catalog) {
        log_error("catalog.damaged",
                  "cause=\"%s: it is made anew from site.json, the "
                  "footage's seals and the newest copy in backup/\"",
                  trouble ? trouble->message : "the catalog is gone");
        if (!catalog_rebuild(folder->catalog, from->sources, from->count, clock_now_us(), NULL,
                             error))
            return NULL;
        catalog = catalog_open(folder->catalog, error);
    }
    if (catalog)
        catalog_mend_from(catalog, from->sources, from->count);
    return catalog;
}
