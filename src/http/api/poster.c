#include "base/qr.h"
#include "config/site.h"
#include "http/api/app_link.h"
#include "http/api/handlers.h"

#include <string.h>

/* The code of a location's poster: the page for residents, with the location filled in. */
bool location_get_poster(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "location", &id, error))
        return false;
    const char *app = call_query(call, "app");
    if (!app)
        return err_set(error, ERR_INVALID, "‘app’ is needed: the address of the app");
    g_autofree char *rest = g_strconcat("/bao-tin?noi=", call->params[0], NULL);
    g_autofree char *link = app_link(app, rest, error);
    g_autofree char *svg = link ? qr_svg(link) : NULL;
    if (!svg)
        return false;
    call->response->status = 200;
    call->response->type = "image/svg+xml";
    call->response->bytes = buffer_new(strlen(svg));
    memcpy(call->response->bytes->data, svg, strlen(svg));
    return true;
}
