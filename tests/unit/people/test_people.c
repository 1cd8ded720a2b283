#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "people/password.h"
#include "people_rig.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

static void the_first_start_makes_an_admin_whose_password_is_told_once(void **state)
{
    Fixture *fixture = *state;
    Identity identity;
    assert_true(strlen(fixture->admin_password) >= 16);
    secret_auto char *again = NULL;
    assert_true(people_first_admin(fixture->people, &again, NULL));
    assert_null(again);
    SignIn asked = {"Admin", fixture->admin_password, NULL, "10.0.0.1", NULL};
    SignInEnd end;
    secret_auto char *token = people_sign_in(fixture->people, &asked, &identity, &end, NULL);
    assert_non_null(token);
    assert_int_equal(identity.role, ROLE_ADMIN);
    assert_true(uuid_equal(&identity.account, &fixture->admin));
}

static void a_session_outlives_a_restart_and_its_token_is_stored_nowhere(void **state)
{
    Fixture *fixture = *state;
    secret_auto char *token = sign_in(fixture, "admin", fixture->admin_password, NULL);
    close_people(fixture);
    g_autofree char *wal = g_strconcat(fixture->data->catalog, "-wal", NULL);
    const char *const paths[] = {fixture->data->catalog, wal, fixture->data->site};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        size_t size = 0;
        g_autofree char *text = file_read(paths[i], 64 << 20, &size, NULL);
        assert_null(text ? memmem(text, size, token, strlen(token)) : NULL);
    }
    open_people(fixture);
    Identity identity;
    assert_true(people_session(fixture->people, token, &identity));
    assert_true(people_sign_out(fixture->people, token, NULL));
    assert_false(people_session(fixture->people, token, &identity));
    close_people(fixture);
    open_people(fixture);
    assert_false(people_session(fixture->people, token, &identity));
}

static void a_wrong_password_and_an_unknown_name_look_alike(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) wrong = NULL;
    g_autoptr(GError) unknown = NULL;
    assert_null(sign_in(fixture, "admin", "not the password", &wrong));
    assert_null(sign_in(fixture, "nobody", "not the password", &unknown));
    assert_int_equal(wrong->code, ERR_DENIED);
    assert_string_equal(wrong->message, unknown->message);
}

static void after_some_wrong_passwords_even_the_right_one_has_to_wait(void **state)
{
    Fixture *fixture = *state;
    int64_t mono_us = HOUR_US, wall_us = clock_wall_us();
    clock_test_set(mono_us, wall_us);
    for (int i = 0; i < 5; i++)
        assert_null(sign_in(fixture, "admin", "not the password", NULL));
    SignInEnd end;
    assert_null(sign_in_with(fixture, "admin", fixture->admin_password, NULL, &end));
    assert_int_equal(end.result, SIGN_IN_LOCKED_OUT);
    assert_int_equal(end.wait_us, SECOND_US);
    clock_test_set(mono_us + end.wait_us, wall_us + end.wait_us);
    secret_auto char *token = sign_in(fixture, "admin", fixture->admin_password, NULL);
    assert_non_null(token);
}

static void a_session_ends_when_it_is_idle_and_in_any_case_after_a_month(void **state)
{
    Fixture *fixture = *state;
    int64_t mono_us = HOUR_US, wall_us = clock_wall_us();
    clock_test_set(mono_us, wall_us);
    clock_tick();
    Identity identity;
    secret_auto char *idle = sign_in(fixture, "admin", fixture->admin_password, NULL);
    secret_auto char *busy = sign_in(fixture, "admin", fixture->admin_password, NULL);
    for (int64_t at_us = 0; at_us < SESSION_MOST_US; at_us += SESSION_IDLE_US / 2) {
        clock_test_set(mono_us + at_us, wall_us + at_us);
        clock_tick();
        assert_true(people_session(fixture->people, busy, &identity));
    }
    assert_false(people_session(fixture->people, idle, &identity));
    clock_test_set(mono_us + SESSION_MOST_US + SECOND_US, wall_us + SESSION_MOST_US + SECOND_US);
    clock_tick();
    assert_false(people_session(fixture->people, busy, &identity));
}

static void a_disabled_account_is_out_at_once(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add(fixture, "Lan.Nguyễn", ROLE_OFFICER, "mật khẩu dài");
    secret_auto char *token = sign_in(fixture, "LAN.NGUYỄN", "mật khẩu dài", NULL);
    assert_non_null(token);
    assert_true(people_account_disable(fixture->people, &id, true, NULL));
    Identity identity;
    assert_false(people_session(fixture->people, token, &identity));
    assert_null(sign_in(fixture, "lan.nguyễn", "mật khẩu dài", NULL));
    assert_true(people_account_disable(fixture->people, &id, false, NULL));
    assert_false(people_session(fixture->people, token, &identity));
}

static void the_last_admin_stays(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_false(people_account_disable(fixture->people, &fixture->admin, true, &error));
    assert_int_equal(error->code, ERR_DENIED);
    assert_false(people_account_role(fixture->people, &fixture->admin, ROLE_OFFICER, NULL, NULL));
    add(fixture, "second", ROLE_ADMIN, "a good password");
    assert_true(people_account_disable(fixture->people, &fixture->admin, true, NULL));
}

static void a_changed_password_ends_all_sessions_but_the_own(void **state)
{
    Fixture *fixture = *state;
    Identity identity;
    secret_auto char *here = sign_in(fixture, "admin", fixture->admin_password, NULL);
    secret_auto char *there = sign_in(fixture, "admin", fixture->admin_password, NULL);
    g_autoptr(GError) error = NULL;
    assert_false(people_password_change(fixture->people, &fixture->admin, "wrong", "a new password",
                                        here, &error));
    assert_int_equal(error->code, ERR_DENIED);
    assert_true(people_password_change(fixture->people, &fixture->admin, fixture->admin_password,
                                       "a new password", here, NULL));
    assert_true(people_session(fixture->people, here, &identity));
    assert_false(people_session(fixture->people, there, &identity));
    close_people(fixture);
    open_people(fixture);
    assert_true(people_session(fixture->people, here, &identity));
    assert_false(people_session(fixture->people, there, &identity));
    secret_auto char *again = sign_in(fixture, "admin", "a new password", NULL);
    assert_non_null(again);
}

static void bad_names_and_passwords_are_refused(void **state)
{
    Fixture *fixture = *state;
    const struct {
        const char *name, *password;
        ErrCode code;
    } bad[] = {
        {"a", "a good password", ERR_INVALID},        {"two words", "a good password", ERR_INVALID},
        {"<script>", "a good password", ERR_INVALID}, {"lan", "short", ERR_INVALID},
        {"lan.nguyen", "Lan.Nguyen", ERR_INVALID},    {"ADMIN", "a good password", ERR_EXISTS},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        Uuid id;
        assert_false(people_account_add(fixture->people, bad[i].name, ROLE_OFFICER, NULL,
                                        bad[i].password, &id, &error));
        assert_int_equal(error->code, bad[i].code);
    }
}

static void an_api_token_stands_until_its_day_or_until_it_is_taken_back(void **state)
{
    Fixture *fixture = *state;
    clock_test_set(HOUR_US, clock_wall_us());
    clock_tick();
    int64_t wall_us = clock_wall_us();
    ApiToken made, other;
    Identity identity;
    g_autoptr(GError) error = NULL;
    secret_auto char *token = people_token_create(fixture->people, ROLE_AUDITOR, NULL, 2,
                                                  "Prometheus", &fixture->admin, &made, &error);
    secret_auto char *second =
        people_token_create(fixture->people, ROLE_OFFICER, NULL, 1, "bench", NULL, &other, &error);
    assert_true(people_bearer(fixture->people, token, &identity));
    assert_int_equal(identity.role, ROLE_AUDITOR);
    assert_string_equal(identity.purpose, "Prometheus");
    assert_true(uuid_is_nil(&identity.account) && uuid_equal(&identity.token, &made.id));
    close_people(fixture);
    open_people(fixture);
    assert_true(people_bearer(fixture->people, token, &identity));
    assert_true(people_token_remove(fixture->people, &other.id, NULL));
    assert_false(people_bearer(fixture->people, second, &identity));
    assert_false(people_token_remove(fixture->people, &other.id, NULL));
    clock_test_set(HOUR_US + 2 * DAY_US, wall_us + 2 * DAY_US);
    clock_tick();
    assert_false(people_bearer(fixture->people, token, &identity));
}

static void a_token_ends_when_its_maker_may_make_none(void **state)
{
    Fixture *fixture = *state;
    Uuid second = add(fixture, "second", ROLE_ADMIN, "a good password");
    ApiToken made;
    Identity identity;
    secret_auto char *token =
        people_token_create(fixture->people, ROLE_ADMIN, NULL, 1, "x", &second, &made, NULL);
    assert_true(people_bearer(fixture->people, token, &identity));
    assert_true(people_account_role(fixture->people, &second, ROLE_OFFICER, NULL, NULL));
    assert_false(people_bearer(fixture->people, token, &identity));
    assert_true(people_account_role(fixture->people, &second, ROLE_ADMIN, NULL, NULL));
    assert_true(people_bearer(fixture->people, token, &identity));
    assert_true(people_account_disable(fixture->people, &second, true, NULL));
    assert_false(people_bearer(fixture->people, token, &identity));
}

static void a_session_is_a_bearer_too_and_nonsense_is_nobody(void **state)
{
    Fixture *fixture = *state;
    Identity identity;
    secret_auto char *token = sign_in(fixture, "admin", fixture->admin_password, NULL);
    assert_true(people_bearer(fixture->people, token, &identity));
    assert_false(people_bearer(fixture->people, "", &identity));
    assert_false(people_session(fixture->people, "nonsense", &identity));
}

static void accounts_come_back_when_the_catalog_is_lost(void **state)
{
    Fixture *fixture = *state;
    add(fixture, "lan", ROLE_OFFICER, "a good password");
    close_people(fixture);
    assert_int_equal(unlink(fixture->data->catalog), 0);
    open_people(fixture);
    secret_auto char *token = sign_in(fixture, "lan", "a good password", NULL);
    assert_non_null(token);
}

static void tokens_come_back_when_the_catalog_is_lost(void **state)
{
    Fixture *fixture = *state;
    Identity who;
    double at = 21;
    Uuid id;
    LocationEdit edit = {.name = "Chợ", .village = "Che Căn", .latitude = &at, .longitude = &at};
    assert_true(site_location_add(fixture->site, &edit, &id, NULL));
    ApiToken kept, gone;
    secret_auto char *stays = people_token_create(fixture->people, ROLE_VILLAGE_HEAD, "Che Căn", 2,
                                                  "board", &fixture->admin, &kept, NULL);
    secret_auto char *goes =
        people_token_create(fixture->people, ROLE_OFFICER, NULL, 2, "wall", NULL, &gone, NULL);
    assert_true(people_token_remove(fixture->people, &gone.id, NULL));
    close_people(fixture);
    g_autofree char *file = file_read(fixture->data->site, 1 << 20, NULL, NULL);
    assert_null(strstr(file, stays));
    assert_int_equal(unlink(fixture->data->catalog), 0);
    open_people(fixture);
    assert_true(people_bearer(fixture->people, stays, &who));
    assert_int_equal(who.role, ROLE_VILLAGE_HEAD);
    assert_string_equal(who.village, "Che Căn");
    assert_string_equal(who.purpose, "board");
    assert_true(uuid_equal(&who.token, &kept.id));
    assert_false(people_bearer(fixture->people, goes, &who));
}

static void hashes_are_argon2id_of_todays_strength(void **state)
{
    char hash[PASSWORD_HASH];
    assert_true(password_hash("a good password", hash, NULL));
    assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=32768,t=3,p=1$"));
    assert_true(password_holds("a good password", hash));
    assert_false(password_holds("another", hash));
    assert_false(password_holds("a good password", ""));
    assert_false(password_outdated(hash));
}

static void what_the_rights_table_does_not_allow_is_denied(void **state)
{
    const struct {
        Role role;
        const char *may;
    } wanted[] = {
        {ROLE_NONE, "public"},
        {ROLE_UNPROVEN, "public own"},
        {ROLE_ADMIN,
         "public own live listen replay export ptz hold share duty shifts report reports "
         "privacy households figures criteria cases case-read configure users audit metrics"},
        {ROLE_COMMANDER,
         "public own live listen replay export ptz hold share duty shifts report reports "
         "report-person privacy households household-people figures criteria cases case-read "
         "household-ask"},
        {ROLE_OFFICER,
         "public own live listen replay export duty report reports report-person households "
         "household-people figures cases case-read household-ask"},
        {ROLE_VILLAGE_HEAD, "public own live report households household-people"},
        {ROLE_HOUSEHOLD, "public own"},
        {ROLE_AUDITOR, "public own figures case-read audit judge metrics"},
    };
    assert_int_equal(G_N_ELEMENTS(wanted), ROLES);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autoptr(GString) may = g_string_new(NULL);
        for (unsigned action = 0; action < ACTIONS; action++)
            if (rights_allow(wanted[i].role, (Action)action))
                g_string_append_printf(may, "%s%s", may->len ? " " : "",
                                       action_text((Action)action));
        assert_string_equal(may->str, wanted[i].may);
    }
    assert_false(rights_allow(ROLES, ACTION_LIVE));
    assert_false(rights_allow(ROLE_ADMIN, ACTIONS));
    Role role;
    assert_true(role_parse("village-head", &role) && role == ROLE_VILLAGE_HEAD);
    assert_false(role_parse("none", &role) || role_parse("unproven", &role) ||
                 role_parse("root", &role) || role_parse(NULL, &role));
}

/* Where each role may watch: cameras in the own village, in another, in none, of a household in the
 * own village, and one that is not there. */
static void rights_hold_by_place(void **state)
{
    Fixture *fixture = *state;
    static const char *const villages[] = {"Che Căn", "Bản Bua", ""};
    CameraRow cameras[5] = {0};
    double at = 21;
    for (size_t i = 0; i < 4; i++) {
        g_autofree char *name = g_strdup_printf("location %zu", i);
        LocationEdit edit = {
            .name = name, .village = villages[i % 3], .latitude = &at, .longitude = &at};
        assert_true(site_location_add(fixture->site, &edit, &cameras[i].location, NULL));
        cameras[i].owner = i == 3 ? "6e9c1d9e-9c6d-4a0c-8a53-0b6f0e5f1a11" : OWNER_COMMUNE;
    }
    const struct {
        Role role;
        const char *live; /* Y or n, of each camera */
    } wanted[] = {
        {ROLE_NONE, "nnnnn"},      {ROLE_UNPROVEN, "nnnnn"}, {ROLE_ADMIN, "YYYYY"},
        {ROLE_COMMANDER, "YYYnY"}, {ROLE_OFFICER, "YYYnY"},  {ROLE_VILLAGE_HEAD, "Ynnnn"},
        {ROLE_HOUSEHOLD, "nnnnn"}, {ROLE_AUDITOR, "nnnnn"},
    };
    assert_int_equal(G_N_ELEMENTS(wanted), ROLES);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        for (size_t c = 0; c < 5; c++) {
            Identity who = {.role = wanted[i].role, .village = "CHE CĂN"};
            bool may =
                rights_allow_camera(&who, ACTION_LIVE, fixture->site, c < 4 ? &cameras[c] : NULL);
            if (may != (wanted[i].live[c] == 'Y'))
                fail_msg("%s at camera %zu", role_text(wanted[i].role), c);
            *who.village = '\0';
            if (wanted[i].role == ROLE_VILLAGE_HEAD && c < 4)
                assert_false(rights_allow_camera(&who, ACTION_LIVE, fixture->site, &cameras[c]));
        }
    assert_true(rights_need_village(ROLE_VILLAGE_HEAD) && !rights_need_village(ROLE_OFFICER));
    assert_false(rights_allow_everywhere(ROLE_VILLAGE_HEAD, ACTION_LIVE));
}

static void a_village_head_has_a_village_and_nobody_else(void **state)
{
    Fixture *fixture = *state;
    double at = 21;
    Uuid id;
    LocationEdit edit = {.name = "Chợ", .village = "Che Căn", .latitude = &at, .longitude = &at};
    assert_true(site_location_add(fixture->site, &edit, &id, NULL));
    const struct {
        Role role;
        const char *village, *stored;
    } asked[] = {
        {ROLE_VILLAGE_HEAD, NULL, NULL},
        {ROLE_VILLAGE_HEAD, "Che Can", NULL},
        {ROLE_OFFICER, "Che Căn", NULL},
        {ROLE_OFFICER, "", ""},
        {ROLE_VILLAGE_HEAD, " che căn ", "Che Căn"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *name = g_strdup_printf("name%zu", i);
        bool added = people_account_add(fixture->people, name, asked[i].role, asked[i].village,
                                        "a good password", &id, &error);
        assert_int_equal(added, asked[i].stored != NULL);
        if (!added)
            assert_non_null(strstr(error->message, "village"));
        Account account;
        if (added && people_account(fixture->people, &id, &account))
            assert_string_equal(account.village, asked[i].stored);
    }
    assert_true(people_account_role(fixture->people, &id, ROLE_OFFICER, NULL, NULL));
    Account account;
    assert_true(people_account(fixture->people, &id, &account));
    assert_string_equal(account.village, "");
}

int main(void)
{
    secret_init();
#define TEST(name) cmocka_unit_test_setup_teardown(name, people_rig_open, people_rig_close)
    const struct CMUnitTest tests[] = {
        TEST(the_first_start_makes_an_admin_whose_password_is_told_once),
        TEST(a_session_outlives_a_restart_and_its_token_is_stored_nowhere),
        TEST(a_wrong_password_and_an_unknown_name_look_alike),
        TEST(after_some_wrong_passwords_even_the_right_one_has_to_wait),
        TEST(a_session_ends_when_it_is_idle_and_in_any_case_after_a_month),
        TEST(a_disabled_account_is_out_at_once),
        TEST(the_last_admin_stays),
        TEST(a_changed_password_ends_all_sessions_but_the_own),
        TEST(bad_names_and_passwords_are_refused),
        TEST(an_api_token_stands_until_its_day_or_until_it_is_taken_back),
        TEST(a_token_ends_when_its_maker_may_make_none),
        TEST(a_session_is_a_bearer_too_and_nonsense_is_nobody),
        TEST(accounts_come_back_when_the_catalog_is_lost),
        TEST(tokens_come_back_when_the_catalog_is_lost),
        cmocka_unit_test(hashes_are_argon2id_of_todays_strength),
        cmocka_unit_test(what_the_rights_table_does_not_allow_is_denied),
        TEST(rights_hold_by_place),
        TEST(a_village_head_has_a_village_and_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
