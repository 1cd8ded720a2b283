/* The catalog is deleted and made anew from the files, or a backup is restored on an empty machine:
 * what cannot be made again is still there. */
#include "base/secret.h"
#include "harness.h"
#include "unit.h"

#include <curl/curl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { CAMERAS = 8, RUNNING_WITHIN_MS = 15000, STEP_MS = 100 };

typedef struct World {
    Sim sim;
    Server server;
    char *data;
    char *password_file, *admin_password;
    char *token, *village_token; /* of the API */
    char *camera, *location;
} World;

/* One that asks for a password. */
static const Json *guarded_camera(const Sim *sim)
{
    for (int i = 0; i < CAMERAS; i++)
        if (*json_string_value(json_object_get(sim_camera(sim, i), "password")))
            return sim_camera(sim, i);
    fail_msg("the simulator has no camera with a password");
    return NULL;
}

static char *id_of(const char *text)
{
    g_autoptr(Json) json = json_parse(text, strlen(text), NULL);
    return g_strdup(json_string_value(json_object_get(json, "id")));
}

static char *url_of(const World *world, const char *path)
{
    return g_strconcat(world->server.url, "/api/v1", path, NULL);
}

static char *make_token(const World *world, const char *role, const char *village)
{
    char *token = NULL;
    assert_int_equal(run_vonglau(&token, NULL, "token", "create", "--data", world->data, "--role",
                                 role, "--purpose", "test", village ? "--village" : NULL, village,
                                 NULL),
                     0);
    return token;
}

static void put_site(World *world)
{
    g_autofree char *locations = url_of(world, "/locations"), *made = NULL;
    world->token = make_token(world, "admin", NULL);
    assert_int_equal(http_call("POST", locations, world->token,
                               "{\"name\":\"Chợ\",\"village\":\"Bản Bua\",\"kind\":\"market\","
                               "\"latitude\":21.45,\"longitude\":103.15}",
                               &made, NULL),
                     201);
    world->location = id_of(made);
    world->village_token = make_token(world, "village-head", "Bản Bua");
    const Json *camera = guarded_camera(&world->sim);
    const char *password = json_string_value(json_object_get(camera, "password"));
    g_assert(g_file_set_contents(world->password_file, password, -1, NULL));
    assert_int_equal(
        run_vonglau(&world->camera, NULL, "camera", "add", "--data", world->data, "--name",
                    "Cổng chợ", "--url", json_string_value(json_object_get(camera, "main")),
                    "--user", json_string_value(json_object_get(camera, "user")), "--password-file",
                    world->password_file, "--location", world->location, NULL),
        0);
    g_assert(g_file_set_contents(world->password_file, "a good password\n", -1, NULL));
    assert_int_equal(run_vonglau(NULL, NULL, "user", "add", "lan", "--data", world->data, "--role",
                                 "officer", "--password-file", world->password_file, NULL),
                     0);
}

static void wait_until_recorded(const World *world)
{
    g_autofree char *path = g_strdup_printf("/cameras/%s/status", world->camera);
    g_autofree char *url = url_of(world, path);
    for (int waited = 0; waited < RUNNING_WITHIN_MS; waited += STEP_MS) {
        g_autoptr(Json) status = http_json(url, world->token);
        if (json_is_true(json_object_get(status, "recording")))
            return;
        sleep_ms(STEP_MS);
    }
    fail_msg("the camera was not recorded within 15 s");
}

static int sign_in(const World *world, const char *name, const char *password)
{
    g_autofree char *url = url_of(world, "/session");
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    return http_call("POST", url, NULL, body, NULL, NULL);
}

static void lose_catalog(const World *world)
{
    static const char *const names[] = {"catalog.db", "catalog.db-wal", "catalog.db-shm"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(world->data, names[i], NULL);
        g_unlink(path);
    }
}

static void look_at_camera(const World *world)
{
    g_autofree char *path = g_strdup_printf("/cameras/%s", world->camera);
    g_autofree char *url = url_of(world, path);
    g_autoptr(Json) camera = http_json(url, world->village_token);
    assert_string_equal(json_string_value(json_object_get(camera, "name")), "Cổng chợ");
    assert_string_equal(json_string_value(json_object_get(camera, "location")), world->location);
    assert_true(json_is_true(json_object_get(camera, "has_password")));
    g_autofree char *place = g_strdup_printf("/locations/%s", world->location);
    g_autofree char *place_url = url_of(world, place);
    g_autoptr(Json) location = http_json(place_url, world->token);
    assert_string_equal(json_string_value(json_object_get(location, "village")), "Bản Bua");
}

/* A world in which something is recorded, into these volumes of the data folder, or its own. */
static World begin_with(const char *const *volumes)
{
    World world = {.sim = sim_start(CAMERAS), .data = temp_folder()};
    g_autoptr(GString) config = g_string_new(volumes ? "storage:\n  footage:\n" : "");
    for (; volumes && *volumes; volumes++)
        g_string_append_printf(config, "    - %s/%s\n", world.data, *volumes);
    g_autofree char *file = g_build_filename(world.data, "config.yaml", NULL);
    g_assert(config->len == 0 || g_file_set_contents(file, config->str, -1, NULL));
    world.password_file = g_build_filename(world.data, "password", NULL);
    world.server = server_start(world.data);
    world.admin_password = g_strdup(world.server.password);
    put_site(&world);
    wait_until_recorded(&world);
    return world;
}

static World begin(void)
{
    return begin_with(NULL);
}

static void end(World *world)
{
    assert_int_equal(server_stop(&world->server, SIGTERM), 0);
    sim_stop(&world->sim);
    remove_tree(world->data);
    char *const texts[] = {world->data,    world->password_file, world->admin_password,
                           world->token,   world->village_token, world->camera,
                           world->location};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

/* Starts the server on what was brought back. */
static void assert_all_is_back(World *world)
{
    world->server = server_start(world->data);
    assert_null(world->server.password); /* no new admin: the old ones are there */
    assert_int_equal(sign_in(world, "admin", world->admin_password), 200);
    assert_int_equal(sign_in(world, "lan", "a good password"), 200);
    assert_int_equal(sign_in(world, "lan", "another password"), 401);
    look_at_camera(world);
    wait_until_recorded(world); /* its password still opens it */
}

static void a_rebuilt_catalog_has_cameras_passwords_locations_accounts_and_tokens(void **state)
{
    World world = begin();
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
    lose_catalog(&world);
    g_autofree char *told = NULL;
    assert_int_equal(run_vonglau(&told, NULL, "catalog", "rebuild", "--data", world.data, NULL), 0);
    assert_non_null(strstr(told, "1 cameras and "));
    assert_all_is_back(&world);
    end(&world);
}

static void a_server_whose_catalog_is_gone_makes_it_anew_at_its_start(void **state)
{
    World world = begin();
    assert_int_equal(server_stop(&world.server, SIGKILL), -1);
    lose_catalog(&world);
    assert_all_is_back(&world);
    end(&world);
}

/* ---- backups, with the commands of docs/guide/backup.md ---- */

static void shell(const char *command, const World *world, const char *other)
{
    g_autofree char *script =
        g_strdup_printf("set -e; data='%s'; other='%s'; %s", world->data, other, command);
    char *argv[] = {(char *)"sh", (char *)"-c", script, NULL};
    int status = -1;
    g_assert(
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
    if (status != 0)
        fail_msg("sh: %s", command);
}

/* While the server runs; then the machine is lost, and the folder is another one. */
static void lose_machine_after_backup(World *world, bool footage_is_saved)
{
    char *empty = temp_folder();
    assert_int_equal(run_vonglau(NULL, NULL, "catalog", "backup", "--data", world->data, NULL), 0);
    shell("tar -C $data -cf $data/../$(basename $other).tar --exclude=./footage "
          "--exclude='./catalog.db*' --exclude=./volumes.json --exclude=./control.sock "
          "--warning=no-file-changed . || "
          "[ $? = 1 ]",
          world, empty);
    if (footage_is_saved) /* the disk was saved: all that was recorded until the end */
        assert_int_equal(server_stop(&world->server, SIGKILL), -1);
    if (footage_is_saved)
        shell("cp -a $data/footage $other/", world, empty);
    else
        assert_int_equal(server_stop(&world->server, SIGTERM), 0);
    shell("rm -rf $data; tar -C $other -xf $other.tar; rm $other.tar", world, empty);
    g_free(world->data);
    world->data = empty;
}

static unsigned audited(const World *world)
{
    g_autofree char *url = url_of(world, "/audit?limit=100");
    g_autoptr(Json) log = http_json(url, world->token);
    return (unsigned)json_array_size(json_object_get(log, "items"));
}

/* Owned. */
static Json *coverage_of_last_hour(const World *world)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc(), before = g_date_time_add_hours(now, -1);
    g_autofree char *from = g_date_time_format(before, "%Y-%m-%dT%H:%M:%SZ"),
                    *to = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *path =
        g_strdup_printf("/cameras/%s/coverage?from=%s&to=%s", world->camera, from, to);
    g_autofree char *url = url_of(world, path);
    return http_json(url, world->token);
}

static unsigned spans_of_last_hour(const World *world)
{
    g_autoptr(Json) coverage = coverage_of_last_hour(world);
    return (unsigned)json_array_size(json_object_get(coverage, "spans"));
}

static unsigned gaps_of_last_hour(const World *world, const char *cause)
{
    size_t i;
    Json *gap;
    unsigned count = 0;
    g_autoptr(Json) coverage = coverage_of_last_hour(world);
    json_array_foreach(json_object_get(coverage, "gaps"), i, gap) count +=
        strcmp(json_string_value(json_object_get(gap, "cause")), cause) == 0;
    return count;
}

static void a_backup_with_its_footage_goes_on_on_an_empty_machine(void **state)
{
    World world = begin();
    unsigned before = audited(&world);
    assert_true(before > 0);
    lose_machine_after_backup(&world, true);
    shell("cp \"$(ls $data/backup/catalog-*.db | tail -1)\" $data/catalog.db", &world, "");
    assert_all_is_back(&world);
    assert_true(audited(&world) >= before);
    sleep_ms(3000); /* until recovery is through and the new footage is durable */
    assert_true(spans_of_last_hour(&world) >= 2); /* before the loss, and after it */
    g_autofree char *told = NULL;
    if (run_vonglau(&told, NULL, "verify", world.data, NULL) != 0)
        fail_msg("%s", told);
    end(&world);
}

static void a_backup_without_footage_brings_back_the_site_and_records(void **state)
{
    World world = begin();
    lose_machine_after_backup(&world, false);
    assert_int_equal(run_vonglau(NULL, NULL, "catalog", "rebuild", "--data", world.data, NULL), 0);
    assert_all_is_back(&world);
    end(&world);
}

/* ---- a disk that is away ---- */

static char *in_data(const World *world, const char *name)
{
    return g_build_filename(world->data, name, NULL);
}

/* What is left of a disk that is not mounted is its empty mount point. */
static void unmount(const World *world, const char *volume)
{
    g_autofree char *path = in_data(world, volume), *aside = in_data(world, "unmounted");
    g_assert(rename(path, aside) == 0 && g_mkdir(path, 0750) == 0);
}

static void mount_again(const World *world, const char *volume)
{
    g_autofree char *path = in_data(world, volume), *aside = in_data(world, "unmounted");
    g_assert(g_rmdir(path) == 0 && rename(aside, path) == 0);
}

static bool has_footage(const World *world, const char *volume)
{
    g_autofree char *path = g_build_filename(world->data, volume, world->camera, NULL);
    return g_file_test(path, G_FILE_TEST_IS_DIR);
}

static unsigned wait_spans(const World *world, unsigned spans)
{
    unsigned found = 0;
    for (int waited = 0; waited < RUNNING_WITHIN_MS && found < spans; waited += STEP_MS) {
        found = spans_of_last_hour(world);
        sleep_ms(STEP_MS);
    }
    return found;
}

/* It is entered when all footage is. */
static void expect_gap_of_the_stop(const World *world)
{
    unsigned found = 0;
    for (int waited = 0; waited < RUNNING_WITHIN_MS && found == 0; waited += STEP_MS) {
        found = gaps_of_last_hour(world, "server-down");
        sleep_ms(STEP_MS);
    }
    assert_int_equal(found, 1);
    assert_int_equal(gaps_of_last_hour(world, "unknown"), 0);
}

static void footage_of_a_disk_that_was_away_is_listed_when_it_is_back(void **state)
{
    World world = begin_with((const char *const[]){"one", "two", NULL});
    const char *used = has_footage(&world, "one") ? "one" : "two";
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
    lose_catalog(&world);
    unmount(&world, used);
    world.server = server_start(world.data);
    wait_until_recorded(&world); /* on the other one */
    sleep_ms(3000);
    assert_int_equal(spans_of_last_hour(&world), 1);
    mount_again(&world, used); /* it is still empty: nothing was taken for a new volume */
    assert_int_equal(wait_spans(&world, 2), 2);
    expect_gap_of_the_stop(&world);
    end(&world);
}

static void an_only_disk_that_is_away_is_waited_for_though_the_catalog_is_lost(void **state)
{
    World world = begin_with((const char *const[]){"one", NULL});
    assert_int_equal(server_stop(&world.server, SIGTERM), 0);
    lose_catalog(&world);
    unmount(&world, "one");
    world.server = server_start(world.data);
    sleep_ms(3000);
    assert_int_equal(spans_of_last_hour(&world), 0);
    mount_again(&world, "one");
    wait_until_recorded(&world);
    assert_int_equal(wait_spans(&world, 2), 2);
    expect_gap_of_the_stop(&world);
    end(&world);
}

int main(int argc, char **argv)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rebuilt_catalog_has_cameras_passwords_locations_accounts_and_tokens),
        cmocka_unit_test(a_server_whose_catalog_is_gone_makes_it_anew_at_its_start),
        cmocka_unit_test(a_backup_with_its_footage_goes_on_on_an_empty_machine),
        cmocka_unit_test(a_backup_without_footage_brings_back_the_site_and_records),
        cmocka_unit_test(footage_of_a_disk_that_was_away_is_listed_when_it_is_back),
        cmocka_unit_test(an_only_disk_that_is_away_is_waited_for_though_the_catalog_is_lost),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
