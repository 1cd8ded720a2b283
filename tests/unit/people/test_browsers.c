/* Whether an account is signed in from a browser that is new to it. */
#include "base/clock.h"
#include "base/secret.h"
#include "people/browsers.h"
#include "people_rig.h"
#include "unit.h"

#include <string.h>

static bool is_news(Fixture *fixture, const Uuid *account, const char *browser)
{
    secret_auto char *given = NULL;
    return browser_is_news(fixture->people, account, browser, &given);
}

static void the_first_sign_in_is_no_news_and_one_from_another_browser_is_once(void **state)
{
    Fixture *fixture = *state;
    secret_auto char *first = NULL, *second = NULL, *none = NULL;
    assert_false(browser_is_news(fixture->people, &fixture->admin, NULL, &first));
    assert_non_null(first);
    assert_true(browser_is_news(fixture->people, &fixture->admin, NULL, &second));
    assert_string_not_equal(first, second);
    assert_false(browser_is_news(fixture->people, &fixture->admin, second, &none));
    assert_null(none); /* it keeps what it has */
    assert_false(is_news(fixture, &fixture->admin, first));
}

static void what_is_known_is_known_after_a_restart(void **state)
{
    Fixture *fixture = *state;
    secret_auto char *first = NULL, *second = NULL;
    browser_is_news(fixture->people, &fixture->admin, NULL, &first);
    browser_is_news(fixture->people, &fixture->admin, NULL, &second);
    close_people(fixture);
    open_people(fixture);
    assert_false(is_news(fixture, &fixture->admin, second));
    assert_true(is_news(fixture, &fixture->admin, NULL)); /* its cookies were cleared */
}

static void a_browser_that_one_account_knows_is_new_to_another(void **state)
{
    Fixture *fixture = *state;
    Uuid lan = add(fixture, "lan", ROLE_OFFICER, "ten-characters");
    secret_auto char *own = NULL, *station = NULL;
    browser_is_news(fixture->people, &lan, NULL, &own);
    browser_is_news(fixture->people, &fixture->admin, NULL, &station);
    assert_true(is_news(fixture, &lan, station));
    assert_false(is_news(fixture, &lan, station));
}

static void a_text_that_was_never_given_out_is_replaced(void **state)
{
    Fixture *fixture = *state;
    secret_auto char *given = NULL;
    browser_is_news(fixture->people, &fixture->admin, "1", &given);
    assert_non_null(given);
}

static void with_a_new_password_only_the_browser_that_gave_it_is_known(void **state)
{
    Fixture *fixture = *state;
    secret_auto char *own = NULL, *thief = NULL;
    browser_is_news(fixture->people, &fixture->admin, NULL, &own);
    browser_is_news(fixture->people, &fixture->admin, NULL, &thief);
    browsers_forget_others(fixture->people, &fixture->admin, own);
    assert_false(is_news(fixture, &fixture->admin, own));
    assert_true(is_news(fixture, &fixture->admin, thief));
}

static void with_a_password_that_an_admin_gave_every_browser_is_new(void **state)
{
    Fixture *fixture = *state;
    secret_auto char *own = NULL;
    browser_is_news(fixture->people, &fixture->admin, NULL, &own);
    browsers_forget_others(fixture->people, &fixture->admin, NULL);
    assert_true(is_news(fixture, &fixture->admin, own));
}

static void the_browsers_that_were_not_seen_for_longest_are_forgotten(void **state)
{
    Fixture *fixture = *state;
    int64_t mono_us = HOUR_US, wall_us = clock_wall_us();
    secret_auto char *oldest = NULL;
    for (int i = 0; i <= BROWSERS_MOST; i++) {
        char *given = NULL;
        clock_test_set(mono_us + i * SECOND_US, wall_us + i * SECOND_US);
        clock_tick();
        browser_is_news(fixture->people, &fixture->admin, NULL, &given);
        if (i == 0)
            oldest = given;
        else
            secret_free(given);
    }
    assert_true(is_news(fixture, &fixture->admin, oldest));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, people_rig_open, people_rig_close)
    const struct CMUnitTest tests[] = {
        TEST(the_first_sign_in_is_no_news_and_one_from_another_browser_is_once),
        TEST(what_is_known_is_known_after_a_restart),
        TEST(a_browser_that_one_account_knows_is_new_to_another),
        TEST(a_text_that_was_never_given_out_is_replaced),
        TEST(with_a_new_password_only_the_browser_that_gave_it_is_known),
        TEST(with_a_password_that_an_admin_gave_every_browser_is_new),
        TEST(the_browsers_that_were_not_seen_for_longest_are_forgotten),
    };
    secret_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
