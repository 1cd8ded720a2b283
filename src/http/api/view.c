/* view.c — the view of a camera, by camera health. */
#include "http/api/handlers.h"

#include "config/site.h"
#include "watch/views.h"

bool camera_accept_view(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "camera", &id, error))
        return false;
    g_autoptr(CameraRow) row = site_camera_get(call->api->site, &id);
    if (!row)
        return err_set(error, ERR_NOT_FOUND, "there is no camera ‘%s’", call->params[0]);
    if (!call->api->views || !views_accept(call->api->views, &id))
        return err_set(error, ERR_UNAVAILABLE,
                       "no pictures of camera ‘%s’ are looked at now, so none can be its reference",
                       row->name);
    call_audit(call, "camera-reference", call->params[0], NULL, "ok");
    return call_empty(call);
}
