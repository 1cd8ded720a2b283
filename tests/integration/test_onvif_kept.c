/* The ONVIF device of a camera that is added: its clock, and moving it, through a running server.
 */
#include "base/clock.h"
#include "cameras_api.h"
#include "scripted_onvif.h"
#include "unit.h"

#include <sqlite3.h>
#include <string.h>

enum { SOON_MS = 15000, OFF_S = 3600 };

typedef struct Kept {
    Server server;
    Api api;
    char *data, *id;
    ScriptedOnvif *device;
} Kept;

/* A camera that no stream comes from, with the device of `script` behind it. */
static Kept kept_of(const OnvifScript *script)
{
    Kept kept = {.data = temp_folder()};
    kept.device = scripted_onvif_new("127.0.0.1", script, false);
    kept.server = server_start(kept.data);
    kept.api = api_open(&kept.server);
    g_autoptr(Json) body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s}", "name", "x", "url", "rtsp://127.0.0.1:8554/main1?a=1&b=2",
        "onvif", scripted_onvif_url(kept.device), "user", "admin", "password", ONVIF_PASSWORD);
    kept.id = api_add(&kept.api, body);
    return kept;
}

static void kept_close(Kept *kept)
{
    api_close(&kept->api);
    server_stop(&kept->server, SIGTERM);
    scripted_onvif_free(kept->device);
    remove_tree(kept->data);
    g_free(kept->data);
    g_free(kept->id);
}

/* The camera's status once its device was reached. */
static Json *status_when_reached(const Kept *kept)
{
    for (int waited = 0; waited < SOON_MS; waited += 50) {
        Json *status = api_camera_status(&kept->api, kept->id);
        if (json_is_integer(json_object_get(status, "clock_offset_ms")))
            return status;
        json_decref(status);
        sleep_ms(50);
    }
    fail_msg("the device was not reached");
    return NULL;
}

static int post(const Kept *kept, const char *path, const char *body, char **answer)
{
    g_autofree char *url = g_strdup_printf("%s/cameras/%s%s", kept->api.url, kept->id, path);
    g_autofree char *ignored = NULL;
    size_t size = 0;
    return http_call("POST", url, kept->api.token, body, answer ? answer : &ignored, &size);
}

static int64_t number_in(const Json *json, const char *member)
{
    return json_integer_value(json_object_get(json, member));
}

static void assert_offset_s(int64_t ms, int64_t wanted_s)
{
    assert_in_range(ms - wanted_s * 1000 + 2000, 0, 4000);
}

/* ---- clock ---- */

static void the_clock_of_a_camera_is_told_and_set_by_ntp(void **state)
{
    static const OnvifScript script = {.ahead_s = OFF_S};
    Kept kept = kept_of(&script);
    g_autoptr(Json) status = status_when_reached(&kept);
    assert_offset_s(number_in(status, "clock_offset_ms"), OFF_S);
    assert_false(json_is_true(json_object_get(status, "clock_by_ntp")));
    assert_true(json_is_null(json_object_get(status, "ptz")));

    g_autofree char *out = NULL, *steps = NULL;
    assert_int_equal(run_vonglau(&out, NULL, "camera", "clock", kept.id, "--set-ntp", "192.168.1.1",
                                 "--json", "--data", kept.data, NULL),
                     0);
    g_autoptr(Json) clock = json_parse(out, strlen(out), NULL);
    assert_offset_s(number_in(clock, "clock_offset_ms"), 0);
    assert_true(json_is_true(json_object_get(clock, "clock_by_ntp")));
    g_autoptr(Json) after = api_camera_status(&kept.api, kept.id);
    assert_offset_s(number_in(after, "clock_offset_ms"), 0);
    assert_int_equal(post(&kept, "/clock", "{\"ntp\":\"ntp.xa.lan\"}", NULL), 200);
    steps = scripted_onvif_steps(kept.device);
    assert_string_equal(steps, "ntp 192.168.1.1\nntp ntp.xa.lan\n");
    assert_int_equal(post(&kept, "/clock", "{\"ntp\":\"a b<c\"}", NULL), 400);
    kept_close(&kept);
}

/* The firmware and the clock of the newest look that the catalog has; "": none. Returns owned. */
static char *kept_look(const Kept *kept, int64_t *offset_us)
{
    sqlite3 *sqlite = NULL;
    sqlite3_stmt *statement = NULL;
    char *firmware = g_strdup("");
    g_autofree char *path = g_build_filename(kept->data, "catalog.db", NULL);
    assert_int_equal(sqlite3_open_v2(path, &sqlite, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(sqlite, "SELECT firmware, offset_us FROM camera_devices", -1, &statement,
                           NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        g_free(firmware);
        firmware = g_strdup((const char *)sqlite3_column_text(statement, 0));
        *offset_us = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    sqlite3_close(sqlite);
    return firmware;
}

static void what_a_look_finds_is_kept_for_who_asks_later(void **state)
{
    static const OnvifScript script = {.ahead_s = OFF_S};
    Kept kept = kept_of(&script);
    int64_t offset_us = 0;
    g_autofree char *firmware = kept_look(&kept, &offset_us);
    for (int waited = 0; waited < SOON_MS && !*firmware; waited += 50) {
        sleep_ms(50);
        g_free(firmware);
        firmware = kept_look(&kept, &offset_us);
    }
    assert_string_equal(firmware, "2.0");
    assert_offset_s(offset_us / 1000, OFF_S);
    assert_int_equal(post(&kept, "/clock", "{\"ntp\":\"ntp.xa.lan\"}", NULL), 200);
    for (int waited = 0; waited < SOON_MS && offset_us > OFF_S * SECOND_US / 2; waited += 50) {
        sleep_ms(50);
        g_free(firmware);
        firmware = kept_look(&kept, &offset_us);
    }
    assert_offset_s(offset_us / 1000, 0);
    assert_string_equal(firmware, "2.0");
    kept_close(&kept);
}

/* ---- moving ---- */

static void assert_steps(const Kept *kept, const char *wanted, int most_ms)
{
    g_autofree char *steps = NULL;
    for (int waited = 0; waited <= most_ms; waited += 20, sleep_ms(20)) {
        g_free(steps);
        steps = scripted_onvif_steps(kept->device);
        if (strcmp(steps, wanted) == 0)
            return;
    }
    assert_string_equal(steps, wanted);
}

static void a_camera_stops_when_no_more_commands_come(void **state)
{
    static const OnvifScript script = {.ptz = true, .ahead_s = OFF_S, .told_host = "0.0.0.0"};
    Kept kept = kept_of(&script);
    g_autoptr(Json) status = status_when_reached(&kept);
    const Json *ptz = json_object_get(status, "ptz");
    assert_true(json_is_true(json_object_get(ptz, "moves")) &&
                json_is_true(json_object_get(ptz, "zooms")));

    assert_int_equal(post(&kept, "/ptz", "{\"pan\":0.5,\"ms\":1500}", NULL), 204);
    int64_t told_us = clock_mono_us();
    assert_int_equal(post(&kept, "/ptz", "{\"pan\":0.5,\"tilt\":-1,\"ms\":1500}", NULL), 204);
    assert_steps(&kept, "move 0.500 0.000 -\nmove 0.500 -1.000 -\nstop\n", SOON_MS);
    assert_true(clock_mono_us() - told_us > 1400 * 1000);
    assert_int_equal(post(&kept, "/ptz", "{\"zoom\":1}", NULL), 204);
    assert_int_equal(post(&kept, "/ptz", "{\"stop\":true}", NULL), 204);
    sleep_ms(1500);
    assert_steps(&kept, "move 0.500 0.000 -\nmove 0.500 -1.000 -\nstop\nmove - - 1.000\nstop\n",
                 SOON_MS);
    kept_close(&kept);
}

static void a_camera_goes_to_a_position_of_its_own(void **state)
{
    static const OnvifScript script = {.ptz = true, .media1_only = true, .prefix = "env"};
    Kept kept = kept_of(&script);
    g_autoptr(Json) status = status_when_reached(&kept);
    g_autofree char *url = g_strdup_printf("%s/cameras/%s/presets", kept.api.url, kept.id);
    g_autoptr(Json) presets = http_json(url, kept.api.token);
    g_autofree char *line = json_line(json_object_get(presets, "items"));
    assert_string_equal(line,
                        "[{\"token\":\"1\",\"name\":\"Cổng\"},{\"token\":\"p 2\",\"name\":\"\"}]");
    assert_int_equal(post(&kept, "/ptz", "{\"preset\":\"p 2\"}", NULL), 204);
    assert_int_equal(post(&kept, "/ptz", "{\"preset\":\"none\"}", NULL), 422);
    assert_steps(&kept, "go p 2\n", 0);
    kept_close(&kept);
}

/* One can only zoom, one can only turn; both refuse a request that names the other. */
static void a_camera_that_can_only_zoom_zooms(void **state)
{
    static const struct {
        OnvifScript script;
        const char *good, *bad, *step;
    } rows[] = {{{.ptz = true, .zoom_only = true},
                 "{\"zoom\":-0.25,\"ms\":200}",
                 "{\"pan\":1}",
                 "move - - -0.250\nstop\n"},
                {{.ptz = true, .pan_only = true},
                 "{\"pan\":-1,\"ms\":200}",
                 "{\"zoom\":1}",
                 "move -1.000 0.000 -\nstop\n"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Kept kept = kept_of(&rows[i].script);
        g_autoptr(Json) status = status_when_reached(&kept);
        const Json *ptz = json_object_get(status, "ptz");
        assert_int_equal(json_is_true(json_object_get(ptz, "moves")), rows[i].script.pan_only);
        assert_int_equal(json_is_true(json_object_get(ptz, "zooms")), rows[i].script.zoom_only);
        assert_int_equal(post(&kept, "/ptz", rows[i].good, NULL), 204);
        assert_steps(&kept, rows[i].step, SOON_MS);
        assert_int_equal(post(&kept, "/ptz", rows[i].bad, NULL), 422);
        kept_close(&kept);
    }
}

static void what_cannot_be_moved_says_so(void **state)
{
    static const OnvifScript script = {0};
    Kept kept = kept_of(&script);
    g_autoptr(Json) status = status_when_reached(&kept);
    g_autofree char *answer = NULL;
    assert_int_equal(post(&kept, "/ptz", "{\"pan\":1}", &answer), 422);
    assert_non_null(strstr(answer, "cannot be moved"));
    assert_int_equal(post(&kept, "/ptz", "{\"pan\":2}", NULL), 400);
    api_change_camera(&kept.api, kept.id, "{\"onvif\":null}");
    g_autofree char *none = NULL;
    assert_int_equal(post(&kept, "/ptz", "{\"pan\":1}", &none), 422);
    assert_non_null(strstr(none, "no ONVIF address is known"));
    kept_close(&kept);
}

/* ---- the address ---- */

static void the_password_goes_to_no_other_host(void **state)
{
    static const OnvifScript script = {0};
    Kept kept = kept_of(&script);
    g_autofree char *url = g_strdup_printf("%s/cameras/%s", kept.api.url, kept.id);
    g_autoptr(Json) problem =
        http_problem("PATCH", url, kept.api.token, "{\"onvif\":\"http://127.0.0.9/onvif\"}", 422);
    assert_string_equal(text_in(problem, "cause_code"), "password-needed");
    api_change_camera(&kept.api, kept.id, "{\"onvif\":\"http://127.0.0.1:1/onvif\"}");
    g_autoptr(Json) camera = http_json(url, kept.api.token);
    assert_string_equal(text_in(camera, "onvif"), "http://127.0.0.1:1/onvif");
    api_change_camera(&kept.api, kept.id,
                      "{\"url\":\"rtsp://127.0.0.7/a\",\"password\":\"other\"}");
    g_autoptr(Json) moved = http_json(url, kept.api.token);
    assert_string_equal(text_in(moved, "onvif"), ""); /* the old device goes with the old host */
    kept_close(&kept);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_of_a_camera_is_told_and_set_by_ntp),
        cmocka_unit_test(what_a_look_finds_is_kept_for_who_asks_later),
        cmocka_unit_test(a_camera_stops_when_no_more_commands_come),
        cmocka_unit_test(a_camera_goes_to_a_position_of_its_own),
        cmocka_unit_test(a_camera_that_can_only_zoom_zooms),
        cmocka_unit_test(what_cannot_be_moved_says_so),
        cmocka_unit_test(the_password_goes_to_no_other_host),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("onvif_kept", tests, NULL, NULL);
}
