/* metrics.c — the figures, for Prometheus. Each series is described in docs/reference/metrics.md,
 * and a test compares the two. Cameras are named by id: names are nobody's business here. */
#include "http/api/handlers.h"

#include "archive/archive.h"
#include "camera/cameras.h"
#include "catalog/catalog.h"
#include "config/site.h"
#include "event/event.h"
#include "http/api/camera_json.h"
#include "http/tls_renew.h"
#include "live/live.h"
#include "notify/notify.h"
#include "watch/eye.h"

#include <malloc.h>
#include <string.h>
#include <unistd.h>

static void head(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP vonglau_%s %s\n# TYPE vonglau_%s %s\n", name, help, name,
                           type);
}

static void figure(GString *text, const char *name, const char *type, const char *help,
                   double value)
{
    head(text, name, type, help);
    g_string_append_printf(text, "vonglau_%s %.17g\n", name, value);
}

/* ---- the process ---- */

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

/* What the allocator keeps of what was given back is resident, and no part of this. */
static double heap_bytes(void)
{
    struct mallinfo2 heap = mallinfo2();
    return (double)(heap.uordblks + heap.hblkhd);
}

static void process_metrics(GString *text, ApiContext *api)
{
    figure(text, "start_time_seconds", "gauge", "when the server started",
           (double)api->start_us / 1e6);
    figure(text, "cpu_seconds_total", "counter", "processor time of the process", cpu_seconds());
    figure(text, "resident_bytes", "gauge", "memory of the process", resident_bytes());
    figure(text, "heap_bytes", "gauge", "memory asked for and not given back", heap_bytes());
    figure(text, "catalog_up", "gauge", "1 while the catalog can be read and takes what is written",
           catalog_is_well(api->catalog, NULL));
    figure(text, "catalog_waiting_writes", "gauge", "writes that wait for the catalog",
           (double)catalog_waiting(api->catalog));
}

/* ---- footage ---- */

static void archive_metrics(GString *text, ApiContext *api)
{
    ArchiveFigures f = api->archive ? archive_figures(api->archive) : (ArchiveFigures){0};
    int64_t rate = footage_bytes_a_day(api);
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
    figure(text, "archive_free_days", "gauge",
           "days that the room left lasts at the present rate, -1: no footage comes",
           rate > 0 ? (double)f.free_bytes / (double)rate : -1);
    figure(text, "archive_queued_bytes", "gauge", "pictures in memory that wait to be written",
           (double)f.queued_bytes);
    figure(text, "archive_queue_fill_ratio", "gauge", "fill of the fullest stream's queue, 0 to 1",
           f.fullest_queue);
    figure(text, "archive_sync_seconds", "gauge", "how long the last sync took",
           (double)f.last_sync_us / 1e6);
    figure(text, "archive_fragments_total", "counter", "fragments written", (double)f.fragments);
    figure(text, "archive_pictures_total", "counter", "pictures written", (double)f.pictures);
    figure(text, "archive_bytes_total", "counter", "bytes written", (double)f.bytes);
    figure(text, "archive_lost_pictures_total", "counter", "pictures that could not be written",
           (double)f.lost_pictures);
    figure(text, "archive_write_errors_total", "counter", "failed writes", (double)f.write_errors);
    figure(text, "archive_sync_errors_total", "counter", "failed syncs", (double)f.sync_errors);
    figure(text, "archive_retired_segments_total", "counter", "segments that retention deleted",
           (double)f.retired);
    figure(text, "archive_retired_bytes_total", "counter", "bytes that retention deleted",
           (double)f.retired_bytes);
    figure(text, "archive_holds", "gauge", "holds that keep footage from retention", f.holds);
    figure(text, "archive_held_bytes", "gauge", "bytes of footage that they keep, some minutes ago",
           (double)f.held_bytes);
}

/* ---- who looks and who is told ---- */

/* One line a volume, by its place in the configuration. */
static void volume_metrics(GString *text, ApiContext *api)
{
    static const struct {
        const char *name, *type, *help;
    } kinds[] = {
        {"volume_present", "gauge", "1 while it is there and ours"},
        {"volume_avoided", "gauge", "1 while others are written to, for it failed or was slow"},
        {"volume_recorders", "gauge", "streams that are written to it"},
        {"volume_size_bytes", "gauge", "its size"},
        {"volume_free_bytes", "gauge", "room left on it"},
        {"volume_written_bytes_total", "counter", "bytes of footage written to it"},
        {"volume_write_errors_total", "counter", "failed writes"},
        {"volume_sync_errors_total", "counter", "failed syncs"},
        {"volume_sync_seconds", "gauge", "how long its last sync took"},
    };
    ArchiveVolume volumes[ARCHIVE_VOLUMES_MOST];
    unsigned count =
        api->archive ? archive_volumes(api->archive, volumes, ARCHIVE_VOLUMES_MOST) : 0;
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        g_string_append_printf(text, "# HELP vonglau_%s %s\n# TYPE vonglau_%s %s\n", kinds[k].name,
                               kinds[k].help, kinds[k].name, kinds[k].type);
        for (unsigned i = 0; i < count; i++) {
            const ArchiveVolume *one = &volumes[i];
            const double values[G_N_ELEMENTS(kinds)] = {one->present,
                                                        one->avoided,
                                                        one->recorders,
                                                        (double)one->total_bytes,
                                                        (double)one->free_bytes,
                                                        (double)one->bytes,
                                                        (double)one->write_errors,
                                                        (double)one->sync_errors,
                                                        (double)one->last_sync_us / 1e6};
            g_string_append_printf(text, "vonglau_%s{volume=\"%u\"} %.17g\n", kinds[k].name, i + 1,
                                   values[k]);
        }
    }
}

static void live_metrics(GString *text, ApiContext *api)
{
    LiveFigures f = api->live ? live_figures(api->live) : (LiveFigures){0};
    figure(text, "live_viewers", "gauge", "sockets of viewers", f.viewers);
    figure(text, "live_streams", "gauge", "streams that are watched", f.streams);
    figure(text, "live_transcodings", "gauge", "cameras made into H.264 for viewers without H.265",
           f.transcodings);
    figure(text, "live_messages_total", "counter", "messages sent to viewers", (double)f.messages);
    figure(text, "live_bytes_total", "counter", "bytes sent to viewers", (double)f.bytes);
    figure(text, "live_lost_pictures_total", "counter", "pictures that slow viewers lost",
           (double)f.lost_pictures);
}

static void eye_metrics(GString *text, ApiContext *api)
{
    EyeFigures f = api->eye ? eye_figures(api->eye) : (EyeFigures){0};
    figure(text, "eye_cameras_full", "gauge", "cameras of which every picture is decoded",
           f.cameras[EYE_FULL]);
    figure(text, "eye_cameras_key", "gauge", "cameras of which key pictures alone are decoded",
           f.cameras[EYE_KEY]);
    figure(text, "eye_decoded_total", "counter", "pictures decoded", (double)f.decoded);
    figure(text, "eye_pictures_total", "counter", "pictures looked at", (double)f.pictures);
    figure(text, "eye_thumbnails_total", "counter", "thumbnails made", (double)f.thumbnails);
    figure(text, "eye_cpu_seconds_total", "counter", "processor time spent looking", f.cpu_s);
}

static void webhook_metrics(GString *text, ApiContext *api)
{
    WebhookFigures f = api->notify ? notify_figures(api->notify) : (WebhookFigures){0};
    figure(text, "webhook_sent_total", "counter", "messages the webhook took", (double)f.sent);
    figure(text, "webhook_failures_total", "counter", "attempts that failed", (double)f.failures);
    figure(text, "webhook_lost_total", "counter", "messages given up", (double)f.lost);
    figure(text, "webhook_waiting", "gauge", "messages that wait", f.waiting);
}

static void event_metrics(GString *text, ApiContext *api)
{
    unsigned counts[EVENT_KINDS] = {0};
    g_autoptr(GPtrArray) rows = events_now(api->events);
    for (guint i = 0; i < rows->len; i++) {
        EventKind kind;
        if (event_kind_parse(((EventRow *)rows->pdata[i])->kind, &kind))
            counts[kind]++;
    }
    head(text, "events_open", "gauge", "events that go on, by kind");
    for (int kind = 0; kind < EVENT_KINDS; kind++)
        g_string_append_printf(text, "vonglau_events_open{kind=\"%s\"} %u\n",
                               event_kind_text((EventKind)kind), counts[kind]);
}

/* ---- cameras and their streams ---- */

typedef struct Seen {
    const CameraRow *row;
    StreamKind kind;
    const StreamStatus *stream;
    ApiContext *api;
} Seen;

static double is_up(const Seen *seen)
{
    return seen->stream->state == CAMERA_RUNNING;
}

static double durable_age(const Seen *seen)
{
    if (!seen->api->archive)
        return -1;
    int64_t age_us = archive_durable_age_us(seen->api->archive, &seen->row->id, seen->kind);
    return age_us < INT64_MAX ? (double)age_us / 1e6 : -1;
}

static double pictures(const Seen *seen)
{
    return (double)seen->stream->pictures;
}

static double lost_packets(const Seen *seen)
{
    return (double)seen->stream->lost_packets;
}

static double reconnects(const Seen *seen)
{
    return seen->stream->reconnects;
}

static double bitrate(const Seen *seen)
{
    return (double)seen->stream->bitrate_bps;
}

static double fps(const Seen *seen)
{
    return seen->stream->fps;
}

static const struct {
    const char *name, *type, *help;
    double (*value)(const Seen *seen);
} stream_series[] = {
    {"camera_up", "gauge", "1 while pictures come", is_up},
    {"camera_durable_age_seconds", "gauge", "age of the newest durable picture, -1: none",
     durable_age},
    {"camera_pictures_total", "counter", "pictures received", pictures},
    {"camera_lost_packets_total", "counter", "packets lost on the way", lost_packets},
    {"camera_reconnects_total", "counter", "connections made anew", reconnects},
    {"camera_bitrate_bps", "gauge", "bits a second received", bitrate},
    {"camera_fps", "gauge", "pictures a second received", fps},
};

typedef void (*SeenVisit)(GString *text, const Seen *seen, size_t series);

static void each_stream(GString *text, ApiContext *api, const GPtrArray *rows, SeenVisit visit,
                        size_t series)
{
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        CameraStatus status;
        if (!api->cameras || !cameras_status(api->cameras, row->id, &status))
            continue;
        for (int kind = 0; kind < STREAM_KINDS; kind++)
            if (status.has_stream[kind])
                visit(text, &(Seen){row, (StreamKind)kind, &status.streams[kind], api}, series);
    }
}

static void add_value(GString *text, const Seen *seen, size_t series)
{
    char id[UUID_TEXT];
    g_string_append_printf(text, "vonglau_%s{camera=\"%s\",stream=\"%s\"} %.17g\n",
                           stream_series[series].name, uuid_text(&seen->row->id, id),
                           stream_kind_text(seen->kind), stream_series[series].value(seen));
}

static void add_state(GString *text, const Seen *seen, size_t series)
{
    char id[UUID_TEXT];
    g_string_append_printf(
        text, "vonglau_camera_state{camera=\"%s\",stream=\"%s\",state=\"%s\",cause=\"%s\"} 1\n",
        uuid_text(&seen->row->id, id), stream_kind_text(seen->kind),
        camera_state_text(seen->stream->state), camera_trouble_text(seen->stream->trouble));
}

static void camera_metrics(GString *text, ApiContext *api, const GPtrArray *rows)
{
    for (size_t i = 0; i < G_N_ELEMENTS(stream_series); i++) {
        head(text, stream_series[i].name, stream_series[i].type, stream_series[i].help);
        each_stream(text, api, rows, add_value, i);
    }
    head(text, "camera_state", "gauge", "always 1: the state of a stream, and why, as labels");
    each_stream(text, api, rows, add_state, 0);
    head(text, "camera_gaps_today", "gauge", "gaps in the main stream since midnight of the site");
    for (guint i = 0; i < rows->len; i++) {
        char id[UUID_TEXT];
        const CameraRow *row = rows->pdata[i];
        g_string_append_printf(text,
                               "vonglau_camera_gaps_today{camera=\"%s\"} %" G_GINT64_FORMAT "\n",
                               uuid_text(&row->id, id), camera_gaps_today(api, row));
    }
}

static void tls_metrics(GString *text, ApiContext *api)
{
    head(text, "tls_certificate_left_seconds", "gauge",
         "until the server's certificate ends, negative: it has");
    if (!api->certificate)
        return;
    g_string_append_printf(text, "vonglau_tls_certificate_left_seconds %.0f\n",
                           (double)(tls_renew_ends_us(api->certificate) - clock_wall_us()) / 1e6);
}

bool metrics_get(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    unsigned wanted = 0, recording = 0;
    g_autoptr(GPtrArray) rows = site_camera_list(api->site);
    g_autoptr(GString) text = g_string_new(NULL);
    count_recording(api, rows, &wanted, &recording);
    figure(text, "cameras", "gauge", "cameras registered", rows->len);
    figure(text, "cameras_wanted", "gauge", "cameras that are not paused", wanted);
    figure(text, "cameras_recording", "gauge", "cameras being recorded", recording);
    process_metrics(text, api);
    tls_metrics(text, api);
    archive_metrics(text, api);
    volume_metrics(text, api);
    live_metrics(text, api);
    eye_metrics(text, api);
    webhook_metrics(text, api);
    event_metrics(text, api);
    camera_metrics(text, api, rows);
    call->response->status = 200;
    call->response->type = "text/plain; version=0.0.4; charset=utf-8";
    call->response->bytes = buffer_copy(text->str, text->len);
    return true;
}
