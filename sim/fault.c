#include "fault.h"

#include "spoil.h"

#include <pthread.h>
#include <string.h>

static const char *const TEXTS[FAULTS] = {"none",  "offline", "disconnect", "stall", "freeze",
                                          "black", "cover",   "blur",       "shift"};

static const Spoil SPOILS_OF[FAULTS] = {[FAULT_FREEZE] = SPOIL_FREEZE,
                                        [FAULT_BLACK] = SPOIL_BLACK,
                                        [FAULT_COVER] = SPOIL_COVER,
                                        [FAULT_BLUR] = SPOIL_BLUR,
                                        [FAULT_SHIFT] = SPOIL_SHIFT};

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

/* NULL in `clips` where the stream is to show its own. */
static bool make_clips(const Camera *camera, Fault fault, Clip *clips[STREAM_KINDS], GError **error)
{
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++) {
        const Rendition rendition = kind == STREAM_SUB ? RENDITION_SUB : camera->main_rendition;
        if (!SPOILS_OF[fault] || !camera->scene)
            continue;
        clips[kind] =
            spoil_clip(SPOILS_OF[fault], stream_source(camera->streams[kind])->clip,
                       stream_place(camera->streams[kind]), rendition_encoding(rendition), error);
        if (!clips[kind])
            return false;
    }
    return true;
}

/* Takes `clips`. */
static void put(Camera *camera, Fault fault, Clip *const clips[STREAM_KINDS])
{
    atomic_store(&camera->refused, fault == FAULT_OFFLINE);
    atomic_store(&camera->spoil, SPOILS_OF[fault]);
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++) {
        stream_stall(camera->streams[kind], fault == FAULT_STALL);
        stream_show(camera->streams[kind], clips[kind]);
    }
}

static gboolean on_ending(gpointer data)
{
    const Ending *ending = data;
    Clip *const own[STREAM_KINDS] = {NULL};
    pthread_mutex_lock(&ending->faults->lock);
    put(ending->camera, FAULT_NONE, own);
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

bool faults_set(Faults *faults, Camera *camera, Fault fault, unsigned seconds, GError **error)
{
    Clip *clips[STREAM_KINDS] = {NULL};
    if (!make_clips(camera, fault, clips, error)) {
        for (StreamKind kind = 0; kind < STREAM_KINDS; kind++)
            clip_free(clips[kind]);
        return false;
    }
    pthread_mutex_lock(&faults->lock);
    gpointer timer = g_hash_table_lookup(faults->endings, camera);
    if (timer)
        g_source_remove(GPOINTER_TO_UINT(timer));
    g_hash_table_remove(faults->endings, camera);
    put(camera, fault, clips);
    if (seconds && fault != FAULT_NONE && fault != FAULT_DISCONNECT)
        end_later(faults, camera, seconds);
    pthread_mutex_unlock(&faults->lock);
    if (fault == FAULT_OFFLINE || fault == FAULT_DISCONNECT)
        rtsp_disconnect(faults->rtsp, camera);
    return true;
}
