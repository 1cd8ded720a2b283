/* health.c — is every camera recorded (for monitors), and the figures (for Prometheus). */
#include "http/api/handlers.h"

#include "archive/archive.h"
#include "camera/cameras.h"
#include "config/site.h"
#include "http/api/camera_json.h"
#include "live/live.h"
#include "watch/eye.h"

#include <string.h>
#include <unistd.h>

typedef struct Health {
    GPtrArray *rows; /* CameraRow *, owned */
    unsigned wanted, recording;
} Health;

static Health look(ApiContext *api)
{
    Health health = {.rows = site_camera_list(api->site)};
    for (guint i = 0; i < health.rows->len; i++) {
        const CameraRow *row = health.rows->pdata[i];
        health.wanted += !row->paused;
        health.recording += !row->paused && camera_is_recording(api, row);
    }
    return health;
}

bool health_get(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    Health health = look(api);
    bool trouble = api->archive && archive_figures(api->archive).trouble != GAP_UNKNOWN;
    bool well = !trouble && health.recording == health.wanted;
    Json *json = json_pack("{s:s, s:{s:i, s:i}}", "status", well ? "ok" : "degraded", "cameras",
                           "total", (int)health.rows->len, "recording", (int)health.recording);
    g_ptr_array_unref(health.rows);
    return call_json(call, 200, json);
}

static void figure(GString *text, const char *name, const char *type, const char *help,
                   double value)
{
    g_string_append_printf(text, "# HELP vonglau_%s %s\n# TYPE vonglau_%s %s\nvonglau_%s %.17g\n",
                           name, help, name, type, name, value);
}

static double cpu_seconds(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static double resident_bytes(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
        return 0;
    const char *resident = strchr(text, ' '); /* the second number, in pages */
    return resident ? g_ascii_strtod(resident, NULL) * (double)sysconf(_SC_PAGESIZE) : 0;
}

static void archive_metrics(GString *text, ApiContext *api)
{
    if (!api->archive)
        return;
    ArchiveFigures f = archive_figures(api->archive);
    figure(text, "archive_volume_present", "gauge", "1 while the volume is there and ours",
           f.volume_present);
    figure(text, "archive_trouble", "gauge", "1 while footage cannot be written",
           f.trouble != GAP_UNKNOWN);
    figure(text, "archive_recovering", "gauge", "1 while segments of the last run are looked at",
           f.recovering);
    figure(text, "archive_recorders", "gauge", "streams being recorded", f.recorders);
    figure(text, "archive_unsealed_segments", "gauge", "segments that wait for their seal",
           f.unsealed);
    figure(text, "archive_size_bytes", "gauge", "size of the volume", (double)f.total_bytes);
    figure(text, "archive_free_bytes", "gauge", "room left on the volume", (double)f.free_bytes);
    figure(text, "archive_sync_seconds", "gauge", "how long the last sync took",
           (double)f.last_sync_us / 1e6);
    figure(text, "archive_fragments_total", "counter", "fragments written", (double)f.fragments);
    figure(text, "archive_pictures_total", "counter", "pictures written", (double)f.pictures);
    figure(text, "archive_bytes_total", "counter", "bytes written", (double)f.bytes);
    figure(text, "archive_lost_pictures_total", "counter", "pictures that could not be written",
           (double)f.lost_pictures);
    figure(text, "archive_write_errors_total", "counter", "failed writes", (double)f.write_errors);
    figure(text, "archive_sync_errors_total", "counter", "failed syncs", (double)f.sync_errors);
}

static void live_metrics(GString *text, ApiContext *api)
{
    if (!api->live)
        return;
    LiveFigures f = live_figures(api->live);
    figure(text, "live_viewers", "gauge", "sockets of viewers", f.viewers);
    figure(text, "live_streams", "gauge", "streams that are watched", f.streams);
    figure(text, "live_messages_total", "counter", "messages sent to viewers", (double)f.messages);
    figure(text, "live_bytes_total", "counter", "bytes sent to viewers", (double)f.bytes);
    figure(text, "live_lost_pictures_total", "counter", "pictures that slow viewers lost",
           (double)f.lost_pictures);
}

static void eye_metrics(GString *text, ApiContext *api)
{
    if (!api->eye)
        return;
    EyeFigures f = eye_figures(api->eye);
    figure(text, "eye_cameras_full", "gauge", "cameras of which every picture is decoded",
           f.cameras[EYE_FULL]);
    figure(text, "eye_cameras_key", "gauge", "cameras of which key pictures alone are decoded",
           f.cameras[EYE_KEY]);
    figure(text, "eye_pictures_total", "counter", "pictures looked at", (double)f.pictures);
    figure(text, "eye_thumbnails_total", "counter", "thumbnails made", (double)f.thumbnails);
    figure(text, "eye_cpu_seconds_total", "counter", "processor time spent looking", f.cpu_s);
}

/* One line a camera, by id: names are nobody's business here. */
static void camera_metrics(GString *text, ApiContext *api, const GPtrArray *rows)
{
    static const struct {
        const char *name, *type, *help;
    } kinds[] = {
        {"camera_up", "gauge", "1 while pictures come"},
        {"camera_durable_age_seconds", "gauge", "age of the newest durable picture"},
        {"camera_pictures_total", "counter", "pictures received"},
        {"camera_lost_packets_total", "counter", "packets lost on the way"},
        {"camera_reconnects_total", "counter", "connections made anew"},
        {"camera_bitrate_bps", "gauge", "bits a second received"},
    };
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        g_string_append_printf(text, "# HELP vonglau_%s %s\n# TYPE vonglau_%s %s\n", kinds[k].name,
                               kinds[k].help, kinds[k].name, kinds[k].type);
        for (guint i = 0; i < rows->len; i++) {
            const CameraRow *row = rows->pdata[i];
            CameraStatus status;
            char id[UUID_TEXT];
            if (!api->cameras || !cameras_status(api->cameras, row->id, &status))
                continue;
            const StreamStatus *stream = &status.streams[STREAM_MAIN];
            int64_t durable_us =
                api->archive ? archive_durable_us(api->archive, &row->id, STREAM_MAIN) : 0;
            const double values[] = {
                stream->state == CAMERA_RUNNING,
                durable_us ? (double)(clock_now_us() - durable_us) / 1e6 : -1,
                (double)stream->pictures,
                (double)stream->lost_packets,
                stream->reconnects,
                (double)stream->bitrate_bps,
            };
            g_string_append_printf(text, "vonglau_%s{camera=\"%s\"} %.17g\n", kinds[k].name,
                                   uuid_text(&row->id, id), values[k]);
        }
    }
}

bool metrics_get(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    Health health = look(api);
    g_autoptr(GString) text = g_string_new(NULL);
    figure(text, "cameras", "gauge", "cameras registered", health.rows->len);
    figure(text, "cameras_wanted", "gauge", "cameras that are not paused", health.wanted);
    figure(text, "cameras_recording", "gauge", "cameras being recorded", health.recording);
    figure(text, "start_time_seconds", "gauge", "when the server started",
           (double)api->start_us / 1e6);
    figure(text, "cpu_seconds_total", "counter", "processor time of the process", cpu_seconds());
    figure(text, "resident_bytes", "gauge", "memory of the process", resident_bytes());
    archive_metrics(text, api);
    live_metrics(text, api);
    eye_metrics(text, api);
    camera_metrics(text, api, health.rows);
    g_ptr_array_unref(health.rows);
    call->response->status = 200;
    call->response->type = "text/plain; version=0.0.4; charset=utf-8";
    call->response->bytes = buffer_copy(text->str, text->len);
    return true;
}
