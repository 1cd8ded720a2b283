#include "media/rtp_reorder.h"
#include "unit.h"

#include <string.h>

typedef struct Came {
    unsigned count;
    uint16_t numbers[256];
    int64_t newest_us;
} Came;

static void come(void *data, const uint8_t *packet, size_t size, int64_t arrival_us)
{
    Came *came = data;
    assert_int_equal(size, sizeof(uint16_t));
    assert_true(came->count < G_N_ELEMENTS(came->numbers));
    assert_true(arrival_us >= came->newest_us);
    memcpy(&came->numbers[came->count++], packet, size);
    came->newest_us = arrival_us;
}

static void add(RtpReorder *reorder, unsigned number, int64_t arrival_us)
{
    uint16_t short_number = (uint16_t)number;
    rtp_reorder_add(reorder, short_number, (const uint8_t *)&short_number, sizeof short_number,
                    arrival_us);
}

/* As if it had run for long: `number` is the newest. */
static RtpReorder *begin_at(Came *came, unsigned number)
{
    RtpReorder *reorder = rtp_reorder_new(come, came);
    add(reorder, number, 0);
    rtp_reorder_flush(reorder);
    return reorder;
}

/* `expected` ends with −1. */
static void assert_came(Came *came, const int *expected)
{
    for (unsigned i = 0; i < came->count || expected[i] >= 0; i++) {
        if (i >= came->count || expected[i] < 0)
            fail_msg("%u came", came->count);
        assert_int_equal(came->numbers[i], expected[i]);
    }
    came->count = 0;
}
#define ASSERT_CAME(came, ...) assert_came(came, (const int[]){__VA_ARGS__, -1})

static void what_is_in_order_passes_at_once(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = begin_at(&came, 65534);
    for (unsigned i = 1; i < 3; i++) {
        add(reorder, 65534 + i, i);
        assert_int_equal(came.count, i + 1);
    }
    ASSERT_CAME(&came, 65534, 65535, 0);
    assert_int_equal(rtp_reorder_until_us(reorder), INT64_MAX);
}

static void the_first_packet_waits_for_those_it_overtook(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = rtp_reorder_new(come, &came);
    for (unsigned number = 3; number-- > 0;)
        add(reorder, 65534 + number, 3 - number);
    assert_int_equal(came.count, 0);
    add(reorder, 1, 4);
    rtp_reorder_give_up(reorder, 1 + RTP_REORDER_US);
    ASSERT_CAME(&came, 65534, 65535, 0, 1);
    add(reorder, 2, 200000);
    ASSERT_CAME(&came, 2);
}

static void a_start_of_many_packets_waits_for_no_clock(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = rtp_reorder_new(come, &came);
    for (unsigned number = 0; number < RTP_REORDER_MOST; number++)
        add(reorder, number, 0);
    assert_int_equal(came.count, RTP_REORDER_MOST);
}

static void what_comes_out_of_order_is_put_in_order_over_the_wrap(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = begin_at(&came, 65533);
    static const unsigned order[] = {1, 65535, 65535, 0, 65534, 3, 2, 4};
    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++)
        add(reorder, order[i], i);
    ASSERT_CAME(&came, 65533, 65534, 65535, 0, 1, 2, 3, 4);
}

static void a_hole_is_given_up_after_a_tenth_of_a_second(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = begin_at(&came, 10);
    add(reorder, 12, 1000);
    add(reorder, 13, 2000);
    ASSERT_CAME(&came, 10);
    assert_int_equal(rtp_reorder_until_us(reorder), 1000 + RTP_REORDER_US);
    rtp_reorder_give_up(reorder, 999 + RTP_REORDER_US);
    assert_int_equal(came.count, 0);
    rtp_reorder_give_up(reorder, 1000 + RTP_REORDER_US);
    ASSERT_CAME(&came, 12, 13);
    add(reorder, 11, 200000); /* to be counted as late */
    add(reorder, 14, 200000);
    ASSERT_CAME(&came, 11, 14);
}

static void the_clock_of_arrivals_gives_up_a_hole_too(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = begin_at(&came, 10);
    add(reorder, 12, 1000);
    add(reorder, 13, 1000 + RTP_REORDER_US);
    ASSERT_CAME(&came, 10, 12, 13);
}

static void a_window_too_full_gives_up_its_oldest_hole(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = begin_at(&came, 0);
    add(reorder, 2, 0);
    add(reorder, 4, 0);
    for (unsigned i = 5; i <= RTP_REORDER_MOST; i++)
        add(reorder, i, 0);
    ASSERT_CAME(&came, 0);
    add(reorder, RTP_REORDER_MOST + 1, 0);
    ASSERT_CAME(&came, 2);
    add(reorder, 3, 0);
    assert_int_equal(came.count, RTP_REORDER_MOST + 1 - 2);
}

static void many_lost_at_once_are_not_waited_for(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = begin_at(&came, 0);
    add(reorder, 2, 0);
    add(reorder, 500, 0);
    add(reorder, 501, 0);
    ASSERT_CAME(&came, 0, 2, 500, 501);
}

static void a_source_that_begins_anew_is_followed_and_a_stray_packet_is_not(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = begin_at(&came, 100);
    add(reorder, 40000, 0);
    add(reorder, 102, 0);
    add(reorder, 101, 0);
    ASSERT_CAME(&came, 100, 40000, 101, 102);
    add(reorder, 20000, 0);
    add(reorder, 20001, 0);
    add(reorder, 20003, 0);
    add(reorder, 20002, 0);
    ASSERT_CAME(&came, 20000, 20001, 20002, 20003);
}

static void the_end_gives_what_waits(void **state)
{
    Came came = {0};
    g_autoptr(RtpReorder) reorder = rtp_reorder_new(come, &came);
    add(reorder, 1, 0);
    add(reorder, 5, 0);
    add(reorder, 3, 0);
    rtp_reorder_flush(reorder);
    ASSERT_CAME(&came, 1, 3, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_order_passes_at_once),
        cmocka_unit_test(the_first_packet_waits_for_those_it_overtook),
        cmocka_unit_test(a_start_of_many_packets_waits_for_no_clock),
        cmocka_unit_test(what_comes_out_of_order_is_put_in_order_over_the_wrap),
        cmocka_unit_test(a_hole_is_given_up_after_a_tenth_of_a_second),
        cmocka_unit_test(the_clock_of_arrivals_gives_up_a_hole_too),
        cmocka_unit_test(a_window_too_full_gives_up_its_oldest_hole),
        cmocka_unit_test(many_lost_at_once_are_not_waited_for),
        cmocka_unit_test(a_source_that_begins_anew_is_followed_and_a_stray_packet_is_not),
        cmocka_unit_test(the_end_gives_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
