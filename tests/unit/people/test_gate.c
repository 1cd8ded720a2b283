#include "base/clock.h"
#include "people/gate.h"
#include "unit.h"

#include <glib.h>
#include <stdio.h>

static const GateRule three_a_minute = {3, MINUTE_US}, ten_a_second = {10, SECOND_US};
#define AT (100 * HOUR_US)

static unsigned passes(Gate *gate, const char *who, unsigned tries, int64_t now_us)
{
    unsigned passed = 0;
    for (unsigned i = 0; i < tries; i++)
        passed += gate_pass(gate, who, now_us) == 0;
    return passed;
}

static void one_address_waits_while_others_pass(void **state)
{
    Gate *gate = gate_new(three_a_minute, ten_a_second);
    assert_int_equal(passes(gate, "10.0.0.1", 9, AT), 3);
    assert_in_range(gate_pass(gate, "10.0.0.1", AT), 59 * SECOND_US, 60 * SECOND_US + 1);
    assert_int_equal(passes(gate, "10.0.0.2", 1, AT), 1);
    assert_int_equal(passes(gate, "10.0.0.1", 9, AT + MINUTE_US), 1);
    assert_int_equal(passes(gate, "10.0.0.1", 9, AT + 10 * MINUTE_US), 3);
    gate_free(gate);
}

static void many_addresses_together_are_bounded_too(void **state)
{
    Gate *gate = gate_new(three_a_minute, ten_a_second);
    unsigned passed = 0;
    char address[32];
    for (int i = 0; i < 200; i++) {
        snprintf(address, sizeof address, "10.1.%d.7", i);
        passed += passes(gate, address, 1, AT);
    }
    assert_int_equal(passed, 10);
    assert_int_equal(passes(gate, "10.2.0.1", 1, AT + SECOND_US), 1);
    gate_free(gate);
}

static void one_house_of_ipv6_is_one_place_and_this_machine_is_none(void **state)
{
    Gate *gate = gate_new(three_a_minute, (GateRule){100, SECOND_US});
    assert_int_equal(passes(gate, "2001:db8:1:2::1", 3, AT), 3);
    assert_int_equal(passes(gate, "2001:db8:1:2:3:4:5:6", 3, AT), 0);
    assert_int_equal(passes(gate, "2001:db8:1:3::1", 3, AT), 3);
    assert_int_equal(passes(gate, "127.0.0.1", 20, AT), 20);
    gate_free(gate);
}

static void a_flood_of_addresses_takes_no_more_memory_than_it_may(void **state)
{
    Gate *gate = gate_new(three_a_minute, (GateRule){1000000, SECOND_US});
    char address[32];
    for (int i = 0; i < 25000; i++) {
        snprintf(address, sizeof address, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        assert_int_equal(gate_pass(gate, address, AT + i), 0);
    }
    gate_free(gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_waits_while_others_pass),
        cmocka_unit_test(many_addresses_together_are_bounded_too),
        cmocka_unit_test(one_house_of_ipv6_is_one_place_and_this_machine_is_none),
        cmocka_unit_test(a_flood_of_addresses_takes_no_more_memory_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
