/* health.c — is the server well (for monitors): cameras that are off do not make it ill, but are
 * counted. */
#include "http/api/handlers.h"

#include "archive/archive.h"
#include "camera/cameras.h"
#include "catalog/catalog.h"
#include "config/site.h"
#include "http/api/camera_json.h"

void count_recording(ApiContext *api, const GPtrArray *rows, unsigned *wanted, unsigned *recording)
{
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        bool wants = !row->paused && camera_should_record(api, row);
        *wanted += wants;
        *recording += wants && camera_is_recording(api, row);
    }
}

int64_t footage_bytes_a_day(ApiContext *api)
{
    int64_t bps = 0;
    g_autoptr(GPtrArray) rows = site_camera_list(api->site);
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        CameraStatus status;
        if (!api->cameras || !cameras_status(api->cameras, row->id, &status))
            continue;
        bps += status.streams[STREAM_MAIN].bitrate_bps;
        bps += row->record_sub ? status.streams[STREAM_SUB].bitrate_bps : 0;
    }
    return bps / 8 * (DAY_US / SECOND_US);
}

static const char *const storage_problems[GAP_CAUSES] = {
    [GAP_DISK_FULL] = "the disk of the footage is full",
    [GAP_DISK_ERROR] = "the disk of the footage fails",
    [GAP_VOLUME_MISSING] = "the folder of the footage is missing",
};

/* What is wrong with the server itself, or NULL. */
static const char *problem_of(ApiContext *api)
{
    if (!catalog_is_well(api->catalog, NULL))
        return "the catalog cannot be read or written";
    if (!api->archive)
        return NULL; /* no server runs: the command line asks */
    ArchiveFigures figures = archive_figures(api->archive);
    if (!figures.volume_present)
        return storage_problems[GAP_VOLUME_MISSING];
    return storage_problems[figures.trouble];
}

bool health_get(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    unsigned wanted = 0, recording = 0;
    g_autoptr(GPtrArray) rows = site_camera_list(api->site);
    count_recording(api, rows, &wanted, &recording);
    const char *problem = problem_of(api);
    const char *status = problem ? "failing" : recording == wanted ? "ok" : "degraded";
    Json *json = json_pack("{s:s, s:{s:i, s:i, s:i}}", "status", status, "cameras", "total",
                           (int)rows->len, "wanted", (int)wanted, "recording", (int)recording);
    json_object_set_new(json, "problem", json_text_or_null(problem));
    g_autofree char *language = site_language(api->site);
    json_object_set_new(json, "language", json_string(language));
    return call_json(call, problem ? 503 : 200, json);
}
