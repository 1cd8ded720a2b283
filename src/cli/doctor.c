/* doctor.c — `vonglau doctor`: what is wrong with this installation, and what to do. */
#include "base/clock.h"
#include "base/time_text.h"
#include "cli/command.h"
#include "cli/doctor_machine.h"
#include "http/control.h"

#include <string.h>

/* Footage that is older is late; a camera's clock that is off by more shows wrong times in its
 * picture. */
#define LATE_US (60 * SECOND_US)
enum { OFF_MS = 2000 };

static const char *text_of(const Json *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- the server ---- */

/* Returns whether one runs. */
static bool tell_server(DoctorReport *report, const char *data)
{
    int status = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) health = control_call(data, API_GET, "/healthz", NULL, &status, &error);
    if (!health) {
        bool off = g_error_matches(error, ERR, ERR_UNAVAILABLE);
        doctor_tell(report, DOCTOR_PROBLEM, "server", "%s",
                    off ? "not running: nothing is recorded; start it (systemctl start vonglau)"
                        : error->message);
        return false;
    }
    const Json *cameras = json_object_get(health, "cameras");
    int wanted = (int)json_integer_value(json_object_get(cameras, "wanted"));
    int recording = (int)json_integer_value(json_object_get(cameras, "recording"));
    if (status == 503)
        doctor_tell(report, DOCTOR_PROBLEM, "server", "running, but %s",
                    text_of(health, "problem"));
    else
        doctor_tell(report, DOCTOR_OK, "server", "running; %d of %d cameras are being recorded",
                    recording, wanted);
    return true;
}

/* ---- cameras ---- */

static void tell_clock(DoctorReport *report, const Json *camera, const Json *status)
{
    const Json *offset = json_object_get(status, "clock_offset_ms");
    int64_t off_ms = json_integer_value(offset);
    if (json_is_integer(offset) && (off_ms > OFF_MS || off_ms < -OFF_MS))
        doctor_tell(
            report, DOCTOR_WARNING, "camera",
            "‘%s’: its clock is off by %.1f s: give it a time server in the app (footage has "
            "our time; the text in the picture is wrong)",
            text_of(camera, "name"), (double)off_ms / 1000);
}

static void tell_camera(DoctorReport *report, const Json *camera)
{
    int64_t durable_us = 0, now_us = clock_now_us();
    const Json *status = json_object_get(camera, "status");
    const char *name = text_of(camera, "name"), *cause = text_of(status, "cause");
    bool known = time_parse(text_of(status, "durable"), &durable_us);
    bool on_events = g_str_has_prefix(text_of(camera, "schedule"), "event");
    if (json_is_true(json_object_get(camera, "paused")))
        doctor_tell(report, DOCTOR_OK, "camera", "‘%s’: paused", name);
    else if (json_is_false(json_object_get(status, "should_record")) && on_events && *cause)
        doctor_tell(report, DOCTOR_PROBLEM, "camera", "‘%s’: no event could be recorded: %s", name,
                    cause);
    else if (json_is_false(json_object_get(status, "should_record")) && on_events)
        doctor_tell(report, DOCTOR_OK, "camera", "‘%s’: %s, waits for an event to be recorded",
                    name, text_of(status, "state"));
    else if (json_is_false(json_object_get(status, "should_record")))
        doctor_tell(report, DOCTOR_OK, "camera", "‘%s’: its schedule asks for no footage now",
                    name);
    else if (!known || now_us - durable_us > LATE_US)
        doctor_tell(report, DOCTOR_PROBLEM, "camera", "‘%s’: not recorded%s%s: %s", name,
                    known ? " since " : "", known ? text_of(status, "durable") : "",
                    *cause ? cause : "pictures come, but none reaches the disk");
    else
        doctor_tell(report, DOCTOR_OK, "camera",
                    "‘%s’: %s, newest footage on disk is %.1f s old, %.1f pictures/s", name,
                    text_of(status, "state"), (double)(now_us - durable_us) / 1e6,
                    json_number_value(json_object_get(status, "fps")));
    tell_clock(report, camera, status);
}

static int64_t bps_of(const Json *camera)
{
    const Json *status = json_object_get(camera, "status");
    const Json *sub = json_object_get(status, "sub");
    int64_t bps = json_integer_value(json_object_get(status, "bitrate_bps"));
    if (json_is_true(json_object_get(camera, "record_sub")))
        bps += json_integer_value(json_object_get(sub, "bitrate_bps"));
    return bps;
}

/* Returns what is recorded a day at the present rate. */
static int64_t tell_cameras(DoctorReport *report, const char *data)
{
    size_t i;
    int status = 0;
    Json *camera;
    int64_t bps = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) page =
        control_call(data, API_GET, "/api/v1/cameras?limit=1000", NULL, &status, &error);
    if (!page || status != 200) {
        doctor_tell(report, DOCTOR_PROBLEM, "camera", "cannot be asked for: %s",
                    error ? error->message : text_of(page, "detail"));
        return 0;
    }
    json_array_foreach(json_object_get(page, "items"), i, camera)
    {
        tell_camera(report, camera);
        bps += bps_of(camera);
    }
    return bps / 8 * (DAY_US / SECOND_US);
}

/* ---- the webhook ---- */

static void tell_webhook(DoctorReport *report, const char *data)
{
    int status = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) told = control_call(data, API_GET, "/api/v1/notify", NULL, &status, &error);
    if (!told || status != 200) {
        doctor_tell(report, DOCTOR_PROBLEM, "webhook", "cannot be asked for: %s",
                    error ? error->message : text_of(told, "detail"));
        return;
    }
    if (json_is_null(json_object_get(told, "webhook"))) {
        doctor_tell(report, DOCTOR_OK, "webhook",
                    "none is set: trouble is told in the log and in open apps only");
        return;
    }
    g_autoptr(Json) body = json_object();
    g_autoptr(Json) answer =
        control_call(data, API_POST, "/api/v1/notify/test", body, &status, &error);
    if (answer && status == 204)
        doctor_tell(report, DOCTOR_OK, "webhook", "%s took a test message",
                    text_of(told, "webhook"));
    else
        doctor_tell(report, DOCTOR_PROBLEM, "webhook", "a test message did not arrive: %s",
                    error ? error->message : text_of(answer, "detail"));
}

/* ---- the command ---- */

/* A file that does not fit is a problem; the server then runs by what it read at its start. */
static Config *read_config(DoctorReport *report, const DataFolder *folder, const char *file)
{
    g_autoptr(GError) error = NULL;
    const char *path = file ? file : folder->config;
    if (!file && !g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    Config *config = config_read(path, &error);
    if (config)
        doctor_tell(report, DOCTOR_OK, "configuration", "%s is well", path);
    else
        doctor_tell(report, DOCTOR_PROBLEM, "configuration", "%s", error->message);
    return config;
}

static void look(DoctorReport *report, const DataFolder *folder, const char *file)
{
    int64_t bytes_a_day = 0;
    g_autoptr(Config) config = read_config(report, folder, file);
    bool runs = tell_server(report, folder->path);
    doctor_clock(report);
    doctor_rights(report, folder);
    if (runs)
        bytes_a_day = tell_cameras(report, folder->path);
    doctor_disks(report, folder, config, bytes_a_day);
    doctor_certificate(report, folder, config);
    if (runs)
        tell_webhook(report, folder->path);
}

int command_doctor(int argc, char **argv)
{
    g_autofree char *data = NULL, *file = NULL;
    gboolean as_json = FALSE;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder", "DIR"},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &file,
         "YAML file (default DIR/config.yaml, if any)", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON", NULL},
        {NULL}};
    int status;
    if (!command_options(
            "doctor --data DIR [--config FILE] [--json]",
            "Says what is wrong with this installation, and what to do: clock, rights, "
            "disks, cameras, certificate, webhook (which gets a test message).",
            entries, &argc, &argv, &status))
        return status;
    if (!data || argc > 1)
        return command_usage("doctor needs --data DIR; see vonglau doctor --help");
    g_autoptr(DataFolder) folder = data_folder_paths(data);
    g_autoptr(GError) error = NULL;
    if (!data_folder_check(folder, &error))
        return command_fail(error);
    DoctorReport report = {.lines = json_array()};
    look(&report, folder, file);
    doctor_print(&report, as_json);
    json_decref(report.lines);
    return report.worst == DOCTOR_PROBLEM ? EXIT_FAILED : EXIT_OK;
}
