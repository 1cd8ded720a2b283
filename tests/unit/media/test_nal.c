#include "media/nal.h"
#include "unit.h"

#include <string.h>

static void length_prefixed_units_come_one_after_the_other(void **state)
{
    const uint8_t data[] = {0, 0, 0, 2, 0x67, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x65};
    NalReader reader = nal_reader(data, sizeof data);
    Nal nal;
    assert_true(nal_next(&reader, &nal));
    assert_int_equal(nal.size, 2);
    assert_int_equal(nal.data[0], 0x67);
    assert_true(nal_next(&reader, &nal)); /* the empty one is skipped */
    assert_int_equal(nal.data[0], 0x65);
    assert_false(nal_next(&reader, &nal));
}

static void a_length_past_the_end_ends_the_iteration(void **state)
{
    const uint8_t data[] = {0, 0, 0, 3, 0x67, 1};
    NalReader reader = nal_reader(data, sizeof data);
    Nal nal;
    assert_false(nal_next(&reader, &nal));
    assert_false(nal_next(&reader, &nal));
}

static void annex_b_units_end_before_zeros_and_start_codes(void **state)
{
    const uint8_t data[] = {0xff, 0,    0, 0, 1, 0x67, 1, 2, 0, 0,    0,
                            1,    0x68, 3, 0, 0, 1,    0, 0, 1, 0x65, 0};
    const uint8_t first[] = {0x67, 0x68, 0x65};
    const size_t sizes[] = {3, 2, 1};
    NalReader reader = nal_reader(data, sizeof data);
    Nal nal;
    for (unsigned i = 0; i < 3; i++) {
        assert_true(nal_next_annexb(&reader, &nal));
        assert_int_equal(nal.data[0], first[i]);
        assert_int_equal(nal.size, sizes[i]);
    }
    assert_false(nal_next_annexb(&reader, &nal));
}

static void start_codes_are_seen_at_the_front_only_when_whole(void **state)
{
    const uint8_t three[] = {0, 0, 1, 9}, four[] = {0, 0, 0, 1}, none[] = {0, 0, 0, 3};
    assert_true(nal_starts_annexb(three, 4));
    assert_true(nal_starts_annexb(four, 4));
    assert_false(nal_starts_annexb(none, 4));
    assert_false(nal_starts_annexb(three, 3));
    assert_int_equal(nal_find_start_code(four, 4, 0), 1);
    assert_int_equal(nal_find_start_code(none, 4, 0), 4);
    assert_int_equal(nal_find_start_code(none, 0, 0), 0);
}

static void types_have_the_same_roles_in_both_codecs(void **state)
{
    const uint8_t idr = 0x65, slice = 0x41, sps = 0x67, cra = 21 << 1, trail_n = 0, vps = 32 << 1;
    assert_int_equal(nal_role(CODEC_H264, &idr), NAL_KEY);
    assert_int_equal(nal_role(CODEC_H264, &slice), NAL_SLICE);
    assert_int_equal(nal_role(CODEC_H264, &sps), NAL_SPS);
    assert_int_equal(nal_role(CODEC_H265, &cra), NAL_KEY);
    assert_int_equal(nal_role(CODEC_H265, &trail_n), NAL_SLICE);
    assert_int_equal(nal_role(CODEC_H265, &vps), NAL_VPS);
    assert_true(nal_is_vcl(CODEC_H265, &trail_n));
    assert_false(nal_is_vcl(CODEC_H264, &sps));
}

static void only_the_first_slice_starts_a_picture(void **state)
{
    const uint8_t first[] = {0x65, 0x88}, second[] = {0x65, 0x5e}, hevc[] = {0x26, 1, 0xaf},
                  hevc_second[] = {0x26, 1, 0x2f};
    assert_true(nal_starts_picture(CODEC_H264, &(Nal){first, 2}));
    assert_false(nal_starts_picture(CODEC_H264, &(Nal){second, 2}));
    assert_false(nal_starts_picture(CODEC_H264, &(Nal){first, 1}));
    assert_true(nal_starts_picture(CODEC_H265, &(Nal){hevc, 3}));
    assert_false(nal_starts_picture(CODEC_H265, &(Nal){hevc_second, 3}));
}

/* A picture of one NAL unit of other sort and one slice, which begins with these two bytes. */
static AccessUnit *picture_of(CodecParams *params, uint8_t first, uint8_t second)
{
    const uint8_t sei = params->codec == CODEC_H265 ? 39 << 1 : 0x06;
    const uint8_t data[] = {0, 0, 0, 3, sei, 1, 0x80, 0, 0, 0, 3, first, second, 0x9a};
    AccessUnit *unit = access_unit_new(params, TRACK_VIDEO, sizeof data);
    memcpy(unit->data, data, sizeof data);
    return unit;
}

static void pictures_that_no_other_needs_are_known(void **state)
{
    const uint8_t two_layers[23] = {[21] = 2 << 3};
    static const struct {
        Codec codec;
        uint8_t first, second;
        bool alone;
    } rows[] = {
        {CODEC_H264, 0x01, 0x9a, true},  {CODEC_H264, 0x21, 0x9a, false},
        {CODEC_H264, 0x65, 0x88, false}, {CODEC_H265, 0 << 1, 2, true}, /* TRAIL_N on top */
        {CODEC_H265, 0 << 1, 1, false},  /* TRAIL_N of the lower sub-layer */
        {CODEC_H265, 1 << 1, 2, false},  /* TRAIL_R */
        {CODEC_H265, 20 << 1, 1, false}, /* IDR_N_LP */
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        g_autoptr(CodecParams) params =
            codec_params_new(rows[i].codec, VIDEO_TIMESCALE, two_layers, sizeof two_layers);
        g_autoptr(AccessUnit) unit = picture_of(params, rows[i].first, rows[i].second);
        assert_int_equal(nal_is_left_alone(unit), rows[i].alone);
        unit->size = 7; /* the other NAL unit alone */
        assert_false(nal_is_left_alone(unit));
    }
}

static void emulation_prevention_is_taken_out(void **state)
{
    const uint8_t data[] = {0, 0, 3, 1, 0, 0, 3, 0, 0, 3}, clean[] = {0, 0, 1, 0, 0, 0, 0};
    uint8_t out[sizeof data];
    assert_int_equal(nal_unescape(data, sizeof data, out), sizeof clean);
    assert_memory_equal(out, clean, sizeof clean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(length_prefixed_units_come_one_after_the_other),
        cmocka_unit_test(a_length_past_the_end_ends_the_iteration),
        cmocka_unit_test(annex_b_units_end_before_zeros_and_start_codes),
        cmocka_unit_test(start_codes_are_seen_at_the_front_only_when_whole),
        cmocka_unit_test(types_have_the_same_roles_in_both_codecs),
        cmocka_unit_test(only_the_first_slice_starts_a_picture),
        cmocka_unit_test(pictures_that_no_other_needs_are_known),
        cmocka_unit_test(emulation_prevention_is_taken_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
