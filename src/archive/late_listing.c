#include "archive/late_listing.h"

#include "archive/rebuild.h"
#include "archive/segment.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "catalog/coverage.h"
#include "catalog/settings.h"

#include <inttypes.h>
#include <sys/stat.h>

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

static GArray *cameras_of(const char *volume_path)
{
    GArray *cameras = g_array_new(FALSE, FALSE, sizeof(Uuid));
    g_autoptr(GPtrArray) names = folder_names(volume_path);
    for (guint i = 0; i < names->len; i++) {
        Uuid camera;
        if (uuid_parse(names->pdata[i], &camera))
            g_array_append_val(cameras, camera);
    }
    return cameras;
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

static bool list_camera(Store *store, ArchiveRebuild *rebuild, const Uuid *camera, GError **error)
{
    char name[UUID_TEXT];
    uuid_text(camera, name);
    g_autofree char *path = g_build_filename(store->volume.path, name, NULL);
    g_autoptr(GPtrArray) days = folder_names(path);
    for (guint i = 0; i < days->len; i++) {
        Day day = {rebuild, camera, days->pdata[i]};
        if (atomic_load(&store->archive->closing))
            return err_set(error, ERR_UNAVAILABLE,
                           "the server stops; it goes on at the next start");
        if (!catalog_write_wait(store->archive->catalog, day_work, &day, error))
            return false;
    }
    return true;
}

/* ---- from the last run to this one ---- */

typedef struct Ending {
    Store *store;
    GArray *cameras; /* Uuid */
} Ending;

/* Where the stream's first open segment of this run begins; `or_us`: there is none. */
static int64_t run_begins(Archive *archive, const Uuid *camera, StreamKind stream, int64_t or_us)
{
    int64_t first_us = or_us;
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->segments->len; i++) {
        const SegmentId *id = &((const Segment *)archive->segments->pdata[i])->id;
        if (id->stream == stream && uuid_equal(&id->camera, camera) &&
            id->start_us >= archive->opened_us)
            first_us = MIN(first_us, id->start_us);
    }
    pthread_mutex_unlock(&archive->lock);
    return first_us;
}

static bool last_run_ended(CatalogDb *db, const Archive *archive, const Uuid *camera,
                           StreamKind stream, int64_t *end_us, GError **error)
{
    g_autoptr(GArray) spans = NULL, gaps = NULL;
    *end_us = 0;
    if (!coverage_read(db, camera, stream, 0, archive->opened_us, &spans, &gaps, error))
        return false;
    if (spans->len > 0)
        *end_us = g_array_index(spans, SpanRow, spans->len - 1).to_us;
    if (gaps->len > 0)
        *end_us = MAX(*end_us, g_array_index(gaps, GapRow, gaps->len - 1).to_us);
    return true;
}

/* The stream began in this run without knowing where the last one ended: nothing declares the time
 * between them. An only volume was what kept all streams waiting; else they began elsewhere. */
static bool note_down(CatalogDb *db, Archive *archive, const Uuid *camera, StreamKind stream,
                      GError **error)
{
    int64_t end_us, opened_us = archive->opened_us, now_us = clock_now_us();
    int64_t begin_us = run_begins(archive, camera, stream, now_us);
    bool alone = archive->store_count == 1, soon = begin_us <= opened_us + ARCHIVE_STARTING_US;
    if (!last_run_ended(db, archive, camera, stream, &end_us, error))
        return false;
    if (end_us == 0)
        return true;
    int64_t down_us = !alone && soon ? begin_us : opened_us;
    return coverage_add_gap(db, camera, stream, end_us, down_us, GAP_SERVER_DOWN, error) &&
           (!alone ||
            coverage_add_gap(db, camera, stream, opened_us, begin_us, GAP_VOLUME_MISSING, error));
}

static bool end_work(CatalogDb *db, void *data, GError **error)
{
    const Ending *ending = data;
    g_autofree char *name = mark_name(ending->store->volume.path);
    for (guint i = 0; i < ending->cameras->len; i++)
        for (int stream = 0; stream < STREAM_KINDS; stream++)
            if (!note_down(db, ending->store->archive, &g_array_index(ending->cameras, Uuid, i),
                           (StreamKind)stream, error))
                return false;
    return settings_put(db, name, "", error);
}

/* Whether the volume is still the one that was there at first: a folder that has gone looks like an
 * empty one. */
static bool is_there(const Store *store, struct stat *first, GError **error)
{
    g_autofree char *mark = g_build_filename(store->volume.path, "volume.json", NULL);
    struct stat now;
    bool there = stat(mark, &now) == 0;
    if (there && first->st_ino == 0)
        *first = now;
    return (there && now.st_dev == first->st_dev && now.st_ino == first->st_ino) ||
           err_set(error, ERR_UNAVAILABLE,
                   "the volume went away meanwhile; it goes on when it is back");
}

bool late_listing_do(Store *store, GError **error)
{
    bool due = false;
    struct stat first = {0};
    ArchiveRebuild rebuild = {.volume_path = store->volume.path};
    if (!is_due(store, &due, error))
        return false;
    if (!due)
        return true;
    if (!is_there(store, &first, error))
        return false;
    g_autoptr(GArray) cameras = cameras_of(store->volume.path);
    for (guint i = 0; i < cameras->len; i++)
        if (!list_camera(store, &rebuild, &g_array_index(cameras, Uuid, i), error) ||
            !is_there(store, &first, error))
            return false;
    if (!is_there(store, &first, error))
        return false;
    Ending ending = {store, cameras};
    if (!catalog_write_wait(store->archive->catalog, end_work, &ending, error))
        return false;
    log_info("archive.listed", "volume=%s segments=%" PRId64, store->volume.path, rebuild.segments);
    return true;
}
