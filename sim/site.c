#include "site.h"

#include "api.h"
#include "base/clock.h"
#include "live.h"

struct Site {
    const Options *options;
    const CameraPlan *plan;
    Sound *sounds[CODEC_PCMU + 1]; /* by codec, those that are heard */
    GPtrArray *paced;              /* of Stream, borrowed from the cameras */
    GPtrArray *live;               /* of LiveCamera */
    Pacer *pacer;
    Rtsp *rtsp;
    Faults *faults;
    Api api;
    Http *http;
};

void site_stop(Site *site)
{
    if (!site)
        return;
    g_clear_pointer(&site->http, http_stop);
    g_clear_pointer(&site->faults, faults_free);
    g_clear_pointer(&site->rtsp, rtsp_stop);
    g_clear_pointer(&site->pacer, pacer_stop);
    g_ptr_array_unref(site->live);
    g_ptr_array_unref(site->paced);
    for (Codec codec = 0; codec < G_N_ELEMENTS(site->sounds); codec++)
        sound_free(site->sounds[codec]);
    g_free(site);
}

static bool make_sounds(Site *site, GError **error)
{
    for (guint i = 0; i < site->plan->cameras->len; i++) {
        const Camera *camera = g_ptr_array_index(site->plan->cameras, i);
        if (camera->audio == CODEC_NONE || site->sounds[camera->audio])
            continue;
        site->sounds[camera->audio] = sound_new(camera->audio, error);
        if (!site->sounds[camera->audio])
            return false;
    }
    return true;
}

static void start_paced(Site *site, Camera *camera, unsigned index, int64_t start_us)
{
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++) {
        const Clip *clip =
            camera->scene->clips[kind == STREAM_SUB ? RENDITION_SUB : camera->main_rendition];
        const StreamSource source = {.camera = camera->name,
                                     .kind = kind,
                                     .codec = clip->codec,
                                     .config = clip->config,
                                     .clip = clip,
                                     .shift = camera_shift(index, clip_count(clip)),
                                     .sound = site->sounds[camera->audio],
                                     .start_us = start_us + kind * SECOND_US / FPS / 2};
        camera->streams[kind] = stream_new(&source);
        g_ptr_array_add(site->paced, camera->streams[kind]);
    }
}

static bool start_live(Site *site, Camera *camera, unsigned index, int64_t start_us, GError **error)
{
    LiveCamera *live = live_start(camera, start_us, index * 7 % GOP, error);
    if (live)
        g_ptr_array_add(site->live, live);
    return live != NULL;
}

/* Cameras are spread over the time of one picture and, by key pictures, over the whole group, so
 * that they don't all send at the same instant. */
static bool start_cameras(Site *site, GError **error)
{
    const int64_t start_us = clock_mono_us();
    const unsigned count = site->plan->cameras->len;
    for (unsigned i = 0; i < count; i++) {
        Camera *camera = g_ptr_array_index(site->plan->cameras, i);
        const int64_t own_start_us = start_us + SECOND_US / FPS * i / count;
        if (camera->scene)
            start_paced(site, camera, i, own_start_us);
        else if (!start_live(site, camera, i, own_start_us, error))
            return false;
    }
    site->pacer = pacer_start(site->paced);
    return true;
}

static bool listen_all(Site *site, GError **error)
{
    const Options *options = site->options;
    site->rtsp = rtsp_start(options->bind, options->port, site->plan->cameras, site->pacer, error);
    if (!site->rtsp)
        return false;
    site->faults = faults_new(site->rtsp);
    site->api = (Api){.plan = site->plan,
                      .faults = site->faults,
                      .host = options->bind,
                      .rtsp_port = rtsp_port(site->rtsp)};
    site->http = http_start(options->bind, options->http_port, api_handle, &site->api, error);
    return site->http != NULL;
}

static void live_stop_one(gpointer live)
{
    live_stop(live);
}

Site *site_start(const Options *options, const CameraPlan *plan, GError **error)
{
    Site *site = g_new0(Site, 1);
    site->options = options;
    site->plan = plan;
    site->paced = g_ptr_array_new();
    site->live = g_ptr_array_new_with_free_func(live_stop_one);
    if (make_sounds(site, error) && start_cameras(site, error) && listen_all(site, error))
        return site;
    site_stop(site);
    return NULL;
}

int site_rtsp_port(const Site *site)
{
    return rtsp_port(site->rtsp);
}

int site_http_port(const Site *site)
{
    return http_port(site->http);
}
