/* devices.c — phones bound to an officer: an admin's list and codes, and the phone's own side. */
#include "http/api/devices.h"

#include "base/digest.h"
#include "base/qr.h"
#include "base/secret.h"
#include "http/api/app_link.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "http/problem.h"
#include "notify/push.h"

/* --- an admin's side --- */

static Json *device_json(ApiCall *call, const Device *device)
{
    char id[UUID_TEXT], account[UUID_TEXT];
    Account owner = {0};
    people_account(call->api->people, &device->account, &owner);
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s}", "id", uuid_text(&device->id, id), "name", device->name,
                  "user", uuid_text(&device->account, account), "user_name", owner.name);
    json_object_set_new(json, "created", json_time(device->created_us));
    json_object_set_new(json, "last_seen", json_time(device->seen_us));
    json_object_set_new(json, "shut_out", json_time_or_null(device->shut_us));
    return json;
}

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    return device_json(call, &g_array_index((GArray *)things, Device, i));
}

bool devices_get_all(ApiCall *call, GError **error)
{
    g_autoptr(GArray) list = people_devices(call->api->people);
    return call_list(call, list->len, list_item, list, error);
}

/* What the QR code carries: the app as the admin's browser knows it. The code stands behind '#',
 * which no server and no proxy sees. Returns owned; NULL and ERR_INVALID. */
static char *enrol_link(const char *app, const char *code, GError **error)
{
    secret_auto char *rest = g_strconcat("/#enrol=", code, NULL);
    return app_link(app, rest, error);
}

bool device_make_code(ApiCall *call, GError **error)
{
    static const char *const members[] = {"user", "name", "app", NULL};
    const Json *body = call_body(call, members, error);
    const char *user = NULL, *name = NULL, *app = NULL;
    Uuid account;
    if (!body || !json_get_text(body, "user", &user, error) ||
        !json_get_text(body, "name", &name, error) || !json_get_text(body, "app", &app, error))
        return false;
    if (!user || !name || !app)
        return err_set(error, ERR_INVALID, "‘user’, ‘name’ and ‘app’ are needed");
    if (!uuid_parse(user, &account))
        return err_set(error, ERR_NOT_FOUND, "there is no account ‘%.64s’", user);
    secret_auto char *code = people_device_code(call->api->people, &account, name, error);
    secret_auto char *link = code ? enrol_link(app, code, error) : NULL;
    secret_auto char *qr = link ? qr_svg(link) : NULL;
    if (!qr)
        return false;
    call_audit(call, "device-code", user, NULL, "ok");
    Json *json = json_pack("{s:s, s:s, s:s}", "code", code, "link", link, "qr", qr);
    json_object_set_new(json, "expires", json_time(clock_now_us() + DEVICE_CODE_US));
    return call_json(call, 201, json);
}

static bool answer(ApiCall *call, const Uuid *id, const char *action, GError **error)
{
    char text[UUID_TEXT];
    Device device;
    if (!people_device(call->api->people, id, &device))
        return err_set(error, ERR_NOT_FOUND, "there is no device ‘%s’", call->params[0]);
    call_audit(call, action, uuid_text(&device.account, text), NULL, "ok");
    return call_json(call, 200, device_json(call, &device));
}

bool device_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name", NULL};
    const Json *body = call_body(call, members, error);
    const char *name = NULL;
    Uuid id;
    if (!body || !call_id(call, "device", &id, error) || !json_get_text(body, "name", &name, error))
        return false;
    if (!name)
        return err_set(error, ERR_INVALID, "‘name’ is needed");
    return people_device_rename(call->api->people, &id, name, error) &&
           answer(call, &id, "device-edit", error);
}

bool device_shut_out(ApiCall *call, GError **error)
{
    Uuid id;
    Device device;
    if (!call_id(call, "device", &id, error) || !people_device_shut(call->api->people, &id, error))
        return false;
    if (people_device(call->api->people, &id, &device))
        push_forget(call->api->push, &device.account);
    return answer(call, &id, "device-shut", error);
}

bool device_let_back(ApiCall *call, GError **error)
{
    Uuid id;
    return call_id(call, "device", &id, error) &&
           people_device_let_back(call->api->people, &id, error) &&
           answer(call, &id, "device-back", error);
}

/* --- the phone's side --- */

static bool read_hex(const Json *object, const char *name, uint8_t *bytes, size_t size,
                     GError **error)
{
    const char *text = NULL;
    return json_get_text(object, name, &text, error) &&
           ((text && hex_decode(text, bytes, size)) ||
            err_set(error, ERR_INVALID, "‘%s’ must be %zu bytes in hex", name, size));
}

bool device_enrol(ApiCall *call, GError **error)
{
    static const char *const members[] = {"code", "key", "signature", NULL};
    const Json *body = call_body(call, members, error);
    const char *code = NULL;
    uint8_t key[P256_KEY_BYTES], signature[P256_SIGNATURE_BYTES];
    char id[UUID_TEXT];
    Device device;
    GError *trouble = NULL;
    if (!body || !json_get_text(body, "code", &code, error) ||
        !read_hex(body, "key", key, sizeof key, error) ||
        !read_hex(body, "signature", signature, sizeof signature, error))
        return false;
    if (!code)
        return err_set(error, ERR_INVALID, "‘code’ is needed");
    if (people_device_enrol(call->api->people, code, key, signature, call->request->address,
                            &device, &trouble)) {
        call_audit(call, "device-enrol", uuid_text(&device.account, id), NULL, "ok");
        return call_json(call, 201, device_json(call, &device));
    }
    bool wrong = g_error_matches(trouble, ERR, ERR_DENIED);
    bool waits = g_error_matches(trouble, ERR, ERR_UNAVAILABLE);
    call_audit(call, "device-enrol", NULL, NULL, waits ? "locked-out" : "refused");
    if (!wrong && !waits) {
        g_propagate_error(error, trouble);
        return false;
    }
    problem_set(call->response, wrong ? 403 : 429, wrong ? "wrong-code" : "locked-out", "%s",
                trouble->message);
    g_error_free(trouble);
    return true;
}

bool session_challenge(ApiCall *call, GError **error)
{
    static const char *const members[] = {"device", NULL};
    const Json *body = call_body(call, members, error);
    const char *text = NULL;
    Uuid device;
    if (!body || !json_get_text(body, "device", &text, error))
        return false;
    if (!text || !uuid_parse(text, &device))
        return err_set(error, ERR_INVALID, "‘device’ must be the id of an enrolled device");
    bool signed_in = !uuid_is_nil(&call->identity.account);
    g_autofree char *challenge =
        people_challenge(call->api->people, &device, signed_in ? call->request->session : NULL);
    return call_json(call, 200, json_pack("{s:s}", "challenge", challenge));
}

bool session_prove(ApiCall *call, GError **error)
{
    static const char *const members[] = {"challenge", "signature", NULL};
    const Json *body = call_body(call, members, error);
    const char *challenge = NULL;
    uint8_t signature[P256_SIGNATURE_BYTES];
    if (!body || !json_get_text(body, "challenge", &challenge, error) ||
        !read_hex(body, "signature", signature, sizeof signature, error))
        return false;
    if (!challenge || !call->request->session)
        return err_set(error, ERR_INVALID, "a session and its ‘challenge’ are needed");
    g_autoptr(GError) refused = NULL;
    if (people_prove_device(call->api->people, call->request->session, challenge, signature,
                            &refused))
        return call_empty(call);
    call_audit(call, "device-proof", NULL, NULL, "refused");
    problem_set(call->response, 403, "wrong-proof", "%s", refused->message);
    return true;
}

bool read_proof(const Json *body, DeviceProof *proof, const DeviceProof **given, GError **error)
{
    const Json *object = json_object_get(body, "device");
    const char *id = NULL;
    *given = NULL;
    if (!object || json_is_null(object))
        return true;
    if (!json_is_object(object))
        return err_set(error, ERR_INVALID, "‘device’ must be an object");
    if (!json_get_text(object, "id", &id, error) ||
        !json_get_text(object, "challenge", &proof->challenge, error) ||
        !read_hex(object, "signature", proof->signature, sizeof proof->signature, error))
        return false;
    if (!id || !uuid_parse(id, &proof->device) || !proof->challenge)
        return err_set(error, ERR_INVALID, "‘device’ needs ‘id’, ‘challenge’ and ‘signature’");
    *given = proof;
    return true;
}

/* --- what one is told of oneself --- */

Json *own_device_json(const ApiCall *call, const char *session, Role role)
{
    bool wanted[ROLES];
    char id[UUID_TEXT];
    Device device;
    int64_t due_us;
    people_device_roles(call->api->people, wanted);
    Json *json = json_pack("{s:b}", "needed", wanted[role]);
    bool bound = session && people_session_device(call->api->people, session, &device, &due_us);
    json_object_set_new(json, "id", bound ? json_string(uuid_text(&device.id, id)) : json_null());
    json_object_set_new(json, "name", bound ? json_string(device.name) : json_null());
    json_object_set_new(json, "proof_due", bound ? json_time(due_us) : json_null());
    return json;
}
