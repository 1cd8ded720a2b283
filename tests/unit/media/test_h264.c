#include "base/digest.h"
#include "media/h264.h"
#include "unit.h"

#include <string.h>

/* Made by x264 for these sizes; ffprobe tells the same of them. */
static const struct {
    const char *what, *hex;
    unsigned profile, level;
    int width, height;
    double fps;
} known[] = {
    {"baseline", "6742c028da01e0089f970110000003001000000301e0f1832a", 66, 40, 1920, 1080, 15},
    {"HRD for constant rate",
     "6764001facd9405005bb01100000030010000003032604000f424001e84e4c30078c18cb", 100, 31, 1280, 720,
     25},
    {"interlaced, scaling matrix, sample aspect",
     "6764001eacd940b424d80b70202014000003000400000300c87c50a658", 100, 30, 720, 576, 25},
    {"4:4:4, odd size", "67f4002a919b280f2044f08446022000007d20001d4c01e30632c0", 244, 42, 1921,
     1081, 30000.0 / 1001},
    {"10 bit", "676e0032a6cb40120051d808800000030080000014078c1950", 110, 50, 2304, 1296, 20},
    {"4:2:2", "677a000cbcd9416096c044000003000400000300603c50a658", 122, 12, 352, 288, 12},
    {"no timing, by another encoder", "6742c0168c8d405017bcb00f08846a", 66, 22, 640, 360, 0},
};

static size_t unhex(const char *hex, uint8_t *out)
{
    size_t size = strlen(hex) / 2;
    assert_true(hex_decode(hex, out, size));
    return size;
}

static void sets_of_several_encoders_give_size_rate_and_profile(void **state)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        uint8_t nal[64];
        H264Sps sps;
        assert_true(h264_sps_parse(nal, unhex(known[i].hex, nal), &sps));
        assert_int_equal(sps.profile_idc, known[i].profile);
        assert_int_equal(sps.level_idc, known[i].level);
        assert_int_equal(sps.width, known[i].width);
        assert_int_equal(sps.height, known[i].height);
        assert_true(ABS(h264_sps_fps(&sps) - known[i].fps) < 0.001);
    }
}

static void a_set_cut_short_anywhere_is_read_without_harm(void **state)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        uint8_t nal[64];
        H264Sps sps;
        for (size_t size = unhex(known[i].hex, nal); size-- > 0;) {
            g_autofree uint8_t *part = g_memdup2(nal, size); /* exact, for the sanitizers */
            if (h264_sps_parse(part, size, &sps))
                assert_int_equal(sps.width, known[i].width);
        }
    }
}

static void what_is_no_sps_is_refused(void **state)
{
    const uint8_t pps[] = {0x68, 0xce, 0x0f, 0xc8}, zeros[16] = {0x67};
    H264Sps sps;
    assert_false(h264_sps_parse(pps, sizeof pps, &sps));
    assert_false(h264_sps_parse(zeros, sizeof zeros, &sps));
    assert_false(h264_sps_parse(zeros, 0, &sps));
}

static void params_of_baseline_hold_both_sets_and_nothing_more(void **state)
{
    uint8_t sps[64], pps[] = {0x68, 0xce, 0x0f, 0xc8};
    size_t size = unhex(known[0].hex, sps);
    g_autoptr(CodecParams) params = h264_params(&(Nal){sps, size}, 1, &(Nal){pps, sizeof pps}, 1);
    assert_string_equal(params->rfc6381, "avc1.42C028");
    assert_int_equal(params->width, 1920);
    assert_int_equal(params->height, 1080);
    assert_int_equal(params->timescale, 90000);
    const uint8_t head[] = {1, 0x42, 0xc0, 0x28, 0xff, 0xe1, 0, 25};
    assert_int_equal(params->config_bytes, sizeof head + size + 3 + sizeof pps);
    assert_memory_equal(params->config, head, sizeof head);
    assert_memory_equal(params->config + sizeof head, sps, size);
    const uint8_t tail[] = {1, 0, 4, 0x68, 0xce, 0x0f, 0xc8};
    assert_memory_equal(params->config + sizeof head + size, tail, sizeof tail);
}

static void params_of_high_profiles_tell_chroma_and_depth(void **state)
{
    uint8_t sps[64], pps[] = {0x68, 0xce, 0x0f, 0xc8};
    size_t size = unhex(known[4].hex, sps); /* 4:2:0, 10 bit */
    g_autoptr(CodecParams) params = h264_params(&(Nal){sps, size}, 1, &(Nal){pps, sizeof pps}, 1);
    const uint8_t tail[] = {0xfd, 0xfa, 0xfa, 0};
    assert_memory_equal(params->config + params->config_bytes - 4, tail, 4);
}

static void params_without_an_understood_sps_have_no_size(void **state)
{
    const uint8_t sps[] = {0x67, 0x64, 0x00, 0x28, 0x00, 0x00}, pps[] = {0x68, 0xce};
    g_autoptr(CodecParams) params =
        h264_params(&(Nal){sps, sizeof sps}, 1, &(Nal){pps, sizeof pps}, 1);
    assert_non_null(params);
    assert_int_equal(params->width, 0);
    assert_string_equal(params->rfc6381, "avc1.640028");
    assert_null(h264_params(&(Nal){sps, sizeof sps}, 1, NULL, 0));
    assert_null(h264_params(&(Nal){sps, 3}, 1, &(Nal){pps, sizeof pps}, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_of_several_encoders_give_size_rate_and_profile),
        cmocka_unit_test(a_set_cut_short_anywhere_is_read_without_harm),
        cmocka_unit_test(what_is_no_sps_is_refused),
        cmocka_unit_test(params_of_baseline_hold_both_sets_and_nothing_more),
        cmocka_unit_test(params_of_high_profiles_tell_chroma_and_depth),
        cmocka_unit_test(params_without_an_understood_sps_have_no_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
