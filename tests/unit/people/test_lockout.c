#include "base/clock.h"
#include "people/lockout.h"
#include "unit.h"

static const int64_t start_us = 1000 * SECOND_US;

/* Fails as often as it is let to, waiting as long as it is told; returns when it is done. */
static int64_t fail_often(Lockout *lockout, const char *account, const char *address, int times,
                          int64_t now_us)
{
    for (int i = 0; i < times; i++) {
        int64_t wait_us;
        while ((wait_us = lockout_try(lockout, account, address, now_us)) > 0)
            now_us += wait_us;
    }
    return now_us;
}

static void a_few_slips_are_free(void **state)
{
    Lockout *lockout = lockout_new();
    for (int i = 0; i < LOCKOUT_FREE_HERE; i++)
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", start_us), 0);
    assert_true(lockout_try(lockout, "lan", "10.0.0.1", start_us) > 0);
    lockout_free(lockout);
}

static void waits_double_up_to_a_minute_for_an_account(void **state)
{
    Lockout *lockout = lockout_new();
    int64_t now_us = fail_often(lockout, "lan", "10.0.0.1", LOCKOUT_FREE_HERE, start_us);
    int64_t wanted_us = SECOND_US;
    for (int i = 0; i < 5; i++) {
        int64_t wait_us = lockout_try(lockout, "lan", "10.0.0.1", now_us);
        assert_int_equal(wait_us, wanted_us);
        now_us += wait_us;
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", now_us), 0);
        wanted_us *= 2;
    }
    for (int i = 0; i < 100; i++) {
        g_autofree char *address = g_strdup_printf("10.0.1.%d", i);
        now_us = fail_often(lockout, "lan", address, 1, now_us);
    }
    assert_true(lockout_try(lockout, "lan", "10.0.2.1", now_us) <= LOCKOUT_MOST_ACCOUNT_US);
    lockout_free(lockout);
}

static void an_address_that_tries_many_accounts_waits_up_to_a_quarter_of_an_hour(void **state)
{
    Lockout *lockout = lockout_new();
    int64_t now_us = start_us;
    for (int i = 0; i < 30; i++) {
        g_autofree char *account = g_strdup_printf("account%d", i);
        now_us = fail_often(lockout, account, "10.0.0.1", 1, now_us);
    }
    assert_int_equal(lockout_try(lockout, "another", "10.0.0.1", now_us), LOCKOUT_MOST_ADDRESS_US);
    assert_int_equal(lockout_try(lockout, "another", "10.0.0.2", now_us), 0);
    lockout_free(lockout);
}

static void the_owner_gets_in_from_a_known_address_whatever_others_do(void **state)
{
    Lockout *lockout = lockout_new();
    assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", start_us), 0);
    lockout_succeeded(lockout, "lan", "10.0.0.1", start_us);
    int64_t now_us = start_us;
    for (int i = 0; i < 200; i++) {
        g_autofree char *address = g_strdup_printf("10.0.9.%d", i);
        now_us = fail_often(lockout, "lan", address, 1, now_us);
    }
    assert_true(lockout_try(lockout, "lan", "10.0.8.1", now_us) > 0);
    assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", now_us), 0);
    lockout_free(lockout);
}

static void one_address_alone_keeps_nobody_out_elsewhere(void **state)
{
    Lockout *lockout = lockout_new();
    int64_t now_us = fail_often(lockout, "lan", "10.0.9.1", 200, start_us);
    for (int i = 0; i < LOCKOUT_FREE_HERE; i++)
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", now_us), 0);
    lockout_free(lockout);
}

static void guessing_from_everywhere_comes_down_to_a_try_a_minute(void **state)
{
    Lockout *lockout = lockout_new();
    int64_t end_us = start_us + 6 * HOUR_US, tries = 0;
    for (int64_t now_us = start_us; now_us < end_us; now_us += SECOND_US)
        for (int i = 0; i < 50; i++) {
            g_autofree char *address = g_strdup_printf("10.0.7.%d", i);
            tries += lockout_try(lockout, "lan", address, now_us) == 0;
        }
    assert_in_range(tries, 6 * 60, 6 * 60 + LOCKOUT_FREE_ACCOUNT + 50);
    lockout_free(lockout);
}

static void a_right_password_whose_code_is_still_to_come_counts_nowhere(void **state)
{
    Lockout *lockout = lockout_new();
    for (int i = 0; i < 100; i++) {
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", start_us), 0);
        lockout_take_back(lockout, "lan", "10.0.0.1", start_us);
    }
    assert_int_equal(lockout_try(lockout, "lan", "10.0.0.2", start_us), 0);
    lockout_free(lockout);
}

/* Whoever has the password must not buy tries at the code with it. */
static void passwords_between_wrong_codes_take_nothing_back(void **state)
{
    Lockout *lockout = lockout_new();
    for (int i = 0; i < LOCKOUT_FREE_HERE; i++) {
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", start_us), 0);
        lockout_take_back(lockout, "lan", "10.0.0.1", start_us);
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", start_us), 0); /* wrong code */
    }
    assert_true(lockout_try(lockout, "lan", "10.0.0.1", start_us) > 0);
    lockout_free(lockout);
}

/* … nor at an address that the account is known from, where its tries count only there. */
static void passwords_from_a_known_address_buy_no_tries_elsewhere(void **state)
{
    Lockout *lockout = lockout_new();
    assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", start_us), 0);
    lockout_succeeded(lockout, "lan", "10.0.0.1", start_us);
    for (int i = 0; i < LOCKOUT_FREE_ACCOUNT; i++) {
        g_autofree char *address = g_strdup_printf("10.0.9.%d", i);
        assert_int_equal(lockout_try(lockout, "lan", address, start_us), 0);
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", start_us), 0);
        lockout_take_back(lockout, "lan", "10.0.0.1", start_us);
    }
    assert_true(lockout_try(lockout, "lan", "10.0.8.1", start_us) > 0);
    lockout_free(lockout);
}

static void one_good_account_buys_no_tries_at_the_others(void **state)
{
    Lockout *lockout = lockout_new();
    int64_t now_us = start_us;
    for (int i = 0; i < LOCKOUT_FREE_ADDRESS; i++) {
        g_autofree char *account = g_strdup_printf("account%d", i);
        assert_int_equal(lockout_try(lockout, account, "10.0.0.1", now_us), 0);
        if (lockout_try(lockout, "own", "10.0.0.1", now_us) == 0)
            lockout_succeeded(lockout, "own", "10.0.0.1", now_us);
    }
    assert_true(lockout_try(lockout, "another", "10.0.0.1", now_us) > 0);
    lockout_free(lockout);
}

static void all_addresses_of_an_ipv6_line_are_one(void **state)
{
    Lockout *lockout = lockout_new();
    for (int i = 0; i < LOCKOUT_FREE_ADDRESS; i++) {
        g_autofree char *address = g_strdup_printf("2001:db8:1:2::%d", i + 1);
        g_autofree char *account = g_strdup_printf("account%d", i);
        assert_int_equal(lockout_try(lockout, account, address, start_us), 0);
    }
    assert_true(lockout_try(lockout, "another", "2001:db8:1:2::99", start_us) > 0);
    assert_int_equal(lockout_try(lockout, "another", "2001:db8:1:3::99", start_us), 0);
    lockout_free(lockout);
}

static void failures_are_forgotten_after_an_hour_of_peace(void **state)
{
    Lockout *lockout = lockout_new();
    int64_t now_us = fail_often(lockout, "lan", "10.0.0.1", 20, start_us) + LOCKOUT_FORGET_US + 1;
    for (int i = 0; i < LOCKOUT_FREE_HERE; i++)
        assert_int_equal(lockout_try(lockout, "lan", "10.0.0.1", now_us), 0);
    lockout_free(lockout);
}

static void a_flood_of_addresses_stays_within_bounds(void **state)
{
    Lockout *lockout = lockout_new();
    for (int i = 0; i < 12000; i++) {
        g_autofree char *address = g_strdup_printf("10.%d.%d.1", i / 256, i % 256);
        lockout_try(lockout, "lan", address, start_us + i);
    }
    assert_true(lockout_try(lockout, "lan", "10.200.0.1", start_us + 12000) > 0);
    lockout_free(lockout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_slips_are_free),
        cmocka_unit_test(waits_double_up_to_a_minute_for_an_account),
        cmocka_unit_test(an_address_that_tries_many_accounts_waits_up_to_a_quarter_of_an_hour),
        cmocka_unit_test(the_owner_gets_in_from_a_known_address_whatever_others_do),
        cmocka_unit_test(one_address_alone_keeps_nobody_out_elsewhere),
        cmocka_unit_test(guessing_from_everywhere_comes_down_to_a_try_a_minute),
        cmocka_unit_test(a_right_password_whose_code_is_still_to_come_counts_nowhere),
        cmocka_unit_test(passwords_between_wrong_codes_take_nothing_back),
        cmocka_unit_test(passwords_from_a_known_address_buy_no_tries_elsewhere),
        cmocka_unit_test(one_good_account_buys_no_tries_at_the_others),
        cmocka_unit_test(all_addresses_of_an_ipv6_line_are_one),
        cmocka_unit_test(failures_are_forgotten_after_an_hour_of_peace),
        cmocka_unit_test(a_flood_of_addresses_stays_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
