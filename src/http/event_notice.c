#include "http/event_notice.h"

#include "config/site.h"
#include "http/api/event_json.h"

static Json *notice_json(ApiContext *api, const EventRow *row)
{
    Json *json = json_pack("{s:s}", "op", "event");
    g_autoptr(Json) event = event_json(row);
    g_autoptr(CameraRow) camera = site_camera_known(api->site, &row->camera);
    json_object_update(json, event);
    json_object_set_new(json, "name", camera ? json_string(camera->name) : json_null());
    return json;
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
    live_notice(api->live, event->camera, notice_json(api, &row));
}

void event_notice_standing(ApiContext *api, LiveViewer *viewer)
{
    EventKind kind;
    g_autoptr(GPtrArray) rows = events_now(api->events);
    for (guint i = 0; i < rows->len; i++) {
        const EventRow *row = rows->pdata[i];
        if (event_kind_parse(row->kind, &kind) && event_kind_is_trouble(kind))
            live_viewer_notice(viewer, &row->camera, notice_json(api, row));
    }
}
