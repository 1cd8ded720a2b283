/* vonglau-sim — simulated cameras. See sim/README.md. */
#include "api.h"
#include "base/clock.h"
#include "base/error.h"
#include "camera.h"
#include "options.h"
#include "pacer.h"
#include "ready.h"
#include "rtsp.h"

#include <glib-unix.h>
#include <gst/gst.h>
#include <libavutil/log.h>
#include <stdio.h>
#include <stdlib.h>

/* What runs, in the order it was started. */
typedef struct Site {
    Options options;
    CameraPlan plan;
    Sound *sounds[CODEC_PCMU + 1];
    GPtrArray *streams; /* of Stream, borrowed from the cameras */
    Pacer *pacer;
    Rtsp *rtsp;
    Faults *faults;
    Api api;
    Http *http;
} Site;

static void site_clear(Site *site)
{
    g_clear_pointer(&site->http, http_stop);
    g_clear_pointer(&site->faults, faults_free);
    g_clear_pointer(&site->rtsp, rtsp_stop);
    g_clear_pointer(&site->pacer, pacer_stop);
    g_clear_pointer(&site->streams, g_ptr_array_unref);
    camera_plan_clear(&site->plan);
    for (Codec codec = 0; codec < G_N_ELEMENTS(site->sounds); codec++)
        sound_free(site->sounds[codec]);
    options_clear(&site->options);
}

static bool make_sounds(Site *site, GError **error)
{
    for (guint i = 0; i < site->plan.cameras->len; i++) {
        const Camera *camera = g_ptr_array_index(site->plan.cameras, i);
        if (camera->audio == CODEC_NONE || site->sounds[camera->audio])
            continue;
        site->sounds[camera->audio] = sound_new(camera->audio, error);
        if (!site->sounds[camera->audio])
            return false;
    }
    return true;
}

/* Cameras are spread over the time of one picture and, by key pictures, over the whole group, so
 * that they don't all send at the same instant. */
static void start_camera(Site *site, Camera *camera, unsigned index, int64_t start_us)
{
    const int64_t picture_us = SECOND_US / FPS;
    const int64_t phase_us = picture_us * index / (int64_t)site->plan.cameras->len;
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++) {
        const Clip *clip =
            camera->scene->clips[kind == STREAM_SUB ? RENDITION_SUB : camera->main_rendition];
        const StreamSource source = {.camera = camera->name,
                                     .kind = kind,
                                     .codec = clip->codec,
                                     .config = clip->config,
                                     .clip = clip,
                                     .shift = index * 97 % clip_count(clip),
                                     .sound = site->sounds[camera->audio],
                                     .start_us = start_us + phase_us + kind * picture_us / 2};
        camera->streams[kind] = stream_new(&source);
        g_ptr_array_add(site->streams, camera->streams[kind]);
    }
}

static bool listen_all(Site *site, GError **error)
{
    const Options *options = &site->options;
    site->rtsp = rtsp_start(options->bind, options->port, site->plan.cameras, site->pacer, error);
    if (!site->rtsp)
        return false;
    site->faults = faults_new(site->rtsp);
    site->api = (Api){.plan = &site->plan,
                      .faults = site->faults,
                      .host = options->bind,
                      .rtsp_port = rtsp_port(site->rtsp)};
    site->http = http_start(options->bind, options->http_port, api_handle, &site->api, error);
    return site->http != NULL;
}

static bool site_start(Site *site, GError **error)
{
    if (!make_sounds(site, error))
        return false;
    site->streams = g_ptr_array_new();
    const int64_t start_us = clock_mono_us();
    for (guint i = 0; i < site->plan.cameras->len; i++)
        start_camera(site, g_ptr_array_index(site->plan.cameras, i), i, start_us);
    site->pacer = pacer_start(site->streams);
    return listen_all(site, error);
}

static gboolean on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

static void serve(Site *site)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGINT, on_signal, loop);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    ready_print(site->plan.cameras, site->options.bind, rtsp_port(site->rtsp),
                http_port(site->http));
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}

static int run(Site *site, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (!options_parse(&site->options, &argc, &argv, &error)) {
        fprintf(stderr, "vonglau-sim: %s\n", error->message);
        return 2;
    }
    av_log_set_level(AV_LOG_ERROR);
    gst_init(NULL, NULL);
    bool ok = camera_plan_make(&site->plan, &site->options, &error) &&
              scenes_prepare(site->plan.scenes, site->options.cache, &error) &&
              (site->options.prepare_only || site_start(site, &error));
    if (!ok) {
        fprintf(stderr, "vonglau-sim: %s\n", error->message);
        return 1;
    }
    if (!site->options.prepare_only)
        serve(site);
    return 0;
}

int main(int argc, char **argv)
{
    Site site = {0};
    int status = run(&site, argc, argv);
    site_clear(&site);
    return status;
}
