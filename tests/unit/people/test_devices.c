/* Phones bound to an officer: codes, challenges, proofs, and being shut out. */
#include "../phone.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/secret.h"
#include "catalog/devices.h"
#include "people/devices.h"
#include "people_rig.h"
#include "unit.h"

#include <string.h>

#define OFFICER_PASSWORD "correct horse battery"

static int64_t mono_us, wall_us;

static void pass(int64_t us)
{
    mono_us += us;
    wall_us += us;
    clock_test_set(mono_us, wall_us);
    clock_tick();
}

static void stand_still(void)
{
    mono_us = HOUR_US;
    wall_us = clock_wall_us();
    pass(0);
}

static void want_device_of_officers(Fixture *fixture)
{
    bool wanted[ROLES] = {[ROLE_OFFICER] = true};
    assert_true(people_device_roles_set(fixture->people, wanted, NULL));
}

static bool give_in(Fixture *fixture, const Phone *phone, const char *code, Device *device)
{
    uint8_t key[P256_KEY_BYTES], signature[P256_SIGNATURE_BYTES];
    g_autofree char *text = device_enrol_text(code);
    phone_key(phone, key);
    phone_sign(phone, text, signature);
    return people_device_enrol(fixture->people, code, key, signature, "10.0.0.9", device, NULL);
}

static Device enrol(Fixture *fixture, const Phone *phone, const Uuid *account)
{
    Device device;
    secret_auto char *code = people_device_code(fixture->people, account, "Máy trực 1", NULL);
    assert_non_null(code);
    assert_true(give_in(fixture, phone, code, &device));
    return device;
}

/* Signs in as the officer with what `phone` makes of a challenge for `device`. */
static char *sign_in_by(Fixture *fixture, const Phone *phone, const Uuid *device,
                        const char *challenge, Identity *identity, SignInEnd *end)
{
    g_autofree char *text = device_proof_text(device, challenge);
    DeviceProof proof = {.device = *device, .challenge = challenge};
    phone_sign(phone, text, proof.signature);
    SignIn asked = {"officer", OFFICER_PASSWORD, NULL, "10.0.0.9", "Chrome", &proof};
    return people_sign_in(fixture->people, &asked, identity, end, NULL);
}

static char *sign_in_on(Fixture *fixture, const Phone *phone, const Uuid *device)
{
    Identity identity;
    SignInEnd end;
    g_autofree char *challenge = people_challenge(fixture->people, device, NULL);
    return sign_in_by(fixture, phone, device, challenge, &identity, &end);
}

static Role role_in(Fixture *fixture, const char *token)
{
    Identity identity;
    return people_session(fixture->people, token, &identity) ? identity.role : ROLE_NONE;
}

static bool prove(Fixture *fixture, const Phone *phone, const Device *device, const char *token,
                  const char *challenge)
{
    uint8_t signature[P256_SIGNATURE_BYTES];
    g_autofree char *text = device_proof_text(&device->id, challenge);
    phone_sign(phone, text, signature);
    return people_prove_device(fixture->people, token, challenge, signature, NULL);
}

static void with_the_policy_only_the_enrolled_phone_signs_in(void **state)
{
    Fixture *fixture = *state;
    Uuid officer = add(fixture, "officer", ROLE_OFFICER, OFFICER_PASSWORD);
    Phone *phone = phone_new(), *other = phone_new();
    Device device = enrol(fixture, phone, &officer);
    assert_string_equal(device.name, "Máy trực 1");
    secret_auto char *before = sign_in(fixture, "officer", OFFICER_PASSWORD, NULL);
    assert_int_equal(role_in(fixture, before), ROLE_OFFICER);
    want_device_of_officers(fixture);
    assert_int_equal(role_in(fixture, before), ROLE_UNPROVEN);
    SignInEnd end;
    assert_null(sign_in_with(fixture, "officer", OFFICER_PASSWORD, NULL, &end));
    assert_int_equal(end.result, SIGN_IN_DEVICE_NEEDED);
    assert_null(sign_in_with(fixture, "officer", "wrong wrong wrong", NULL, &end));
    assert_int_equal(end.result, SIGN_IN_WRONG);
    assert_null(sign_in_on(fixture, other, &device.id)); /* another key */
    secret_auto char *token = sign_in_on(fixture, phone, &device.id);
    assert_int_equal(role_in(fixture, token), ROLE_OFFICER);
    phone_free(phone), phone_free(other);
}

static void the_phone_of_another_does_not_do(void **state)
{
    Fixture *fixture = *state;
    add(fixture, "officer", ROLE_OFFICER, OFFICER_PASSWORD);
    Uuid other = add(fixture, "other", ROLE_OFFICER, OFFICER_PASSWORD);
    Phone *phone = phone_new();
    Device device = enrol(fixture, phone, &other);
    want_device_of_officers(fixture);
    assert_null(sign_in_on(fixture, phone, &device.id));
    phone_free(phone);
}

static void a_code_works_once_and_for_five_minutes(void **state)
{
    Fixture *fixture = *state;
    Device device;
    Phone *phone = phone_new();
    stand_still();
    secret_auto char *code = people_device_code(fixture->people, &fixture->admin, "Máy 1", NULL);
    secret_auto char *late = people_device_code(fixture->people, &fixture->admin, "Máy 2", NULL);
    g_autofree char *typed = g_ascii_strdown(code, -1);
    assert_true(give_in(fixture, phone, typed, &device));
    assert_false(give_in(fixture, phone, code, &device));
    pass(DEVICE_CODE_US);
    assert_false(give_in(fixture, phone, late, &device));
    assert_null(people_device_code(fixture->people, &fixture->admin, "  ", NULL));
    phone_free(phone);
}

static void who_guesses_codes_has_to_wait(void **state)
{
    Fixture *fixture = *state;
    Device device;
    uint8_t key[P256_KEY_BYTES], signature[P256_SIGNATURE_BYTES] = {0};
    Phone *phone = phone_new();
    phone_key(phone, key);
    stand_still();
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 6 && !g_error_matches(error, ERR, ERR_UNAVAILABLE); i++) {
        g_clear_error(&error);
        assert_false(people_device_enrol(fixture->people, "AAAAAAAA", key, signature, "10.0.0.9",
                                         &device, &error));
    }
    assert_true(g_error_matches(error, ERR, ERR_UNAVAILABLE));
    phone_free(phone);
}

static void a_challenge_counts_once_soon_and_only_where_it_was_given(void **state)
{
    Fixture *fixture = *state;
    Identity identity;
    SignInEnd end;
    Uuid officer = add(fixture, "officer", ROLE_OFFICER, OFFICER_PASSWORD);
    Phone *phone = phone_new(), *second = phone_new();
    Device device = enrol(fixture, phone, &officer), tablet = enrol(fixture, second, &officer);
    want_device_of_officers(fixture);
    stand_still();
    g_autofree char *once = people_challenge(fixture->people, &device.id, NULL);
    secret_auto char *token = sign_in_by(fixture, phone, &device.id, once, &identity, &end);
    assert_non_null(token);
    assert_null(sign_in_by(fixture, phone, &device.id, once, &identity, &end)); /* replayed */
    g_autofree char *late = people_challenge(fixture->people, &device.id, NULL);
    pass(DEVICE_CHALLENGE_US);
    assert_null(sign_in_by(fixture, phone, &device.id, late, &identity, &end));
    g_autofree char *foreign = people_challenge(fixture->people, &tablet.id, NULL);
    assert_null(sign_in_by(fixture, phone, &device.id, foreign, &identity, &end));
    g_autofree char *running = people_challenge(fixture->people, &device.id, token);
    assert_null(sign_in_by(fixture, phone, &device.id, running, &identity, &end));
    secret_auto char *there = sign_in_on(fixture, phone, &device.id);
    g_autofree char *here = people_challenge(fixture->people, &device.id, token);
    assert_false(prove(fixture, phone, &device, there, here)); /* of another session */
    g_autofree char *to_enter = people_challenge(fixture->people, &device.id, NULL);
    assert_false(prove(fixture, phone, &device, token, to_enter));
    g_autofree char *good = people_challenge(fixture->people, &device.id, token);
    assert_false(prove(fixture, second, &device, token, good)); /* wrong key: used up */
    assert_false(prove(fixture, phone, &device, token, good));
    phone_free(phone), phone_free(second);
}

static void a_session_whose_proof_is_overdue_may_do_nothing_until_it_is_given(void **state)
{
    Fixture *fixture = *state;
    Uuid officer = add(fixture, "officer", ROLE_OFFICER, OFFICER_PASSWORD);
    Phone *phone = phone_new();
    Device device = enrol(fixture, phone, &officer), told;
    int64_t due_us;
    stand_still();
    secret_auto char *token = sign_in_on(fixture, phone, &device.id);
    assert_true(people_session_device(fixture->people, token, &told, &due_us));
    assert_int_equal(due_us, clock_now_us() + PROOF_MOST_US);
    pass(PROOF_MOST_US - MINUTE_US);
    assert_int_equal(role_in(fixture, token), ROLE_OFFICER);
    g_autofree char *challenge = people_challenge(fixture->people, &device.id, token);
    assert_true(prove(fixture, phone, &device, token, challenge));
    pass(PROOF_MOST_US);
    assert_int_equal(role_in(fixture, token), ROLE_OFFICER);
    pass(SECOND_US);
    assert_int_equal(role_in(fixture, token), ROLE_UNPROVEN);
    g_autofree char *again = people_challenge(fixture->people, &device.id, token);
    assert_true(prove(fixture, phone, &device, token, again));
    assert_int_equal(role_in(fixture, token), ROLE_OFFICER);
    phone_free(phone);
}

static bool store_seen(CatalogDb *db, void *row, GError **error)
{
    return devices_seen(db, row, error);
}

/* What was read before it was shut out, and is stored after, as when it proves itself just then. */
static void a_phone_that_was_seen_at_the_same_time_stays_shut_out(void **state)
{
    Fixture *fixture = *state;
    stand_still();
    Uuid officer = add(fixture, "officer", ROLE_OFFICER, OFFICER_PASSWORD);
    Phone *phone = phone_new();
    Device lost = enrol(fixture, phone, &officer);
    DeviceRow late = {.id = lost.id, .account = officer, .name = "Máy cũ", .seen_us = wall_us};
    assert_true(people_device_shut(fixture->people, &lost.id, NULL));
    assert_true(catalog_write_wait(fixture->catalog, store_seen, &late, NULL));
    close_people(fixture);
    open_people(fixture);
    Device now;
    assert_true(people_device(fixture->people, &lost.id, &now));
    assert_int_equal(now.shut_us, wall_us);
    assert_string_equal(now.name, "Máy trực 1");
    phone_free(phone);
}

static void a_phone_that_is_shut_out_is_out_at_once_and_for_good(void **state)
{
    Fixture *fixture = *state;
    Uuid officer = add(fixture, "officer", ROLE_OFFICER, OFFICER_PASSWORD);
    Phone *phone = phone_new(), *spare = phone_new();
    Device lost = enrol(fixture, phone, &officer), kept = enrol(fixture, spare, &officer);
    want_device_of_officers(fixture);
    secret_auto char *token = sign_in_on(fixture, phone, &lost.id);
    secret_auto char *other = sign_in_on(fixture, spare, &kept.id);
    g_autofree char *ready = people_challenge(fixture->people, &lost.id, NULL);
    assert_true(people_device_shut(fixture->people, &lost.id, NULL));
    assert_int_equal(role_in(fixture, token), ROLE_NONE);
    assert_int_equal(role_in(fixture, other), ROLE_OFFICER);
    Identity identity;
    SignInEnd end;
    assert_null(sign_in_by(fixture, phone, &lost.id, ready, &identity, &end));
    assert_null(sign_in_on(fixture, phone, &lost.id));
    close_people(fixture);
    open_people(fixture);
    assert_int_equal(role_in(fixture, token), ROLE_NONE);
    assert_null(sign_in_on(fixture, phone, &lost.id));
    assert_int_equal(role_in(fixture, other), ROLE_OFFICER);
    secret_auto char *back = sign_in_on(fixture, spare, &kept.id);
    assert_non_null(back);
    phone_free(phone), phone_free(spare);
}

static void admins_are_never_bound_to_a_phone(void **state)
{
    Fixture *fixture = *state;
    bool wanted[ROLES] = {[ROLE_ADMIN] = true};
    assert_false(people_device_roles_set(fixture->people, wanted, NULL));
}

static void a_signature_holds_for_its_text_and_key_alone(void **state)
{
    uint8_t key[P256_KEY_BYTES], other_key[P256_KEY_BYTES], signature[P256_SIGNATURE_BYTES];
    Phone *phone = phone_new(), *other = phone_new();
    phone_key(phone, key);
    phone_key(other, other_key);
    phone_sign(phone, "text", signature);
    assert_true(p256_is_key(key));
    assert_true(p256_holds(key, signature, "text"));
    assert_false(p256_holds(key, signature, "texts"));
    assert_false(p256_holds(other_key, signature, "text"));
    memset(signature, 0, sizeof signature);
    assert_false(p256_holds(key, signature, "text"));
    memset(signature, 0xff, sizeof signature);
    assert_false(p256_holds(key, signature, "text"));
    key[40] ^= 1; /* no point of the curve */
    assert_false(p256_is_key(key));
    memset(key, 0, sizeof key);
    assert_false(p256_is_key(key));
    phone_free(phone), phone_free(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, people_rig_open, people_rig_close)
    const struct CMUnitTest tests[] = {
        TEST(with_the_policy_only_the_enrolled_phone_signs_in),
        TEST(the_phone_of_another_does_not_do),
        TEST(a_code_works_once_and_for_five_minutes),
        TEST(who_guesses_codes_has_to_wait),
        TEST(a_challenge_counts_once_soon_and_only_where_it_was_given),
        TEST(a_session_whose_proof_is_overdue_may_do_nothing_until_it_is_given),
        TEST(a_phone_that_was_seen_at_the_same_time_stays_shut_out),
        TEST(a_phone_that_is_shut_out_is_out_at_once_and_for_good),
        TEST(admins_are_never_bound_to_a_phone),
        cmocka_unit_test(a_signature_holds_for_its_text_and_key_alone),
    };
    secret_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
