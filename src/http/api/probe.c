#include "http/api/probe.h"

#include "base/secret.h"
#include "camera/onvif_look.h"
#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "http/api/masked.h"
#include "http/api/onvif_json.h"
#include "http/problem.h"
#include "media/depay.h"
#include "media/rtsp_url.h"
#include "picture/picture.h"

#include <stdatomic.h>
#include <string.h>

enum { PROBES_MOST = 2, PICTURE_WIDTH_PX = 640 };
#define FIND_US (4 * SECOND_US)

static atomic_int under_way;

static Json *picture_json(const AccessUnit *unit, Json *notes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Buffer) jpeg = NULL;
    if (!unit)
        return json_null();
    if (!picture_jpeg_from_unit(unit, PICTURE_WIDTH_PX, NULL, &jpeg, &error)) {
        json_array_append_new(notes,
                              json_sprintf("the picture cannot be shown: %s", error->message));
        return json_null();
    }
    g_autofree char *text = g_base64_encode(jpeg->data, jpeg->size);
    return json_sprintf("data:image/jpeg;base64,%s", text);
}

static Json *audio_json(const CameraProbe *probe)
{
    if (probe->audio == CODEC_NONE)
        return json_null();
    return json_pack("{s:s, s:i}", "codec", codec_text(probe->audio), "sample_rate_hz",
                     probe->audio_rate_hz);
}

static Json *probe_json(const CameraProbe *probe, bool masked)
{
    const CodecParams *video = probe->video;
    Json *notes = json_array();
    for (int i = 0; i < DEPAY_NOTES; i++)
        if (probe->notes & 1u << i)
            json_array_append_new(notes, json_string(depay_note_text((DepayNote)(1u << i))));
    if (masked)
        json_array_append_new(notes, json_string("a camera there has privacy masks: no picture"));
    Json *picture = picture_json(masked ? NULL : probe->picture, notes);
    Json *json = json_pack("{s:s, s:s, s:i, s:i, s:f}", "codec", codec_text(video->codec),
                           "rfc6381", video->rfc6381, "width", video->width, "height",
                           video->height, "fps", probe->fps);
    json_object_set_new(json, "audio", audio_json(probe));
    json_object_set_new(json, "server", json_string(probe->server));
    json_object_set_new(json, "transport", json_string(probe->transport));
    json_object_set_new(json, "fingerprint", json_text_or_null(probe->fingerprint));
    json_object_set_new(json, "notes", notes);
    json_object_set_new(json, "picture", picture);
    return json;
}

bool probe_look(ApiCall *call, const CameraLook *asked, bool masked)
{
    CameraProbe probe = {0};
    CameraTrouble trouble = TROUBLE_NONE;
    g_autoptr(GError) cause = NULL;
    if (camera_probe(asked, PROBE_US, &probe, &trouble, &cause) && probe.video) {
        call_json(call, 200, probe_json(&probe, masked));
    } else {
        const char *code = camera_trouble_text(trouble);
        problem_set(call->response, 422, *code ? code : NULL, "%s",
                    cause ? cause->message : "no picture came");
        if (*probe.fingerprint)
            json_object_set_new(call->response->json, "fingerprint",
                                json_string(probe.fingerprint));
    }
    camera_probe_clear(&probe);
    return true;
}

static bool look_at_device(ApiCall *call, const char *address, const char *user,
                           const char *password)
{
    g_auto(OnvifLook) device = {0};
    g_autoptr(GError) cause = NULL;
    if (onvif_look(address, user, password, PROBE_US, &device, &cause))
        return call_json(call, 200, onvif_look_json(&device));
    problem_set(call->response, 422, onvif_trouble(cause), "%s", cause->message);
    return true;
}

bool probe_begin(GError **error)
{
    if (atomic_fetch_add(&under_way, 1) < PROBES_MOST)
        return true;
    atomic_fetch_sub(&under_way, 1);
    return err_set(error, ERR_UNAVAILABLE, "other cameras are being looked at: try again in 10 s");
}

void probe_end(void)
{
    atomic_fetch_sub(&under_way, 1);
}

/* The password of a camera that is there already, for who changes its path and does not know it;
 * it goes to the camera's own server and to no other. `*password` is returned owned, NULL when no
 * camera is named or the address holds credentials of its own. */
static bool kept_password(ApiCall *call, const char *camera, const char *address, char **password,
                          GError **error)
{
    Uuid id;
    *password = NULL;
    if (!camera)
        return true;
    if (!uuid_parse(camera, &id))
        return err_set(error, ERR_INVALID, "‘camera’ must be the id of a camera");
    g_autoptr(RtspUrl) url = rtsp_url_parse(address, NULL);
    if (!url || url->user) /* what is no address is told when it is looked at */
        return true;
    return site_camera_secret_for(call->api->site, &id, address, password, error);
}

bool camera_try(ApiCall *call, GError **error)
{
    static const char *const members[] = {"url",    "user",        "password", "sub",
                                          "camera", "fingerprint", NULL};
    const Json *body = call_body(call, members, error);
    const char *url = NULL, *user = NULL, *password = NULL, *camera = NULL, *fingerprint = NULL;
    char hex[SHA256_HEX];
    secret_auto char *kept = NULL;
    bool sub = false;
    if (!body || !json_get_text(body, "url", &url, error) ||
        !json_get_text(body, "user", &user, error) ||
        !json_get_text(body, "password", &password, error) ||
        !json_get_text(body, "camera", &camera, error) ||
        !json_get_text(body, "fingerprint", &fingerprint, error) ||
        !json_get_bool(body, "sub", &sub, error))
        return false;
    if (!url)
        return err_set(error, ERR_INVALID, "‘url’ is needed, such as rtsp://192.168.1.10/stream1");
    if (fingerprint && *fingerprint && !sha256_read(fingerprint, hex))
        return err_set(error, ERR_INVALID, "‘fingerprint’ must be a SHA-256: 64 hex digits");
    if (!kept_password(call, password ? NULL : camera, url, &kept, error)) {
        call_audit(call, "camera-probe", camera, NULL, "refused");
        return false;
    }
    const bool masked = masked_host(call, url);
    if (!probe_begin(error))
        return false;
    const char *secret = password ? password : kept;
    bool answered =
        onvif_look_takes(url)
            ? look_at_device(call, url, user, secret)
            : probe_look(call,
                         &(CameraLook){.url = url,
                                       .user = user,
                                       .password = secret,
                                       .fingerprint = fingerprint && *fingerprint ? hex : NULL},
                         masked);
    probe_end();
    call_audit(call, "camera-probe", camera, NULL, call->response->status == 200 ? "ok" : "failed");
    return answered;
}

bool cameras_find(ApiCall *call, GError **error)
{
    static const char *const members[] = {"subnet", NULL};
    const Json *body = call_body(call, members, error);
    const char *subnet = NULL;
    if (!body || !json_get_text(body, "subnet", &subnet, error) || !probe_begin(error))
        return false;
    g_autoptr(GPtrArray) found = onvif_discover(subnet && *subnet ? subnet : NULL, FIND_US, error);
    probe_end();
    if (!found)
        return false;
    Json *items = json_array();
    for (guint i = 0; i < found->len; i++)
        json_array_append_new(items, onvif_found_json(found->pdata[i]));
    call_audit(call, "camera-discover", NULL, NULL, "ok");
    return call_json(call, 200, json_pack("{s:o}", "items", items));
}
