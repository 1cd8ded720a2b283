#include "http/pending_notice.h"

#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/live_socket.h"
#include "live/live.h"
#include "notify/push.h"

static bool includes(void *data, const void *account)
{
    return rights_allow(live_socket_identity(account)->role, ACTION_HOLD);
}

/* docs/reference/push.md */
static Json *message_json(ApiContext *api, const PendingRow *row)
{
    char id[UUID_TEXT];
    g_autoptr(CameraRow) camera = site_camera_known(api->site, &row->camera);
    Json *json = json_pack("{s:s, s:s, s:s, s:s}", "kind", "change", "state", "asked", "change",
                           uuid_text(&row->id, id), "field", row->field);
    json_object_set_new(json, "name", json_text_or_null(camera ? camera->name : NULL));
    json_object_set_new(json, "since", json_time(row->asked_us));
    return json;
}

void pending_notice_tell(ApiContext *api, const PendingRow *asked)
{
    if (api->live) {
        const LiveAudience audience = {includes, NULL, g_free};
        live_notice(api->live, &audience, json_pack("{s:s}", "op", "change"));
    }
    if (asked && api->push)
        push_work(api->push, message_json(api, asked), PUSH_FOR_APPROVAL, &asked->by);
}
