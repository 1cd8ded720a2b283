#include "watch/motion_store.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/time_text.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The minute under way of one camera. */
typedef struct Minute {
    MotionSecond seconds[MOTION_BLOCK_SECONDS];
    int count, written;
    int64_t block_at;    /* with `written`: where its block begins in the file */
    int64_t checked_day; /* whose file was looked at for a torn tail; -1: none */
    bool failing;        /* told once */
    int64_t failed;      /* second of the last try that did */
} Minute;

struct MotionStore {
    char *folder;
    unsigned keep_days;
    pthread_mutex_t lock; /* never held over disk */
    GHashTable *minutes;  /* Uuid → Minute */
    _Atomic int64_t tidied_day;
};

MotionStore *motion_store_new(const char *folder, unsigned keep_days)
{
    MotionStore *store = g_new0(MotionStore, 1);
    store->folder = g_strdup(folder);
    store->keep_days = keep_days;
    pthread_mutex_init(&store->lock, NULL);
    store->minutes = g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, g_free);
    return store;
}

static char *camera_folder(const MotionStore *store, const Uuid *camera)
{
    char text[UUID_TEXT];
    return g_build_filename(store->folder, uuid_text(camera, text), NULL);
}

static char *day_path(const MotionStore *store, const Uuid *camera, int64_t day)
{
    char text[DAY_TEXT];
    g_autofree char *folder = camera_folder(store, camera);
    return g_build_filename(folder, day_text(day * DAY_US, text), NULL);
}

/* Takes back what a crash left half written, so that what follows can be read. */
static bool cut_torn_tail(const char *path, int64_t day, GError **error)
{
    size_t size = 0;
    if (access(path, F_OK) < 0)
        return errno == ENOENT || err_errno(error, errno, "cannot look at %s", path);
    g_autofree char *bytes = file_read(path, MOTION_FILE_MOST_BYTES, &size, error);
    if (!bytes)
        return false;
    const size_t whole = motion_file_read((const uint8_t *)bytes, size, day, NULL, NULL);
    if (whole == size)
        return true;
    log_warning("motion.torn", "file=%s bytes=%zu whole=%zu", path, size, whole);
    return truncate(path, (off_t)whole) == 0 || err_errno(error, errno, "cannot cut %s", path);
}

/* Puts the block at `*at`, in the place of what is there; at the end where `*at` is 0. */
static bool put_block(const char *path, const ByteWriter *block, int64_t day, int64_t *at,
                      GError **error)
{
    fd_auto int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0)
        return err_errno(error, errno, "cannot open %s", path);
    g_auto(ByteWriter) all = {0};
    /* A file that is shorter is not the one that was written to. */
    const int64_t from = *at && *at <= facts.st_size ? *at : facts.st_size;
    if (from == 0)
        motion_file_begin(&all, day);
    *at = from + (int64_t)all.size;
    write_bytes(&all, block->data, block->size);
    if (lseek(fd, from, SEEK_SET) < 0)
        return err_errno(error, errno, "cannot go on in %s", path);
    if (!fd_write_all(fd, all.data, all.size, error))
        return false;
    const int64_t end = from + (int64_t)all.size;
    return facts.st_size <= end || ftruncate(fd, end) == 0 ||
           err_errno(error, errno, "cannot cut %s", path);
}

static bool write_minute(MotionStore *store, const Uuid *camera, Minute *minute, GError **error)
{
    const int64_t day = minute->seconds[0].second / MOTION_DAY_S;
    g_auto(ByteWriter) block = {0};
    motion_file_add(&block, minute->seconds, minute->count);
    g_autofree char *folder = camera_folder(store, camera);
    g_autofree char *path = day_path(store, camera, day);
    if (minute->written == 0)
        minute->block_at = 0;
    return folder_make(folder, error) &&
           (minute->checked_day == day || cut_torn_tail(path, day, error)) &&
           put_block(path, &block, day, &minute->block_at, error);
}

static void tidy_daily(MotionStore *store, int64_t day)
{
    if (atomic_exchange_explicit(&store->tidied_day, day, memory_order_relaxed) != day)
        motion_store_tidy(store, day * DAY_US);
}

/* Under the lock. */
static Minute *minute_of(MotionStore *store, const Uuid *camera)
{
    Minute *minute = g_hash_table_lookup(store->minutes, camera);
    if (!minute) {
        minute = g_new0(Minute, 1);
        minute->checked_day = -1;
        g_hash_table_insert(store->minutes, g_memdup2(camera, sizeof *camera), minute);
    }
    return minute;
}

/* What could not be written is tried again with what follows until `over`. Those who read meanwhile
 * see seconds held or written, and both at worst. */
static void write_held(MotionStore *store, const Uuid *camera, bool over)
{
    pthread_mutex_lock(&store->lock);
    Minute held = *minute_of(store, camera);
    pthread_mutex_unlock(&store->lock);
    g_autoptr(GError) error = NULL;
    const bool ok = held.written == held.count || write_minute(store, camera, &held, &error);
    if (!ok && !held.failing)
        log_error("motion.write", "cause=\"%s\"", error ? error->message : "the disk is full");
    if (held.count == 0)
        return;
    pthread_mutex_lock(&store->lock);
    Minute *minute = minute_of(store, camera);
    minute->count = over ? 0 : held.count;
    minute->written = ok && !over ? held.count : 0;
    minute->block_at = held.block_at;
    minute->failing = !ok;
    minute->failed = ok ? 0 : held.seconds[held.count - 1].second;
    /* What was written in part is cut before the next is tried. */
    minute->checked_day = ok ? held.seconds[0].second / MOTION_DAY_S : -1;
    pthread_mutex_unlock(&store->lock);
}

void motion_store_flush(MotionStore *store, const Uuid *camera)
{
    write_held(store, camera, true);
}

static bool fits(const Minute *minute, const MotionSecond *second)
{
    if (minute->count == 0)
        return true;
    const int64_t last = minute->seconds[minute->count - 1].second;
    return second->second > last &&
           second->second / MOTION_BLOCK_SECONDS == last / MOTION_BLOCK_SECONDS;
}

void motion_store_add(MotionStore *store, const Uuid *camera, const MotionSecond *second)
{
    if (second->second < 0)
        return;
    pthread_mutex_lock(&store->lock);
    const bool full = !fits(minute_of(store, camera), second);
    pthread_mutex_unlock(&store->lock);
    if (full)
        motion_store_flush(store, camera);
    pthread_mutex_lock(&store->lock);
    Minute *minute = minute_of(store, camera);
    minute->seconds[minute->count++] = *second;
    const int64_t since = MAX(minute->seconds[minute->written].second, minute->failed);
    const bool due = second->second - since >= MOTION_WRITE_S - 1;
    pthread_mutex_unlock(&store->lock);
    if (due)
        write_held(store, camera, false);
    tidy_daily(store, second->second / MOTION_DAY_S);
}

void motion_store_read(MotionStore *store, const Uuid *camera, int64_t day, MotionRunTaken take,
                       void *data)
{
    pthread_mutex_lock(&store->lock);
    const Minute *held = g_hash_table_lookup(store->minutes, camera);
    const Minute minute = held ? *held : (Minute){0};
    pthread_mutex_unlock(&store->lock);
    size_t size = 0;
    g_autofree char *path = day_path(store, camera, day);
    g_autofree char *bytes = file_read(path, MOTION_FILE_MOST_BYTES, &size, NULL);
    if (bytes)
        motion_file_read((const uint8_t *)bytes, size, day, take, data);
    for (int i = 0; i < minute.count; i++)
        if (minute.seconds[i].second / MOTION_DAY_S == day)
            take(data, &(MotionRun){minute.seconds[i], 1});
}

static void tidy_camera(const char *folder, int64_t before_us)
{
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        int64_t day_us;
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        if (day_parse(g_ptr_array_index(names, i), &day_us) && day_us + DAY_US <= before_us &&
            unlink(path) < 0)
            log_warning("motion.tidy", "file=%s cause=\"%s\"", path, g_strerror(errno));
    }
}

void motion_store_tidy(MotionStore *store, int64_t now_us)
{
    g_autoptr(GPtrArray) cameras = folder_names(store->folder);
    for (guint i = 0; i < cameras->len; i++) {
        Uuid camera;
        if (!uuid_parse(g_ptr_array_index(cameras, i), &camera))
            continue;
        g_autofree char *folder = camera_folder(store, &camera);
        tidy_camera(folder, now_us - store->keep_days * DAY_US);
    }
}

void motion_store_free(MotionStore *store)
{
    if (!store)
        return;
    g_autoptr(GList) cameras = g_hash_table_get_keys(store->minutes);
    for (const GList *at = cameras; at; at = at->next)
        motion_store_flush(store, at->data);
    g_hash_table_unref(store->minutes);
    pthread_mutex_destroy(&store->lock);
    g_free(store->folder);
    g_free(store);
}
