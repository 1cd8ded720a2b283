#include "http/api/camera_plan.h"

#include "base/clock.h"
#include "base/error.h"
#include "camera/onvif_look.h"
#include "http/api/camera_json.h"
#include "http/api/onvif_json.h"

#include <string.h>

#define LOOK_US (20 * SECOND_US)

static void clear_row(void *data)
{
    g_free(((PlannedCamera *)data)->note);
}

void camera_plan_clear(CameraPlan *plan)
{
    camera_list_clear(&plan->list);
    g_clear_pointer(&plan->rows, g_array_unref);
}

static void keep_line(CameraList *list, unsigned line)
{
    for (guint i = list->cameras->len; i-- > 0;)
        if (((const ListedCamera *)list->cameras->pdata[i])->line != line)
            g_ptr_array_remove_index(list->cameras, i);
    for (guint i = list->faults->len; i-- > 0;)
        if (((const ListFault *)list->faults->pdata[i])->line != line)
            g_ptr_array_remove_index(list->faults, i);
}

bool camera_plan_read(CameraPlan *plan, const Json *table, unsigned line, GError **error)
{
    *plan = (CameraPlan){0};
    if (!json_is_string(table))
        return err_set(error, ERR_INVALID, "the body must be the table, as text/csv");
    if (json_string_length(table) > CAMERA_LIST_BYTES_MOST)
        return err_set(error, ERR_INVALID, "the table may be at most 1 MiB");
    if (!camera_list_read(json_string_value(table), json_string_length(table), &plan->list, error))
        return false;
    if (line)
        keep_line(&plan->list, line);
    if (line && plan->list.cameras->len + plan->list.faults->len == 0)
        return err_set(error, ERR_NOT_FOUND, "there is no camera in line %u of the table", line);
    return true;
}

/* ---- devices that are to be asked ---- */

/* One look serves all channels of a host. */
typedef struct Looks {
    const ListedCamera *last; /* whose host was looked at; NULL: none */
    OnvifLook look;
    int64_t until_us;
} Looks;

static bool same_access(const ListedCamera *a, const ListedCamera *b)
{
    return g_str_equal(a->host, b->host) && g_strcmp0(a->user, b->user) == 0 &&
           g_strcmp0(a->password, b->password) == 0;
}

static bool look_at(CameraList *list, Looks *looks, const ListedCamera *camera)
{
    g_autoptr(GError) error = NULL;
    if (looks->last && same_access(looks->last, camera))
        return true;
    onvif_look_clear(&looks->look);
    looks->last = NULL;
    int64_t left_us = MIN(LOOK_US, looks->until_us - clock_mono_us());
    if (left_us <= 0)
        camera_list_fault(list, camera->line, "host", "not-asked",
                          "the devices of the lines before took too long to ask this one too: "
                          "import it by itself");
    else if (onvif_look(camera->host, camera->user, camera->password, left_us, &looks->look,
                        &error))
        looks->last = camera;
    else
        camera_list_fault(list, camera->line, "host", onvif_trouble(error), "%s", error->message);
    return looks->last != NULL;
}

static void ask_device(CameraList *list, ListedCamera *camera, Looks *looks)
{
    if (!look_at(list, looks, camera))
        return;
    if (camera->channel > looks->look.channels->len) {
        camera_list_fault(list, camera->line, "channels", "no-such-channel",
                          "%s has %u channels, and no channel %u", camera->host,
                          looks->look.channels->len, camera->channel);
        return;
    }
    const OnvifChannel *channel = looks->look.channels->pdata[camera->channel - 1];
    if (camera->record_sub && !channel->sub.url)
        camera_list_fault(list, camera->line, "record-sub", "no-sub-stream",
                          "channel %u of %s has no sub stream to record; leave record-sub empty",
                          camera->channel, camera->host);
    camera->url = g_strdup(channel->main.url);
    camera->sub_url = g_strdup(channel->sub.url);
    camera->onvif = g_strdup(looks->look.address);
}

void camera_plan_ask(CameraPlan *plan, int64_t until_us)
{
    CameraList *list = &plan->list;
    Looks looks = {.until_us = until_us};
    unsigned failed_line = 0;
    for (guint i = 0; i < list->cameras->len; i++) {
        ListedCamera *camera = list->cameras->pdata[i];
        if (camera->url || camera->line == failed_line) /* once a row is enough */
            continue;
        ask_device(list, camera, &looks);
        failed_line = camera->url ? 0 : camera->line;
    }
    onvif_look_clear(&looks.look);
}

/* ---- what there is already ---- */

/* The name of the camera at `url`: of the site, or of a row before `at`. */
static const char *name_at(const CameraPlan *plan, guint at, const GPtrArray *cameras,
                           const char *url)
{
    for (guint i = 0; i < cameras->len; i++) {
        const CameraRow *row = cameras->pdata[i];
        if (g_str_equal(row->url, url))
            return row->name;
    }
    for (guint i = 0; i < at; i++) {
        const ListedCamera *before = plan->list.cameras->pdata[i];
        if (g_strcmp0(before->url, url) == 0)
            return before->name;
    }
    return NULL;
}

static bool is_called(const GPtrArray *cameras, const char *name)
{
    for (guint i = 0; i < cameras->len; i++)
        if (g_strcmp0(((const CameraRow *)cameras->pdata[i])->name, name) == 0)
            return true;
    return false;
}

static bool is_location(const GPtrArray *locations, const char *name)
{
    char id[UUID_TEXT];
    for (guint i = 0; i < locations->len; i++) {
        const LocationRow *row = locations->pdata[i];
        if (g_str_equal(row->name, name) || g_str_equal(uuid_text(&row->id, id), name))
            return true;
    }
    return false;
}

void camera_plan_compare(CameraPlan *plan, Site *site)
{
    g_autoptr(GPtrArray) cameras = site_camera_list(site);
    g_autoptr(GPtrArray) locations = site_location_list(site);
    plan->rows = g_array_new(FALSE, TRUE, sizeof(PlannedCamera));
    g_array_set_clear_func(plan->rows, clear_row);
    for (guint i = 0; i < plan->list.cameras->len; i++) {
        const ListedCamera *camera = plan->list.cameras->pdata[i];
        const char *there = camera->url ? name_at(plan, i, cameras, camera->url) : NULL;
        PlannedCamera row = {.state = there ? PLAN_THERE : PLAN_NEW, .note = g_strdup(there)};
        row.location_new = camera->location && !is_location(locations, camera->location);
        /* before its device is asked, one that is called so may be this one */
        if (!there && camera->url && is_called(cameras, camera->name))
            camera_list_fault(&plan->list, camera->line, "name", "name-taken",
                              "there is a camera ‘%s’ already, with another address", camera->name);
        g_array_append_val(plan->rows, row);
    }
}

/* ---- the answer ---- */

static Json *camera_row_json(const ListedCamera *camera, const PlannedCamera *row)
{
    static const char *const states[] = {[PLAN_NEW] = "new",
                                         [PLAN_THERE] = "there",
                                         [PLAN_ADDED] = "added",
                                         [PLAN_FAILED] = "failed"};
    Json *json = json_pack("{s:i, s:i, s:s, s:s}", "line", (int)camera->line, "channel",
                           (int)camera->channel, "name", camera->name, "state", states[row->state]);
    json_object_set_new(json, "note", json_text_or_null(row->note));
    json_object_set_new(json, "host", json_text_or_null(camera->host));
    json_object_set_new(json, "url", json_text_or_null(camera->url));
    json_object_set_new(json, "sub_url", json_text_or_null(camera->sub_url));
    json_object_set_new(json, "record_sub", json_boolean(camera->record_sub));
    json_object_set_new(json, "transport", json_text_or_null(camera->transport));
    json_object_set_new(json, "fingerprint", json_text_or_null(camera->fingerprint));
    json_object_set_new(json, "schedule", json_text_or_null(camera->schedule));
    json_object_set_new(json, "location", json_text_or_null(camera->location));
    json_object_set_new(json, "location_new", json_boolean(row->location_new));
    return json;
}

static Json *fault_json(const ListFault *fault)
{
    Json *json = json_pack("{s:i, s:s, s:s}", "line", (int)fault->line, "code", fault->code,
                           "detail", fault->text);
    json_object_set_new(json, "column", json_text_or_null(fault->column));
    return json;
}

Json *camera_plan_json(const CameraPlan *plan)
{
    Json *cameras = json_array(), *faults = json_array();
    for (guint i = 0; i < plan->list.cameras->len; i++)
        json_array_append_new(cameras,
                              camera_row_json(plan->list.cameras->pdata[i],
                                              &g_array_index(plan->rows, PlannedCamera, i)));
    for (guint i = 0; i < plan->list.faults->len; i++)
        json_array_append_new(faults, fault_json(plan->list.faults->pdata[i]));
    return json_pack("{s:o, s:o}", "cameras", cameras, "faults", faults);
}
