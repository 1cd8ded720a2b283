/* What a server or a command is told when it cannot start: in one line what, why and what to do;
 * and that footage there and a server beside are none the worse. */
#include "base/clock.h"
#include "base/secret.h"
#include "cameras_api.h"
#include "footage.h"
#include "scripted_camera.h"
#include "unit.h"

#include <curl/curl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>

enum { RECORDED_MS = 10000, OWN_FOOTAGE_MS = 2500 };

typedef struct World {
    Sim sim;
    Server server; /* records on while others fail to start */
    Api api;
    char *data, *good;
    char *folder; /* with footage, its server stopped: what is tried is tried on it */
    char *camera; /* whose footage lies there */
    unsigned pictures;
} World;

static World world;

/* ---- before and after ---- */

static void record_into_folder(void)
{
    world.folder = temp_folder();
    ScriptedCamera *camera = scripted_camera_new("before", NULL);
    Server server = server_start(world.folder);
    Api api = api_open(&server);
    world.camera = api_add_camera(&api, "before", scripted_camera_url(camera), NULL, NULL);
    api_wait_recorded(&api, world.camera, RECORDED_MS);
    sleep_ms(OWN_FOOTAGE_MS);
    assert_int_equal(server_stop(&server, SIGTERM), 0);
    scripted_camera_free(camera);
    api_close(&api);
    g_auto(Footage) footage = footage_read(world.folder, world.camera);
    world.pictures = footage.pictures->len;
    assert_in_range(world.pictures, SCRIPT_FPS, 60 * SCRIPT_FPS);
}

static int set_up(void **state)
{
    world.sim = sim_start(1);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    const Json *camera = sim_camera(&world.sim, 0);
    world.good = api_add_camera(&world.api, "good", text_in(camera, "main"),
                                text_in(camera, "user"), text_in(camera, "password"));
    api_wait_recorded(&world.api, world.good, RECORDED_MS);
    record_into_folder();
    return 0;
}

static int tear_down(void **state)
{
    sim_stop(&world.sim);
    api_close(&world.api);
    remove_tree(world.folder);
    remove_tree(world.data);
    char *texts[] = {world.data, world.good, world.folder, world.camera};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    return 0;
}

/* ---- refusals ---- */

/* One line on stderr that holds these words, and nothing that only a success would print. */
static void assert_told(int status, int wanted, char *out, char *err, const char *words)
{
    g_autofree char *told = out, *line = err;
    if (status != wanted || !strstr(line, words))
        fail_msg("status %d (wanted %d): ‘%s’ does not say ‘%s’", status, wanted, line, words);
    assert_true(g_str_has_prefix(line, "vonglau: "));
    assert_string_equal(strchr(line, '\n'), "\n");
    assert_null(strstr(told, "password"));
}

#define ASSERT_REFUSED(wanted, words, ...)                                        \
    do {                                                                          \
        char *refused_out = NULL, *refused_err = NULL;                            \
        int refused = run_vonglau(&refused_out, &refused_err, __VA_ARGS__, NULL); \
        assert_told(refused, wanted, refused_out, refused_err, words);            \
    } while (0)

#define ASSERT_CONFINED(how, folder, words, ...)                                                \
    do {                                                                                        \
        char *refused_out = NULL, *refused_err = NULL;                                          \
        int refused = run_confined(how, folder, &refused_out, &refused_err, __VA_ARGS__, NULL); \
        assert_told(refused, 1, refused_out, refused_err, words);                               \
    } while (0)

static void nonsense_for_listen_is_bad_usage_and_touches_no_folder(void **state)
{
    static const struct {
        const char *listen, *words;
    } rows[] = {
        {"nonsense", "‘nonsense’ is not HOST:PORT, such as 0.0.0.0:8443"},
        {"", "‘’ is not HOST:PORT"},
        {":8443", "‘:8443’ is not HOST:PORT"},
        {"127.0.0.1:99999", "‘127.0.0.1:99999’ is not HOST:PORT"},
        {"127.0.0.1:http", "is not HOST:PORT"},
        {"vonglau.example:8443", "must be numeric, such as 0.0.0.0 or 127.0.0.1"},
        {"0.0.0.0:0", "only on 127.0.0.1, or behind a proxy"},
    };
    g_autofree char *fresh = g_build_filename(world.folder, "fresh", NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        ASSERT_REFUSED(2, rows[i].words, "serve", "--data", fresh, "--listen", rows[i].listen,
                       "--no-tls");
    ASSERT_REFUSED(2, "serve needs --data DIR", "serve");
    ASSERT_REFUSED(2, "Unknown option --colour", "serve", "--data", fresh, "--colour", "red");
    ASSERT_REFUSED(2, "--tls-cert and --tls-key go together", "serve", "--data", fresh,
                   "--tls-cert", "x.pem");
    assert_false(g_file_test(fresh, G_FILE_TEST_EXISTS));
}

static void an_address_that_is_not_of_this_machine_is_told(void **state)
{
    ASSERT_REFUSED(1, "cannot listen on 192.0.2.1 port 8443", "serve", "--data", world.folder,
                   "--listen", "192.0.2.1:8443");
}

static void a_bad_configuration_is_told_by_file_and_line_with_a_suggestion(void **state)
{
    static const struct {
        const char *yaml, *words;
    } rows[] = {
        {"cameras:\n  - name: a\n    ulr: rtsp://h/x\n",
         ".yaml:3: unknown key ‘ulr’; did you mean ‘url’?"},
        {"camras:\n  - name: a\n", ".yaml:1: unknown key ‘camras’; did you mean ‘cameras’?"},
        {"cameras:\n  - name: a\n    url: http://h/x\n", ".yaml:3: "},
        {"storage:\n  segment_minutes: 99\n", ".yaml:2: "},
        {"server:\n  listen: nonsense\n", ".yaml:2: ‘listen’: ‘nonsense’ is not HOST:PORT"},
        {"site:\n  time_zone: Asia/Hanoi\n",
         ".yaml:2: ‘time_zone’: ‘Asia/Hanoi’ is not known; use a name such as"},
        {"cameras: [\n", ".yaml:2: not valid YAML"},
    };
    g_autofree char *file = g_build_filename(world.data, "try.yaml", NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_true(g_file_set_contents(file, rows[i].yaml, -1, NULL));
        ASSERT_REFUSED(1, rows[i].words, "serve", "--data", world.folder, "--config", file,
                       "--listen", "127.0.0.1:0", "--no-tls");
    }
    ASSERT_REFUSED(1, "cannot read /nonexistent.yaml: No such file", "serve", "--data",
                   world.folder, "--config", "/nonexistent.yaml");
}

static void a_port_that_is_taken_is_told_before_anything_is_made(void **state)
{
    const char *listen = world.server.url + strlen("http://");
    g_autofree char *words = g_strdup_printf(
        "port %s on 127.0.0.1 is taken: stop the other program", strrchr(listen, ':') + 1);
    ASSERT_REFUSED(1, words, "serve", "--data", world.folder, "--listen", listen, "--no-tls");
}

static void a_data_folder_in_use_is_told(void **state)
{
    ASSERT_REFUSED(1, "is in use: stop the other server first", "serve", "--data", world.data,
                   "--listen", "127.0.0.1:0", "--no-tls");
    ASSERT_REFUSED(1, "is in use", "catalog", "rebuild", "--data", world.data);
}

/* ---- folders of a newer program ---- */

static char *file_of(const char *name)
{
    return g_build_filename(world.folder, name, NULL);
}

static void set_catalog_version(int version)
{
    g_autofree char *path = file_of("catalog.db");
    g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", version);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static int catalog_version(void)
{
    g_autofree char *path = file_of("catalog.db");
    sqlite3 *db;
    sqlite3_stmt *query;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    int version = sqlite3_column_int(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(db);
    return version;
}

#define FROM "2026-01-01T00:00:00Z"
#define TO "2026-01-01T00:01:00Z"

static void a_catalog_of_a_newer_version_is_refused_and_left_as_it_is(void **state)
{
    static const char words[] = "has version 999, this vonglau knows versions up to";
    int version = catalog_version();
    set_catalog_version(999);
    ASSERT_REFUSED(1, words, "serve", "--data", world.folder, "--listen", "127.0.0.1:0",
                   "--no-tls");
    ASSERT_REFUSED(1, words, "camera", "list", "--data", world.folder);
    ASSERT_REFUSED(1, words, "clip", "--data", world.folder, "--camera", world.camera, "--from",
                   FROM, "--to", TO, "--out", "/dev/null");
    ASSERT_REFUSED(1, words, "catalog", "rebuild", "--data", world.folder);
    assert_int_equal(catalog_version(), 999);
    set_catalog_version(version);
}

/* Replaces the first `from` in the file by `to` while `run` runs. */
static void with_changed_file(const char *name, const char *from, const char *to, void (*run)(void))
{
    g_autofree char *path = file_of(name), *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autoptr(GString) changed = g_string_new(text);
    assert_int_equal(g_string_replace(changed, from, to, 1), 1);
    assert_true(g_file_set_contents(path, changed->str, -1, NULL));
    run();
    g_autofree char *after = NULL;
    assert_true(g_file_get_contents(path, &after, NULL, NULL));
    assert_string_equal(after, changed->str);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void try_newer_volume(void)
{
    ASSERT_REFUSED(
        1, "volume.json has format 2, this vonglau knows formats up to 1: install the newer",
        "serve", "--data", world.folder, "--listen", "127.0.0.1:0", "--no-tls");
    g_autofree char *out = NULL;
    assert_int_equal(run_vonglau(&out, NULL, "verify", world.folder, NULL), 1);
    assert_non_null(strstr(out, "format 2 is not known here"));
}

static void footage_of_a_newer_format_is_refused_and_left_as_it_is(void **state)
{
    with_changed_file("footage/volume.json", "\"format\":1", "\"format\":2", try_newer_volume);
}

static void try_newer_site(void)
{
    ASSERT_REFUSED(1, "has format 7, this vonglau knows formats up to 1: install the newer",
                   "serve", "--data", world.folder, "--listen", "127.0.0.1:0", "--no-tls");
}

static void a_site_of_a_newer_format_is_refused_and_left_as_it_is(void **state)
{
    with_changed_file("site.json", "\"format\": 1", "\"format\": 7", try_newer_site);
}

/* ---- no rights ---- */

static void a_folder_of_somebody_else_is_told_with_what_to_do(void **state)
{
    ASSERT_CONFINED(CONFINED_OTHER_USER, world.folder, "run as the user that owns it, or give it",
                    "serve", "--data", world.folder, "--listen", "127.0.0.1:0", "--no-tls");
    ASSERT_CONFINED(CONFINED_OTHER_USER, world.folder, "run this as the user that owns it", "clip",
                    "--data", world.folder, "--camera", world.camera, "--from", FROM, "--to", TO,
                    "--out", "/dev/null");
    ASSERT_CONFINED(CONFINED_OTHER_USER, world.folder, "run this as the user", "verify",
                    world.folder);
    ASSERT_CONFINED(CONFINED_OTHER_USER, world.data, "run this as the user", "camera", "list",
                    "--data", world.data);
}

static void a_read_only_disk_is_told_as_that(void **state)
{
    ASSERT_CONFINED(CONFINED_READ_ONLY, world.folder,
                    "is on a disk that is mounted read-only: mount it for writing", "serve",
                    "--data", world.folder, "--listen", "127.0.0.1:0", "--no-tls");
    char *out = NULL, *err = NULL;
    int status =
        run_confined(CONFINED_READ_ONLY, world.folder, &out, &err, "verify", world.folder, NULL);
    if (status != 0) /* to check needs no right to write */
        fail_msg("%s%s", out, err);
    g_free(out);
    g_free(err);
}

/* ---- the command line ---- */

static void a_folder_that_is_none_is_told_and_not_made(void **state)
{
    static const char words[] = "is not a data folder: check --data";
    g_autofree char *fresh = g_build_filename(world.folder, "mistyped", NULL);
    ASSERT_REFUSED(1, words, "camera", "list", "--data", fresh);
    ASSERT_REFUSED(1, words, "camera", "add", "--data", fresh, "--name", "x", "--url",
                   "rtsp://127.0.0.1/x");
    ASSERT_REFUSED(1, words, "clip", "--data", fresh, "--camera", world.camera, "--from", FROM,
                   "--to", TO, "--out", "/dev/null");
    ASSERT_REFUSED(1, words, "catalog", "rebuild", "--data", fresh);
    assert_false(g_file_test(fresh, G_FILE_TEST_EXISTS));
}

static void there_is_nothing_to_verify_is_told_and_is_no_success(void **state)
{
    g_autofree char *empty = g_build_filename(world.folder, "empty", NULL);
    g_autofree char *file = g_build_filename(empty, "clip.mp4", NULL), *out = NULL;
    g_mkdir(empty, 0755);
    ASSERT_REFUSED(1, "is not a data folder, a volume", "verify", empty);
    ASSERT_REFUSED(1, "cannot check /nonexistent: No such file", "verify", "/nonexistent");
    ASSERT_REFUSED(2, "verify needs a folder or a file", "verify");
    assert_true(g_file_set_contents(file, "no footage", -1, NULL));
    assert_int_equal(run_vonglau(&out, NULL, "verify", file, NULL), 1);
    remove_tree(empty);
}

static void bad_usage_of_camera_and_clip_is_told(void **state)
{
    const char *data = world.folder;
    ASSERT_REFUSED(2, "there is no command ‘paint’; see vonglau --help", "paint");
    ASSERT_REFUSED(2, "there is no command ‘camera paint’", "camera", "paint");
    ASSERT_REFUSED(2, "camera add needs --name and --url", "camera", "add", "--data", data);
    ASSERT_REFUSED(2, "--data DIR is missing", "camera", "add", "--name", "x");
    ASSERT_REFUSED(1, "does not begin with rtsp://", "camera", "add", "--data", data, "--name", "x",
                   "--url", "http://127.0.0.1/x");
    ASSERT_REFUSED(1, "has no host, or a wrong host or port", "camera", "add", "--data", data,
                   "--name", "x", "--url", "rtsp://127.0.0.1:99999/x");
    ASSERT_REFUSED(1, "another camera is called ‘before’: choose another name", "camera", "add",
                   "--data", data, "--name", "before", "--url", "rtsp://127.0.0.1/x");
    ASSERT_REFUSED(1, "cannot read /nonexistent: No such file", "camera", "add", "--data", data,
                   "--name", "x", "--url", "rtsp://127.0.0.1/x", "--user", "u", "--password-file",
                   "/nonexistent");
    ASSERT_REFUSED(2, "camera probe needs one address: rtsp:", "camera", "probe");
    ASSERT_REFUSED(1, "does not begin with rtsp://", "camera", "probe", "ftp://127.0.0.1/x");
    ASSERT_REFUSED(1, "there is no camera ‘3f8a1c52", "camera", "edit",
                   "3f8a1c52-6f6e-4b0e-9d8e-0c6d9b1f0a11", "--name", "y", "--data", data);
    ASSERT_REFUSED(1, "there is no camera ‘x’", "camera", "remove", "x", "--data", data);
    ASSERT_REFUSED(2, "clip needs --data", "clip", "--data", data);
}

/* ---- nothing lost ---- */

static void the_folder_serves_again_and_its_footage_is_untouched(void **state)
{
    Server server = server_start(world.folder);
    assert_int_equal(server_stop(&server, SIGTERM), 0);
    g_auto(Footage) footage = footage_read(world.folder, world.camera);
    assert_int_equal(footage.pictures->len, world.pictures);
    footage_assert_in_order(&footage, "before");
    g_autofree char *out = NULL;
    if (run_vonglau(&out, NULL, "verify", world.folder, NULL) != 0)
        fail_msg("%s", out);
}

static void the_server_beside_recorded_every_picture_meanwhile(void **state)
{
    g_autoptr(Json) status = api_camera_status(&world.api, world.good);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(status, "main"), "reconnects")), 0);
    int64_t until_us = clock_wall_us() - 100000, lost_us = 0;
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
    const char *name = text_in(sim_camera(&world.sim, 0), "name");
    g_autoptr(Json) sent = sim_sent(&world.sim, name, "main");
    g_auto(Footage) footage = footage_read(world.data, world.good);
    footage_assert_in_order(&footage, name);
    const Picture *first = &g_array_index(footage.pictures, Picture, 0);
    assert_int_equal(footage_missing(&footage, sent, first->sent_us, until_us, &lost_us), 0);
}

int main(void)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nonsense_for_listen_is_bad_usage_and_touches_no_folder),
        cmocka_unit_test(an_address_that_is_not_of_this_machine_is_told),
        cmocka_unit_test(a_bad_configuration_is_told_by_file_and_line_with_a_suggestion),
        cmocka_unit_test(a_port_that_is_taken_is_told_before_anything_is_made),
        cmocka_unit_test(a_data_folder_in_use_is_told),
        cmocka_unit_test(a_catalog_of_a_newer_version_is_refused_and_left_as_it_is),
        cmocka_unit_test(footage_of_a_newer_format_is_refused_and_left_as_it_is),
        cmocka_unit_test(a_site_of_a_newer_format_is_refused_and_left_as_it_is),
        cmocka_unit_test(a_folder_of_somebody_else_is_told_with_what_to_do),
        cmocka_unit_test(a_read_only_disk_is_told_as_that),
        cmocka_unit_test(a_folder_that_is_none_is_told_and_not_made),
        cmocka_unit_test(there_is_nothing_to_verify_is_told_and_is_no_success),
        cmocka_unit_test(bad_usage_of_camera_and_clip_is_told),
        cmocka_unit_test(the_folder_serves_again_and_its_footage_is_untouched),
        cmocka_unit_test(the_server_beside_recorded_every_picture_meanwhile),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
