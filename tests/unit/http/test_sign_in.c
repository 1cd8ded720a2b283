/* Signing in with a second factor, by the API: from the QR code to a lost phone. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "people/browsers.h"
#include "people/totp.h"
#include "unit.h"

#include <liboath/oath.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What the app on the phone shows, `steps` from now. */
static void code_of(const char *secret, int steps, char code[TOTP_DIGITS + 1])
{
    char *key = NULL;
    size_t size;
    assert_int_equal(oath_base32_decode(secret, strlen(secret), &key, &size), OATH_OK);
    uint64_t step = (uint64_t)(clock_now_us() / SECOND_US / TOTP_STEP_S + steps);
    assert_int_equal(
        oath_hotp_generate(key, size, step, TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, code),
        OATH_OK);
    free(key);
}

/* Signs in as the officer; the answer, owned. */
static Json *sign_in(House *house, const char *password, const char *code, int status)
{
    g_autofree char *body =
        code ? g_strdup_printf("{\"name\":\"officer-1\",\"password\":\"%s\",\"code\":\"%s\"}",
                               password, code)
             : g_strdup_printf("{\"name\":\"officer-1\",\"password\":\"%s\"}", password);
    return ask(house, NULL, "POST /session", "POST /api/v1/session", body, status);
}

static void expect_code(House *house, const char *password, const char *code, int status,
                        const char *wanted)
{
    g_autoptr(Json) answer = sign_in(house, password, code, status);
    assert_string_equal(text_of(answer, "cause_code"), wanted);
}

/* Turns the officer's second factor on; its secret and the recovery codes, owned. */
static char *turn_on(House *house, const char *session, Json **codes)
{
    char code[TOTP_DIGITS + 1];
    g_autoptr(Json) begun = ask(house, session, "POST /me/totp", "POST /api/v1/me/totp",
                                "{\"password\":\"" HOUSE_PASSWORD "\"}", 200);
    char *secret = g_strdup(text_of(begun, "secret"));
    assert_true(g_str_has_prefix(text_of(begun, "uri"), "otpauth://totp/"));
    assert_true(g_str_has_prefix(text_of(begun, "qr"), "<svg "));
    code_of(secret, -1, code);
    g_autofree char *body = g_strdup_printf("{\"code\":\"%s\"}", code);
    g_autoptr(Json) done =
        ask(house, session, "POST /me/totp/confirm", "POST /api/v1/me/totp/confirm", body, 200);
    *codes = json_incref(json_object_get(done, "recovery_codes"));
    assert_int_equal(json_array_size(*codes), RECOVERY_CODES);
    return secret;
}

static void signing_in_asks_for_the_code_once_the_password_is_right(void **state)
{
    House *house = *state;
    char code[TOTP_DIGITS + 1];
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) codes = NULL;
    g_autofree char *secret = turn_on(house, session, &codes);
    expect_code(house, "wrong wrong wrong", NULL, 401, "wrong-password");
    expect_code(house, HOUSE_PASSWORD, NULL, 401, "code-needed");
    expect_code(house, HOUSE_PASSWORD, "000000", 401, "wrong-code");
    code_of(secret, 0, code);
    g_autoptr(Json) me = sign_in(house, HOUSE_PASSWORD, code, 200);
    const Json *factor = json_object_get(me, "second_factor");
    assert_true(json_is_true(json_object_get(factor, "on")));
    assert_int_equal(json_integer_value(json_object_get(factor, "recovery_left")), 10);
    expect_code(house, HOUSE_PASSWORD, code, 401, "wrong-code");
    json_decref(sign_in(house, HOUSE_PASSWORD, json_string_value(json_array_get(codes, 0)), 200));
    expect_code(house, HOUSE_PASSWORD, json_string_value(json_array_get(codes, 0)), 401,
                "wrong-code");
}

static void wrong_passwords_and_codes_are_told_apart_in_settings(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) refused = ask(house, session, "POST /me/totp", "POST /api/v1/me/totp",
                                  "{\"password\":\"wrong wrong\"}", 403);
    assert_string_equal(text_of(refused, "cause_code"), "wrong-password");
    fits(house, session, "POST /me/totp/confirm", "POST /api/v1/me/totp/confirm",
         "{\"code\":\"000000\"}", 404);
    g_autoptr(Json) codes = NULL;
    g_autofree char *secret = turn_on(house, session, &codes);
    fits(house, session, "POST /me/totp", "POST /api/v1/me/totp",
         "{\"password\":\"" HOUSE_PASSWORD "\"}", 409);
    g_autoptr(Json) fresh =
        ask(house, session, "POST /me/recovery-codes", "POST /api/v1/me/recovery-codes",
            "{\"password\":\"" HOUSE_PASSWORD "\"}", 200);
    expect_code(house, HOUSE_PASSWORD, json_string_value(json_array_get(codes, 0)), 401,
                "wrong-code");
    fits(house, session, "POST /me/totp/off", "POST /api/v1/me/totp/off",
         "{\"password\":\"" HOUSE_PASSWORD "\"}", 204);
    json_decref(sign_in(house, HOUSE_PASSWORD, NULL, 200));
}

/* It is no fault of the server: 429, and the app tells how long to wait. */
static void guessing_the_own_password_in_settings_is_slowed_down(void **state)
{
    House *house = *state;
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    static const char wrong[] =
        "{\"password_old\":\"wrong wrong\",\"password_new\":\"a fresh password\"}";
    for (int i = 0; i < 5; i++)
        fits(house, session, "PATCH /me", "PATCH /api/v1/me", wrong, 403);
    fits(house, session, "PATCH /me", "PATCH /api/v1/me", wrong, 429);
    g_autoptr(Json) again = ask(house, session, "POST /me/totp", "POST /api/v1/me/totp",
                                "{\"password\":\"wrong wrong\"}", 429);
    assert_string_equal(text_of(again, "cause_code"), "too-many");
}

static void an_admin_wants_it_of_a_role_and_takes_it_off_a_lost_phone(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    fits(house, admin, "PATCH /policy", "PATCH /api/v1/policy", "{\"totp_roles\":[\"king\"]}", 400);
    fits(house, admin, "PATCH /policy", "PATCH /api/v1/policy", "{\"totp_roles\":[\"officer\"]}",
         200);
    g_autoptr(Json) policy = ask(house, admin, "GET /policy", "GET /api/v1/policy", NULL, 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(policy, "totp_roles"), 0)),
                        "officer");
    fits(house, session, "GET /cameras", "GET /api/v1/cameras", NULL, 403);
    g_autoptr(Json) me = ask(house, session, "GET /me", "GET /api/v1/me", NULL, 200);
    assert_string_equal(text_of(me, "role"), "officer");
    assert_int_equal(json_array_size(json_object_get(me, "actions")), 0);
    g_autoptr(Json) codes = NULL;
    g_autofree char *secret = turn_on(house, session, &codes);
    fits(house, session, "GET /cameras", "GET /api/v1/cameras", NULL, 200);
    g_autoptr(Json) kept = ask(house, session, "POST /me/totp/off", "POST /api/v1/me/totp/off",
                               "{\"password\":\"" HOUSE_PASSWORD "\"}", 403);
    assert_string_equal(text_of(kept, "cause_code"), "second-factor-needed");
    g_autofree char *reset = g_strdup_printf("PATCH /api/v1/users/%s", text_of(me, "id"));
    fits(house, admin, "PATCH /users/{id}", reset, "{\"second_factor\":true}", 400);
    g_autoptr(Json) user =
        ask(house, admin, "PATCH /users/{id}", reset, "{\"second_factor\":false}", 200);
    assert_true(json_is_false(json_object_get(user, "second_factor")));
    fits(house, session, "GET /me", "GET /api/v1/me", NULL, 401);
}

static void what_is_done_to_it_stands_in_the_audit_log_without_codes(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) codes = NULL;
    g_autofree char *secret = turn_on(house, session, &codes);
    const char *recovery = json_string_value(json_array_get(codes, 0));
    expect_code(house, HOUSE_PASSWORD, "000000", 401, "wrong-code");
    json_decref(sign_in(house, HOUSE_PASSWORD, recovery, 200));
    fits(house, admin, "PATCH /policy", "PATCH /api/v1/policy", "{\"totp_roles\":[\"officer\"]}",
         200);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    g_autoptr(GString) told = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[rows->len - 1 - i];
        g_string_append_printf(told, "%s %s;", row->action, row->result);
        assert_null(strstr(row->object, recovery));
        assert_null(strstr(row->reason, recovery));
        assert_int_equal(audit_kind_of(row->action),
                         strcmp(row->action, "policy-edit") == 0 ? AUDIT_CHANGE : AUDIT_SIGN_IN);
        assert_int_equal(audit_is_refused(row), strcmp(row->result, "wrong-code") == 0);
    }
    assert_string_equal(told->str, "second-factor-on ok;sign-in wrong-code;"
                                   "sign-in ok-recovery-code;policy-edit ok;");
}

static bool is_new_in(House *house, const Uuid *account, const char *browser)
{
    g_autofree char *given = NULL;
    return browser_is_news(house->api.people, account, browser, &given);
}

static void who_knew_the_old_password_is_on_a_new_device_again_whoever_set_the_new_one(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) me = ask(house, officer, "GET /me", "GET /api/v1/me", NULL, 200);
    Uuid account;
    assert_true(uuid_parse(text_of(me, "id"), &account));
    g_autofree char *browser = NULL;
    browser_is_news(house->api.people, &account, NULL, &browser);
    assert_false(is_new_in(house, &account, browser));
    fits(house, officer, "PATCH /me", "PATCH /api/v1/me",
         "{\"password_old\":\"" HOUSE_PASSWORD "\",\"password_new\":\"a fresh password\"}", 200);
    assert_true(is_new_in(house, &account, browser));
    assert_false(is_new_in(house, &account, browser));
    g_autofree char *set = g_strdup_printf("PATCH /api/v1/users/%s", text_of(me, "id"));
    fits(house, admin, "PATCH /users/{id}", set, "{\"password\":\"another password\"}", 200);
    assert_true(is_new_in(house, &account, browser));
}

/* What the catalog's writer does on a disk that hangs: nothing, until it is let go. */
typedef struct Hang {
    atomic_bool let_go, over;
} Hang;

static bool hang(CatalogDb *db, void *data, GError **error)
{
    Hang *disk = data;
    for (int i = 0; i < 1500 && !atomic_load(&disk->let_go); i++)
        g_usleep(10000);
    atomic_store(&disk->over, true);
    return true;
}

static void a_sign_in_is_answered_while_the_disk_hangs(void **state)
{
    House *house = *state;
    Hang disk = {0};
    g_autofree char *session = house_session(house, ROLE_OFFICER);
    catalog_write(house->catalog, hang, &disk, NULL);
    g_autoptr(Json) me = sign_in(house, HOUSE_PASSWORD, NULL, 200);
    assert_false(atomic_load(&disk.over));
    atomic_store(&disk.let_go, true);
    while (!atomic_load(&disk.over))
        g_usleep(1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(signing_in_asks_for_the_code_once_the_password_is_right),
        TEST(wrong_passwords_and_codes_are_told_apart_in_settings),
        TEST(guessing_the_own_password_in_settings_is_slowed_down),
        TEST(who_knew_the_old_password_is_on_a_new_device_again_whoever_set_the_new_one),
        TEST(a_sign_in_is_answered_while_the_disk_hangs),
        TEST(an_admin_wants_it_of_a_role_and_takes_it_off_a_lost_phone),
        TEST(what_is_done_to_it_stands_in_the_audit_log_without_codes),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
