#include "http/event_notice.h"

#include "config/site.h"
#include "http/api/event_json.h"
#include "http/live_socket.h"
#include "notify/push.h"
#include "notify/receivers.h"

static Json *notice_json(ApiContext *api, const EventRow *row)
{
    Json *json = json_pack("{s:s}", "op", "event");
    g_autoptr(Json) event = event_json(row);
    g_autoptr(CameraRow) camera = site_camera_known(api->site, &row->camera);
    json_object_update(json, event);
    json_object_set_new(json, "name", camera ? json_string(camera->name) : json_null());
    return json;
}

/* The commune's cameras stand for what has none. */
static bool may_see(ApiContext *api, const Identity *who, const Uuid *camera)
{
    g_autoptr(CameraRow) row = site_camera_get(api->site, camera);
    return rights_allow_camera(who, ACTION_LIVE, api->site, row);
}

/* `on_duty`: of receivers_on_duty(). Machines, which have tokens, are never off duty. */
static bool is_for(ApiContext *api, const Identity *who, const GArray *on_duty)
{
    if (on_duty->len == 0 || uuid_is_nil(&who->account) || uuids_have(on_duty, &who->account))
        return true;
    if (!api->push)
        return false;
    PushChoice *choice = push_choice(api->push, &who->account);
    bool wanted = choice->off_duty;
    push_choice_free(choice);
    return wanted;
}

typedef struct Told {
    ApiContext *api;
    Uuid camera;
    GArray *on_duty; /* NULL: an end, for everybody who may have been told of the beginning */
} Told;

static bool includes(void *data, const void *account)
{
    const Told *told = data;
    const Identity *who = live_socket_identity(account);
    return may_see(told->api, who, &told->camera) &&
           (!told->on_duty || is_for(told->api, who, told->on_duty));
}

static void told_free(void *data)
{
    Told *told = data;
    g_clear_pointer(&told->on_duty, g_array_unref);
    g_free(told);
}

void event_notice_tell(void *data, const Event *event)
{
    ApiContext *api = data;
    if (!event_kind_is_trouble(event->kind))
        return;
    const EventRow row = {.id = event->id,
                          .camera = event->camera,
                          .kind = (char *)event_kind_text(event->kind),
                          .from_us = event->from_us,
                          .to_us = event->to_us,
                          .open = event->to_us == 0,
                          .detail = (char *)event->detail};
    g_autoptr(GArray) now = event->to_us ? NULL : duty_now(api->duty);
    Told *told = g_new(Told, 1);
    *told = (Told){api, event->camera,
                   now ? receivers_on_duty(now, api->people, api->site, event) : NULL};
    const LiveAudience audience = {includes, told, told_free};
    live_notice(api->live, &audience, notice_json(api, &row));
}

void event_notice_standing(ApiContext *api, const Identity *who, LiveViewer *viewer)
{
    Event event = {0};
    g_autoptr(GPtrArray) rows = events_now(api->events);
    g_autoptr(GArray) now = rows->len > 0 ? duty_now(api->duty) : NULL;
    for (guint i = 0; i < rows->len; i++) {
        const EventRow *row = rows->pdata[i];
        if (!event_kind_parse(row->kind, &event.kind) || !event_kind_is_trouble(event.kind) ||
            !may_see(api, who, &row->camera))
            continue;
        event.camera = row->camera;
        g_autoptr(GArray) on_duty = receivers_on_duty(now, api->people, api->site, &event);
        if (is_for(api, who, on_duty))
            live_viewer_text(viewer, notice_json(api, row));
    }
}
