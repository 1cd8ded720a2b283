#include "base/secret.h"
#include "people/grants.h"
#include "unit.h"

#include <string.h>

static const Uuid market = {{1}}, gate = {{2}}, school = {{3}};
#define FROM_US (1000 * SECOND_US)
#define TO_US (2000 * SECOND_US)

/* For the market and the gate, from FROM_US to TO_US. Returned owned. */
static char *give(Grants *grants, const char *holder, const char *reason)
{
    const Uuid cameras[] = {market, gate};
    return grants_give(grants, &(GrantAsked){holder, cameras, 2, FROM_US, TO_US, reason});
}

static void assert_answer(Grants *grants, GrantLook look, GrantAnswer wanted)
{
    char reason[GRANT_REASON_BYTES] = "";
    assert_int_equal(grants_open(grants, &look, reason), wanted);
    assert_string_equal(reason, wanted == GRANT_OPENS ? "case 7" : "");
}

static void a_grant_opens_its_cameras_and_span_and_nothing_beside(void **state)
{
    Grants *grants = grants_new();
    g_autofree char *grant = give(grants, "lan", "case 7");
    assert_answer(grants, (GrantLook){grant, "lan", &market, FROM_US, TO_US, false}, GRANT_OPENS);
    assert_answer(grants, (GrantLook){grant, "lan", &gate, FROM_US, FROM_US, false}, GRANT_OPENS);
    const GrantLook beside[] = {
        {grant, "lan", &school, FROM_US, TO_US, false},
        {grant, "lan", &market, FROM_US - 1, TO_US, false},
        {grant, "lan", &market, FROM_US, TO_US + 1, false},
        {"", "lan", &market, FROM_US, TO_US, false},
        {grant + 1, "lan", &market, FROM_US, TO_US, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(beside); i++)
        assert_answer(grants, beside[i], GRANT_OTHERWISE);
    grants_free(grants);
}

static void a_footage_file_is_opened_by_a_grant_that_reaches_into_it(void **state)
{
    Grants *grants = grants_new();
    g_autofree char *grant = give(grants, "lan", "case 7");
    assert_answer(grants, (GrantLook){grant, "lan", &market, 0, FROM_US + 1, true}, GRANT_OPENS);
    assert_answer(grants, (GrantLook){grant, "lan", &market, TO_US - 1, TO_US * 2, true},
                  GRANT_OPENS);
    assert_answer(grants, (GrantLook){grant, "lan", &market, 0, FROM_US, true}, GRANT_OTHERWISE);
    assert_answer(grants, (GrantLook){grant, "lan", &market, TO_US, TO_US * 2, true},
                  GRANT_OTHERWISE);
    grants_free(grants);
}

static void nobody_else_has_the_use_of_a_grant(void **state)
{
    Grants *grants = grants_new();
    g_autofree char *grant = give(grants, "lan", "case 7"), *other = give(grants, "minh", "x y z");
    assert_string_not_equal(grant, other);
    assert_true(strlen(grant) >= 32);
    assert_answer(grants, (GrantLook){grant, "minh", &market, FROM_US, TO_US, false},
                  GRANT_FOREIGN);
    grants_free(grants);
}

static void a_grant_ends_after_a_working_day(void **state)
{
    Grants *grants = grants_new();
    clock_test_set(5 * HOUR_US, 5 * HOUR_US);
    g_autofree char *grant = give(grants, "lan", "case 7");
    const GrantLook look = {grant, "lan", &market, FROM_US, TO_US, false};
    clock_test_set(5 * HOUR_US + GRANT_LIVES_US, 5 * HOUR_US);
    assert_answer(grants, look, GRANT_OPENS);
    clock_test_set(5 * HOUR_US + GRANT_LIVES_US + 1, 5 * HOUR_US);
    assert_answer(grants, look, GRANT_OTHERWISE);
    clock_test_set(-1, -1);
    grants_free(grants);
}

static void many_grants_of_one_push_out_the_own_oldest_only(void **state)
{
    Grants *grants = grants_new();
    g_autofree char *others = give(grants, "minh", "case 7");
    g_autofree char *first = give(grants, "lan", "case 7");
    for (int i = 0; i < 127; i++)
        g_free(give(grants, "lan", "case 7"));
    const GrantLook look = {first, "lan", &market, FROM_US, TO_US, false};
    assert_answer(grants, look, GRANT_OPENS);
    g_autofree char *last = give(grants, "lan", "case 7");
    assert_answer(grants, look, GRANT_OTHERWISE);
    assert_answer(grants, (GrantLook){last, "lan", &market, FROM_US, TO_US, false}, GRANT_OPENS);
    assert_answer(grants, (GrantLook){others, "minh", &market, FROM_US, TO_US, false}, GRANT_OPENS);
    grants_free(grants);
}

int main(void)
{
    secret_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grant_opens_its_cameras_and_span_and_nothing_beside),
        cmocka_unit_test(a_footage_file_is_opened_by_a_grant_that_reaches_into_it),
        cmocka_unit_test(nobody_else_has_the_use_of_a_grant),
        cmocka_unit_test(a_grant_ends_after_a_working_day),
        cmocka_unit_test(many_grants_of_one_push_out_the_own_oldest_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
