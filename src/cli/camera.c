/* camera.c — `vonglau camera …` */
#include "base/secret.h"
#include "camera/cameras.h"
#include "camera/onvif_look.h"
#include "cli/ask.h"
#include "cli/camera_device.h"
#include "cli/camera_import.h"
#include "cli/command.h"
#include "cli/password.h"
#include "config/site.h"

#include <stdio.h>
#include <string.h>

enum { PROBE_US = 15 * 1000 * 1000 };

typedef struct CameraOptions {
    char *data, *name, *url, *sub_url, *user, *password_file, *location, *pause, *retention,
        *fingerprint, *onvif, *connections, *schedule, *transport;
    gboolean audio, no_audio, record_sub, no_record_sub, view_off, view_on, resume, json;
} CameraOptions;

static void clear(CameraOptions *options)
{
    char *texts[] = {options->data,        options->name,     options->url,
                     options->sub_url,     options->user,     options->password_file,
                     options->location,    options->pause,    options->retention,
                     options->fingerprint, options->onvif,    options->connections,
                     options->schedule,    options->transport};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CameraOptions, clear)

/* How many of the options below a command takes. */
typedef enum OptionCount {
    OPTIONS_ASK = 2,
    OPTIONS_DESCRIBE = 20,
    OPTIONS_CHANGE = 22
} OptionCount;

/* `arguments`: how many the command takes beside its options. */
static bool parse(CameraOptions *options, OptionCount count, int arguments, const char *synopsis,
                  const char *about, int *argc, char ***argv, int *status)
{
    GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &options->data, "Data folder", "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Answer as JSON", NULL},
        {"name", 0, 0, G_OPTION_ARG_STRING, &options->name, "What people call it", "NAME"},
        {"url", 0, 0, G_OPTION_ARG_STRING, &options->url, "Address of the main stream", "RTSP"},
        {"sub-url", 0, 0, G_OPTION_ARG_STRING, &options->sub_url,
         "Address of the small stream; \"\" for none", "RTSP"},
        {"user", 0, 0, G_OPTION_ARG_STRING, &options->user, "User of the camera", "NAME"},
        {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file,
         "File with the password in its first line; - reads it from the input", "FILE"},
        {"location", 0, 0, G_OPTION_ARG_STRING, &options->location, "Location it stands at", "ID"},
        {"audio", 0, 0, G_OPTION_ARG_NONE, &options->audio, "Record sound too", NULL},
        {"no-audio", 0, 0, G_OPTION_ARG_NONE, &options->no_audio, "Do not record sound", NULL},
        {"record-sub", 0, 0, G_OPTION_ARG_NONE, &options->record_sub, "Record the small stream too",
         NULL},
        {"no-record-sub", 0, 0, G_OPTION_ARG_NONE, &options->no_record_sub,
         "Do not record the small stream", NULL},
        {"view-off", 0, 0, G_OPTION_ARG_NONE, &options->view_off,
         "Do not tell when its view is covered, moved or the like", NULL},
        {"view-on", 0, 0, G_OPTION_ARG_NONE, &options->view_on, "Tell it again", NULL},
        {"onvif", 0, 0, G_OPTION_ARG_STRING, &options->onvif,
         "Address of its ONVIF service; \"\" for none", "HTTP"},
        {"connections", 0, 0, G_OPTION_ARG_STRING, &options->connections,
         "Connections that its host takes at once; 0: not known", "N"},
        {"schedule", 0, 0, G_OPTION_ARG_STRING, &options->schedule,
         "When to record: always, event 10s, or such as \"mon-fri 06:00-22:00; sat,sun "
         "00:00-24:00\"",
         "WHEN"},
        {"retention-days", 0, 0, G_OPTION_ARG_STRING, &options->retention,
         "Days to keep its footage; 0: as the site", "N"},
        {"transport", 0, 0, G_OPTION_ARG_STRING, &options->transport,
         "How its pictures come: auto, tcp or udp", "WAY"},
        {"fingerprint", 0, 0, G_OPTION_ARG_STRING, &options->fingerprint,
         "SHA-256 of its certificate, as camera probe tells it; \"\" for none", "HEX"},
        {"pause", 0, 0, G_OPTION_ARG_STRING, &options->pause, "Stop recording, and why", "REASON"},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &options->resume, "Record again", NULL},
        {NULL}};
    entries[count] = (GOptionEntry){NULL};
    if (!command_options(synopsis, about, entries, argc, argv, status))
        return false;
    int name = (int)strcspn(synopsis, "-[I");
    if (!options->data)
        *status = command_usage("--data DIR is missing; see vonglau %.*s--help", name, synopsis);
    else if (*argc > 1 + arguments)
        *status = command_usage("‘%s’ is one word too many: texts with spaces stand in quotes; "
                                "see vonglau %.*s--help",
                                (*argv)[1 + arguments], name, synopsis);
    else if (*argc < 1 + arguments)
        *status = command_usage("which camera? give its id; vonglau camera list shows them");
    else
        return true;
    return false;
}

static void set_text(Json *body, const char *name, const char *value)
{
    if (value)
        json_object_set_new(body, name, json_string(value));
}

static bool set_number(Json *body, const char *name, const char *text, guint64 most, GError **error)
{
    guint64 number;
    if (!text)
        return true;
    if (!g_ascii_string_to_unsigned(text, 10, 0, most, &number, error))
        return false;
    json_object_set_new(body, name, json_integer((json_int_t)number));
    return true;
}

static Json *body_of(const CameraOptions *options, GError **error)
{
    g_autoptr(Json) body = json_object();
    set_text(body, "name", options->name);
    set_text(body, "url", options->url);
    set_text(body, "sub_url", options->sub_url);
    set_text(body, "user", options->user);
    set_text(body, "location", options->location);
    set_text(body, "fingerprint", options->fingerprint);
    set_text(body, "onvif", options->onvif);
    set_text(body, "transport", options->transport);
    set_text(body, "pause_reason", options->pause);
    set_text(body, "schedule", options->schedule);
    if (options->audio || options->no_audio)
        json_object_set_new(body, "audio", json_boolean(options->audio));
    if (options->record_sub || options->no_record_sub)
        json_object_set_new(body, "record_sub", json_boolean(options->record_sub));
    if (options->view_off || options->view_on)
        json_object_set_new(body, "view_off", json_boolean(options->view_off));
    if (options->pause || options->resume)
        json_object_set_new(body, "paused", json_boolean(!options->resume));
    if (!set_number(body, "retention_days", options->retention, 3650, error) ||
        !set_number(body, "connections", options->connections, CAMERA_CONNECTIONS_MOST, error))
        return NULL;
    if (options->password_file) {
        secret_auto char *password = password_from_file(options->password_file, error);
        if (!password)
            return NULL;
        set_text(body, "password", password);
    }
    return g_steal_pointer(&body);
}

static void print_json(const Json *value)
{
    g_autofree char *line = json_line(value);
    puts(line);
}

static int camera_add(int argc, char **argv)
{
    g_auto(CameraOptions) options = {0};
    g_autoptr(GError) error = NULL;
    int status;
    if (!parse(&options, OPTIONS_DESCRIBE, 0,
               "camera add --name N --url RTSP [--sub-url RTSP] [--user U --password-file F] "
               "[--location ID] [--record-sub] [--schedule WHEN] --data DIR",
               "Adds a camera and prints its id; recording begins at once.", &argc, &argv, &status))
        return status;
    if (!options.name || !options.url)
        return command_usage("camera add needs --name and --url; see vonglau camera add --help");
    g_autoptr(Json) body = body_of(&options, &error);
    g_autoptr(Json) made =
        body ? ask(options.data, API_POST, "/api/v1/cameras", body, &error) : NULL;
    if (!made)
        return command_fail(error);
    if (options.json)
        print_json(made);
    else
        puts(json_string_value(json_object_get(made, "id")));
    return EXIT_OK;
}

static void print_camera(const Json *camera)
{
    const Json *status = json_object_get(camera, "status");
    const char *state = json_string_value(json_object_get(status, "state"));
    const char *cause = json_string_value(json_object_get(status, "cause"));
    printf("%s  %-10s  %s  %s%s%s\n", json_string_value(json_object_get(camera, "id")),
           state ? state : "-", json_string_value(json_object_get(camera, "name")),
           json_string_value(json_object_get(camera, "url")), cause && *cause ? "  " : "",
           cause ? cause : "");
}

static int camera_list(int argc, char **argv)
{
    g_auto(CameraOptions) options = {0};
    g_autoptr(GError) error = NULL;
    int status;
    if (!parse(&options, OPTIONS_ASK, 0, "camera list [--json] --data DIR",
               "Lists id, state, name, address and what is wrong.", &argc, &argv, &status))
        return status;
    g_autoptr(Json) list = ask_list(options.data, "/api/v1/cameras", &error);
    if (!list)
        return command_fail(error);
    if (options.json) {
        print_json(list);
        return EXIT_OK;
    }
    size_t index;
    Json *camera;
    json_array_foreach(list, index, camera) print_camera(camera);
    return EXIT_OK;
}

static int change(int argc, char **argv, ApiMethod method, const char *synopsis, const char *about)
{
    g_auto(CameraOptions) options = {0};
    g_autoptr(GError) error = NULL;
    int status;
    OptionCount count = method == API_PATCH ? OPTIONS_CHANGE : OPTIONS_ASK;
    if (!parse(&options, count, 1, synopsis, about, &argc, &argv, &status))
        return status;
    g_autofree char *id = g_uri_escape_string(argv[1], NULL, FALSE);
    g_autofree char *path = g_strconcat("/api/v1/cameras/", id, NULL);
    g_autoptr(Json) body = method == API_PATCH ? body_of(&options, &error) : NULL;
    if (method == API_PATCH && !body)
        return command_fail(error);
    g_autoptr(Json) answer = ask(options.data, method, path, body, &error);
    if (!answer)
        return command_fail(error);
    if (options.json)
        print_json(answer);
    return EXIT_OK;
}

static int camera_edit(int argc, char **argv)
{
    return change(argc, argv, API_PATCH, "camera edit ID [--name N] [--url RTSP] … --data DIR",
                  "Changes what is given; other cameras go on undisturbed.");
}

static int camera_remove(int argc, char **argv)
{
    return change(argc, argv, API_DELETE, "camera remove ID --data DIR",
                  "Stops recording it. Its footage stays until its days are over.");
}

static void print_probe(const CameraProbe *probe, bool json)
{
    if (json) {
        g_autoptr(Json) facts =
            json_pack("{s:s, s:s, s:i, s:i, s:f, s:s, s:s, s:s, s:s}", "codec",
                      codec_text(probe->video->codec), "rfc6381", probe->video->rfc6381, "width",
                      probe->video->width, "height", probe->video->height, "fps", probe->fps,
                      "audio", codec_text(probe->audio), "server", probe->server, "fingerprint",
                      probe->fingerprint, "transport", probe->transport);
        print_json(facts);
        return;
    }
    printf("%s %d×%d", codec_text(probe->video->codec), probe->video->width, probe->video->height);
    if (probe->fps > 0)
        printf(", %.3g pictures/s", probe->fps);
    printf(", sound: %s", codec_text(probe->audio));
    if (*probe->server)
        printf(", server: %s", probe->server);
    printf(", by %s", probe->transport);
    if (*probe->fingerprint)
        printf("\ncertificate: %s", probe->fingerprint);
    putchar('\n');
}

static int camera_probe_command(int argc, char **argv)
{
    g_autofree char *user = NULL, *password_file = NULL, *fingerprint = NULL, *transport = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"user", 0, 0, G_OPTION_ARG_STRING, &user, "User of the camera", "NAME"},
        {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
         "File with the password in its first line; - reads it from the input", "FILE"},
        {"fingerprint", 0, 0, G_OPTION_ARG_STRING, &fingerprint,
         "SHA-256 of the certificate to accept", "HEX"},
        {"transport", 0, 0, G_OPTION_ARG_STRING, &transport,
         "How its pictures are to come: auto, tcp or udp", "WAY"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Answer as JSON", NULL},
        {NULL}};
    int status;
    if (!command_options(
            "camera probe ADDRESS [--user U --password-file F] [--fingerprint HEX] "
            "[--transport WAY] [--json]",
            "Connects to an RTSP address and tells what the camera sends; a host or an "
            "http address is asked by ONVIF for its streams.",
            entries, &argc, &argv, &status))
        return status;
    if (argc != 2)
        return command_usage("camera probe needs one address: rtsp://…, http://… or a host");
    char accepted[SHA256_HEX];
    if (fingerprint && !sha256_read(fingerprint, accepted))
        return command_usage("--fingerprint must be a SHA-256: 64 hex digits");
    const char *const ways[] = {"auto", "tcp", "udp", NULL};
    if (transport && !g_strv_contains(ways, transport))
        return command_usage("--transport must be auto, tcp or udp");
    g_autoptr(GError) error = NULL;
    secret_auto char *password = password_file ? password_from_file(password_file, &error) : NULL;
    if (password_file && !password)
        return command_fail(error);
    if (onvif_look_takes(argv[1]))
        return camera_probe_device(argv[1], user, password, json);
    CameraProbe probe;
    CameraTrouble trouble;
    const CameraLook look = {.url = argv[1],
                             .user = user,
                             .password = password,
                             .fingerprint = fingerprint ? accepted : NULL,
                             .transport = camera_transport(transport)};
    if (!camera_probe(&look, PROBE_US, &probe, &trouble, &error))
        return command_fail(error);
    print_probe(&probe, json);
    camera_probe_clear(&probe);
    return EXIT_OK;
}

static void print_clock(const Json *clock)
{
    const Json *offset = json_object_get(clock, "clock_offset_ms");
    const char *by = json_is_true(json_object_get(clock, "clock_by_ntp")) ? ", set by NTP" : "";
    if (json_is_integer(offset))
        printf("%.1f s against this server%s\n", (double)json_integer_value(offset) / 1000, by);
    else
        puts("not known: the camera tells no time, or no ONVIF address of it is known");
}

static int camera_clock(int argc, char **argv)
{
    g_autofree char *data = NULL, *server = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder", "DIR"},
        {"set-ntp", 0, 0, G_OPTION_ARG_STRING, &server,
         "Let the camera take its time from this server", "HOST"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Answer as JSON", NULL},
        {NULL}};
    int status;
    if (!command_options("camera clock ID [--set-ntp HOST] [--json] --data DIR",
                         "Tells by how much a camera's clock is off, or sets its time server.",
                         entries, &argc, &argv, &status))
        return status;
    if (argc != 2 || !data)
        return command_usage("camera clock needs one id and --data; see vonglau camera clock "
                             "--help");
    g_autoptr(GError) error = NULL;
    g_autofree char *id = g_uri_escape_string(argv[1], NULL, FALSE);
    g_autofree char *path =
        g_strconcat("/api/v1/cameras/", id, server ? "/clock" : "/status", NULL);
    g_autoptr(Json) body = server ? json_pack("{s:s}", "ntp", server) : NULL;
    g_autoptr(Json) answer = ask(data, server ? API_POST : API_GET, path, body, &error);
    if (!answer)
        return command_fail(error);
    g_autoptr(Json) clock =
        json_pack("{s:O, s:O}", "clock_offset_ms", json_object_get(answer, "clock_offset_ms"),
                  "clock_by_ntp", json_object_get(answer, "clock_by_ntp"));
    if (json)
        print_json(clock);
    else
        print_clock(clock);
    return EXIT_OK;
}

int command_camera(int argc, char **argv)
{
    static const Command table[] = {
        {"add", camera_add, "add a camera; prints its id"},
        {"list", camera_list, "list the cameras with their states"},
        {"edit", camera_edit, "change a camera, pause or resume it"},
        {"remove", camera_remove, "stop recording a camera"},
        {"clock", camera_clock, "tell a camera's clock, or set its time server"},
        {"import", camera_import, "add the cameras of a table"},
        {"discover", camera_discover, "look for cameras on the network"},
        {"probe", camera_probe_command, "look at an address without adding it"},
    };
    return command_dispatch("camera ", table, G_N_ELEMENTS(table), argc - 1, argv + 1);
}
