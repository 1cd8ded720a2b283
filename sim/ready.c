#include "ready.h"

#include <stdio.h>
#include <string.h>

static const char *audio_text(Codec codec)
{
    switch (codec) {
    case CODEC_AAC:
        return "AAC";
    case CODEC_PCMA:
        return "PCMA";
    case CODEC_PCMU:
        return "PCMU";
    default:
        return "";
    }
}

/* What a client on this machine can connect to. */
static const char *reachable(const char *host)
{
    return strcmp(host, "0.0.0.0") == 0 ? "127.0.0.1" : host;
}

static Json *camera_json(const Camera *camera, unsigned index, const char *host, int rtsp_port)
{
    g_autofree char *base =
        g_strdup_printf(strchr(host, ':') ? "rtsp://[%s]:%d/%s" : "rtsp://%s:%d/%s",
                        reachable(host), rtsp_port, camera->name);
    g_autofree char *main = g_strconcat(base, "/main", NULL);
    g_autofree char *sub = g_strconcat(base, "/sub", NULL);
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "name", camera->name,
                  "main", main, "sub", sub, "user", camera->user, "password", camera->password,
                  "auth", camera_auth_text(camera->auth), "codec",
                  codec_text(camera_codec(camera, STREAM_MAIN)), "audio", audio_text(camera->audio),
                  "scene", camera->scene ? camera->scene->name : "live", "place", camera->place);
    if (camera->scene) {
        const uint32_t pictures = camera->scene->kind->pictures;
        json_object_set_new(json, "pictures", json_integer(pictures));
        json_object_set_new(json, "shift", json_integer(camera_shift(index, pictures)));
    }
    return json;
}

Json *cameras_json(const GPtrArray *cameras, const char *host, int rtsp_port)
{
    Json *list = json_array();
    for (guint i = 0; i < cameras->len; i++)
        json_array_append_new(list, camera_json(g_ptr_array_index(cameras, i), i, host, rtsp_port));
    return list;
}

void ready_print(const GPtrArray *cameras, const char *host, int rtsp_port, int http_port)
{
    g_autoptr(Json) ready =
        json_pack("{s:b, s:i, s:i, s:o}", "ready", 1, "rtsp_port", rtsp_port, "http_port",
                  http_port, "cameras", cameras_json(cameras, host, rtsp_port));
    g_autofree char *line = json_line(ready);
    puts(line);
    fflush(stdout);
}
