#include "../catalog/scratch.h"
#include "config/config.h"
#include "config/nearest.h"
#include "unit.h"

#include "base/file.h"

#include <string.h>

/* Reads `text` as the configuration file; the error's message without the folder is in `*trouble`.
 */
static Config *read_text(const char *text, char **trouble)
{
    char *folder = scratch_new();
    g_autofree char *path = g_build_filename(folder, "config.yaml", NULL);
    g_autoptr(GError) error = NULL;
    assert_true(file_write_atomic(path, text, strlen(text), 0640, NULL));
    Config *config = config_read(path, &error);
    if (error)
        assert_int_equal(error->code, ERR_INVALID);
    *trouble = NULL;
    if (error) {
        const char *name = strstr(error->message, "config.yaml");
        assert_non_null(name);
        *trouble = g_strdup(name);
    }
    scratch_remove(folder);
    return config;
}

static void assert_trouble(const char *text, const char *wanted)
{
    g_autofree char *trouble = NULL;
    g_autoptr(Config) config = read_text(text, &trouble);
    assert_null(config);
    assert_string_equal(trouble, wanted);
}

static void a_whole_file_is_understood(void **state)
{
    g_autofree char *trouble = NULL;
    g_autoptr(Config) config = read_text(
        "# the commune's cameras\n"
        "site:\n  name: Xã Mường Phăng\n  time_zone: Asia/Ho_Chi_Minh\n"
        "storage:\n  footage: [/srv/a, b]\n  segment_minutes: 10\n"
        "  free_space_floor: 20 GiB\n"
        "eye:\n  view_off: true\n"
        "live:\n  transcodings: 3\n"
        "retention:\n  days: 14\n  bytes: 1.5 TB\n"
        "server:\n  listen: \"[::]:443\"\n  no_tls: false\n"
        "notify:\n  not_recorded_after: 45\n  webhook: https://sms.example/send?key=k\n"
        "locations:\n"
        "  - name: Cổng chợ\n    village: Che Căn\n    kind: market\n"
        "    latitude: 21.45\n    longitude: 103.15\n"
        "cameras:\n"
        "  - name: Cổng chợ 1\n    location: Cổng chợ\n    audio: true\n"
        "    url: rtsp://10.0.0.7/main\n    sub_url: rtsp://10.0.0.7/sub\n    record_sub: true\n"
        "    view_off: true\n"
        "    onvif: http://10.0.0.7:8000\n    connections: 16\n"
        "    heading_deg: 0\n    fov_deg: 78\n    reach_m: 45\n"
        "    user: admin\n    password_file: secrets/cho\n"
        "    retention_days: 60\n    retention_bytes: 2 GiB\n",
        &trouble);
    if (!config)
        fail_msg("%s", trouble);
    assert_string_equal(config->site.name, "Xã Mường Phăng");
    assert_int_equal(config->storage.footage_count, 2);
    assert_string_equal(config->storage.footage[0], "/srv/a");
    assert_true(g_path_is_absolute(config->storage.footage[1]));
    assert_int_equal(config->storage.segment_minutes, 10);
    assert_int_equal(config->storage.free_space_floor, UINT64_C(20) << 30);
    assert_int_equal(config->retention.bytes, UINT64_C(1500000000000));
    assert_string_equal(config->server.listen, "[::]:443");
    assert_int_equal(config->notify.not_recorded_after, 45);
    assert_string_equal(config->notify.webhook, "https://sms.example/send?key=k");
    assert_int_equal(config->live.transcodings, 3);
    assert_true(config->locations[0].latitude > 21.44);
    assert_int_equal(config->cameras_count, 1);
    assert_true(config->cameras[0].audio);
    assert_true(config->cameras[0].record_sub);
    assert_true(config->cameras[0].view_off && config->eye.view_off);
    assert_string_equal(config->cameras[0].onvif, "http://10.0.0.7:8000");
    assert_int_equal(config->cameras[0].connections, 16);
    assert_string_equal(config->cameras[0].heading_deg, "0");
    assert_int_equal(config->cameras[0].fov_deg, 78);
    assert_int_equal(config->cameras[0].reach_m, 45);
    assert_int_equal(config->cameras[0].retention_days, 60);
    assert_true(g_path_is_absolute(config->cameras[0].password_file));
    assert_int_equal(config->cameras[0].line, 29);
}

static void an_empty_file_is_all_defaults(void **state)
{
    g_autofree char *trouble = NULL;
    g_autoptr(Config) config = read_text("# nothing yet\n", &trouble);
    assert_non_null(config);
    assert_string_equal(config->server.listen, CONFIG_LISTEN_DEFAULT);
    assert_int_equal(config->storage.segment_minutes, 5);
    assert_int_equal(config->retention.days, 0);
    assert_int_equal(config->site.reason_after, CONFIG_REASON_AFTER_NOT_GIVEN);
}

static void an_unknown_key_is_told_with_line_and_the_key_that_was_meant(void **state)
{
    assert_trouble("cameras:\n  - name: a\n    ulr: rtsp://a/\n",
                   "config.yaml:3: unknown key ‘ulr’; did you mean ‘url’?");
    assert_trouble("storage:\n  segment_minuts: 5\n",
                   "config.yaml:2: unknown key ‘segment_minuts’; did you mean ‘segment_minutes’?");
    assert_trouble("go2rtc: 1\n", "config.yaml:1: unknown key ‘go2rtc’; known here: site, storage, "
                                  "retention, eye, live, server, notify, locations, cameras");
}

static void a_wrong_value_is_told_with_line_and_what_it_must_be(void **state)
{
    assert_trouble(
        "storage:\n  segment_minutes: 60\n",
        "config.yaml:2: ‘segment_minutes’ must be a whole number from 1 to 15, not ‘60’");
    assert_trouble(
        "site:\n  unmask_minutes: 121\n",
        "config.yaml:2: ‘unmask_minutes’ must be a whole number from 1 to 120, not ‘121’");
    assert_trouble("site:\n  reason_after: soon\n",
                   "config.yaml:2: ‘reason_after’ must be a whole number from 0 to 2678400, not "
                   "‘soon’");
    assert_trouble("storage:\n  free_space_floor: much\n",
                   "config.yaml:2: ‘free_space_floor’ must be a size such as 500 GiB or 2 TB, not "
                   "‘much’");
    assert_trouble("cameras:\n  - name: a\n    url: rtsp://a/\n    audio: maybe\n",
                   "config.yaml:4: ‘audio’ must be true or false, not ‘maybe’");
    assert_trouble("cameras:\n  - name: a\n    url: rtsp://a/\n    transport: tls\n",
                   "config.yaml:4: ‘transport’: ‘tls’ is not known; use auto, tcp or udp");
    assert_trouble(
        "cameras:\n  - name: a\n    url: rtsps://a/\n    fingerprint: 00:11\n",
        "config.yaml:4: ‘fingerprint’: ‘00:11’ is not the SHA-256 of a certificate: 64 hex "
        "digits; vonglau camera probe tells it");
    assert_trouble("cameras:\n  name: a\n",
                   "config.yaml:2: ‘cameras’ must be a list: one item a line, each after ‘- ’");
    assert_trouble("locations:\n  - name: a\n    kind: markt\n",
                   "config.yaml:3: ‘kind’: ‘markt’ is not a kind; did you mean ‘market’?");
    assert_trouble("locations:\n  - name: a\n    latitude: 91\n",
                   "config.yaml:3: ‘latitude’ must be degrees from -90 to 90, not ‘91’");
    assert_trouble("notify:\n  webhook: ftp://x/?key=secret\n",
                   "config.yaml:2: ‘webhook’: must be an http or https address, such as "
                   "https://example.org/hook");
    assert_trouble("cameras:\n  - name: a\n    url: rtsp://a/\n    heading_deg: 360\n",
                   "config.yaml:4: ‘heading_deg’: ‘360’ is not a whole number of degrees from 0 to "
                   "359; north is 0, east 90");
    assert_trouble("server:\n  listen: 8443\n",
                   "config.yaml:2: ‘listen’: ‘8443’ is not HOST:PORT, such as 0.0.0.0:8443 or "
                   "[::]:8443");
    assert_trouble("site:\n  time_zone: UTC+7\n",
                   "config.yaml:2: ‘time_zone’: ‘UTC+7’ is not known; use a name such as "
                   "Asia/Ho_Chi_Minh");
    assert_trouble("site:\n  time_zone: Asia/Hanoi\n",
                   "config.yaml:2: ‘time_zone’: ‘Asia/Hanoi’ is not known; use a name such as "
                   "Asia/Ho_Chi_Minh");
    assert_trouble("site:\n  name:\n",
                   "config.yaml:2: ‘name’ has no value: give one, or take the line out");
}

static void what_is_missing_or_given_twice_is_told(void **state)
{
    assert_trouble("cameras:\n  - name: a\n  - name: b\n    url: rtsp://b/\n",
                   "config.yaml:2: ‘url’ is missing in this entry of ‘cameras’");
    assert_trouble("storage:\n  segment_minutes: 5\n  segment_minutes: 6\n",
                   "config.yaml:3: ‘segment_minutes’ is given twice");
    assert_trouble("cameras:\n  - {name: a, url: \"rtsp://a/\", fov_deg: 90}\n",
                   "config.yaml:2: camera ‘a’: ‘fov_deg’ and ‘reach_m’ need ‘heading_deg’");
    assert_trouble(
        "cameras:\n  - {name: a, url: \"rtsp://a/\"}\n  - {name: a, url: \"rtsp://b/\"}\n",
        "config.yaml:3: camera ‘a’ is named twice, first on line 2");
    assert_trouble("site: {name: a}\n---\nsite: {name: b}\n",
                   "config.yaml:3: a second document begins here: put all into the first");
}

static void a_location_that_is_not_in_the_file_is_told_with_the_one_that_was_meant(void **state)
{
    assert_trouble(
        "locations:\n  - {name: Cong cho, latitude: 21, longitude: 103}\n"
        "cameras:\n  - {name: a, url: \"rtsp://a/\", location: Cong ho}\n",
        "config.yaml:4: camera ‘a’: there is no location ‘Cong ho’ under ‘locations’; did "
        "you mean ‘Cong cho’?");
}

static void a_wrong_address_is_told_without_its_password(void **state)
{
    g_autofree char *trouble = NULL;
    g_autoptr(Config) config =
        read_text("cameras:\n  - name: a\n    url: http://admin:geheim@10.0.0.7/\n", &trouble);
    assert_null(config);
    assert_true(g_str_has_prefix(trouble, "config.yaml:3: ‘url’: "));
    assert_null(strstr(trouble, "geheim"));
}

static void broken_yaml_is_told_with_its_line(void **state)
{
    g_autofree char *trouble = NULL;
    g_autoptr(Config) config = read_text("site:\n  name: \"a\n", &trouble);
    assert_null(config);
    assert_true(g_str_has_prefix(trouble, "config.yaml:3: not valid YAML: "));
}

static void a_list_that_holds_itself_is_refused(void **state)
{
    g_autofree char *trouble = NULL;
    g_autoptr(Config) config = read_text("cameras: &x\n  - *x\n", &trouble);
    assert_null(config);
}

static void a_missing_file_is_not_found(void **state)
{
    g_autoptr(GError) error = NULL;
    assert_null(config_read("/nonexistent/config.yaml", &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
}

static void the_nearest_word_is_found_only_when_it_is_near(void **state)
{
    const char *const words[] = {"name", "url", "sub_url", "password", "password_file", NULL};
    assert_string_equal(nearest_word("pasword", words), "password");
    assert_string_equal(nearest_word("nmae", words), "name");
    assert_string_equal(nearest_word("suburl", words), "sub_url");
    assert_null(nearest_word("bitrate", words));
    assert_null(nearest_word("x", words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_is_understood),
        cmocka_unit_test(an_empty_file_is_all_defaults),
        cmocka_unit_test(an_unknown_key_is_told_with_line_and_the_key_that_was_meant),
        cmocka_unit_test(a_wrong_value_is_told_with_line_and_what_it_must_be),
        cmocka_unit_test(what_is_missing_or_given_twice_is_told),
        cmocka_unit_test(a_location_that_is_not_in_the_file_is_told_with_the_one_that_was_meant),
        cmocka_unit_test(a_wrong_address_is_told_without_its_password),
        cmocka_unit_test(broken_yaml_is_told_with_its_line),
        cmocka_unit_test(a_list_that_holds_itself_is_refused),
        cmocka_unit_test(a_missing_file_is_not_found),
        cmocka_unit_test(the_nearest_word_is_found_only_when_it_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
