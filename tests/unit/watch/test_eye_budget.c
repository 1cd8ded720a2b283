#include "unit.h"
#include "watch/eye_budget.h"

#include <glib.h>

static unsigned followed(const EyeShare *shares, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += shares[i].may_full;
    return sum;
}

static void all_are_followed_while_the_budget_lasts(void **state)
{
    EyeShare shares[8];
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
        shares[i] = (EyeShare){.full = 1, .key = 0.1, .may_full = true};
    eye_budget_share(shares, G_N_ELEMENTS(shares), 8.01);
    assert_int_equal(followed(shares, G_N_ELEMENTS(shares)), 8);
}

static void a_short_budget_follows_as_many_as_it_can_and_never_costs_more(void **state)
{
    EyeShare shares[8];
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
        shares[i] = (EyeShare){.full = i < 2 ? 4 : 1, .key = 0.1, .may_full = true};
    eye_budget_share(shares, G_N_ELEMENTS(shares), 5);
    assert_int_equal(followed(shares, G_N_ELEMENTS(shares)), 4);
    assert_false(shares[0].may_full || shares[1].may_full);
    eye_budget_share(shares, G_N_ELEMENTS(shares), 0);
    assert_int_equal(followed(shares, G_N_ELEMENTS(shares)), 0);
}

static void none_goes_to_and_fro_at_the_edge_of_the_budget(void **state)
{
    EyeShare shares[4];
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
        shares[i] = (EyeShare){.full = 1, .key = 0, .may_full = true};
    shares[3].full = 1.1;
    eye_budget_share(shares, G_N_ELEMENTS(shares), 4.0);
    assert_int_equal(followed(shares, G_N_ELEMENTS(shares)), 3);
    shares[3].full = 0.9; /* it would fit now, but leave nothing free */
    shares[3].may_full = false;
    eye_budget_share(shares, G_N_ELEMENTS(shares), 4.0);
    assert_false(shares[3].may_full);
    eye_budget_share(shares, G_N_ELEMENTS(shares), 5.0);
    assert_true(shares[3].may_full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_followed_while_the_budget_lasts),
        cmocka_unit_test(a_short_budget_follows_as_many_as_it_can_and_never_costs_more),
        cmocka_unit_test(none_goes_to_and_fro_at_the_edge_of_the_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
