/* dispatch.c — from a request to an answer: who asks, which route, is it allowed, who handles it.
 */
#include "base/log.h"
#include "config/site.h"
#include "http/api/access.h"
#include "http/api/masked.h"
#include "http/api/routes.h"
#include "http/problem.h"

#include <string.h>

static const char *const methods[] = {
    [API_GET] = "GET", [API_HEAD] = "HEAD",   [API_POST] = "POST",
    [API_PUT] = "PUT", [API_PATCH] = "PATCH", [API_DELETE] = "DELETE",
};

const char *api_method_text(ApiMethod method)
{
    return methods[method];
}

bool api_method_parse(const char *text, ApiMethod *method)
{
    for (unsigned i = API_GET; i < G_N_ELEMENTS(methods); i++)
        if (strcmp(methods[i], text) == 0) {
            *method = (ApiMethod)i;
            return true;
        }
    return false;
}

void api_response_clear(ApiResponse *response)
{
    json_decref(response->json);
    buffer_unref(response->bytes);
    virtual_file_free(response->file);
    for (size_t i = 0; i < response->header_count; i++)
        g_free(response->headers[i].value);
    *response = (ApiResponse){0};
}

Identity api_identity(ApiContext *api, const ApiRequest *request)
{
    Identity identity = {.role = ROLE_NONE};
    if (request->console)
        identity.role = ROLE_ADMIN;
    else if (request->bearer)
        (void)people_bearer(api->people, request->bearer, &identity);
    else if (request->session)
        (void)people_session(api->people, request->session, &identity);
    return identity;
}

static void answer_no_route(ApiCall *call, unsigned allowed)
{
    if (!allowed) {
        problem_set(call->response, 404, NULL, "there is nothing at %s", call->request->path);
        return;
    }
    g_autoptr(GString) allow = g_string_new(NULL);
    for (unsigned i = API_GET; i < G_N_ELEMENTS(methods); i++)
        if (allowed & 1u << i)
            g_string_append_printf(allow, "%s%s", allow->len ? ", " : "", methods[i]);
    problem_set(call->response, 405, NULL, "%s takes %s", call->request->path, allow->str);
    call_header(call, "allow", g_strdup(allow->str));
}

static void answer_no_right(ApiCall *call, const ApiRoute *route)
{
    if (call->identity.role == ROLE_NONE) {
        problem_set(call->response, 401, NULL, "sign in first");
        call_header(call, "www-authenticate", g_strdup("Bearer"));
        return;
    }
    problem_set(call->response, 403, NULL, "the role ‘%s’ has no right to ‘%s’",
                role_text(call->identity.role), action_text(route->action));
    call_audit(call, action_text(route->action), call->params[0], NULL, "no-right");
}

/* Is what the path names there for whoever asks? What lies beyond their reach is not told apart
 * from what does not exist. */
static bool is_within_reach(ApiCall *call, const ApiRoute *route)
{
    Uuid id;
    bool known = false, within = false;
    const char *what = route->scope == SCOPE_CAMERA ? "camera" : "location";
    if (route->scope == SCOPE_EACH)
        return true;
    if (route->scope == SCOPE_WHOLE)
        return rights_allow_everywhere(call->identity.role, route->action);
    if (route->scope == SCOPE_CAMERA && uuid_parse(call->params[0], &id)) {
        g_autoptr(CameraRow) row = site_camera_known(call->api->site, &id);
        known = row != NULL;
        within = row && call_may(call, route->action, row);
    } else if (uuid_parse(call->params[0], &id)) {
        g_autoptr(LocationRow) row = site_location_get(call->api->site, &id);
        known = row != NULL;
        within = row && rights_allow_location(&call->identity, route->action, row);
    }
    if (within)
        return true;
    problem_set(call->response, 404, NULL, "there is no %s ‘%.64s’", what, call->params[0]);
    if (known)
        call_audit(call, action_text(route->action), call->params[0], NULL, "no-right");
    return false;
}

/* A mistake of ours gives nothing away. */
static void refuse_forgotten(ApiCall *call, const ApiRoute *route, const char *event)
{
    log_error(event, "route=%s", route->pattern);
    api_response_clear(call->response);
    problem_set(call->response, 500, NULL, "the server could not do this; its log says why");
}

/* A mask was drawn while the picture was made. */
static void refuse_stale(ApiCall *call)
{
    api_response_clear(call->response);
    problem_set(call->response, 409, "masked", "masks of this camera changed just now: ask again");
}

/* The route, once whoever asks may go there; NULL: the answer says why not. */
static const ApiRoute *enter(ApiCall *call, char *values, size_t room)
{
    unsigned allowed = 0;
    const char *path = route_path(call->request->path);
    const ApiRoute *route =
        path ? route_find(call->request->method, path, values, room, call->params, &allowed) : NULL;
    if (!route) {
        answer_no_route(call, allowed);
        return NULL;
    }
    call->identity = api_identity(call->api, call->request);
    if (!rights_allow(call->identity.role, route->action)) {
        answer_no_right(call, route);
        return NULL;
    }
    if (is_within_reach(call, route))
        return route;
    if (!call->response->status)
        answer_no_right(call, route);
    return NULL;
}

void api_dispatch(ApiContext *api, const ApiRequest *request, ApiResponse *response)
{
    char values[256];
    GError *error = NULL;
    ApiCall call = {.api = api, .request = request, .response = response};
    const ApiRoute *route = enter(&call, values, sizeof values);
    if (!route)
        return;
    if (!route->handler) {
        problem_set(response, 400, NULL, "this is a WebSocket: ask for an upgrade");
        return;
    }
    if (!route->handler(&call, &error))
        problem_from_error(response, error);
    else if (access_forgotten(&call))
        refuse_forgotten(&call, route, "http.reason-not-asked");
    else if (route_forgets_masks(route, &call))
        refuse_forgotten(&call, route, "http.masks-not-asked");
    else if (route->pictures == PICTURES_COVERED && response->bytes && masked_is_stale(&call))
        refuse_stale(&call);
}

bool api_may_send(ApiContext *api, const ApiRequest *request, ApiResponse *response)
{
    char values[256];
    GError *error = NULL;
    ApiCall call = {.api = api, .request = request, .response = response};
    const ApiRoute *route = enter(&call, values, sizeof values);
    if (route && !route->may_send(&call, &error))
        problem_from_error(response, error);
    return !response->status;
}
