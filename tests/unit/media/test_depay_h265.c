#include "frames.h"

#define VPS 0x40, 0x01, 0x0c, 0x01, 0xff, 0xff
#define SPS                                                                                       \
    0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00,     \
        0x03, 0x00, 0x78, 0xa0, 0x03, 0xc0, 0x80, 0x11, 0x07, 0xcb, 0x96, 0x56, 0x54, 0xa4, 0xc2, \
        0xf0, 0x16, 0x80, 0x80, 0x00, 0x00, 0x03, 0x00, 0x80, 0x00, 0x00, 0x0c, 0x84
#define PPS 0x44, 0x01, 0xc0, 0x73, 0xc1, 0x89
#define IDR 0x26, 0x01, 0xaf, 0x08
#define IDR_2 0x26, 0x01, 0x2f, 0x08
#define TRAIL_N 0x00, 0x01, 0x80, 0x08

static void aggregate_and_fragments_become_one_picture(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H265, "");
    FEED(f, 100, false, 0x60, 0x01, 0, 6, VPS, 0, 43, SPS, 0, 6, PPS);
    FEED(f, 100, false, 0x62, 0x01, 0x93, 0xaf);
    FEED(f, 100, false, 0x62, 0x01, 0x13, 1, 2);
    FEED(f, 100, false, 0x62, 0x01, 0x53, 3);
    FEED(f, 100, true, IDR_2);
    FEED(f, 200, true, TRAIL_N);
    assert_int_equal(f->count, 2);
    ASSERT_FRAME(f, 0, 0, 0, 0, 6, VPS, 0, 0, 0, 43, SPS, 0, 0, 0, 6, PPS, 0, 0, 0, 6, 0x26, 0x01,
                 0xaf, 1, 2, 3, 0, 0, 0, 4, IDR_2);
    assert_true(f->frame[0].key);
    assert_int_equal(f->frame[0].params->width, 1920);
    assert_int_equal(f->frame[0].params->height, 1080);
    assert_true(depay_fps(f->depay) == 25);
    assert_false(f->frame[1].key);
    assert_ptr_equal(f->frame[1].params, f->frame[0].params);
    assert_int_equal(depay_notes(f->depay), 0);
}

static void decoding_order_numbers_are_left_out(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H265, "sprop-max-don-diff=2");
    FEED(f, 100, false, 0x60, 0x01, 0, 1, 0, 6, VPS, 7, 0, 6, PPS);
    FEED(f, 100, false, 0x62, 0x01, 0x93, 0, 2, 0xaf);
    FEED(f, 100, true, 0x62, 0x01, 0x53, 3);
    FEED(f, 200, true, 0x00, 0x01, 0, 3, 0x80, 0x08);
    ASSERT_FRAME(f, 0, 0, 0, 0, 6, VPS, 0, 0, 0, 6, PPS, 0, 0, 0, 4, 0x26, 0x01, 0xaf, 3);
    ASSERT_FRAME(f, 1, 0, 0, 0, 4, TRAIL_N);
}

static void start_codes_in_a_payload_split_it(void **state) /* R4 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H265, "");
    FEED(f, 100, true, VPS, 0, 0, 0, 1, SPS, 0, 0, 0, 1, PPS, 0, 0, 1, IDR);
    ASSERT_FRAME(f, 0, 0, 0, 0, 6, VPS, 0, 0, 0, 43, SPS, 0, 0, 0, 6, PPS, 0, 0, 0, 4, IDR);
    assert_non_null(f->frame[0].params);
    assert_int_equal(depay_notes(f->depay), DEPAY_ANNEXB);
}

static void odd_packets_do_no_harm(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H265, "");
    FEED(f, 100, false, 0x60, 0x01, 0, 6, 0x60, 0x01, 0, 2, 1, 1, 0, 4, IDR); /* AP within AP */
    FEED(f, 100, false, 0x60, 0x01, 0, 60, 1);
    FEED(f, 100, false, 0x64, 0x01, 1, 1); /* PACI */
    FEED(f, 100, false, 0x62, 0x01);
    FEED(f, 100, false, 0x62);
    FEED(f, 100, true, IDR_2);
    FEED(f, 200, true, 0x62, 0x01, 0xc1, 0x80, 9); /* start and end in one */
    assert_int_equal(f->count, 2);
    ASSERT_FRAME(f, 0, 0, 0, 0, 4, IDR, 0, 0, 0, 4, IDR_2);
    ASSERT_FRAME(f, 1, 0, 0, 0, 4, 0x02, 0x01, 0x80, 9);
    assert_int_equal(depay_notes(f->depay), DEPAY_UNKNOWN_PACKETS | DEPAY_BAD_FRAGMENTS);
}

static void a_hole_in_fragments_cuts_the_unit(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H265, "");
    FEED(f, 100, false, 0x62, 0x01, 0x93, 0xaf, 1);
    depay_lost(f->depay, 1);
    FEED(f, 100, true, 0x62, 0x01, 0x53, 3);
    ASSERT_FRAME(f, 0, 0, 0, 0, 4, 0x26, 0x01, 0xaf, 1);
    assert_true(f->frame[0].damaged);
    assert_true(f->frame[0].key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aggregate_and_fragments_become_one_picture),
        cmocka_unit_test(decoding_order_numbers_are_left_out),
        cmocka_unit_test(start_codes_in_a_payload_split_it),
        cmocka_unit_test(odd_packets_do_no_harm),
        cmocka_unit_test(a_hole_in_fragments_cuts_the_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
