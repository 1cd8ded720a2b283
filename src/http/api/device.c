/* device.c — the device behind a camera, by ONVIF: its clock, and moving it. */
#include "http/api/handlers.h"
#include "http/api/pending.h"

#include "camera/onvif_steer.h"
#include "config/site.h"
#include "http/problem.h"
#include "media/onvif_address.h"
#include "media/onvif_ptz.h"

#include <string.h>

enum { MOVE_MS = 1000, SERVER_MOST = 253, PRESET_MOST = 256 };

/* What the device said is no trouble of the request's own. */
static bool answer_trouble(ApiCall *call, const GError *error)
{
    problem_set(call->response, 422,
                error->code == ERR_DENIED        ? "wrong-password"
                : error->code == ERR_UNSUPPORTED ? "not-supported"
                                                 : "no-answer",
                "%s", error->message);
    return true;
}

static bool find(ApiCall *call, Uuid *id, GError **error)
{
    if (!call->api->devices)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!call_id(call, "camera", id, error))
        return false;
    g_autoptr(CameraRow) row = site_camera_get(call->api->site, id);
    return row || err_set(error, ERR_NOT_FOUND, "there is no camera ‘%s’", call->params[0]);
}

static bool answer_done(ApiCall *call, const char *action, const GError *trouble)
{
    call_audit(call, action, call->params[0], NULL, trouble ? "failed" : "ok");
    return trouble ? answer_trouble(call, trouble) : call_empty(call);
}

/* ---- clock ---- */

static bool is_server(const char *text)
{
    g_autoptr(OnvifAddress) address = onvif_address_parse(text, NULL);
    return address && g_strcmp0(address->host, text) == 0;
}

/* At once: on the machine, or while the camera is being added. */
static bool set_clock(ApiCall *call, const Uuid *id, const char *server, GError **error)
{
    OnvifDeviceFacts facts;
    g_autoptr(GError) trouble = NULL;
    bool done = onvif_devices_set_ntp(call->api->devices, id, server, &facts, &trouble);
    call_audit(call, "camera-clock", call->params[0], NULL, done ? "ok" : "failed");
    if (!done)
        return answer_trouble(call, trouble);
    return site_clock_overtake(call->api->site, id, error) &&
           call_json(
               call, 200,
               json_pack("{s:o, s:b}", "clock_offset_ms",
                         facts.has_clock ? json_integer(facts.clock_offset_us / 1000) : json_null(),
                         "clock_by_ntp", facts.by_ntp));
}

static bool ask_for_clock(ApiCall *call, const Uuid *id, const char *server, PendingAsk *ask,
                          GError **error)
{
    OnvifDeviceFacts facts = {0};
    GError *trouble = NULL;
    onvif_devices_facts(call->api->devices, id, &facts);
    const char *before = !facts.has_clock ? "" : facts.by_ntp ? "server" : "own";
    if (site_clock_ask(call->api->site, id, before, server, ask, &trouble))
        return pending_answer(call, ask);
    pending_audit_refusal(call, call->params[0], trouble);
    g_propagate_error(error, trouble);
    return false;
}

bool camera_set_clock(ApiCall *call, GError **error)
{
    static const char *const members[] = {"ntp", "reason", NULL};
    const char *server = NULL;
    Uuid id;
    g_auto(PendingAsk) room = {0};
    PendingAsk *ask;
    const Json *body = find(call, &id, error) ? call_body(call, members, error) : NULL;
    if (!body || !json_get_text(body, "ntp", &server, error) ||
        !pending_read_ask(call, body, &room, &ask, error))
        return false;
    if (!server || strlen(server) > SERVER_MOST || !is_server(server))
        return err_set(error, ERR_INVALID,
                       "‘ntp’ must be the name or address of a time server, such as 192.168.1.1");
    return !ask || site_camera_is_being_added(call->api->site, &id)
               ? set_clock(call, &id, server, error)
               : ask_for_clock(call, &id, server, ask, error);
}

/* ---- moving ---- */

typedef struct Move {
    double pan, tilt, zoom;
    int64_t ms;
    bool stop;
    const char *preset;
} Move;

static bool read_speed(const Json *body, const char *name, double *speed, GError **error)
{
    const Json *value = json_object_get(body, name);
    *speed = json_number_value(value);
    return !value || (json_is_number(value) && *speed >= -1 && *speed <= 1) ||
           err_set(error, ERR_INVALID, "‘%s’ must be a number from -1 to 1", name);
}

static bool read_move(const Json *body, Move *move, GError **error)
{
    *move = (Move){.ms = MOVE_MS};
    if (!read_speed(body, "pan", &move->pan, error) ||
        !read_speed(body, "tilt", &move->tilt, error) ||
        !read_speed(body, "zoom", &move->zoom, error) ||
        !json_get_int(body, "ms", &move->ms, error) ||
        !json_get_bool(body, "stop", &move->stop, error) ||
        !json_get_text(body, "preset", &move->preset, error))
        return false;
    if (move->ms < STEER_LEAST_MS || move->ms > STEER_MOST_MS)
        return err_set(error, ERR_INVALID, "‘ms’ must be %d to %d", STEER_LEAST_MS, STEER_MOST_MS);
    if (move->preset && (!*move->preset || strlen(move->preset) > PRESET_MOST))
        return err_set(error, ERR_INVALID, "‘preset’ must be the token of a position");
    return true;
}

static bool is_still(const Move *move)
{
    return !(move->pan < 0 || move->pan > 0 || move->tilt < 0 || move->tilt > 0 || move->zoom < 0 ||
             move->zoom > 0);
}

bool camera_steer(ApiCall *call, GError **error)
{
    static const char *const members[] = {"pan", "tilt", "zoom", "ms", "stop", "preset", NULL};
    Move move;
    Uuid id;
    const Json *body = find(call, &id, error) ? call_body(call, members, error) : NULL;
    if (!body || !read_move(body, &move, error))
        return false;
    Steering *steering = call->api->steering;
    g_autoptr(GError) trouble = NULL;
    if (move.preset) {
        steering_go(steering, &id, move.preset, &trouble);
        return answer_done(call, "camera-preset", trouble);
    }
    if (move.stop || is_still(&move)) {
        steering_stop(steering, &id, &trouble);
        return answer_done(call, "camera-stop", trouble);
    }
    bool began = true;
    steering_move(steering, &id, move.pan, move.tilt, move.zoom, (int)move.ms, &began, &trouble);
    if (began) /* not each of the commands while a key is held */
        return answer_done(call, "camera-move", trouble);
    return trouble ? answer_trouble(call, trouble) : call_empty(call);
}

bool camera_get_presets(ApiCall *call, GError **error)
{
    Uuid id;
    if (!find(call, &id, error))
        return false;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) presets = steering_presets(call->api->steering, &id, &trouble);
    if (!presets)
        return answer_trouble(call, trouble);
    Json *items = json_array();
    for (guint i = 0; i < presets->len; i++) {
        const OnvifPreset *preset = presets->pdata[i];
        json_array_append_new(
            items, json_pack("{s:s, s:s}", "token", preset->token, "name", preset->name));
    }
    return call_json(call, 200, json_pack("{s:o}", "items", items));
}
