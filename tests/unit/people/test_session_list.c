/* Where an account is signed in, and ending it there. */
#include "base/clock.h"
#include "base/secret.h"
#include "catalog/sessions.h"
#include "people_rig.h"
#include "unit.h"

#include <stdatomic.h>
#include <string.h>

static bool is_in(Fixture *fixture, const char *token)
{
    Identity identity;
    return people_session(fixture->people, token, &identity);
}

/* Signs in as admin from somewhere. Returned owned. */
static char *sign_in_from(Fixture *fixture, const char *address, const char *device)
{
    Identity identity;
    SignInEnd end;
    SignIn asked = {"admin", fixture->admin_password, NULL, address, device};
    return people_sign_in(fixture->people, &asked, &identity, &end, NULL);
}

static void the_list_tells_where_and_since_when_and_which_one_asks(void **state)
{
    Fixture *fixture = *state;
    int64_t mono_us = HOUR_US, wall_us = clock_wall_us();
    clock_test_set(mono_us, wall_us);
    clock_tick();
    secret_auto char *here = sign_in_from(fixture, "10.0.0.1", "Firefox");
    secret_auto char *there = sign_in_from(fixture, "10.0.0.2", "Chrome");
    clock_test_set(mono_us + MINUTE_US, wall_us + MINUTE_US);
    clock_tick();
    assert_true(is_in(fixture, here));
    g_autoptr(GArray) list = people_sessions(fixture->people, &fixture->admin, here);
    assert_int_equal(list->len, 2);
    const SessionInfo *first = &g_array_index(list, SessionInfo, 0);
    const SessionInfo *second = first + 1;
    assert_true(first->current);
    assert_string_equal(first->device, "Firefox");
    assert_string_equal(first->address, "10.0.0.1");
    assert_int_equal(first->used_us - first->created_us, MINUTE_US);
    assert_false(second->current);
    assert_string_equal(second->address, "10.0.0.2");
    assert_int_equal(second->used_us, second->created_us);
    assert_false(uuid_equal(&first->id, &second->id));
}

static void where_one_signed_in_is_known_after_a_restart(void **state)
{
    Fixture *fixture = *state;
    secret_auto char *here = sign_in_from(fixture, "10.0.0.7", "Chrome");
    close_people(fixture);
    open_people(fixture);
    g_autoptr(GArray) list = people_sessions(fixture->people, &fixture->admin, here);
    assert_int_equal(list->len, 1);
    assert_string_equal(g_array_index(list, SessionInfo, 0).address, "10.0.0.7");
    assert_true(g_array_index(list, SessionInfo, 0).current);
}

static void one_is_ended_and_the_others_stay(void **state)
{
    Fixture *fixture = *state;
    Uuid other = add(fixture, "officer", ROLE_OFFICER, "correct horse battery");
    secret_auto char *here = sign_in_from(fixture, "10.0.0.1", "Firefox");
    secret_auto char *there = sign_in_from(fixture, "10.0.0.2", "Chrome");
    g_autoptr(GArray) list = people_sessions(fixture->people, &fixture->admin, here);
    const SessionInfo *first = &g_array_index(list, SessionInfo, 0);
    Uuid id = first->current ? first[1].id : first->id;
    assert_false(people_session_end(fixture->people, &other, &id, NULL)); /* not theirs */
    assert_true(is_in(fixture, there));
    assert_true(people_session_end(fixture->people, &fixture->admin, &id, NULL));
    assert_false(people_session_end(fixture->people, &fixture->admin, &id, NULL));
    assert_false(is_in(fixture, there));
    close_people(fixture);
    open_people(fixture);
    assert_false(is_in(fixture, there));
    assert_true(is_in(fixture, here));
}

static void all_others_are_ended_at_once(void **state)
{
    Fixture *fixture = *state;
    add(fixture, "officer", ROLE_OFFICER, "correct horse battery");
    secret_auto char *officer = sign_in(fixture, "officer", "correct horse battery", NULL);
    secret_auto char *here = sign_in_from(fixture, "10.0.0.1", "Firefox");
    secret_auto char *there = sign_in_from(fixture, "10.0.0.2", "Chrome");
    secret_auto char *far = sign_in_from(fixture, "10.0.0.3", "Chrome");
    assert_true(people_sessions_end(fixture->people, &fixture->admin, here, NULL));
    assert_true(is_in(fixture, here));
    assert_false(is_in(fixture, there));
    assert_false(is_in(fixture, far));
    assert_true(is_in(fixture, officer));
    assert_true(people_sessions_end(fixture->people, &fixture->admin, NULL, NULL));
    assert_false(is_in(fixture, here));
}

/* As a start after a kill in this moment would find them. */
static unsigned stored(Fixture *fixture)
{
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GPtrArray) rows = sessions_list(db, NULL);
    return rows->len;
}

static void wait_until_stored(Fixture *fixture, unsigned wanted)
{
    for (int i = 0; stored(fixture) != wanted; i++) {
        assert_true(i < 1000);
        g_usleep(10000);
    }
}

static void what_was_answered_as_ended_does_not_come_back_after_a_kill(void **state)
{
    Fixture *fixture = *state;
    Uuid officer = add(fixture, "officer", ROLE_OFFICER, "correct horse battery");
    secret_auto char *here = sign_in_from(fixture, "10.0.0.1", "Firefox");
    secret_auto char *there = sign_in_from(fixture, "10.0.0.2", "Chrome");
    secret_auto char *other = sign_in(fixture, "officer", "correct horse battery", NULL);
    wait_until_stored(fixture, 3);
    assert_true(people_sessions_end(fixture->people, &fixture->admin, here, NULL));
    assert_int_equal(stored(fixture), 2);
    assert_true(people_sign_out(fixture->people, here, NULL));
    assert_int_equal(stored(fixture), 1);
    assert_true(people_account_disable(fixture->people, &officer, true, NULL));
    assert_int_equal(stored(fixture), 0);
    secret_auto char *again = sign_in_from(fixture, "10.0.0.1", "Firefox");
    wait_until_stored(fixture, 1);
    assert_true(people_password_set(fixture->people, &fixture->admin, "another long horse", NULL));
    assert_int_equal(stored(fixture), 0);
    assert_false(is_in(fixture, again));
}

typedef struct Held {
    atomic_bool stands, goes_on;
} Held;

static void wait_for(atomic_bool *flag)
{
    while (!atomic_load(flag))
        g_usleep(1000);
}

/* What the writer does until it is let go on. */
static bool stand_still(CatalogDb *db, void *data, GError **error)
{
    Held *held = data;
    atomic_store(&held->stands, true);
    wait_for(&held->goes_on);
    return true;
}

static void *change_password(void *data)
{
    Fixture *fixture = data;
    assert_true(people_password_set(fixture->people, &fixture->admin, "another long horse", NULL));
    return NULL;
}

/* The change is on its way to the disk, not there yet, when the old password is given. */
static void who_signs_in_while_the_password_changes_is_out_for_good(void **state)
{
    Fixture *fixture = *state;
    Held held = {false, false};
    catalog_write_soon(fixture->catalog, stand_still, &held, NULL);
    wait_for(&held.stands);
    GThread *thread = g_thread_new("change", change_password, fixture);
    while (catalog_waiting(fixture->catalog) == 0)
        g_usleep(1000);
    secret_auto char *late = sign_in_from(fixture, "10.0.0.9", "Chrome");
    assert_non_null(late);
    atomic_store(&held.goes_on, true);
    g_thread_join(thread);
    assert_false(is_in(fixture, late));
    close_people(fixture); /* all that was handed over is stored */
    open_people(fixture);
    assert_int_equal(stored(fixture), 0);
    assert_false(is_in(fixture, late));
}

static void what_is_over_is_not_in_the_list(void **state)
{
    Fixture *fixture = *state;
    int64_t mono_us = HOUR_US, wall_us = clock_wall_us();
    clock_test_set(mono_us, wall_us);
    clock_tick();
    secret_auto char *here = sign_in_from(fixture, "10.0.0.1", "Firefox");
    clock_test_set(mono_us, wall_us + SESSION_IDLE_US + SECOND_US);
    clock_tick();
    g_autoptr(GArray) list = people_sessions(fixture->people, &fixture->admin, NULL);
    assert_int_equal(list->len, 0);
    assert_false(is_in(fixture, here));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, people_rig_open, people_rig_close)
    const struct CMUnitTest tests[] = {
        TEST(the_list_tells_where_and_since_when_and_which_one_asks),
        TEST(where_one_signed_in_is_known_after_a_restart),
        TEST(one_is_ended_and_the_others_stay),
        TEST(all_others_are_ended_at_once),
        TEST(what_was_answered_as_ended_does_not_come_back_after_a_kill),
        TEST(who_signs_in_while_the_password_changes_is_out_for_good),
        TEST(what_is_over_is_not_in_the_list),
    };
    secret_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
