/* The second factor of an account, from its beginning to a lost phone. */
#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "people_rig.h"
#include "unit.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD "a good password"

/* What the app on the phone shows, `steps` from now. */
static void code_of(const char *secret, int steps, char code[7])
{
    char *key = NULL;
    size_t size;
    assert_int_equal(oath_base32_decode(secret, strlen(secret), &key, &size), OATH_OK);
    time_t now = (time_t)(clock_now_us() / SECOND_US + steps * 30);
    assert_int_equal(oath_totp_generate(key, size, now, 30, 0, 6, code), OATH_OK);
    free(key);
}

/* An officer with a second factor: its secret (owned). `*codes`: recovery codes (may be NULL). */
static char *turn_on(Fixture *fixture, const Uuid *id, char ***codes)
{
    char *secret = NULL, code[7];
    secret_auto char *uri = NULL;
    assert_true(people_totp_begin(fixture->people, id, PASSWORD, &secret, &uri, NULL));
    assert_non_null(strstr(uri, secret));
    code_of(secret, -1, code);
    char **made = people_totp_confirm(fixture->people, id, code, NULL, NULL);
    assert_non_null(made);
    if (codes)
        *codes = made;
    else
        g_strfreev(made);
    return secret;
}

static void it_counts_once_a_code_of_it_is_confirmed(void **state)
{
    Fixture *fixture = *state;
    char code[7];
    SignInEnd end;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    secret_auto char *secret = NULL;
    secret_auto char *uri = NULL;
    assert_true(people_totp_begin(fixture->people, &id, PASSWORD, &secret, &uri, NULL));
    secret_auto char *before = sign_in_with(fixture, "lan", PASSWORD, NULL, &end);
    assert_int_equal(end.result, SIGN_IN_DONE);
    g_autoptr(GError) error = NULL;
    assert_null(people_totp_confirm(fixture->people, &id, "000000", NULL, &error));
    assert_int_equal(error->code, ERR_DENIED);
    code_of(secret, 0, code);
    g_auto(GStrv) codes = people_totp_confirm(fixture->people, &id, code, NULL, NULL);
    assert_int_equal(g_strv_length(codes), 10);
    Identity identity;
    assert_false(people_session(fixture->people, before, &identity)); /* of the password alone */
    assert_null(sign_in_with(fixture, "lan", PASSWORD, NULL, &end));
    assert_int_equal(end.result, SIGN_IN_CODE_NEEDED);
}

static void what_was_begun_long_ago_must_be_begun_anew(void **state)
{
    Fixture *fixture = *state;
    char code[7];
    int64_t wall_us = clock_wall_us();
    clock_test_set(HOUR_US, wall_us);
    clock_tick();
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    secret_auto char *secret = NULL;
    secret_auto char *uri = NULL;
    assert_true(people_totp_begin(fixture->people, &id, PASSWORD, &secret, &uri, NULL));
    clock_test_set(HOUR_US + 10 * MINUTE_US, wall_us + 10 * MINUTE_US);
    clock_tick();
    code_of(secret, 0, code);
    g_autoptr(GError) error = NULL;
    assert_null(people_totp_confirm(fixture->people, &id, code, NULL, &error));
    assert_int_equal(error->code, ERR_NOT_FOUND);
}

static void a_code_signs_in_once_also_after_a_restart(void **state)
{
    Fixture *fixture = *state;
    char code[7];
    SignInEnd end;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    secret_auto char *secret = turn_on(fixture, &id, NULL);
    code_of(secret, 0, code);
    secret_auto char *token = sign_in_with(fixture, "lan", PASSWORD, code, &end);
    assert_non_null(token);
    assert_null(sign_in_with(fixture, "lan", PASSWORD, code, &end));
    assert_int_equal(end.result, SIGN_IN_CODE_WRONG);
    close_people(fixture);
    open_people(fixture);
    assert_null(sign_in_with(fixture, "lan", PASSWORD, code, &end));
    code_of(secret, 1, code);
    secret_auto char *next = sign_in_with(fixture, "lan", PASSWORD, code, &end);
    assert_non_null(next);
}

static void a_code_without_the_password_tells_nothing(void **state)
{
    Fixture *fixture = *state;
    char code[7];
    SignInEnd end;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    secret_auto char *secret = turn_on(fixture, &id, NULL);
    code_of(secret, 0, code);
    assert_null(sign_in_with(fixture, "lan", "not the password", code, &end));
    assert_int_equal(end.result, SIGN_IN_WRONG);
    secret_auto char *token = sign_in_with(fixture, "lan", PASSWORD, code, &end);
    assert_non_null(token); /* it was not used up */
}

static void wrong_codes_lead_to_a_wait_and_asking_for_the_code_does_not(void **state)
{
    Fixture *fixture = *state;
    SignInEnd end;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    secret_auto char *secret = turn_on(fixture, &id, NULL);
    for (int i = 0; i < 7; i++) {
        assert_null(sign_in_with(fixture, "lan", PASSWORD, NULL, &end));
        assert_int_equal(end.result, SIGN_IN_CODE_NEEDED);
    }
    for (int i = 0; i < 5; i++) {
        assert_null(sign_in_with(fixture, "lan", PASSWORD, "000000", &end));
        assert_int_equal(end.result, SIGN_IN_CODE_WRONG);
    }
    assert_null(sign_in_with(fixture, "lan", PASSWORD, "000000", &end));
    assert_int_equal(end.result, SIGN_IN_LOCKED_OUT);
}

static void a_recovery_code_signs_in_once_and_new_ones_end_the_old(void **state)
{
    Fixture *fixture = *state;
    SignInEnd end;
    SecondFactor factor;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    g_auto(GStrv) codes = NULL;
    secret_auto char *secret = turn_on(fixture, &id, &codes);
    g_autofree char *small = g_ascii_strdown(codes[3], -1);
    secret_auto char *token = sign_in_with(fixture, "lan", PASSWORD, small, &end);
    assert_non_null(token);
    assert_true(end.recovery);
    assert_null(sign_in_with(fixture, "lan", PASSWORD, codes[3], &end));
    assert_int_equal(end.result, SIGN_IN_CODE_WRONG);
    assert_true(people_second_factor(fixture->people, &id, &factor));
    assert_int_equal(factor.recovery_left, 9);
    g_auto(GStrv) fresh = people_recovery_renew(fixture->people, &id, PASSWORD, NULL);
    assert_null(sign_in_with(fixture, "lan", PASSWORD, codes[4], &end));
    secret_auto char *again = sign_in_with(fixture, "lan", PASSWORD, fresh[0], &end);
    assert_non_null(again);
}

static void neither_secret_nor_codes_are_readable_on_the_disk(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    g_auto(GStrv) codes = NULL;
    secret_auto char *secret = turn_on(fixture, &id, &codes);
    close_people(fixture);
    g_autofree char *wal = g_strconcat(fixture->data->catalog, "-wal", NULL);
    g_auto(GStrv) parts = g_strsplit(codes[0], "-", -1);
    g_autofree char *folded = g_strjoinv("", parts);
    const char *const paths[] = {fixture->data->catalog, wal, fixture->data->site};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        size_t size = 0;
        g_autofree char *text = file_read(paths[i], 64 << 20, &size, NULL);
        assert_null(text ? memmem(text, size, secret, strlen(secret)) : NULL);
        assert_null(text ? memmem(text, size, folded, strlen(folded)) : NULL);
        assert_null(text ? memmem(text, size, codes[0], strlen(codes[0])) : NULL);
    }
    open_people(fixture);
}

static void it_comes_back_with_its_policy_when_the_catalog_is_lost(void **state)
{
    Fixture *fixture = *state;
    char code[7];
    SignInEnd end;
    bool wanted[ROLES] = {[ROLE_ADMIN] = true, [ROLE_OFFICER] = true};
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    g_auto(GStrv) codes = NULL;
    secret_auto char *secret = turn_on(fixture, &id, &codes);
    assert_true(people_totp_roles_set(fixture->people, wanted, NULL));
    close_people(fixture);
    assert_int_equal(unlink(fixture->data->catalog), 0);
    open_people(fixture);
    bool now[ROLES];
    people_totp_roles(fixture->people, now);
    assert_memory_equal(now, wanted, sizeof now);
    assert_null(sign_in_with(fixture, "lan", PASSWORD, NULL, &end));
    code_of(secret, 0, code);
    secret_auto char *token = sign_in_with(fixture, "lan", PASSWORD, code, &end);
    secret_auto char *other = sign_in_with(fixture, "lan", PASSWORD, codes[0], &end);
    assert_true(token && other);
}

static void a_role_that_needs_it_may_do_nothing_until_it_is_on(void **state)
{
    Fixture *fixture = *state;
    char code[7];
    SignInEnd end;
    Identity identity;
    bool wanted[ROLES] = {[ROLE_OFFICER] = true};
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    secret_auto char *token = sign_in_with(fixture, "lan", PASSWORD, NULL, &end);
    assert_true(people_totp_roles_set(fixture->people, wanted, NULL));
    assert_true(people_session(fixture->people, token, &identity));
    assert_int_equal(identity.role, ROLE_UNPROVEN);
    secret_auto char *secret = NULL;
    secret_auto char *uri = NULL;
    assert_true(people_totp_begin(fixture->people, &id, PASSWORD, &secret, &uri, NULL));
    code_of(secret, 0, code);
    g_auto(GStrv) codes = people_totp_confirm(fixture->people, &id, code, token, NULL);
    assert_non_null(codes);
    assert_true(people_session(fixture->people, token, &identity));
    assert_int_equal(identity.role, ROLE_OFFICER);
    g_autoptr(GError) error = NULL;
    assert_false(people_totp_off(fixture->people, &id, PASSWORD, &error));
    assert_int_equal(error->code, ERR_DENIED);
    assert_true(people_session(fixture->people, token, &identity));
}

static void an_admin_takes_it_off_for_a_lost_phone_and_ends_the_sessions(void **state)
{
    Fixture *fixture = *state;
    char code[7];
    SignInEnd end;
    Identity identity;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    secret_auto char *secret = turn_on(fixture, &id, NULL);
    code_of(secret, 0, code);
    secret_auto char *token = sign_in_with(fixture, "lan", PASSWORD, code, &end);
    assert_true(people_totp_reset(fixture->people, &id, NULL));
    assert_false(people_session(fixture->people, token, &identity));
    secret_auto char *again = sign_in_with(fixture, "lan", PASSWORD, NULL, &end);
    assert_non_null(again);
}

static void changes_of_it_ask_for_the_password(void **state)
{
    Fixture *fixture = *state;
    Uuid id = add(fixture, "lan", ROLE_OFFICER, PASSWORD);
    char *secret = NULL, *uri = NULL;
    assert_false(people_totp_begin(fixture->people, &id, "wrong password", &secret, &uri, NULL));
    assert_null(secret);
    secret = turn_on(fixture, &id, NULL);
    assert_null(people_recovery_renew(fixture->people, &id, "wrong password", NULL));
    assert_false(people_totp_off(fixture->people, &id, "wrong password", NULL));
    SecondFactor factor;
    assert_true(people_second_factor(fixture->people, &id, &factor) && factor.on);
    assert_true(people_totp_off(fixture->people, &id, PASSWORD, NULL));
    assert_true(people_second_factor(fixture->people, &id, &factor) && !factor.on);
    secret_free(secret);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, people_rig_open, people_rig_close)
    secret_init();
    const struct CMUnitTest tests[] = {
        TEST(it_counts_once_a_code_of_it_is_confirmed),
        TEST(what_was_begun_long_ago_must_be_begun_anew),
        TEST(a_code_signs_in_once_also_after_a_restart),
        TEST(a_code_without_the_password_tells_nothing),
        TEST(wrong_codes_lead_to_a_wait_and_asking_for_the_code_does_not),
        TEST(a_recovery_code_signs_in_once_and_new_ones_end_the_old),
        TEST(neither_secret_nor_codes_are_readable_on_the_disk),
        TEST(it_comes_back_with_its_policy_when_the_catalog_is_lost),
        TEST(a_role_that_needs_it_may_do_nothing_until_it_is_on),
        TEST(an_admin_takes_it_off_for_a_lost_phone_and_ends_the_sessions),
        TEST(changes_of_it_ask_for_the_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
