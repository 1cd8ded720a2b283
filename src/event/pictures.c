/* pictures.c — pictures of events as files, and what becomes of old events.
 *
 * DATA/events/<day>/<event>.jpg, the day by the event's beginning (UTC): old days go as a whole.
 * The catalog knows which event has a picture; a file that it does not know goes with its day.
 */
#include "event/journal.h"

#include "base/file.h"
#include "base/log.h"
#include "base/time_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Pictures that wait for the disk at most; rows of one write; how often what is done. */
enum { WAITING_MOST = 64, ROWS_A_WRITE = 2000 };
#define STILL_OPEN_US MINUTE_US
#define TIDY_US HOUR_US
#define LATE_US (5 * SECOND_US)

typedef struct PictureNote {
    Uuid id;
    int64_t from_us;
    size_t bytes;
    uint8_t jpeg[];
} PictureNote;

void event_picture_note_free(void *note)
{
    g_free(note);
}

void events_picture(Events *events, const Uuid *id, const uint8_t *jpeg, size_t bytes)
{
    int64_t from_us = 0;
    char text[UUID_TEXT];
    pthread_mutex_lock(&events->lock);
    const EventRow *row = g_hash_table_lookup(events->open, id);
    from_us = row ? row->from_us : 0;
    pthread_mutex_unlock(&events->lock);
    if (!row)
        return;
    if (bytes > EVENT_PICTURE_MOST_BYTES || queue_length(events->pictures) >= WAITING_MOST) {
        log_warning("event.picture_lost", "event=%s bytes=%zu cause=\"%s\"", uuid_text(id, text),
                    bytes, bytes > EVENT_PICTURE_MOST_BYTES ? "too large" : "the disk is too slow");
        return;
    }
    PictureNote *note = g_malloc(sizeof *note + bytes);
    *note = (PictureNote){.id = *id, .from_us = from_us, .bytes = bytes};
    memcpy(note->jpeg, jpeg, bytes);
    queue_push(events->pictures, note);
}

static char *day_folder(const Events *events, int64_t from_us)
{
    char day[DAY_TEXT];
    return g_build_filename(events->folder, day_text(from_us, day), NULL);
}

static char *picture_path(const Events *events, const Uuid *id, int64_t from_us)
{
    char text[UUID_TEXT];
    g_autofree char *folder = day_folder(events, from_us);
    return g_strdup_printf("%s/%s.jpg", folder, uuid_text(id, text));
}

char *events_picture_read(Events *events, const EventRow *row, size_t *bytes, GError **error)
{
    if (row->picture_bytes == 0) {
        err_set(error, ERR_NOT_FOUND, "the event has no picture");
        return NULL;
    }
    g_autofree char *path = picture_path(events, &row->id, row->from_us);
    return file_read(path, EVENT_PICTURE_MOST_BYTES, bytes, error);
}

/* ---- the thread ---- */

static bool has_picture_work(CatalogDb *db, void *data, GError **error)
{
    const PictureNote *note = data;
    return event_rows_picture(db, &note->id, (int64_t)note->bytes, error);
}

static void write_picture(Events *events, PictureNote *note)
{
    char text[UUID_TEXT];
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = day_folder(events, note->from_us);
    g_autofree char *path = picture_path(events, &note->id, note->from_us);
    if (!folder_make(folder, &error) ||
        !file_write_atomic(path, note->jpeg, note->bytes, 0640, &error) ||
        !catalog_write_wait(events->catalog, has_picture_work, note, &error))
        log_warning("event.picture_lost", "event=%s cause=\"%s\"", uuid_text(&note->id, text),
                    error->message);
}

static void move_ends(Events *events)
{
    pthread_mutex_lock(&events->lock);
    bool any = g_hash_table_size(events->open) > 0;
    pthread_mutex_unlock(&events->lock);
    if (any)
        event_rows_still_open(events);
}

void event_pictures_main(void *data)
{
    Events *events = data;
    int64_t move_us = clock_mono_us() + STILL_OPEN_US, tidy_us = clock_mono_us() + MINUTE_US;
    int64_t late_us = clock_mono_us() + LATE_US;
    for (;;) {
        int64_t now_us = clock_mono_us(), due_us = MIN(MIN(move_us, tidy_us), late_us);
        PictureNote *note = queue_pop(events->pictures, MAX(due_us - now_us, 0));
        if (note)
            write_picture(events, note);
        else if (atomic_load(&events->closing))
            return;
        event_picture_note_free(note);
        now_us = clock_mono_us();
        if (now_us >= move_us) {
            move_ends(events);
            move_us = now_us + STILL_OPEN_US;
        }
        if (now_us >= late_us) {
            event_rows_write_late(events, false);
            late_us = clock_mono_us() + LATE_US;
        }
        if (now_us >= tidy_us) {
            g_autoptr(GError) error = NULL;
            int64_t old_us = atomic_load(&events->due_us);
            if (old_us && !events_tidy(events, old_us, &error))
                log_warning("event.tidy", "cause=\"%s\"", error->message);
            tidy_us = now_us + (old_us ? TIDY_US : MINUTE_US);
        }
    }
}

/* ---- what is old ---- */

typedef struct TidyWork {
    int64_t before_us;
    unsigned deleted;
} TidyWork;

static bool forget_work(CatalogDb *db, void *data, GError **error)
{
    TidyWork *work = data;
    return event_rows_forget(db, work->before_us, ROWS_A_WRITE, &work->deleted, error);
}

static bool drop_work(CatalogDb *db, void *data, GError **error)
{
    const GArray *pictures = data;
    for (guint i = 0; i < pictures->len; i++)
        if (!event_rows_picture(db, &g_array_index(pictures, EventPicture, i).id, 0, error))
            return false;
    return true;
}

/* A write at a time, so that others come in between. */
static bool forget_old(Events *events, int64_t before_us, GError **error)
{
    TidyWork work = {.before_us = before_us};
    do
        if (!catalog_write_wait(events->catalog, forget_work, &work, error))
            return false;
    while (work.deleted == ROWS_A_WRITE);
    return true;
}

static void remove_day(const char *folder)
{
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        unlink(path);
    }
    rmdir(folder);
}

static void remove_days(const Events *events, int64_t before_us)
{
    g_autoptr(GPtrArray) names = folder_names(events->folder);
    int64_t start_us;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *folder = g_build_filename(events->folder, names->pdata[i], NULL);
        if (day_parse(names->pdata[i], &start_us) && start_us + DAY_US <= before_us)
            remove_day(folder);
    }
}

/* Those over the bound of bytes, oldest first, or those that outlived their camera's footage. */
static GArray *surplus(Events *events, int64_t now_us, GError **error)
{
    int64_t since_us = 0;
    g_autoptr(CatalogDb) db = catalog_read(events->catalog, error);
    if (!db || !event_rows_picture_reach(db, EVENT_PICTURES_MOST_BYTES, &since_us, error))
        return NULL;
    return since_us ? event_rows_pictured_before(db, since_us, ROWS_A_WRITE, error)
                    : event_rows_pictured_past(db, now_us, atomic_load(&events->picture_days),
                                               ROWS_A_WRITE, error);
}

static bool drop_pictures(Events *events, int64_t now_us, GError **error)
{
    bool more = true;
    while (more) {
        g_autoptr(GArray) pictures = surplus(events, now_us, error);
        if (!pictures)
            return false;
        for (guint i = 0; i < pictures->len; i++) {
            const EventPicture *picture = &g_array_index(pictures, EventPicture, i);
            g_autofree char *path = picture_path(events, &picture->id, picture->from_us);
            if (unlink(path) < 0 && errno != ENOENT)
                return err_errno(error, errno, "cannot delete %s", path);
        }
        more = pictures->len > 0;
        if (more && !catalog_write_wait(events->catalog, drop_work, pictures, error))
            return false;
    }
    return true;
}

void events_keep_pictures(Events *events, int64_t days)
{
    atomic_store(&events->picture_days, days);
}

void events_due(Events *events, int64_t due_us)
{
    atomic_store(&events->due_us, due_us);
}

bool events_tidy(Events *events, int64_t now_us, GError **error)
{
    int64_t before_us = now_us - EVENTS_KEEP_US;
    if (!forget_old(events, before_us, error))
        return false;
    remove_days(events, before_us);
    return drop_pictures(events, now_us, error);
}
