#include "frames.h"
#include "media/opus.h"

#define HBR "mode=AAC-hbr;config=1588;sizelength=13;indexlength=3;indexdeltalength=3;" /* 8 kHz */

static void units_of_one_packet_have_their_own_times(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_AAC, HBR);
    FEED(f, 5000, true, 0, 48, 0, 2 << 3, 0, 1 << 3, 0, 3 << 3, 1, 2, 3, 4, 5, 6);
    assert_int_equal(f->count, 3);
    ASSERT_FRAME(f, 0, 1, 2);
    ASSERT_FRAME(f, 1, 3);
    ASSERT_FRAME(f, 2, 4, 5, 6);
    assert_int_equal(f->frame[0].timestamp, 5000);
    assert_int_equal(f->frame[2].timestamp, 5000 + 2 * 1024);
    assert_true(f->frame[1].key);
    assert_int_equal(f->frame[0].params->sample_rate_hz, 8000);
    assert_int_equal(depay_notes(f->depay), 0);
}

static void a_unit_over_several_packets_is_put_together(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_AAC, HBR);
    FEED(f, 100, false, 0, 16, 0, 5 << 3, 1, 2);
    FEED(f, 100, false, 0, 16, 0, 5 << 3, 3, 4);
    FEED(f, 100, true, 0, 16, 0, 5 << 3, 5);
    FEED(f, 1124, true, 0, 16, 0, 1 << 3, 6);
    assert_int_equal(f->count, 2);
    ASSERT_FRAME(f, 0, 1, 2, 3, 4, 5);
    ASSERT_FRAME(f, 1, 6);
}

static void after_a_hole_the_next_whole_unit_comes_out(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_AAC, HBR);
    FEED(f, 100, false, 0, 16, 0, 4 << 3, 1, 2);
    depay_lost(f->depay, 1); /* of this unit its end … */
    FEED(f, 1124, false, 0, 16, 0, 4 << 3, 3, 4);
    FEED(f, 1124, true, 0, 16, 0, 4 << 3, 5, 6);
    depay_lost(f->depay, 1); /* … and of the next one its beginning */
    FEED(f, 2148, true, 0, 16, 0, 4 << 3, 9, 9);
    FEED(f, 3172, true, 0, 16, 0, 2 << 3, 7, 8);
    assert_int_equal(f->count, 2);
    ASSERT_FRAME(f, 0, 3, 4, 5, 6);
    ASSERT_FRAME(f, 1, 7, 8);
    assert_false(f->frame[0].damaged || f->frame[1].damaged);
    assert_int_equal(f->frame[1].timestamp, 3172);
}

static void units_follow_each_other_though_their_stamps_stray(void **state)
{
    static const uint32_t off[] = {0, 700, 0, 300, 1100, 0, 5000, 5000};
    static const uint32_t wanted[] = {0, 43, 41, 57, 122, 115, 5000, 5000};
    g_autoptr(Frames) f = frames_new(CODEC_AAC, HBR);
    for (unsigned i = 0; i < G_N_ELEMENTS(off); i++)
        FEED(f, i * 1024 + off[i], true, 0, 16, 0, 1 << 3, 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(off); i++)
        assert_int_equal(f->frame[i].timestamp - i * 1024, wanted[i]);
}

static void adts_headers_are_taken_off(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_AAC, HBR);
    FEED(f, 100, true, 0, 16, 0, 9 << 3, 0xff, 0xf1, 0x50, 0x80, 1, 0x20, 0xfc, 7, 8);
    FEED(f, 200, true, 0xff, 0xf1, 0x50, 0x80, 1, 0x20, 0xfc, 7, 9); /* without any AU header */
    assert_int_equal(f->count, 2);
    ASSERT_FRAME(f, 0, 7, 8);
    ASSERT_FRAME(f, 1, 7, 9);
    assert_int_equal(depay_notes(f->depay), DEPAY_ADTS);
}

static void packets_that_contradict_themselves_are_left_out(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_AAC, HBR);
    FEED(f, 100, true, 0xff, 0xff, 1, 2);                  /* headers beyond the end */
    FEED(f, 200, true, 0, 32, 0, 1 << 3, 0, 9 << 3, 1, 2); /* second unit too long */
    FEED(f, 300, true, 0);
    feed(f, 400, true, "", 0);
    assert_int_equal(f->count, 1);
    ASSERT_FRAME(f, 0, 1);
    assert_int_equal(depay_notes(f->depay), DEPAY_BAD_AUDIO);
}

static void without_a_configuration_clock_and_channels_make_one(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_AAC, "");
    assert_string_equal(depay_params(f->depay)->rfc6381, "mp4a.40.2");
    assert_int_equal(depay_params(f->depay)->channels, 1);
    assert_int_equal(depay_params(f->depay)->config_bytes, 2);
}

static void an_opus_packet_is_a_frame(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_OPUS, "sprop-stereo=1");
    FEED(f, 100, true, 0xfc, 0xff, 0xfe);
    FEED(f, 1060, true, 0x03, 0x00); /* no frames in it */
    feed(f, 2020, true, "", 0);
    depay_lost(f->depay, 1);
    FEED(f, 2980, true, 0x08);
    assert_int_equal(f->count, 2);
    ASSERT_FRAME(f, 0, 0xfc, 0xff, 0xfe);
    assert_true(f->frame[0].key);
    assert_false(f->frame[1].damaged);
    assert_int_equal(f->frame[1].timestamp, 2980);
    assert_string_equal(f->frame[0].params->rfc6381, "opus");
    assert_int_equal(f->frame[0].params->timescale, 48000);
    assert_int_equal(depay_notes(f->depay), DEPAY_BAD_AUDIO);
    assert_null(depay_new(CODEC_NONE, &(SdpMedia){0}));
}

static void an_opus_packet_tells_how_long_it_lasts(void **state)
{
    static const struct {
        uint8_t data[2];
        size_t size;
        uint32_t ticks;
    } packets[] = {
        {{0x00}, 1, 480},        {{0x18}, 1, 2880},    {{0x60}, 1, 480},       {{0x78}, 1, 960},
        {{0x80}, 1, 120},        {{0xf8}, 1, 960},     {{0xf9}, 1, 1920},      {{0xfa}, 1, 1920},
        {{0xfb, 0x06}, 2, 5760}, {{0xfb, 0x07}, 2, 0}, {{0xfb, 0xc1}, 2, 960}, {{0xfb}, 1, 0},
        {{0x1b, 0x02}, 2, 5760}, {{0}, 0, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(packets); i++)
        assert_int_equal(opus_packet_ticks(packets[i].data, packets[i].size), packets[i].ticks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_one_packet_have_their_own_times),
        cmocka_unit_test(a_unit_over_several_packets_is_put_together),
        cmocka_unit_test(after_a_hole_the_next_whole_unit_comes_out),
        cmocka_unit_test(units_follow_each_other_though_their_stamps_stray),
        cmocka_unit_test(adts_headers_are_taken_off),
        cmocka_unit_test(packets_that_contradict_themselves_are_left_out),
        cmocka_unit_test(without_a_configuration_clock_and_channels_make_one),
        cmocka_unit_test(an_opus_packet_is_a_frame),
        cmocka_unit_test(an_opus_packet_tells_how_long_it_lasts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
