/* camera_import.c — many cameras from one table: what would become of it, a picture of one of them,
 * and adding them. */
#include "http/api/camera_plan.h"
#include "http/api/handlers.h"
#include "http/api/masked.h"
#include "http/api/onvif_json.h"
#include "http/api/probe.h"
#include "http/problem.h"

#include <stdatomic.h>
#include <string.h>

/* How long all devices of one request may take; who asks keeps a thread of the pool. */
#define ASKED_US (60 * SECOND_US)

static atomic_flag asking = ATOMIC_FLAG_INIT;

static bool ask_devices(CameraPlan *plan, GError **error)
{
    bool needed = false;
    for (guint i = 0; i < plan->list.cameras->len; i++)
        needed |= !((const ListedCamera *)plan->list.cameras->pdata[i])->url;
    if (!needed)
        return true;
    if (atomic_flag_test_and_set(&asking))
        return err_set(error, ERR_UNAVAILABLE,
                       "devices of another table are being asked: try again in 10 s");
    camera_plan_ask(plan, clock_mono_us() + ASKED_US);
    atomic_flag_clear(&asking);
    return true;
}

static bool read_line(const ApiCall *call, bool required, unsigned *line, GError **error)
{
    int64_t value = 0;
    if (!call_query_int(call, "line", 2, CAMERA_LIST_BYTES_MOST, &value, error))
        return false;
    *line = (unsigned)value;
    return value || !required || err_set(error, ERR_INVALID, "‘line’ is needed");
}

/* ---- adding ---- */

/* The location the camera stands at, which is added when there is none. */
static bool place_of(ApiCall *call, const ListedCamera *camera, Uuid *location, GError **error)
{
    char id[UUID_TEXT];
    *location = (Uuid){0};
    if (!camera->location)
        return true;
    g_autoptr(GPtrArray) known = site_location_list(call->api->site);
    for (guint i = 0; i < known->len; i++) {
        const LocationRow *row = known->pdata[i];
        if (g_str_equal(row->name, camera->location) ||
            g_str_equal(uuid_text(&row->id, id), camera->location)) {
            *location = row->id;
            return true;
        }
    }
    const LocationEdit edit = {
        .name = camera->location, .village = camera->village, .kind = camera->kind};
    if (!site_location_add(call->api->site, &edit, location, error))
        return false;
    call_audit(call, "location-add", uuid_text(location, id), NULL, "ok");
    return true;
}

static bool add(ApiCall *call, const ListedCamera *camera, GError **error)
{
    Uuid location, made;
    char id[UUID_TEXT];
    if (!place_of(call, camera, &location, error))
        return false;
    const int64_t heading_deg = camera->heading_deg, fov_deg = camera->fov_deg,
                  reach_m = camera->reach_m, connections = camera->connections,
                  days = camera->retention_days;
    const bool aimed = heading_deg >= 0;
    const CameraEdit edit = {.name = camera->name,
                             .location = &location,
                             .url = camera->url,
                             .sub_url = camera->sub_url,
                             .user = camera->user,
                             .password = camera->password,
                             .fingerprint = camera->fingerprint,
                             .audio = &camera->audio,
                             .record_sub = &camera->record_sub,
                             .onvif = camera->onvif,
                             .connections = &connections,
                             .heading_deg = aimed ? &heading_deg : NULL,
                             .fov_deg = aimed ? &fov_deg : NULL,
                             .reach_m = aimed ? &reach_m : NULL,
                             .height_cm = camera->height_cm ? &camera->height_cm : NULL,
                             .transport = camera->transport,
                             .schedule = camera->schedule,
                             .retention_days = &days};
    if (!site_camera_add(call->api->site, &edit, &made, error))
        return false;
    call_audit(call, "camera-add", uuid_text(&made, id), NULL, "ok");
    return true;
}

/* One by one, up to the first that cannot be added. */
static void carry_out(ApiCall *call, CameraPlan *plan)
{
    for (guint i = 0; i < plan->rows->len; i++) {
        PlannedCamera *row = &g_array_index(plan->rows, PlannedCamera, i);
        g_autoptr(GError) error = NULL;
        if (row->state != PLAN_NEW)
            continue;
        if (!add(call, plan->list.cameras->pdata[i], &error)) {
            row->state = PLAN_FAILED;
            row->note = g_strdup(error->message);
            return;
        }
        row->state = PLAN_ADDED;
    }
}

bool cameras_import(ApiCall *call, GError **error)
{
    g_auto(CameraPlan) plan = {0};
    const char *dry_text = call_query(call, "dry_run");
    const bool dry = dry_text && strcmp(dry_text, "true") == 0;
    unsigned line = 0;
    if (!read_line(call, false, &line, error) ||
        !camera_plan_read(&plan, call->request->body, line, error) ||
        ((line || !dry) && !ask_devices(&plan, error)))
        return false;
    camera_plan_compare(&plan, call->api->site);
    if (!dry && plan.list.faults->len == 0)
        carry_out(call, &plan);
    return call_json(call, 200, camera_plan_json(&plan));
}

/* ---- a picture of one ---- */

static const ListedCamera *find_channel(const CameraList *list, int64_t channel)
{
    for (guint i = 0; i < list->cameras->len; i++) {
        const ListedCamera *camera = list->cameras->pdata[i];
        if (camera->channel == channel)
            return camera;
    }
    return NULL;
}

static bool look(ApiCall *call, const ListedCamera *camera)
{
    const char *url = camera->sub_url ? camera->sub_url : camera->url;
    char hex[SHA256_HEX];
    const bool pinned = camera->fingerprint && sha256_read(camera->fingerprint, hex);
    const bool masked = masked_host(call, url);
    return probe_look(call,
                      &(CameraLook){.url = url,
                                    .user = camera->user,
                                    .password = camera->password,
                                    .fingerprint = pinned ? hex : NULL},
                      masked);
}

bool cameras_import_try(ApiCall *call, GError **error)
{
    g_auto(CameraPlan) plan = {0};
    unsigned line;
    int64_t channel = 1;
    if (!read_line(call, true, &line, error) ||
        !call_query_int(call, "channel", 1, CAMERA_LIST_CHANNELS_MOST, &channel, error) ||
        !camera_plan_read(&plan, call->request->body, line, error) || !probe_begin(error))
        return false;
    const ListedCamera *camera = find_channel(&plan.list, channel);
    if (camera && !camera->url)
        camera_plan_ask(&plan, clock_mono_us() + PROBE_US);
    if (camera && camera->url) {
        look(call, camera);
    } else if (plan.list.faults->len > 0) {
        const ListFault *fault = plan.list.faults->pdata[0];
        problem_set(call->response, 422, fault->code, "%s", fault->text);
    } else {
        problem_set(call->response, 404, NULL, "line %u of the table has no channel %d", line,
                    (int)channel);
    }
    probe_end();
    call_audit(call, "camera-probe", NULL, NULL, call->response->status == 200 ? "ok" : "failed");
    return true;
}
