#include "../catalog/scratch.h"
#include "base/file.h"
#include "base/secret.h"
#include "catalog/accounts.h"
#include "config/data_folder.h"
#include "config/site.h"
#include "site_rig.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Uuid add_camera(Fixture *fixture, const char *name, const char *url)
{
    g_autoptr(GError) error = NULL;
    Uuid id;
    if (!site_camera_add(fixture->site, &(CameraEdit){.name = name, .url = url}, &id, &error))
        fail_msg("%s", error->message);
    return id;
}

static void assert_refused(Fixture *fixture, const CameraEdit *edit, ErrCode code, const char *part)
{
    g_autoptr(GError) error = NULL;
    Uuid id;
    assert_false(site_camera_add(fixture->site, edit, &id, &error));
    assert_int_equal(error->code, code);
    if (!strstr(error->message, part))
        fail_msg("‘%s’ does not say ‘%s’", error->message, part);
}

static void credentials_in_an_address_are_split_off_and_kept_encrypted(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "Cổng chợ", "rtsp://admin:p@ss/word@10.0.0.7:8554/main?x=1");
    g_autoptr(CameraRow) row = site_camera_get(fixture->site, &id);
    assert_string_equal(row->url, "rtsp://10.0.0.7:8554/main?x=1");
    assert_string_equal(row->user, "admin");
    assert_null(strstr(row->secret, "p@ss"));
    secret_auto char *password = NULL;
    assert_true(site_camera_secret(fixture->site, &id, &password, NULL));
    assert_string_equal(password, "p@ss/word");
    g_autofree char *file = file_read(fixture->data->site, 1 << 20, NULL, NULL);
    assert_null(strstr(file, "p@ss"));
    assert_int_equal(fixture->told[SITE_CAMERA_ADDED], 1);
    assert_true(uuid_equal(&fixture->told_of, &id));
}

static void what_makes_no_sense_is_refused_with_the_member_named(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *long_name = g_strnfill(81, 'a');
    int64_t days = 4000, bytes = 5;
    Uuid nowhere = uuid_of(9);
    assert_refused(fixture, &(CameraEdit){.url = "rtsp://a/"}, ERR_INVALID, "‘name’");
    assert_refused(fixture, &(CameraEdit){.name = "  ", .url = "rtsp://a/"}, ERR_INVALID, "‘name’");
    assert_refused(fixture, &(CameraEdit){.name = long_name, .url = "rtsp://a/"}, ERR_INVALID,
                   "80");
    assert_refused(fixture, &(CameraEdit){.name = "a\nb", .url = "rtsp://a/"}, ERR_INVALID,
                   "‘name’");
    assert_refused(fixture, &(CameraEdit){.name = "a"}, ERR_INVALID, "‘url’");
    assert_refused(fixture, &(CameraEdit){.name = "a", .url = "http://a/"}, ERR_INVALID, "‘url’");
    assert_refused(fixture, &(CameraEdit){.name = "a", .url = "rtsp:///x"}, ERR_INVALID, "‘url’");
    assert_refused(fixture, &(CameraEdit){.name = "a", .url = "rtsp://a/", .retention_days = &days},
                   ERR_INVALID, "‘retention_days’");
    assert_refused(fixture,
                   &(CameraEdit){.name = "a", .url = "rtsp://a/", .retention_bytes = &bytes},
                   ERR_INVALID, "‘retention_bytes’");
    assert_refused(fixture, &(CameraEdit){.name = "a", .url = "rtsp://a/", .location = &nowhere},
                   ERR_INVALID, "‘location’");
    add_camera(fixture, "a", "rtsp://a/");
    assert_refused(fixture, &(CameraEdit){.name = "a", .url = "rtsp://b/"}, ERR_EXISTS, "‘a’");
}

static void where_a_camera_looks_is_known_whole_or_not_at_all(void **state)
{
    Fixture *fixture = *state;
    int64_t north = 0, none = -1, wide = 120, too_wide = 361, too_far = 2001;
    Uuid id = add_camera(fixture, "a", "rtsp://10.0.0.7/main");
    g_autoptr(CameraRow) fresh = site_camera_get(fixture->site, &id);
    assert_int_equal(fresh->fov_deg, 0);
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.heading_deg = &north}, NULL));
    g_autoptr(CameraRow) aimed = site_camera_get(fixture->site, &id);
    assert_int_equal(aimed->fov_deg, CAMERA_FOV_DEFAULT_DEG);
    assert_int_equal(aimed->reach_m, CAMERA_REACH_DEFAULT_M);
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.fov_deg = &wide}, NULL));
    g_autoptr(CameraRow) widened = site_camera_get(fixture->site, &id);
    assert_int_equal(widened->heading_deg, 0);
    assert_int_equal(widened->fov_deg, 120);
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.heading_deg = &none}, NULL));
    g_autoptr(CameraRow) forgotten = site_camera_get(fixture->site, &id);
    assert_int_equal(forgotten->fov_deg + forgotten->reach_m, 0);
    assert_refused(fixture,
                   &(CameraEdit){.name = "b", .url = "rtsp://a/", .heading_deg = &too_wide},
                   ERR_INVALID, "‘heading_deg’");
    assert_refused(fixture, &(CameraEdit){.name = "b", .url = "rtsp://a/", .fov_deg = &too_wide},
                   ERR_INVALID, "‘fov_deg’");
    assert_refused(fixture, &(CameraEdit){.name = "b", .url = "rtsp://a/", .reach_m = &too_far},
                   ERR_INVALID, "‘reach_m’");
}

static void how_high_a_camera_stands_is_known_by_itself(void **state)
{
    Fixture *fixture = *state;
    int64_t mast = 450, none = 0, too_low = 49, too_high = 10001;
    Uuid id = add_camera(fixture, "a", "rtsp://10.0.0.7/main");
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.height_cm = &mast}, NULL));
    g_autoptr(CameraRow) high = site_camera_get(fixture->site, &id);
    assert_int_equal(high->height_cm, 450);
    assert_int_equal(high->fov_deg, 0);
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.height_cm = &none}, NULL));
    g_autoptr(CameraRow) unknown = site_camera_get(fixture->site, &id);
    assert_int_equal(unknown->height_cm, 0);
    assert_refused(fixture, &(CameraEdit){.name = "b", .url = "rtsp://a/", .height_cm = &too_low},
                   ERR_INVALID, "‘height_m’");
    assert_refused(fixture, &(CameraEdit){.name = "b", .url = "rtsp://a/", .height_cm = &too_high},
                   ERR_INVALID, "‘height_m’");
}

static void a_sub_stream_is_recorded_only_where_there_is_one(void **state)
{
    Fixture *fixture = *state;
    bool yes = true;
    Uuid id = add_camera(fixture, "a", "rtsp://10.0.0.7/main");
    g_autoptr(GError) error = NULL;
    assert_false(site_camera_edit(fixture->site, &id, &(CameraEdit){.record_sub = &yes}, &error));
    assert_non_null(strstr(error->message, "‘record_sub’"));
    CameraEdit both = {.sub_url = "rtsp://10.0.0.7/sub", .record_sub = &yes};
    assert_true(site_camera_edit(fixture->site, &id, &both, NULL));
    g_autoptr(CameraRow) with = site_camera_get(fixture->site, &id);
    assert_true(with->record_sub);
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.sub_url = ""}, NULL));
    g_autoptr(CameraRow) without = site_camera_get(fixture->site, &id);
    assert_false(without->record_sub);
}

static void a_password_stays_with_the_server_it_was_given_for(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "a", "rtsp://u:p@10.0.0.7/main");
    const struct {
        CameraEdit edit;
        bool needs;
    } edits[] = {
        {{.url = "rtsp://evil.example/main"}, true},
        {{.url = "rtsp://10.0.0.7:8554/main"}, true},
        {{.url = "rtsps://10.0.0.7:554/main"}, true},
        {{.sub_url = "rtsp://10.0.0.8/sub"}, true},
        {{.url = "rtsp://10.0.0.7:554/x?y", .user = "v"}, false},
        {{.sub_url = "rtsp://10.0.0.8/sub", .password = "q"}, false},
        {{.url = "rtsp://10.0.0.8/main"}, false}, /* the sub stream's, by now */
        {{.url = "rtsp://w:q@10.0.0.9/main"}, false},
        {{.url = "rtsp://10.0.0.10/main", .sub_url = "", .password = ""}, false},
        {{.url = "rtsp://10.0.0.11/main"}, false}, /* there is none to lose */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_autoptr(GError) error = NULL;
        bool changed = site_camera_edit(fixture->site, &id, &edits[i].edit, &error);
        if (changed == edits[i].needs)
            fail_msg("edit %zu: %s", i, changed ? "was made" : error->message);
        if (!changed)
            assert_int_equal(error->code, ERR_NEEDS_PASSWORD);
    }
}

static void a_look_elsewhere_gets_no_stored_password(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "a", "rtsp://u:p@10.0.0.7/main");
    secret_auto char *password = NULL;
    assert_true(
        site_camera_secret_for(fixture->site, &id, "rtsp://10.0.0.7/other", &password, NULL));
    assert_string_equal(password, "p");
    static const char *const others[] = {"rtsp://10.0.0.7:555/main", "rtsp://10.0.0.77/main",
                                         "rtsp://10.0.0.7@evil.example/main", "nonsense"};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        char *none = NULL;
        g_autoptr(GError) error = NULL;
        assert_false(site_camera_secret_for(fixture->site, &id, others[i], &none, &error));
        assert_int_equal(error->code, ERR_NEEDS_PASSWORD);
        assert_null(none);
    }
}

static void an_edit_changes_what_it_names_and_nothing_else(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "a", "rtsp://u:p@10.0.0.7/main");
    bool yes = true;
    assert_true(site_camera_edit(
        fixture->site, &id,
        &(CameraEdit){.url = "rtsp://10.0.0.7/other", .paused = &yes, .pause_reason = "repair"},
        NULL));
    g_autoptr(CameraRow) row = site_camera_get(fixture->site, &id);
    assert_string_equal(row->name, "a");
    assert_string_equal(row->url, "rtsp://10.0.0.7/other");
    assert_string_equal(row->user, "u");
    assert_non_null(row->secret);
    assert_true(row->paused);
    assert_string_equal(row->pause_reason, "repair");
    assert_int_equal(fixture->told[SITE_CAMERA_CHANGED], 1);
}

static void a_fingerprint_is_taken_as_people_write_it_and_kept_in_one_form(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "a", "rtsps://10.0.0.7/main");
    static const char *const wrong[] = {"0011", "no", "%s", NULL};
    static const char hex[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                      told[] = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                               "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
    for (size_t i = 0; wrong[i]; i++) {
        g_autofree char *text = g_strdup_printf("%s%s", wrong[i], i == 2 ? hex : "");
        g_autoptr(GError) error = NULL;
        assert_false(
            site_camera_edit(fixture->site, &id, &(CameraEdit){.fingerprint = text}, &error));
        assert_non_null(strstr(error->message, "‘fingerprint’"));
    }
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.fingerprint = told}, NULL));
    g_autoptr(CameraRow) row = site_camera_get(fixture->site, &id);
    assert_string_equal(row->fingerprint, hex);
    assert_true(site_camera_edit(fixture->site, &id, &(CameraEdit){.fingerprint = ""}, NULL));
    g_autoptr(CameraRow) without = site_camera_get(fixture->site, &id);
    assert_null(without->fingerprint);
}

static void a_transport_is_one_of_three_and_automatic_when_nothing_is_said(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "a", "rtsp://10.0.0.7/main");
    static const struct {
        const char *told, *kept;
    } known[] = {{"udp", "udp"}, {NULL, "udp"}, {"tcp", "tcp"}, {"auto", NULL}, {"", NULL}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        assert_true(
            site_camera_edit(fixture->site, &id, &(CameraEdit){.transport = known[i].told}, NULL));
        g_autoptr(CameraRow) row = site_camera_get(fixture->site, &id);
        assert_int_equal(g_strcmp0(row->transport, known[i].kept), 0);
    }
    assert_refused(fixture, &(CameraEdit){.name = "b", .url = "rtsp://b/", .transport = "UDP"},
                   ERR_INVALID, "‘transport’ must be auto, tcp or udp");
}

static void a_removed_camera_is_known_but_not_listed_and_frees_its_name(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "a", "rtsp://a/");
    assert_true(site_camera_remove(fixture->site, &id, NULL));
    g_autoptr(GPtrArray) rows = site_camera_list(fixture->site);
    assert_int_equal(rows->len, 0);
    g_autoptr(CameraRow) known = site_camera_known(fixture->site, &id);
    assert_true(known->removed_us > 0);
    assert_null(site_camera_get(fixture->site, &id));
    add_camera(fixture, "a", "rtsp://a/");
    g_autoptr(GError) error = NULL;
    assert_false(site_camera_remove(fixture->site, &id, &error));
    assert_int_equal(error->code, ERR_NOT_FOUND);
}

static void a_location_with_cameras_stays(void **state)
{
    Fixture *fixture = *state;
    double north = 21.45, east = 103.15, too_far = 190;
    Uuid place, camera;
    g_autoptr(GError) error = NULL;
    assert_false(site_location_add(
        fixture->site, &(LocationEdit){.name = "Chợ", .latitude = &north, .longitude = &too_far},
        &place, &error));
    assert_non_null(strstr(error->message, "‘longitude’"));
    g_clear_error(&error);
    assert_true(site_location_add(
        fixture->site,
        &(LocationEdit){.name = "Chợ", .kind = "market", .latitude = &north, .longitude = &east},
        &place, NULL));
    assert_true(site_camera_add(fixture->site,
                                &(CameraEdit){.name = "a", .url = "rtsp://a/", .location = &place},
                                &camera, NULL));
    assert_false(site_location_remove(fixture->site, &place, &error));
    assert_int_equal(error->code, ERR_EXISTS);
    assert_true(site_camera_remove(fixture->site, &camera, NULL));
    assert_true(site_location_remove(fixture->site, &place, NULL));
}

static bool put_account(CatalogDb *db, void *row, GError **error)
{
    return accounts_put(db, row, error);
}

static void a_lost_catalog_comes_back_from_site_json(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add_camera(fixture, "Cổng chợ", "rtsp://u:geheim@10.0.0.7/main");
    Uuid node = site_node(fixture->site);
    AccountRow account = {.id = uuid_of(3),
                          .name = (char *)"admin",
                          .role = (char *)"admin",
                          .password = (char *)"$argon2id$…",
                          .language = (char *)"vi"};
    assert_true(catalog_write_wait(fixture->catalog, put_account, &account, NULL));
    assert_true(set_one(fixture, SITE_VALUE_NAME, "Xã Mường Phăng", NULL));
    assert_true(set_one(fixture, SITE_VALUE_RETENTION_DAYS, "45", NULL));
    close_site(fixture);
    g_autofree char *file = file_read(fixture->data->site, 1 << 20, NULL, NULL);
    assert_null(strstr(file, "argon2"));
    assert_int_equal(unlink(fixture->data->catalog), 0);
    open_site(fixture);
    Uuid again = site_node(fixture->site);
    assert_true(uuid_equal(&node, &again));
    g_autofree char *name = site_name(fixture->site);
    assert_string_equal(name, "Xã Mường Phăng");
    assert_int_equal(site_retention(fixture->site).days, 45);
    secret_auto char *password = NULL;
    assert_true(site_camera_secret(fixture->site, &id, &password, NULL));
    assert_string_equal(password, "geheim");
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GPtrArray) accounts = accounts_list(db, NULL);
    assert_int_equal(accounts->len, 1);
    assert_string_equal(((AccountRow *)accounts->pdata[0])->password, "$argon2id$…");
}

static Config *config_of(Fixture *fixture, const char *text)
{
    g_autoptr(GError) error = NULL;
    assert_true(file_write_atomic(fixture->data->config, text, strlen(text), 0640, NULL));
    Config *config = config_read(fixture->data->config, &error);
    if (!config)
        fail_msg("%s", error->message);
    return config;
}

static void apply(Fixture *fixture, const char *text)
{
    g_autoptr(Config) config = config_of(fixture, text);
    g_autoptr(GError) error = NULL;
    if (!site_apply(fixture->site, config, &error))
        fail_msg("%s", error->message);
}

static const char two_cameras[] =
    "locations:\n  - {name: Chợ, latitude: 21.45, longitude: 103.15}\n"
    "cameras:\n"
    "  - {name: a, url: \"rtsp://u:p@10.0.0.7/main\", location: Chợ}\n"
    "  - {name: b, url: \"rtsp://10.0.0.8/main\", user: u, password: q}\n";

static void what_the_file_names_is_locked_and_a_second_reading_changes_nothing(void **state)
{
    Fixture *fixture = *state;
    apply(fixture, two_cameras);
    assert_int_equal(fixture->told[SITE_CAMERA_ADDED], 2);
    apply(fixture, two_cameras);
    assert_int_equal(fixture->told[SITE_CAMERA_ADDED], 2);
    assert_int_equal(fixture->told[SITE_CAMERA_CHANGED], 0);
    assert_int_equal(fixture->told[SITE_LOCATION_CHANGED], 1);
    g_autoptr(GPtrArray) rows = site_camera_list(fixture->site);
    const CameraRow *first = rows->pdata[0];
    assert_true(first->locked && !uuid_is_nil(&first->location));
    g_autoptr(GError) error = NULL;
    assert_false(site_camera_edit(fixture->site, &first->id, &(CameraEdit){.name = "c"}, &error));
    assert_int_equal(error->code, ERR_DENIED);
}

static void one_changed_camera_touches_no_other_and_one_left_out_is_unlocked(void **state)
{
    Fixture *fixture = *state;
    apply(fixture, two_cameras);
    apply(fixture,
          "cameras:\n  - {name: b, url: \"rtsp://10.0.0.9/main\", user: u, password: q}\n");
    assert_int_equal(fixture->told[SITE_CAMERA_CHANGED], 1);
    g_autoptr(GPtrArray) rows = site_camera_list(fixture->site);
    const CameraRow *left_out = rows->pdata[0], *changed = rows->pdata[1];
    assert_false(left_out->locked);
    assert_true(changed->locked);
    assert_string_equal(changed->url, "rtsp://10.0.0.9/main");
}

static void a_data_folder_has_one_server(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_null(data_folder_open(fixture->data->path, &error));
    assert_int_equal(error->code, ERR_UNAVAILABLE);
    assert_non_null(strstr(error->message, "stop the other server"));
}

static void keys_are_closed_to_others(void **state)
{
    Fixture *fixture = *state;
    struct stat facts;
    assert_int_equal(stat(fixture->data->keys, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0700);
    assert_int_equal(stat(fixture->data->secrets_key, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(stat(fixture->data->site, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void a_data_folder_of_a_newer_program_is_refused(void **state)
{
    char *folder = scratch_new();
    g_autofree char *site = g_build_filename(folder, "site.json", NULL);
    assert_true(file_write_atomic(site, "{\"format\":2}", 12, 0600, NULL));
    g_autoptr(GError) error = NULL;
    assert_null(data_folder_open(folder, &error));
    assert_int_equal(error->code, ERR_VERSION);
    assert_non_null(strstr(error->message, "install the newer vonglau"));
    scratch_remove(folder);
}

static void a_data_folder_that_cannot_be_made_says_whose_rights_are_missing(void **state)
{
    g_autoptr(GError) error = NULL;
    assert_null(data_folder_open("/proc/vonglau", &error));
    assert_true(g_str_has_prefix(error->message, "data folder /proc/vonglau: "));
}

int main(void)
{
    secret_init();
#define TEST(name) cmocka_unit_test_setup_teardown(name, site_rig_open, site_rig_close)
    const struct CMUnitTest tests[] = {
        TEST(credentials_in_an_address_are_split_off_and_kept_encrypted),
        TEST(what_makes_no_sense_is_refused_with_the_member_named),
        TEST(an_edit_changes_what_it_names_and_nothing_else),
        TEST(where_a_camera_looks_is_known_whole_or_not_at_all),
        TEST(how_high_a_camera_stands_is_known_by_itself),
        TEST(a_sub_stream_is_recorded_only_where_there_is_one),
        TEST(a_password_stays_with_the_server_it_was_given_for),
        TEST(a_look_elsewhere_gets_no_stored_password),
        TEST(a_fingerprint_is_taken_as_people_write_it_and_kept_in_one_form),
        TEST(a_transport_is_one_of_three_and_automatic_when_nothing_is_said),
        TEST(a_removed_camera_is_known_but_not_listed_and_frees_its_name),
        TEST(a_location_with_cameras_stays),
        TEST(a_lost_catalog_comes_back_from_site_json),
        TEST(what_the_file_names_is_locked_and_a_second_reading_changes_nothing),
        TEST(one_changed_camera_touches_no_other_and_one_left_out_is_unlocked),
        TEST(a_data_folder_has_one_server),
        TEST(keys_are_closed_to_others),
        cmocka_unit_test(a_data_folder_of_a_newer_program_is_refused),
        cmocka_unit_test(a_data_folder_that_cannot_be_made_says_whose_rights_are_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
