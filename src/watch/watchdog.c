#include "watch/watchdog.h"

#include "base/queue.h"
#include "base/thread.h"
#include "watch/outage.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define TICK_US SECOND_US
/* Syncs are tried about once a second: errors that stopped this long ago are over. */
#define SYNC_ERRORS_US (5 * SECOND_US)

typedef struct Watched {
    Uuid camera;
    Outage outages[STREAM_KINDS];
    bool listed; /* by the site, at this tick */
} Watched;

struct Watchdog {
    Site *site;
    Cameras *cameras;
    Archive *archive;
    Events *events;
    WatchdogSettings settings;
    Queue *stop; /* closed to end the thread */
    atomic_bool stopping;
    Thread *thread;
    /* all below: of the thread */
    GHashTable *watched; /* Uuid in Watched → Watched */
    Outage storage;
    int64_t started_us;
    int64_t storage_well_us; /* node time, of the last look that found it so */
    uint64_t sync_errors;
    int64_t sync_error_us; /* monotonic; 0: none yet */
};

/* ---- the server's own trouble ---- */

static const char *const storage_texts[GAP_CAUSES] = {
    [GAP_DISK_FULL] = "the disk of the footage is full: free some space, or shorten the retention",
    [GAP_DISK_ERROR] = "the disk of the footage fails: look into the system's log, and replace it",
    [GAP_VOLUME_MISSING] =
        "the folder of the footage is missing, or not ours: is its disk mounted?",
};

static const char unconfirmed_text[] =
    "the disk of the footage does not confirm what is written: the last seconds may be lost, and "
    "more if the power fails; look into the system's log, and replace it";

/* Why footage cannot be kept, or NULL. */
static const char *storage_trouble(Watchdog *watchdog, int64_t mono_us)
{
    ArchiveFigures figures = archive_figures(watchdog->archive);
    if (figures.sync_errors != watchdog->sync_errors) {
        watchdog->sync_errors = figures.sync_errors;
        watchdog->sync_error_us = mono_us;
        if (figures.trouble != GAP_DISK_FULL)
            return unconfirmed_text;
    }
    if (figures.trouble != GAP_UNKNOWN && storage_texts[figures.trouble])
        return storage_texts[figures.trouble];
    if (!figures.volume_present)
        return storage_texts[GAP_VOLUME_MISSING];
    bool failing = watchdog->sync_error_us && mono_us - watchdog->sync_error_us < SYNC_ERRORS_US;
    return failing ? storage_texts[GAP_DISK_ERROR] : NULL;
}

/* Returns whether footage cannot be kept at this moment. */
static bool watch_storage(Watchdog *watchdog, int64_t mono_us)
{
    const char *cause = storage_trouble(watchdog, mono_us);
    Outage *storage = &watchdog->storage;
    if (!cause)
        watchdog->storage_well_us = clock_now_us();
    int64_t from_us = watchdog->storage_well_us ? watchdog->storage_well_us : watchdog->started_us;
    /* A sync that failed once is told at once: the next may succeed without what it lost. */
    int64_t late_us = watchdog->sync_error_us == mono_us ? 0 : watchdog->settings.late_us;
    switch (outage_look(storage, late_us, mono_us, from_us)) {
    case OUTAGE_BEGINS:
        storage->event = events_begin(watchdog->events, NULL, EVENT_STORAGE, from_us, cause);
        break;
    case OUTAGE_ENDS:
        events_end(watchdog->events, &storage->event, storage->back_us);
        break;
    case OUTAGE_SAME:
        break;
    }
    /* One of several that is gone excuses no camera: others are written to. */
    ArchiveVolume volumes[2];
    bool several = archive_volumes(watchdog->archive, volumes, G_N_ELEMENTS(volumes)) > 1;
    return cause && (!several || archive_figures(watchdog->archive).trouble != GAP_UNKNOWN);
}

/* ---- cameras ---- */

static void tell_cause(const Watchdog *watchdog, const Uuid *camera, StreamKind kind, Wanted wanted,
                       char text[static 320])
{
    CameraStatus status;
    const char *prefix = kind == STREAM_SUB       ? "the sub stream: "
                         : wanted == WANTED_READY ? "no event could be recorded: "
                                                  : "";
    bool known = cameras_status(watchdog->cameras, *camera, &status) && status.has_stream[kind];
    const StreamStatus *stream = &status.streams[kind];
    if (!known)
        g_snprintf(text, 320, "%sthe camera is not connected", prefix);
    else if (stream->state == CAMERA_RUNNING && wanted == WANTED_ON_DISK)
        g_snprintf(text, 320, "%spictures come, but none of them reaches the disk", prefix);
    else if (*stream->cause)
        g_snprintf(text, 320, "%s%s", prefix, stream->cause);
    else
        g_snprintf(text, 320, "%sno picture has come yet", prefix);
}

static void begin_event(Watchdog *watchdog, const Uuid *camera, StreamKind kind, Wanted wanted,
                        Outage *outage)
{
    char cause[320];
    tell_cause(watchdog, camera, kind, wanted, cause);
    /* Footage of long ago, of an earlier run or before a pause, is not where this outage begins. */
    int64_t stopped_us = clock_now_us() - (clock_mono_us() - outage->moved_us);
    bool recent = outage->newest_us > stopped_us - MINUTE_US;
    int64_t from_us = recent ? MIN(outage->newest_us, stopped_us) : stopped_us;
    outage->event = events_begin(watchdog->events, camera, EVENT_NOT_RECORDED, from_us, cause);
}

static void stop_watching(Watchdog *watchdog, Outage *outage)
{
    if (outage->on)
        events_end(watchdog->events, &outage->event, clock_now_us());
    *outage = (Outage){0};
}

static int64_t newest_picture(const Watchdog *watchdog, const Uuid *camera, StreamKind kind)
{
    CameraStatus status;
    bool known = cameras_status(watchdog->cameras, *camera, &status) && status.has_stream[kind];
    return known ? status.streams[kind].last_picture_us : 0;
}

static void watch_stream(Watchdog *watchdog, Watched *watched, StreamKind kind, Wanted wanted,
                         int64_t mono_us, bool excused)
{
    Outage *outage = &watched->outages[kind];
    int64_t newest_us = wanted == WANTED_READY
                            ? newest_picture(watchdog, &watched->camera, kind)
                            : archive_durable_us(watchdog->archive, &watched->camera, kind);
    if (excused && !outage->on) {
        outage_excuse(outage, mono_us, newest_us);
        return;
    }
    switch (outage_look(outage, watchdog->settings.late_us, mono_us, newest_us)) {
    case OUTAGE_BEGINS:
        begin_event(watchdog, &watched->camera, kind, wanted, outage);
        break;
    case OUTAGE_ENDS:
        events_end(watchdog->events, &outage->event, outage->back_us);
        break;
    case OUTAGE_SAME:
        break;
    }
}

static Watched *watched_of(Watchdog *watchdog, const Uuid *camera)
{
    Watched *watched = g_hash_table_lookup(watchdog->watched, camera);
    if (!watched) {
        watched = g_new0(Watched, 1);
        watched->camera = *camera;
        g_hash_table_insert(watchdog->watched, &watched->camera, watched);
    }
    return watched;
}

static void watch_camera(Watchdog *watchdog, const CameraRow *row, int64_t mono_us, bool excused)
{
    const WatchdogSettings *settings = &watchdog->settings;
    Watched *watched = watched_of(watchdog, &row->id);
    watched->listed = true;
    for (int kind = 0; kind < STREAM_KINDS; kind++) {
        Wanted wanted = settings->wanted(settings->data, row, (StreamKind)kind);
        if (wanted == WANTED_NOT) {
            stop_watching(watchdog, &watched->outages[kind]);
            continue;
        }
        /* One event says enough of a camera that is off. */
        bool main_is_out = kind != STREAM_MAIN && watched->outages[STREAM_MAIN].on;
        watch_stream(watchdog, watched, (StreamKind)kind, wanted, mono_us, excused || main_is_out);
    }
}

static void forget_unlisted(Watchdog *watchdog)
{
    GHashTableIter iter;
    void *value;
    g_hash_table_iter_init(&iter, watchdog->watched);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Watched *watched = value;
        if (watched->listed) {
            watched->listed = false;
            continue;
        }
        for (int kind = 0; kind < STREAM_KINDS; kind++)
            stop_watching(watchdog, &watched->outages[kind]);
        g_hash_table_iter_remove(&iter);
    }
}

static void look(Watchdog *watchdog)
{
    int64_t mono_us = clock_mono_us();
    bool excused = watch_storage(watchdog, mono_us);
    g_autoptr(GPtrArray) rows = site_camera_list(watchdog->site);
    for (guint i = 0; i < rows->len; i++)
        watch_camera(watchdog, rows->pdata[i], mono_us, excused);
    forget_unlisted(watchdog);
}

static void watchdog_main(void *data)
{
    Watchdog *watchdog = data;
    while (!atomic_load(&watchdog->stopping)) {
        look(watchdog);
        queue_pop(watchdog->stop, TICK_US);
    }
}

Watchdog *watchdog_start(Site *site, Cameras *cameras, Archive *archive, Events *events,
                         const WatchdogSettings *settings)
{
    Watchdog *watchdog = g_new0(Watchdog, 1);
    watchdog->site = site;
    watchdog->cameras = cameras;
    watchdog->archive = archive;
    watchdog->events = events;
    watchdog->settings = *settings;
    watchdog->started_us = clock_now_us();
    watchdog->sync_errors = archive_figures(archive).sync_errors;
    watchdog->watched = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, g_free);
    watchdog->stop = queue_new();
    watchdog->thread = thread_start("watchdog", watchdog_main, watchdog);
    return watchdog;
}

void watchdog_stop(Watchdog *watchdog)
{
    if (!watchdog)
        return;
    atomic_store(&watchdog->stopping, true);
    queue_close(watchdog->stop);
    thread_join(watchdog->thread);
    queue_free(watchdog->stop, NULL);
    g_hash_table_unref(watchdog->watched);
    g_free(watchdog);
}
