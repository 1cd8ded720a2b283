#include "api.h"

#include "ready.h"

#include <string.h>

typedef Json *(*Handler)(const Api *api, const HttpRequest *request, int *status);

static Json *refuse(int *status, int code, const char *text)
{
    *status = code;
    return json_pack("{s:s}", "error", text);
}

static const char *parameter(const HttpRequest *request, const char *name)
{
    return g_hash_table_lookup(request->query, name);
}

static Camera *camera_asked(const Api *api, const HttpRequest *request)
{
    const char *name = parameter(request, "camera");
    return name ? camera_find(api->plan->cameras, name) : NULL;
}

/* A missing parameter leaves `*value` as it is. */
static bool number_asked(const HttpRequest *request, const char *name, gint64 *value)
{
    const char *text = parameter(request, name);
    return !text || g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, value, NULL);
}

static Json *get_cameras(const Api *api, const HttpRequest *request, int *status)
{
    return json_pack("{s:o}", "cameras",
                     cameras_json(api->plan->cameras, api->host, api->rtsp_port));
}

static Json *get_sent(const Api *api, const HttpRequest *request, int *status)
{
    Camera *camera = camera_asked(api, request);
    if (!camera)
        return refuse(status, 404, "no such camera; see GET /cameras");
    const char *kind = parameter(request, "stream");
    if (kind && strcmp(kind, "main") != 0 && strcmp(kind, "sub") != 0)
        return refuse(status, 400, "stream must be main or sub");
    gint64 from_us = 0, to_us = G_MAXINT64;
    if (!number_asked(request, "from_us", &from_us) || !number_asked(request, "to_us", &to_us))
        return refuse(status, 400, "from_us and to_us must be whole numbers");
    StreamKind stream = kind && strcmp(kind, "sub") == 0 ? STREAM_SUB : STREAM_MAIN;
    return record_list(stream_record(camera->streams[stream]), from_us, to_us);
}

static Json *get_truth(const Api *api, const HttpRequest *request, int *status)
{
    const char *name = parameter(request, "scene");
    for (guint i = 0; name && i < api->plan->scenes->len; i++) {
        const Scene *scene = g_ptr_array_index(api->plan->scenes, i);
        if (strcmp(scene->name, name) == 0)
            return scene_truth(scene);
    }
    return refuse(status, 404, "no such scene; see GET /cameras");
}

static Json *post_fault(const Api *api, const HttpRequest *request, int *status)
{
    Camera *camera = camera_asked(api, request);
    if (!camera)
        return refuse(status, 404, "no such camera; see GET /cameras");
    const char *text = parameter(request, "fault");
    Fault fault;
    if (!text || !fault_parse(text, &fault))
        return refuse(status, 400,
                      "fault must be offline, disconnect, stall, freeze, black, cover, blur, "
                      "shift or none");
    gint64 seconds = 0;
    if (!number_asked(request, "seconds", &seconds) || seconds > 86400)
        return refuse(status, 400, "seconds must be 0 to 86400");
    g_autoptr(GError) error = NULL;
    if (!faults_set(api->faults, camera, fault, (unsigned)seconds, &error))
        return refuse(status, 500, error->message);
    return json_pack("{s:s, s:s, s:I}", "camera", camera->name, "fault", fault_text(fault),
                     "seconds", (json_int_t)seconds);
}

static const struct {
    const char *method, *path;
    Handler handler;
} ROUTES[] = {
    {"GET", "/cameras", get_cameras},
    {"GET", "/sent", get_sent},
    {"GET", "/truth", get_truth},
    {"POST", "/fault", post_fault},
};

Json *api_handle(void *api, const HttpRequest *request, int *status)
{
    bool path_known = false;
    for (size_t i = 0; i < G_N_ELEMENTS(ROUTES); i++) {
        if (strcmp(ROUTES[i].path, request->path) != 0)
            continue;
        path_known = true;
        if (strcmp(ROUTES[i].method, request->method) == 0)
            return ROUTES[i].handler(api, request, status);
    }
    return path_known ? refuse(status, 405, "another method is needed here")
                      : refuse(status, 404, "there are /cameras, /sent, /truth and /fault");
}
