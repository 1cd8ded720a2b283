#include "camera/cameras.h"

#include "base/thread.h"
#include "camera/host_limit.h"
#include "camera/ingest.h"
#include "camera/stream.h"

#include <pthread.h>
#include <sys/sysinfo.h>

enum { LOOPS_MAX = 16, NAME_THREADS = 2 };

typedef struct Camera {
    Uuid id;
    Stream *streams[STREAM_KINDS];
    StreamSettings *settings[STREAM_KINDS]; /* what the stream was last told */
} Camera;

struct Cameras {
    Pool *names;
    HostLimits *limits;
    unsigned loop_count, next_loop;
    Ingest *ingests[LOOPS_MAX];
    Thread *threads[LOOPS_MAX];
    CamerasWatch watch;
    void *watch_data;
    pthread_mutex_t lock;
    GHashTable *by_id; /* Uuid in Camera → Camera; guarded by lock */
};

static void run_ingest(void *data)
{
    Ingest *ingest = data;
    loop_run(ingest->loop);
}

static void camera_free(void *data)
{
    Camera *camera = data;
    for (StreamKind kind = STREAM_MAIN; kind < STREAM_KINDS; kind++)
        stream_settings_free(camera->settings[kind]);
    g_free(camera);
}

static void watch_nothing(void *data, Uuid camera, StreamKind kind, const StreamStatus *status)
{
}

Cameras *cameras_new(unsigned loops)
{
    Cameras *cameras = g_new0(Cameras, 1);
    int processors = get_nprocs();
    cameras->loop_count =
        CLAMP(loops ? loops : (unsigned)MAX(processors / 2, 1), 1, (unsigned)LOOPS_MAX);
    cameras->names = pool_new("names", NAME_THREADS);
    cameras->limits = host_limits_new();
    cameras->watch = watch_nothing;
    pthread_mutex_init(&cameras->lock, NULL);
    cameras->by_id = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, camera_free);
    for (unsigned i = 0; i < cameras->loop_count; i++) {
        cameras->ingests[i] = ingest_new(cameras->names);
        cameras->threads[i] = thread_start("ingest", run_ingest, cameras->ingests[i]);
    }
    return cameras;
}

void cameras_watch(Cameras *cameras, CamerasWatch watch, void *data)
{
    cameras->watch = watch;
    cameras->watch_data = data;
}

/* ---- calls carried out on the stream's own thread ---- */

typedef struct SetCall {
    Stream *stream;
    StreamSettings *settings;
} SetCall;

static void call_set(void *data)
{
    SetCall *call = data;
    stream_set(call->stream, call->settings);
    g_free(call);
}

static void call_free(void *data)
{
    stream_free(data);
}

static void watch_stream(void *data, Uuid id, StreamKind kind, const StreamStatus *status)
{
    Cameras *cameras = data;
    cameras->watch(cameras->watch_data, id, kind, status);
}

static void drop_stream(Camera *camera, StreamKind kind)
{
    Stream *stream = g_steal_pointer(&camera->streams[kind]);
    if (stream)
        loop_post(stream_ingest(stream)->loop, call_free, stream);
    g_clear_pointer(&camera->settings[kind], stream_settings_free);
}

static void set_stream(Cameras *cameras, Camera *camera, StreamKind kind,
                       const CameraSource *source)
{
    if (!source->url[kind] || !*source->url[kind]) {
        drop_stream(camera, kind);
        return;
    }
    StreamSettings *settings = stream_settings_new(source, kind);
    if (stream_settings_equal(settings, camera->settings[kind])) {
        stream_settings_free(settings);
        return;
    }
    if (!camera->streams[kind]) {
        Ingest *ingest = cameras->ingests[cameras->next_loop++ % cameras->loop_count];
        camera->streams[kind] =
            stream_new(ingest, cameras->limits, camera->id, kind, watch_stream, cameras);
    }
    stream_settings_free(camera->settings[kind]);
    camera->settings[kind] = settings;
    SetCall *call = g_new(SetCall, 1);
    *call = (SetCall){camera->streams[kind], stream_settings_new(source, kind)};
    loop_post(stream_ingest(call->stream)->loop, call_set, call);
}

void cameras_set(Cameras *cameras, const CameraSource *source)
{
    pthread_mutex_lock(&cameras->lock);
    Camera *camera = g_hash_table_lookup(cameras->by_id, &source->id);
    if (!camera) {
        camera = g_new0(Camera, 1);
        camera->id = source->id;
        g_hash_table_insert(cameras->by_id, &camera->id, camera);
    }
    for (StreamKind kind = STREAM_MAIN; kind < STREAM_KINDS; kind++)
        set_stream(cameras, camera, kind, source);
    pthread_mutex_unlock(&cameras->lock);
}

static void drop_streams(Camera *camera)
{
    for (StreamKind kind = STREAM_MAIN; kind < STREAM_KINDS; kind++)
        drop_stream(camera, kind);
}

void cameras_remove(Cameras *cameras, Uuid id)
{
    pthread_mutex_lock(&cameras->lock);
    Camera *camera = g_hash_table_lookup(cameras->by_id, &id);
    if (camera) {
        drop_streams(camera);
        g_hash_table_remove(cameras->by_id, &id);
    }
    pthread_mutex_unlock(&cameras->lock);
}

void cameras_free(Cameras *cameras)
{
    if (!cameras)
        return;
    pthread_mutex_lock(&cameras->lock);
    GHashTableIter iter;
    void *camera;
    g_hash_table_iter_init(&iter, cameras->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &camera))
        drop_streams(camera);
    pthread_mutex_unlock(&cameras->lock);
    for (unsigned i = 0; i < cameras->loop_count; i++) {
        loop_stop(cameras->ingests[i]->loop);
        thread_join(cameras->threads[i]);
    }
    pool_free(cameras->names); /* the loops asked it, and its jobs post to them: between the two */
    for (unsigned i = 0; i < cameras->loop_count; i++) {
        loop_run(cameras->ingests[i]->loop); /* stopped already: only lets look-ups come home */
        ingest_free(cameras->ingests[i]);
    }
    host_limits_free(cameras->limits);
    g_hash_table_unref(cameras->by_id);
    pthread_mutex_destroy(&cameras->lock);
    g_free(cameras);
}

Hub *cameras_hub(Cameras *cameras, Uuid id, StreamKind kind)
{
    pthread_mutex_lock(&cameras->lock);
    Camera *camera = g_hash_table_lookup(cameras->by_id, &id);
    Stream *stream = camera ? camera->streams[kind] : NULL;
    Hub *hub = stream ? hub_ref(stream_hub(stream)) : NULL;
    pthread_mutex_unlock(&cameras->lock);
    return hub;
}

bool cameras_status(Cameras *cameras, Uuid id, CameraStatus *status)
{
    *status = (CameraStatus){0};
    pthread_mutex_lock(&cameras->lock);
    Camera *camera = g_hash_table_lookup(cameras->by_id, &id);
    for (StreamKind kind = STREAM_MAIN; camera && kind < STREAM_KINDS; kind++) {
        status->has_stream[kind] = camera->streams[kind] != NULL;
        if (camera->streams[kind])
            stream_status(camera->streams[kind], &status->streams[kind]);
    }
    pthread_mutex_unlock(&cameras->lock);
    return camera != NULL;
}
