#include "http/mask_notice.h"

#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/live_socket.h"
#include "live/live.h"
#include "notify/push.h"

typedef struct Told {
    ApiContext *api;
    Uuid camera;
} Told;

static bool includes(void *data, const void *account)
{
    const Told *told = data;
    g_autoptr(CameraRow) row = site_camera_get(told->api->site, &told->camera);
    return rights_allow_camera(live_socket_identity(account), ACTION_LIVE, told->api->site, row);
}

/* docs/reference/push.md */
static Json *message_json(ApiContext *api, const LiftingRow *row)
{
    char id[UUID_TEXT];
    g_autoptr(CameraRow) camera = site_camera_known(api->site, &row->camera);
    Json *json = json_pack("{s:s, s:s, s:s}", "kind", "unmask", "state", "asked", "lifting",
                           uuid_text(&row->id, id));
    json_object_set_new(json, "name", json_text_or_null(camera ? camera->name : NULL));
    json_object_set_new(json, "since", json_time(row->asked_us));
    return json;
}

void mask_notice_tell(ApiContext *api, const Uuid *camera, const LiftingRow *asked)
{
    char id[UUID_TEXT];
    if (api->live) {
        Told *told = g_new(Told, 1);
        *told = (Told){api, *camera};
        const LiveAudience audience = {includes, told, g_free};
        live_notice(api->live, &audience,
                    json_pack("{s:s, s:s}", "op", "mask", "camera", uuid_text(camera, id)));
    }
    if (asked && api->push)
        push_work(api->push, message_json(api, asked), PUSH_FOR_APPROVAL, &asked->by);
}
