/* The server is killed, stopped, loses its catalog: what that costs is counted in pictures. */
#include "../integration/footage.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "judge.h"
#include "ledger/chain.h"
#include "ledger/line.h"
#include "ledger/node_key.h"
#include "office.h"
#include "unit.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CAMERAS = 8, KILLS = 5, KILLS_LONG = 100, MENDED_MS = 90000 };

static void a_server_killed_at_any_moment_loses_at_most_a_second_a_camera(void **state)
{
    World world;
    int kills = g_getenv("FAULTS_LONG") ? KILLS_LONG : KILLS;
    guint32 seed = g_random_int();
    print_message("seed %u\n", seed);
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    world_start(&world, CAMERAS, NULL);
    for (int i = 0; i < kills; i++) {
        world_wait_recorded(&world);
        sleep_ms(g_rand_int_range(dice, 0, 4000));
        world_kill(&world, g_rand_int_range(dice, 0, 500));
    }
    world_wait_recorded(&world);
    sleep_ms(3000);
    judge_promises_kept(&world);
    world_end(&world);
}

static void put_officer(const World *world)
{
    g_autofree char *file = g_build_filename(world->data, "password", NULL);
    g_assert(g_file_set_contents(file, "a good password\n", -1, NULL));
    assert_int_equal(run_vonglau(NULL, NULL, "user", "add", "lan", "--data", world->data, "--role",
                                 "officer", "--password-file", file, NULL),
                     0);
}

static int sign_in_officer(const World *world)
{
    g_autofree char *url = g_strconcat(world->api.url, "/session", NULL);
    return http_call("POST", url, NULL, "{\"name\":\"lan\",\"password\":\"a good password\"}", NULL,
                     NULL);
}

/* The newest entries of the audit log as the API tells them, owned. */
static size_t audited(const World *world)
{
    g_autofree char *url = g_strconcat(world->api.url, "/audit?limit=100", NULL);
    g_autoptr(Json) log = http_json(url, world->api.token);
    return json_array_size(json_object_get(log, "items"));
}

/* Opens a case, and lays the hourly copy of the catalog as it is then; its number, owned. */
static char *open_case(const World *world)
{
    g_autofree char *cases = g_strconcat(world->api.url, "/cases", NULL);
    g_autofree char *body = NULL;
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_wall_us();
    g_autofree char *told = g_strdup_printf(
        "{\"kind\":\"fight\",\"where\":\"ngoài chợ\",\"from\":\"%s\",\"to\":\"%s\"}",
        time_text(now_us - HOUR_US, from), time_text(now_us, to));
    assert_int_equal(http_call("POST", cases, world->api.token, told, &body, NULL), 201);
    g_autoptr(Json) made = json_loads(body, 0, NULL);
    assert_int_equal(run_vonglau(NULL, NULL, "catalog", "backup", "--data", world->data, NULL), 0);
    return g_strdup(json_string_value(json_object_get(made, "number")));
}

static void a_catalog_deleted_while_stopped_is_made_anew_and_nothing_is_lost(void **state)
{
    World world;
    world_start(&world, CAMERAS, NULL);
    put_officer(&world);
    g_autofree char *opened = open_case(&world);
    size_t before = audited(&world);
    assert_true(before > 0);
    sleep_ms(3000);
    world_rebuild(&world);
    world_wait_recorded(&world);
    assert_int_equal(sign_in_officer(&world), 200);
    assert_true(audited(&world) >= before);
    g_autofree char *there = g_strdup_printf("%s/cases/%s", world.api.url, opened);
    assert_int_equal(http_call("GET", there, world.api.token, NULL, NULL, NULL), 200);
    sleep_ms(3000);
    judge_promises_kept(&world);
    world_end(&world);
}

/* Garbage over all tables, in the file and in what was not written back yet. */
static void damage_catalog(const World *world)
{
    static const char *const names[] = {"catalog.db", "catalog.db-wal"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(world->data, names[i], NULL);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
        g_autofree char *garbage = g_malloc((size_t)size + 1);
        memset(garbage, 0xa5, (size_t)size + 1);
        off_t from = i == 0 ? 100 : 0; /* behind SQLite's header: it still looks like one */
        if (size > from)
            g_assert(pwrite(fd, garbage, (size_t)(size - from), from) == size - from);
        close(fd);
    }
}

static unsigned set_aside(const World *world)
{
    unsigned count = 0;
    g_autoptr(GDir) folder = g_dir_open(world->data, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder)))
        count += g_str_has_prefix(name, "catalog-damaged-") && g_str_has_suffix(name, ".db");
    return count;
}

/* Segments end and are entered meanwhile. No picture may be lost: judged without a fault. */
static void assert_mended_while_running(World *world, unsigned aside)
{
    g_autofree char *told = NULL;
    sleep_ms(65000);
    if (run_vonglau(&told, NULL, "catalog", "check", "--data", world->data, NULL) != 0)
        fail_msg("%s", told);
    assert_int_equal(set_aside(world), aside);
    world_wait_recorded(world);
    judge_promises_kept(world);
    world_end(world);
}

/* What an officer is told meanwhile: what there is, or that the server cannot do it; never that
 * there is no such thing, or no such right. */
static bool works_or_tells(const Office *office, const char *method, const char *path,
                           const char *body)
{
    Json *told = NULL;
    int status = office_try(office, office->officer, method, path, body, &told);
    g_autoptr(Json) answer = told;
    bool works = status == 200 || status == 201;
    if (!works && (status < 500 || !*text_in(answer, "detail")))
        fail_msg("%s %s: %d %s", method, path, status, text_in(answer, "detail"));
    return works;
}

/* Looks and writes on until both work: what was in the newest copy is there. */
static void work_until_mended(const Office *office, const char *report)
{
    char at[TIME_TEXT];
    unsigned told = 0;
    bool looked = false, written = false, told_of = false;
    g_autofree char *one = g_strconcat("/cases/", office->case_number, NULL),
                    *told_before = g_strconcat("/reports/", report, NULL),
                    *body = g_strdup_printf("{\"kind\":\"theft\",\"where\":\"Bản Bua\","
                                            "\"from\":\"%s\",\"to\":\"%s\"}",
                                            time_text(clock_wall_us() - MINUTE_US, at), at);
    for (int ms = 0; ms < MENDED_MS && !(looked && told_of && written); ms += 100) {
        looked = works_or_tells(office, "GET", one, NULL);
        told_of = works_or_tells(office, "GET", told_before, NULL);
        written = works_or_tells(office, "POST", "/cases", body);
        told += looked && told_of && written ? 0 : 1;
        sleep_ms(100);
    }
    print_message("told %u times that it cannot be done, then it could\n", told);
    assert_true(looked && told_of && written);
    assert_int_equal(set_aside(office->world), 1);
}

static void a_catalog_damaged_while_running_is_made_anew_and_no_picture_is_lost(void **state)
{
    World world;
    Office office;
    world_start(&world, CAMERAS, "storage:\n  segment_minutes: 1\n");
    office_open(&office, &world, NULL);
    g_autofree char *report = office_report(&office);
    assert_int_equal(run_vonglau(NULL, NULL, "catalog", "backup", "--data", world.data, NULL), 0);
    damage_catalog(&world);
    work_until_mended(&office, report);
    office_close(&office);
    assert_mended_while_running(&world, 1);
}

static void a_catalog_deleted_while_running_is_made_anew_and_no_picture_is_lost(void **state)
{
    World world;
    world_start(&world, CAMERAS, "storage:\n  segment_minutes: 1\n");
    sleep_ms(2000);
    world_lose_catalog(&world);
    assert_mended_while_running(&world, 0);
}

/* A line of the holds' ledger, signed by the node; the server is stopped. */
static void hold_all_of(const World *world, int camera)
{
    g_autofree char *path = g_build_filename(world->data, "ledger", "holds.jsonl", NULL);
    NodeKey *key = node_key_open(world->data, NULL);
    Chain *chain = chain_open(path, key, NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    Uuid id = uuid_new(), held;
    assert_true(chain && uuid_parse(world->ids[camera], &held));
    line_put_uuid(fields, "id", &id);
    line_put_uuid(fields, "camera", &held);
    line_put_int(fields, "from_us", 1);
    line_put_int(fields, "to_us", clock_wall_us() + HOUR_US);
    assert_true(chain_append(chain, "hold", clock_wall_us(), fields, NULL));
    chain_close(chain);
    node_key_free(key);
}

static guint files_of(const World *world, int camera)
{
    g_auto(Footage) footage = footage_read(world->data, world->ids[camera]);
    return footage.files->len;
}

static void a_hold_outranks_a_full_disk_and_survives_a_lost_catalog(void **state)
{
    static const char full[] =
        "storage:\n  segment_minutes: 15\n  free_space_floor: 4TB\n"; /* there is never so much */
    World world;
    world_start(&world, 2, NULL);
    sleep_ms(3000);
    world_stop(&world, SIGTERM);
    hold_all_of(&world, 0);
    world_lose_catalog(&world);
    g_autofree char *config = g_build_filename(world.data, "config.yaml", NULL);
    assert_true(g_file_set_contents(config, full, -1, NULL));
    guint held = files_of(&world, 0), free_to_go = files_of(&world, 1);
    assert_true(held > 0 && free_to_go > 0);
    world_serve(&world);
    world_wait_recorded(&world);
    sleep_ms(2000); /* retention does its first round at the start */
    world_stop(&world, SIGTERM);
    assert_int_equal(files_of(&world, 0), held + 1);
    assert_int_equal(files_of(&world, 1), 1);
    g_autofree char *out = NULL;
    if (run_vonglau(&out, NULL, "verify", world.data, NULL) != 0)
        fail_msg("%s", out);
    world_end(&world);
}

int main(void)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_killed_at_any_moment_loses_at_most_a_second_a_camera),
        cmocka_unit_test(a_catalog_deleted_while_stopped_is_made_anew_and_nothing_is_lost),
        cmocka_unit_test(a_hold_outranks_a_full_disk_and_survives_a_lost_catalog),
        cmocka_unit_test(a_catalog_damaged_while_running_is_made_anew_and_no_picture_is_lost),
        cmocka_unit_test(a_catalog_deleted_while_running_is_made_anew_and_no_picture_is_lost),
    };
    if (g_getenv("FAULTS_ONLY"))
        cmocka_set_test_filter(g_getenv("FAULTS_ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
