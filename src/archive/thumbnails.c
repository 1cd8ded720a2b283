#include "archive/thumbnails.h"

#include "archive/thumb_file.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"
#include "base/time_text.h"

#include <stdatomic.h>
#include <string.h>

enum { WAITING_MOST = 1024 }; /* thumbnails; a few megabytes */

/* By then the recorder has written the moment, or never will. */
#define SETTLED_US (5 * SECOND_US)
/* A thumbnail may be a little before the first picture that was written, or after the last. */
#define NEAR_US (2 * SECOND_US)

typedef struct Thumbnail {
    Uuid camera;
    int64_t capture_us;
    Buffer *jpeg; /* a reference */
} Thumbnail;

/* Where the thumbnails of a camera go in this hour. */
typedef struct Shelf {
    Uuid camera;
    int64_t hour;
    char *path;
} Shelf;

struct Thumbnails {
    Archive *archive;
    Queue *queue;
    Thread *thread;
    atomic_bool stopping;
    GHashTable *shelves; /* the thread's: Uuid in Shelf → Shelf */
};

static void thumbnail_free(void *data)
{
    Thumbnail *thumbnail = data;
    buffer_unref(thumbnail->jpeg);
    g_free(thumbnail);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Thumbnail, thumbnail_free)

static void shelf_free(void *data)
{
    Shelf *shelf = data;
    g_free(shelf->path);
    g_free(shelf);
}

static int64_t hour_of(int64_t time_us)
{
    return time_us / HOUR_US;
}

/* ---- writing ---- */

/* The camera's folder on the volume where the segment lies. Returned owned. */
static char *camera_folder(const ArchiveSegment *segment)
{
    g_autofree char *day = g_path_get_dirname(segment->path);
    return g_path_get_dirname(day);
}

static char *path_in(const char *camera_folder, int64_t capture_us)
{
    char day[DAY_TEXT];
    g_autofree char *folder = g_build_filename(camera_folder, day_text(capture_us, day), NULL);
    return thumb_file_path(folder, capture_us);
}

/* The file beside the segment that holds the moment. NULL: it was not recorded. */
static char *file_beside(Archive *archive, const Thumbnail *thumbnail, GError **error)
{
    int64_t from_us = thumbnail->capture_us - NEAR_US, to_us = thumbnail->capture_us + NEAR_US;
    g_autoptr(GArray) segments =
        archive_segments(archive, &thumbnail->camera, STREAM_MAIN, from_us, to_us, error);
    if (!segments || segments->len == 0)
        return NULL;
    g_autofree char *folder =
        camera_folder(&g_array_index(segments, ArchiveSegment, segments->len - 1));
    return path_in(folder, thumbnail->capture_us);
}

/* NULL without `error`: not recorded. `*fresh`: the file has not been written to in this run. */
static Shelf *shelf_for(Thumbnails *thumbnails, const Thumbnail *thumbnail, bool *fresh,
                        GError **error)
{
    Shelf *shelf = g_hash_table_lookup(thumbnails->shelves, &thumbnail->camera);
    *fresh = !shelf || shelf->hour != hour_of(thumbnail->capture_us);
    if (!*fresh)
        return shelf;
    char *path = file_beside(thumbnails->archive, thumbnail, error);
    if (!path)
        return NULL;
    shelf = g_new0(Shelf, 1);
    *shelf = (Shelf){thumbnail->camera, hour_of(thumbnail->capture_us), path};
    g_hash_table_replace(thumbnails->shelves, &shelf->camera, shelf);
    return shelf;
}

static void keep(Thumbnails *thumbnails, const Thumbnail *thumbnail)
{
    g_autoptr(GError) error = NULL;
    bool fresh;
    if (archive_written_us(thumbnails->archive, &thumbnail->camera, STREAM_MAIN) <
        thumbnail->capture_us - NEAR_US)
        return;
    const Shelf *shelf = shelf_for(thumbnails, thumbnail, &fresh, &error);
    if (shelf &&
        !thumb_file_append(shelf->path, fresh, thumbnail->capture_us, thumbnail->jpeg, &error))
        g_hash_table_remove(thumbnails->shelves, &thumbnail->camera);
    if (error)
        log_warning("archive.thumbnail_lost", "cause=\"%s\"", error->message);
}

/* How long until the oldest of `waiting` is settled; negative: for ever. */
static int64_t patience(const Thumbnails *thumbnails, const GQueue *waiting)
{
    const Thumbnail *oldest = waiting->head ? waiting->head->data : NULL;
    if (!oldest)
        return -1;
    if (atomic_load(&thumbnails->stopping))
        return 0;
    return CLAMP(oldest->capture_us + SETTLED_US - clock_now_us(), 0, SETTLED_US);
}

/* Until the queue is closed. */
static void run(void *data)
{
    Thumbnails *thumbnails = data;
    GQueue waiting = G_QUEUE_INIT;
    for (;;) {
        int64_t wait_us = patience(thumbnails, &waiting);
        Thumbnail *next = queue_pop(thumbnails->queue, wait_us);
        if (next)
            g_queue_push_tail(&waiting, next);
        else if (wait_us < 0)
            return;
        while (patience(thumbnails, &waiting) == 0) {
            g_autoptr(Thumbnail) settled = g_queue_pop_head(&waiting);
            keep(thumbnails, settled);
        }
    }
}

Thumbnails *thumbnails_new(Archive *archive)
{
    Thumbnails *thumbnails = g_new0(Thumbnails, 1);
    thumbnails->archive = archive;
    thumbnails->queue = queue_new();
    thumbnails->shelves = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, shelf_free);
    thumbnails->thread = thread_start("thumbnails", run, thumbnails);
    return thumbnails;
}

void thumbnails_free(Thumbnails *thumbnails)
{
    if (!thumbnails)
        return;
    atomic_store(&thumbnails->stopping, true);
    queue_close(thumbnails->queue);
    thread_join(thumbnails->thread);
    queue_free(thumbnails->queue, thumbnail_free);
    g_hash_table_unref(thumbnails->shelves);
    g_free(thumbnails);
}

void thumbnails_put(void *data, const Uuid *camera, int64_t capture_us, const Buffer *jpeg)
{
    Thumbnails *thumbnails = data;
    if (queue_length(thumbnails->queue) >= WAITING_MOST) {
        log_warning("archive.thumbnail_lost", "cause=\"the disk is too slow\"");
        return;
    }
    Thumbnail *thumbnail = g_new(Thumbnail, 1);
    *thumbnail = (Thumbnail){*camera, capture_us, buffer_copy(jpeg->data, jpeg->size)};
    queue_push(thumbnails->queue, thumbnail);
}

/* ---- reading ---- */

/* A thumbnail, and the file where it stands. */
typedef struct Found {
    char *path; /* owned */
    ThumbEntry entry;
} Found;

static void found_clear(void *data)
{
    g_free(((Found *)data)->path);
}

static int by_time(const void *a, const void *b)
{
    const Found *first = a, *second = b;
    int64_t one = first->entry.capture_us, other = second->entry.capture_us;
    return (one > other) - (one < other);
}

static void add_file(GArray *all, const char *path, int64_t from_us, int64_t to_us)
{
    g_autoptr(GArray) entries = thumb_file_list(path, NULL);
    for (guint i = 0; entries && i < entries->len; i++) {
        const ThumbEntry *entry = &g_array_index(entries, ThumbEntry, i);
        if (entry->capture_us < from_us || entry->capture_us > to_us)
            continue;
        Found found = {g_strdup(path), *entry};
        g_array_append_val(all, found);
    }
}

/* Folders of the camera on the volumes where its footage of from..to lies; each once, owned. */
static GPtrArray *camera_folders(Archive *archive, const Uuid *camera, int64_t from_us,
                                 int64_t to_us, GError **error)
{
    g_autoptr(GArray) segments =
        archive_segments(archive, camera, STREAM_MAIN, from_us, to_us, error);
    GPtrArray *folders = segments ? g_ptr_array_new_with_free_func(g_free) : NULL;
    for (guint i = 0; segments && i < segments->len; i++) {
        char *folder = camera_folder(&g_array_index(segments, ArchiveSegment, i));
        if (g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
            g_free(folder);
        else
            g_ptr_array_add(folders, folder);
    }
    return folders;
}

/* All thumbnails of from..to, in order. The file of an hour stands where any of its footage does.
 */
static GArray *find(Archive *archive, const Uuid *camera, int64_t from_us, int64_t to_us,
                    GError **error)
{
    int64_t first = hour_of(from_us), last = hour_of(to_us);
    g_autoptr(GPtrArray) folders =
        camera_folders(archive, camera, first * HOUR_US, (last + 1) * HOUR_US, error);
    if (!folders)
        return NULL;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Found));
    g_array_set_clear_func(all, found_clear);
    for (int64_t hour = first; hour <= last; hour++)
        for (guint i = 0; i < folders->len; i++) {
            g_autofree char *path = path_in(folders->pdata[i], hour * HOUR_US);
            add_file(all, path, from_us, to_us);
        }
    g_array_sort(all, by_time);
    return all;
}

Buffer *thumbnail_get(Archive *archive, const Uuid *camera, int64_t at_us, int64_t within_us,
                      int64_t *capture_us, GError **error)
{
    g_autoptr(GArray) all = find(archive, camera, at_us - within_us, at_us + within_us, error);
    if (!all)
        return NULL;
    const Found *nearest = NULL;
    for (guint i = 0; i < all->len; i++) {
        const Found *found = &g_array_index(all, Found, i);
        if (!nearest ||
            ABS(found->entry.capture_us - at_us) < ABS(nearest->entry.capture_us - at_us))
            nearest = found;
    }
    if (!nearest) {
        err_set(error, ERR_NOT_FOUND, "there is no thumbnail of that moment");
        return NULL;
    }
    *capture_us = nearest->entry.capture_us;
    return thumb_file_picture(nearest->path, &nearest->entry, error);
}
