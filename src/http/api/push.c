/* push.c — Web Push to one's own devices, and of what one wants to be told there. */
#include "notify/push.h"

#include "base/error.h"
#include "http/api/handlers.h"
#include "http/api/minute.h"
#include "notify/push_rules.h"

#include <string.h>

enum { DEVICE_MOST = 80 };

/* Only an account has devices: neither API tokens nor the console. */
static Push *own_push(const ApiCall *call, GError **error)
{
    if (uuid_is_nil(&call->identity.account))
        err_set(error, ERR_INVALID, "only an account has devices");
    else if (!call->api->push)
        err_set(error, ERR_UNAVAILABLE, "no server is running");
    else
        return call->api->push;
    return NULL;
}

/* ---- out ---- */

static Json *choice_json(const PushChoice *choice)
{
    Json *json = json_pack("{s:[], s:i, s:n, s:b}", "silent", "after_s", choice->after_s, "quiet",
                           "off_duty", choice->off_duty);
    Json *silent = json_object_get(json, "silent");
    g_auto(GStrv) kinds = g_strsplit(choice->silent, ",", -1);
    for (char **kind = kinds; *kind; kind++)
        json_array_append_new(silent, json_string(*kind));
    if (choice->quiet_from != choice->quiet_to)
        json_object_set_new(json, "quiet",
                            json_pack("{s:o, s:o}", "from", minute_json(choice->quiet_from), "to",
                                      minute_json(choice->quiet_to)));
    return json;
}

static Json *device_json(const PushDevice *device)
{
    char id[UUID_TEXT];
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "id", uuid_text(&device->id, id), "device",
                     device->device, "service", device->service, "since",
                     json_time(device->created_us), "delivered",
                     device->delivered_us ? json_time(device->delivered_us) : json_null(),
                     "trouble", device->trouble);
}

static bool answer(ApiCall *call, Push *push)
{
    SiteWebhook webhook = {0};
    PushChoice *choice = push_choice(push, &call->identity.account);
    Json *devices = json_array();
    g_autoptr(GPtrArray) list = push_devices(push, &call->identity.account);
    for (guint i = 0; i < list->len; i++)
        json_array_append_new(devices, device_json(list->pdata[i]));
    site_webhook(call->api->site, &webhook);
    Json *json = json_pack("{s:s, s:o, s:o, s:b}", "key", push_public_key(push), "devices", devices,
                           "choice", choice_json(choice), "webhook", webhook.url != NULL);
    site_webhook_clear(&webhook);
    push_choice_free(choice);
    return call_json(call, 200, json);
}

bool push_get(ApiCall *call, GError **error)
{
    Push *push = own_push(call, error);
    return push && answer(call, push);
}

/* ---- in ---- */

static bool check_device(const char *device, GError **error)
{
    bool well = strlen(device) <= DEVICE_MOST;
    for (const char *at = device; well && *at; at = g_utf8_next_char(at))
        well = !g_unichar_iscntrl(g_utf8_get_char(at));
    return well || err_set(error, ERR_INVALID, "‘device’ must be %d bytes at most", DEVICE_MOST);
}

bool push_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"endpoint", "p256dh", "auth", "device", NULL};
    const char *endpoint = NULL, *p256dh = NULL, *auth = NULL, *device = "";
    char text[UUID_TEXT];
    Uuid id;
    PushReader reader;
    Push *push = own_push(call, error);
    const Json *body = push ? call_body(call, members, error) : NULL;
    if (!body || !json_get_text(body, "endpoint", &endpoint, error) ||
        !json_get_text(body, "p256dh", &p256dh, error) ||
        !json_get_text(body, "auth", &auth, error) ||
        !json_get_text(body, "device", &device, error))
        return false;
    if (!endpoint || !p256dh || !auth)
        return err_set(error, ERR_INVALID, "‘endpoint’, ‘p256dh’ and ‘auth’ are needed");
    if (!check_device(device, error) || !push_reader_parse(p256dh, auth, &reader, error) ||
        !push_subscribe(push, &call->identity.account, endpoint, &reader, device, &id, error))
        return false;
    call_audit(call, "push-add", uuid_text(&id, text), NULL, "ok");
    return call_json(call, 201, json_pack("{s:s}", "id", text));
}

bool push_remove_one(ApiCall *call, GError **error)
{
    Uuid id;
    Push *push = own_push(call, error);
    if (!push || !call_id(call, "device", &id, error) ||
        !push_unsubscribe(push, &call->identity.account, &id, error))
        return false;
    call_audit(call, "push-remove", call->params[0], NULL, "ok");
    return call_empty(call);
}

static bool read_quiet(const Json *body, PushChoice *choice, GError **error)
{
    const Json *quiet = json_object_get(body, "quiet");
    if (!quiet)
        return true;
    choice->quiet_from = choice->quiet_to = 0;
    if (json_is_null(quiet))
        return true;
    if (!json_is_object(quiet) || json_object_size(quiet) != 2)
        return err_set(error, ERR_INVALID, "‘quiet’ must have ‘from’ and ‘to’, or be null");
    return minute_read(quiet, "from", &choice->quiet_from, error) &&
           minute_read(quiet, "to", &choice->quiet_to, error);
}

static bool read_silent(const Json *body, PushChoice *choice, GError **error)
{
    const Json *silent = json_object_get(body, "silent");
    if (!silent)
        return true;
    if (!json_is_array(silent) || json_array_size(silent) > PUSH_KINDS_MOST)
        return err_set(error, ERR_INVALID, "‘silent’ must be a list of kinds of events");
    g_autoptr(GString) kinds = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(silent); i++) {
        const char *kind = json_string_value(json_array_get(silent, i));
        if (!kind || strchr(kind, ','))
            return err_set(error, ERR_INVALID, "‘silent’ must be a list of kinds of events");
        g_string_append_printf(kinds, "%s%s", i ? "," : "", kind);
    }
    g_free(choice->silent);
    choice->silent = g_strdup(kinds->str);
    return true;
}

static bool read_choice(const Json *body, PushChoice *choice, GError **error)
{
    int64_t after_s = choice->after_s;
    if (!json_get_int(body, "after_s", &after_s, error) ||
        !json_get_bool(body, "off_duty", &choice->off_duty, error) ||
        !read_silent(body, choice, error) || !read_quiet(body, choice, error))
        return false;
    choice->after_s = (int)CLAMP(after_s, -1, PUSH_AFTER_MOST_S + 1);
    return true;
}

bool push_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"silent", "after_s", "quiet", "off_duty", NULL};
    Push *push = own_push(call, error);
    const Json *body = push ? call_body(call, members, error) : NULL;
    if (!body)
        return false;
    PushChoice *choice = push_choice(push, &call->identity.account);
    bool done = read_choice(body, choice, error) && push_choose(push, choice, error);
    push_choice_free(choice);
    return done && answer(call, push);
}

bool push_try(ApiCall *call, GError **error)
{
    unsigned taken;
    Push *push = own_push(call, error);
    if (!push || !push_test(push, &call->identity.account, &taken, error))
        return false;
    return call_json(call, 200, json_pack("{s:i}", "taken", (int)taken));
}
