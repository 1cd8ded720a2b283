/* The rows of CAMERAS.md on ONVIF: each device is asked by the command line, the way a technician
 * does, or by the API of a running server. */
#include "harness.h"
#include "scripted_onvif.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

enum { HOUR_S = 3600 };

static char *folder, *password_file, *wrong_file;

typedef struct Row {
    const char *name;
    OnvifScript script;
    int64_t clock_s; /* that is to be told, minus ours */
} Row;

static const Row rows[] = {
    {"as the standard says", {0}, 0},
    {"prefix env, a clock a day off", {.prefix = "env", .ahead_s = 86400}, 86400},
    {"SOAP 1.1, faults with HTTP 200",
     {.prefix = "SOAP-ENV", .soap11 = true, .fault_status = 200, .no_services = true},
     0},
    {"the clock of 1970", {.ahead_s = -1000000000}, -1000000000},
    {"local time told as UTC", {.told_s = 7 * HOUR_S}, 7 * HOUR_S},
    {"local time told as UTC, and a clock that is off",
     {.told_s = 7 * HOUR_S, .ahead_s = -40},
     7 * HOUR_S - 40},
    {"its clock is no secret only with an account", {.clock_denied = true, .fault_status = 500}, 0},
    {"it starts anew between two questions", {.restart_s = -900000000}, -900000000},
    {"HTTP Digest in place of WS-Security", {.http_digest = true}, 0},
    {"HTTP Digest for the clock, too", {.http_digest = true, .clock_denied = true}, 0},
    {"it tells 0.0.0.0", {.told_host = "0.0.0.0"}, 0},
    {"it tells an address behind a router", {.told_host = "10.255.255.1"}, 0},
    {"profile S only", {.media1_only = true}, 0},
    {"a service at an odd path", {.media_path = "/cgi-bin/x?service=media"}, 0},
    {"only at /onvif/media, and not told", {.no_services = true, .no_media_told = true}, 0},
    {"whoever asks may", {.no_token = true}, 0},
};

static Json *probe_json(const char *url)
{
    g_autofree char *out = NULL, *err = NULL;
    int status = run_vonglau(&out, &err, "camera", "probe", url, "--user", "admin",
                             "--password-file", password_file, "--json", NULL);
    if (status != 0)
        print_error("%s", err);
    assert_int_equal(status, 0);
    assert_null(strstr(out, ONVIF_PASSWORD));
    Json *json = json_parse(out, strlen(out), NULL);
    assert_non_null(json);
    return json;
}

static const char *text(const Json *json, const char *first, const char *second)
{
    const Json *value = json_object_get(json, first);
    return json_string_value(second ? json_object_get(value, second) : value);
}

static void check(const Row *row)
{
    ScriptedOnvif *device = scripted_onvif_new("127.0.0.1", &row->script, false);
    g_autoptr(Json) json = probe_json(scripted_onvif_url(device));
    assert_string_equal(text(json, "make", NULL), "Vọng");
    assert_string_equal(text(json, "model", NULL), "Lâu 1");
    int64_t told_s = json_integer_value(json_object_get(json, "clock_offset_ms")) / 1000;
    assert_in_range(told_s - row->clock_s + 2, 0, 4);
    const Json *channel = json_array_get(json_object_get(json, "channels"), 0);
    assert_string_equal(text(channel, "main", "url"), "rtsp://127.0.0.1:8554/main1?a=1&b=2");
    assert_string_equal(text(channel, "sub", "url"), "rtsp://127.0.0.1:8554/sub1?a=1&b=2");
    assert_string_equal(text(channel, "snapshot", NULL), "http://127.0.0.1/snap.jpg");
    assert_int_equal(scripted_onvif_doubled(device), 0);
    scripted_onvif_free(device);
}

static void each_odd_device_tells_its_streams(void **state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        print_message("           %s\n", rows[i].name);
        check(&rows[i]);
    }
}

static void a_wrong_password_is_told_after_few_tries(void **state)
{
    static const OnvifScript scripts[] = {{.told_s = 7 * HOUR_S}, {.http_digest = true}};
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
        ScriptedOnvif *device = scripted_onvif_new("127.0.0.1", &scripts[i], false);
        g_autofree char *err = NULL;
        assert_int_equal(run_vonglau(NULL, &err, "camera", "probe", scripted_onvif_url(device),
                                     "--user", "admin", "--password-file", wrong_file, NULL),
                         1);
        assert_non_null(strstr(err, "refuses user or password"));
        assert_in_range(scripted_onvif_denied(device), 1, 4);
        g_autofree char *none = NULL;
        assert_int_equal(
            run_vonglau(NULL, &none, "camera", "probe", scripted_onvif_url(device), NULL), 1);
        assert_non_null(strstr(none, "wants a user and a password"));
        scripted_onvif_free(device);
    }
}

static void what_is_no_onvif_is_told_and_not_followed(void **state)
{
    static const struct {
        OnvifScript script;
        const char *told;
    } odd[] = {{{.is_html = true}, "no ONVIF"},
               {{.redirects = true}, "HTTP status 302"},
               {{.is_long = true}, "too long"}};
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        ScriptedOnvif *device = scripted_onvif_new("127.0.0.1", &odd[i].script, false);
        g_autofree char *err = NULL;
        assert_int_equal(
            run_vonglau(NULL, &err, "camera", "probe", scripted_onvif_url(device), NULL), 1);
        assert_non_null(strstr(err, odd[i].told));
        scripted_onvif_free(device);
    }
}

static void a_recorder_tells_a_channel_for_each_camera(void **state)
{
    static const OnvifScript script = {.channels = 16};
    ScriptedOnvif *device = scripted_onvif_new("127.0.0.1", &script, false);
    g_autoptr(Json) json = probe_json(scripted_onvif_url(device));
    const Json *channels = json_object_get(json, "channels");
    assert_int_equal(json_array_size(channels), 16);
    assert_string_equal(text(json_array_get(channels, 15), "main", "url"),
                        "rtsp://127.0.0.1:8554/main16?a=1&b=2");
    scripted_onvif_free(device);
}

/* 127.x.y.10: another address in each run, as others may test beside. */
static void a_device_is_found_in_a_subnet_and_by_its_host_alone(void **state)
{
    static const OnvifScript script = {.prefix = "env", .told_host = "0.0.0.0"};
    g_autofree char *host =
        g_strdup_printf("127.%d.%d.10", getpid() / 250 % 100 + 100, getpid() % 250);
    g_autofree char *subnet = g_strconcat(host, "/29", NULL);
    ScriptedOnvif *device = scripted_onvif_new(host, &script, true);
    g_autofree char *out = NULL;
    assert_int_equal(run_vonglau(&out, NULL, "camera", "discover", "--subnet", subnet, "--wait",
                                 "1", "--json", NULL),
                     0);
    g_autoptr(Json) found = json_parse(out, strlen(out), NULL);
    assert_int_equal(json_array_size(found), 1);
    const Json *one = json_array_get(found, 0);
    g_autofree char *address =
        g_strconcat(scripted_onvif_url(device), "/onvif/device_service", NULL);
    assert_string_equal(text(one, "address", NULL), address);
    assert_string_equal(text(one, "name", NULL), "Cổng");
    assert_string_equal(text(one, "model", NULL), "L1");

    g_autoptr(Json) probed = probe_json(host); /* at none of the usual ports */
    assert_string_equal(text(probed, "address", NULL), address);
    scripted_onvif_free(device);
}

static void a_subnet_that_is_none_or_too_large_is_refused(void **state)
{
    static const char *const wrong[] = {"192.168.1.1", "10.0.0.0/8", "x/24", "10.0.0.0/33"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_int_equal(run_vonglau(NULL, NULL, "camera", "discover", "--subnet", wrong[i], NULL),
                         1);
}

static void write_list(const char *path, const char *rows_text)
{
    assert_true(g_file_set_contents(path, rows_text, -1, NULL));
}

static size_t count_cameras(const Server *server, const char *token)
{
    g_autofree char *url = g_strconcat(server->url, "/api/v1/cameras?limit=200", NULL);
    g_autoptr(Json) list = http_json(url, token);
    return json_array_size(json_object_get(list, "items"));
}

/* One is asked by ONVIF, one has the address of its make, one is wrong at first. */
static void a_table_is_added_whole_or_not_at_all(void **state)
{
    static const OnvifScript script = {.channels = 4};
    ScriptedOnvif *device = scripted_onvif_new("127.0.0.1", &script, false);
    g_autofree char *data = temp_folder();
    g_autofree char *file = g_build_filename(folder, "list.csv", NULL);
    Server server = server_start(data);
    g_autofree char *token = server_token(&server);
    g_autofree char *good =
        g_strdup_printf("name,location,village,kind,host,make,channels,user,password,record-sub,"
                        "schedule,transport\n"
                        "Trụ sở,Trụ sở xã,Bản Nà,office,%s,onvif,\"2,4\",admin," ONVIF_PASSWORD
                        ",yes,daily 06:00-22:00,udp\n"
                        "Chợ,Chợ xã,Bản Nà,market,127.0.0.1:1,hikvision,1-3,admin,x,,,\n",
                        strstr(scripted_onvif_url(device), "//") + 2);
    g_autofree char *bad = g_strconcat(good, "Cổng,,,,127.0.0.1:1,acme,,,\n", NULL);
    g_autofree char *out = NULL, *again = NULL, *err = NULL;

    write_list(file, bad);
    assert_int_equal(run_vonglau(NULL, &err, "camera", "import", file, "--data", data, NULL), 1);
    assert_non_null(strstr(err, "line 4: the make ‘acme’ is not known"));
    assert_int_equal(count_cameras(&server, token), 0);

    write_list(file, good);
    assert_int_equal(
        run_vonglau(&out, NULL, "camera", "import", file, "--dry-run", "--data", data, NULL), 0);
    assert_non_null(strstr(out,
                           "line 2: Trụ sở 4  rtsp://127.0.0.1:8554/main4?a=1&b=2  sub "
                           "rtsp://127.0.0.1:8554/sub4?a=1&b=2 (recorded)  by udp  recorded daily "
                           "06:00-22:00  at Trụ sở xã (new)"));
    assert_non_null(strstr(out, "5 cameras would be added"));
    assert_int_equal(count_cameras(&server, token), 0);

    assert_int_equal(run_vonglau(NULL, NULL, "camera", "import", file, "--data", data, NULL), 0);
    assert_int_equal(count_cameras(&server, token), 5);
    g_autofree char *url = g_strconcat(server.url, "/api/v1/cameras", NULL);
    g_autoptr(Json) list = http_json(url, token);
    const Json *last = json_array_get(json_object_get(list, "items"), 4);
    assert_string_equal(text(last, "name", NULL), "Trụ sở 4");
    assert_true(json_is_true(json_object_get(last, "record_sub")));
    assert_string_equal(text(last, "schedule", NULL), "daily 06:00-22:00");
    assert_string_equal(text(last, "transport", NULL), "udp");
    assert_int_equal(run_vonglau(&again, NULL, "camera", "import", file, "--data", data, NULL), 0);
    assert_non_null(strstr(again, "0 cameras added, 5 skipped"));
    assert_int_equal(count_cameras(&server, token), 5);
    server_stop(&server, 15);
    remove_tree(data);
    scripted_onvif_free(device);
}

static void the_api_of_a_running_server_asks_the_device_too(void **state)
{
    static const OnvifScript script = {.ahead_s = 3600};
    ScriptedOnvif *device = scripted_onvif_new("127.0.0.1", &script, false);
    g_autofree char *data = temp_folder();
    Server server = server_start(data);
    g_autofree char *token = server_token(&server);
    g_autofree char *url = g_strconcat(server.url, "/api/v1/cameras/probe", NULL);
    g_autofree char *body =
        g_strdup_printf("{\"url\":\"%s\",\"user\":\"admin\",\"password\":\"" ONVIF_PASSWORD "\"}",
                        scripted_onvif_url(device));
    g_autofree char *answer = NULL;
    size_t size = 0;
    assert_int_equal(http_call("POST", url, token, body, &answer, &size), 200);
    g_autoptr(Json) json = json_parse(answer, size, NULL);
    assert_string_equal(text(json, "make", NULL), "Vọng");
    g_autofree char *wrong = g_strdup_printf(
        "{\"url\":\"%s\",\"user\":\"admin\",\"password\":\"x\"}", scripted_onvif_url(device));
    g_autoptr(Json) problem = http_problem("POST", url, token, wrong, 422);
    assert_string_equal(text(problem, "cause_code", NULL), "wrong-password");
    server_stop(&server, 15);
    remove_tree(data);
    scripted_onvif_free(device);
}

static char *write_secret(const char *name, const char *secret)
{
    char *path = g_build_filename(folder, name, NULL);
    assert_true(g_file_set_contents(path, secret, -1, NULL));
    return path;
}

int main(void)
{
    folder = temp_folder();
    password_file = write_secret("password", ONVIF_PASSWORD "\n");
    wrong_file = write_secret("wrong", "wrong\n");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_odd_device_tells_its_streams),
        cmocka_unit_test(a_wrong_password_is_told_after_few_tries),
        cmocka_unit_test(what_is_no_onvif_is_told_and_not_followed),
        cmocka_unit_test(a_recorder_tells_a_channel_for_each_camera),
        cmocka_unit_test(a_device_is_found_in_a_subnet_and_by_its_host_alone),
        cmocka_unit_test(a_subnet_that_is_none_or_too_large_is_refused),
        cmocka_unit_test(a_table_is_added_whole_or_not_at_all),
        cmocka_unit_test(the_api_of_a_running_server_asks_the_device_too),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_tree(folder);
    return failed;
}
