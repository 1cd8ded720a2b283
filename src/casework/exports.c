#include "casework/exports.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"
#include "casework/export_work.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NICE = 15 };

/* A job as it is held: its facts under the lock, but for what its maker copied. */
typedef struct Held {
    ExportJob *job;
    bool busy; /* the thread is at it */
    bool gone; /* removed, and not looked at by anyone but the thread */
} Held;

struct Exports {
    char *folder;
    Archive *archive;
    Site *site;
    pthread_mutex_t lock;
    GPtrArray *held;  /* Held, oldest first */
    atomic_bool stop; /* what is being made */
    atomic_bool ends; /* the server does */
    Queue *wakes;     /* what waits in it says only that there is something to do */
    Thread *thread;
};

static void held_free(void *data)
{
    Held *held = data;
    export_job_free(held->job);
    g_free(held);
}

static Held *hold(ExportJob *job)
{
    Held *held = g_new0(Held, 1);
    held->job = job;
    return held;
}

static bool is_over(const ExportJob *job)
{
    return job->state >= EXPORT_DONE;
}

/* ---- what is under the lock ---- */

static Held *find(const Exports *exports, const Uuid *who, const Uuid *id)
{
    for (guint i = 0; i < exports->held->len; i++) {
        Held *held = exports->held->pdata[i];
        if (!held->gone && uuid_equal(&held->job->id, id) && uuid_equal(&held->job->who, who))
            return held;
    }
    return NULL;
}

static Held *next_waiting(const Exports *exports)
{
    for (guint i = 0; i < exports->held->len; i++) {
        Held *held = exports->held->pdata[i];
        if (!held->gone && held->job->state == EXPORT_WAITING)
            return held;
    }
    return NULL;
}

/* As it is told: with how many come before it. */
static ExportJob *told(const Exports *exports, const Held *of)
{
    ExportJob *job = export_job_copy(of->job);
    for (guint i = 0; job->state == EXPORT_WAITING && exports->held->pdata[i] != of; i++)
        job->ahead += !is_over(((const Held *)exports->held->pdata[i])->job);
    return job;
}

static int64_t film_bytes(const Exports *exports)
{
    int64_t bytes = 0;
    for (guint i = 0; i < exports->held->len; i++)
        bytes += ((const Held *)exports->held->pdata[i])->job->bytes;
    return bytes;
}

static ExportAnswer may_take(const Exports *exports, const Uuid *who)
{
    unsigned own = 0, all = 0;
    for (guint i = 0; i < exports->held->len; i++) {
        const Held *held = exports->held->pdata[i];
        bool open = !held->gone && !is_over(held->job);
        all += open;
        own += open && uuid_equal(&held->job->who, who);
    }
    if (own >= EXPORTS_OWN_MOST)
        return EXPORT_OWN_TOO_MANY;
    return all >= EXPORTS_MOST || exports->held->len >= EXPORTS_KEPT_MOST ? EXPORT_ALL_TOO_MANY
                                                                          : EXPORT_TAKEN;
}

/* Takes out those whose day is over; their ids (Uuid) are returned owned, for their files to go. */
static GArray *take_old(Exports *exports)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(Uuid));
    int64_t now_us = clock_now_us();
    for (guint i = exports->held->len; i-- > 0;) {
        const Held *held = exports->held->pdata[i];
        if (held->busy || !is_over(held->job) || held->job->ended_us + EXPORT_KEPT_US > now_us)
            continue;
        g_array_append_val(ids, held->job->id);
        g_ptr_array_remove_index(exports->held, i);
    }
    return ids;
}

/* ---- the thread ---- */

static void remove_old(Exports *exports)
{
    pthread_mutex_lock(&exports->lock);
    g_autoptr(GArray) ids = take_old(exports);
    pthread_mutex_unlock(&exports->lock);
    for (guint i = 0; i < ids->len; i++)
        export_job_remove(exports->folder, &g_array_index(ids, Uuid, i));
}

typedef struct Making {
    Exports *exports;
    Held *held;
} Making;

static bool tell_progress(void *data, double done, int64_t bytes)
{
    const Making *making = data;
    Exports *exports = making->exports;
    pthread_mutex_lock(&exports->lock);
    making->held->job->progress = done;
    making->held->job->bytes = bytes;
    pthread_mutex_unlock(&exports->lock);
    return !atomic_load(&exports->stop) && !atomic_load(&exports->ends);
}

/* Gives back what became of it, unless nobody wants it any more. Returns whether its files stay. */
static bool settle(Exports *exports, Held *held, const ExportJob *made)
{
    pthread_mutex_lock(&exports->lock);
    bool ends = atomic_load(&exports->ends), wanted = held->job->state == EXPORT_RUNNING;
    held->busy = false;
    if (wanted && !ends) {
        held->job->state = made->state;
        held->job->trouble = made->trouble;
        held->job->ended_us = made->ended_us;
        held->job->progress = made->progress;
        g_free(held->job->hash);
        held->job->hash = g_strdup(made->hash);
    }
    held->job->bytes = wanted ? made->bytes : 0;
    if (held->gone)
        g_ptr_array_remove(exports->held, held);
    pthread_mutex_unlock(&exports->lock);
    return wanted;
}

static void make(Exports *exports, Held *held, ExportJob *job, int64_t most_bytes)
{
    Making making = {exports, held};
    const ExportWork work = {.folder = exports->folder,
                             .archive = exports->archive,
                             .site = exports->site,
                             .most_bytes = most_bytes,
                             .progress = tell_progress,
                             .data = &making};
    g_autoptr(GError) error = NULL;
    export_work(&work, job);
    malloc_trim(0); /* some 20 MB of pictures that the next copy may not need for weeks */
    /* One that was stopped keeps the note that it waits: where it is the server that ends, the next
     * one tells it as interrupted. Written before it is told, after which its owner may remove it.
     */
    if (job->state != EXPORT_CANCELLED && !export_job_write(exports->folder, job, &error))
        log_warning("export.note", "cause=\"%s\"", error->message);
    if (!settle(exports, held, job))
        export_job_remove(exports->folder, &job->id);
}

/* False: none waits. */
static bool make_next(Exports *exports)
{
    pthread_mutex_lock(&exports->lock);
    Held *held = next_waiting(exports);
    g_autoptr(ExportJob) job = NULL;
    int64_t others_bytes = film_bytes(exports);
    if (held) {
        held->busy = true;
        held->job->state = EXPORT_RUNNING;
        job = export_job_copy(held->job);
        atomic_store(&exports->stop, false);
    }
    pthread_mutex_unlock(&exports->lock);
    if (job)
        make(exports, held, job, export_room(exports->folder) - others_bytes);
    return job != NULL;
}

static void run(void *data)
{
    Exports *exports = data;
    thread_stand_back(NICE);
    while (!atomic_load(&exports->ends)) {
        remove_old(exports);
        if (!make_next(exports))
            queue_pop(exports->wakes, MINUTE_US);
    }
}

/* ---- opening ---- */

static int by_age(const void *a, const void *b)
{
    const Held *first = *(const Held *const *)a, *second = *(const Held *const *)b;
    return (first->job->made_us > second->job->made_us) -
           (first->job->made_us < second->job->made_us);
}

/* Jobs that are told of stay; every other file is what is left of one. */
static void read_folder(Exports *exports)
{
    g_autoptr(GPtrArray) names = folder_names(exports->folder);
    for (guint i = 0; i < names->len; i++) {
        ExportJob *job = export_job_read(exports->folder, names->pdata[i]);
        if (job)
            g_ptr_array_add(exports->held, hold(job));
    }
    for (guint i = 0; i < names->len; i++) {
        bool known = false;
        for (guint j = 0; j < exports->held->len && !known; j++) {
            const ExportJob *job = ((const Held *)exports->held->pdata[j])->job;
            char id[UUID_TEXT];
            const char *end = job->state == EXPORT_DONE ? "" : ".json";
            known = g_str_has_prefix(names->pdata[i], uuid_text(&job->id, id)) &&
                    g_str_has_suffix(names->pdata[i], end);
        }
        g_autofree char *path = g_build_filename(exports->folder, names->pdata[i], NULL);
        if (!known)
            unlink(path);
    }
    g_ptr_array_sort(exports->held, by_age);
}

Exports *exports_open(const ExportsOptions *options, GError **error)
{
    if (!folder_make(options->folder, error))
        return NULL;
    if (chmod(options->folder, 0700) < 0) {
        err_errno(error, errno, "cannot close %s to others", options->folder);
        return NULL;
    }
    Exports *exports = g_new0(Exports, 1);
    exports->folder = g_strdup(options->folder);
    exports->archive = options->archive;
    exports->site = options->site;
    exports->held = g_ptr_array_new_with_free_func(held_free);
    exports->wakes = queue_new();
    pthread_mutex_init(&exports->lock, NULL);
    read_folder(exports);
    exports->thread = thread_start("export", run, exports);
    return exports;
}

void exports_close(Exports *exports)
{
    if (!exports)
        return;
    atomic_store(&exports->ends, true);
    queue_close(exports->wakes);
    thread_join(exports->thread);
    queue_free(exports->wakes, NULL);
    g_ptr_array_unref(exports->held);
    pthread_mutex_destroy(&exports->lock);
    g_free(exports->folder);
    g_free(exports);
}

/* ---- asking, looking, removing ---- */

ExportAnswer exports_would_take(Exports *exports, const Uuid *who)
{
    int64_t room = export_room(exports->folder);
    remove_old(exports);
    pthread_mutex_lock(&exports->lock);
    ExportAnswer answer = may_take(exports, who);
    if (answer == EXPORT_TAKEN && film_bytes(exports) >= room)
        answer = EXPORT_ALL_TOO_LARGE;
    pthread_mutex_unlock(&exports->lock);
    return answer;
}

ExportAnswer exports_ask(Exports *exports, ExportJob *job, GError **error)
{
    if (uuid_is_nil(&job->id))
        job->id = uuid_new();
    job->made_us = clock_now_us();
    job->state = EXPORT_WAITING;
    ExportAnswer answer = exports_would_take(exports, &job->who);
    if (answer != EXPORT_TAKEN)
        return answer;
    if (!export_job_write(exports->folder, job, error))
        return EXPORT_NOT_NOTED;
    pthread_mutex_lock(&exports->lock);
    answer = may_take(exports, &job->who);
    if (answer == EXPORT_TAKEN) {
        Held *held = hold(export_job_copy(job));
        g_ptr_array_add(exports->held, held);
        g_autoptr(ExportJob) now = told(exports, held);
        job->ahead = now->ahead;
    }
    pthread_mutex_unlock(&exports->lock);
    if (answer == EXPORT_TAKEN)
        queue_push(exports->wakes, exports);
    else
        export_job_remove(exports->folder, &job->id);
    return answer;
}

GPtrArray *exports_list(Exports *exports, const Uuid *who)
{
    GPtrArray *jobs = g_ptr_array_new_with_free_func((GDestroyNotify)export_job_free);
    remove_old(exports);
    pthread_mutex_lock(&exports->lock);
    for (guint i = exports->held->len; i-- > 0;) {
        const Held *held = exports->held->pdata[i];
        if (!held->gone && uuid_equal(&held->job->who, who))
            g_ptr_array_add(jobs, told(exports, held));
    }
    pthread_mutex_unlock(&exports->lock);
    return jobs;
}

ExportJob *exports_get(Exports *exports, const Uuid *who, const Uuid *id)
{
    remove_old(exports);
    pthread_mutex_lock(&exports->lock);
    const Held *held = find(exports, who, id);
    ExportJob *job = held ? told(exports, held) : NULL;
    pthread_mutex_unlock(&exports->lock);
    return job;
}

bool exports_remove(Exports *exports, const Uuid *who, const Uuid *id)
{
    pthread_mutex_lock(&exports->lock);
    Held *held = find(exports, who, id);
    bool there = held != NULL, files = false;
    if (held && is_over(held->job)) {
        held->gone = true;
        files = !held->busy; /* else its maker clears up */
        if (files)
            g_ptr_array_remove(exports->held, held);
    } else if (held) {
        held->job->state = EXPORT_CANCELLED;
        held->job->ended_us = clock_now_us();
        files = !held->busy;
        if (held->busy)
            atomic_store(&exports->stop, true);
    }
    pthread_mutex_unlock(&exports->lock);
    if (files)
        export_job_remove(exports->folder, id);
    return there;
}

int exports_film(Exports *exports, const ExportJob *job, int64_t *bytes, GError **error)
{
    struct stat facts;
    g_autofree char *path = export_job_film(exports->folder, &job->id);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &facts) == 0) {
        *bytes = facts.st_size;
        return fd;
    }
    err_errno(error, errno, "cannot read %s", path);
    if (fd >= 0)
        close(fd);
    return -1;
}
