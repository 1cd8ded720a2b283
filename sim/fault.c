#include "fault.h"

#include <pthread.h>
#include <string.h>

static const char *const TEXTS[FAULTS] = {"none", "offline", "disconnect", "stall"};

struct Faults {
    Rtsp *rtsp;
    pthread_mutex_t lock;
    GHashTable *endings; /* Camera -> id of the timer that ends its fault */
};

typedef struct Ending {
    Faults *faults;
    Camera *camera;
} Ending;

const char *fault_text(Fault fault)
{
    return TEXTS[fault];
}

bool fault_parse(const char *text, Fault *fault)
{
    for (Fault i = 0; i < FAULTS; i++)
        if (strcmp(text, TEXTS[i]) == 0) {
            *fault = i;
            return true;
        }
    return false;
}

Faults *faults_new(Rtsp *rtsp)
{
    Faults *faults = g_new0(Faults, 1);
    faults->rtsp = rtsp;
    faults->endings = g_hash_table_new(NULL, NULL);
    pthread_mutex_init(&faults->lock, NULL);
    return faults;
}

void faults_free(Faults *faults)
{
    GHashTableIter iter;
    gpointer timer;
    g_hash_table_iter_init(&iter, faults->endings);
    while (g_hash_table_iter_next(&iter, NULL, &timer))
        g_source_remove(GPOINTER_TO_UINT(timer));
    g_hash_table_unref(faults->endings);
    pthread_mutex_destroy(&faults->lock);
    g_free(faults);
}

static void put(Camera *camera, Fault fault)
{
    atomic_store(&camera->refused, fault == FAULT_OFFLINE);
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++)
        stream_stall(camera->streams[kind], fault == FAULT_STALL);
}

static gboolean on_ending(gpointer data)
{
    const Ending *ending = data;
    pthread_mutex_lock(&ending->faults->lock);
    put(ending->camera, FAULT_NONE);
    g_hash_table_remove(ending->faults->endings, ending->camera);
    pthread_mutex_unlock(&ending->faults->lock);
    return G_SOURCE_REMOVE;
}

static void end_later(Faults *faults, Camera *camera, unsigned seconds)
{
    Ending *ending = g_new(Ending, 1);
    *ending = (Ending){faults, camera};
    guint timer = g_timeout_add_full(G_PRIORITY_DEFAULT, seconds * 1000, on_ending, ending, g_free);
    g_hash_table_insert(faults->endings, camera, GUINT_TO_POINTER(timer));
    /* cppcheck-suppress memleak ; the timer takes it */
}

void faults_set(Faults *faults, Camera *camera, Fault fault, unsigned seconds)
{
    pthread_mutex_lock(&faults->lock);
    gpointer timer = g_hash_table_lookup(faults->endings, camera);
    if (timer)
        g_source_remove(GPOINTER_TO_UINT(timer));
    g_hash_table_remove(faults->endings, camera);
    put(camera, fault);
    if (seconds && (fault == FAULT_OFFLINE || fault == FAULT_STALL))
        end_later(faults, camera, seconds);
    pthread_mutex_unlock(&faults->lock);
    if (fault == FAULT_OFFLINE || fault == FAULT_DISCONNECT)
        rtsp_disconnect(faults->rtsp, camera);
}
