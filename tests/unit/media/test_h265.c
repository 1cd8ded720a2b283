#include "base/digest.h"
#include "media/h265.h"
#include "unit.h"

#include <string.h>

/* Made by x265 for these sizes; ffprobe tells the same of them. */
static const struct {
    const char *what, *hex;
    unsigned level;
    int width, height;
    double fps;
    const char *rfc6381;
} known[] = {
    {"main",
     "420101016000000300900000030000030078a003c0801107cb965654a4c2f0168080000003008000000c84", 120,
     1920, 1080, 25, "hvc1.1.6.L120.90"},
    {"scaling lists, HRD",
     "420101016000000300900000030000030096a001402005a165959529385e02d0100000030010000003014609c965e"
     "000f424001e84c8",
     150, 2560, 1440, 20, "hvc1.1.6.L150.90"},
    {"temporal layers",
     "42010101600000030090000003000003005aa0058200905965654a4c2f016808000003000800000300c840", 90,
     704, 576, 25, "hvc1.1.6.L90.90"},
    {"4:2:2 10 bit, display window",
     "4201010408000003009d0800000300003fb005220171c445b6595952930bc42d404080a90b6dc00000fa40001d4c"
     "02",
     63, 642, 358, 30000.0 / 1001, "hvc1.4.10.L63.9D.8"},
    {"4:4:4 full range",
     "4201010408000003009e0800000300003f9000a0402e3e272caca94985e02d810000030001000003000f08", 63,
     640, 360, 15, "hvc1.4.10.L63.9E.8"},
};

static const uint8_t vps[] = {0x40, 0x01, 0x0c, 0x01, 0xff, 0xff}, pps[] = {0x44, 0x01, 0xc0, 0x73};

static size_t unhex(const char *hex, uint8_t *out)
{
    size_t size = strlen(hex) / 2;
    assert_true(hex_decode(hex, out, size));
    return size;
}

static void sets_of_an_encoder_give_size_rate_and_profile(void **state)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        uint8_t nal[96];
        H265Sps sps;
        size_t size = unhex(known[i].hex, nal);
        assert_true(h265_sps_parse(nal, size, &sps));
        assert_true(sps.whole);
        assert_int_equal(sps.profile.level_idc, known[i].level);
        assert_int_equal(sps.width, known[i].width);
        assert_int_equal(sps.height, known[i].height);
        assert_true(ABS(h265_sps_fps(&sps) - known[i].fps) < 0.001);
        g_autoptr(CodecParams) params = h265_params(&(Nal){vps, sizeof vps}, 1, &(Nal){nal, size},
                                                    1, &(Nal){pps, sizeof pps}, 1);
        assert_string_equal(params->rfc6381, known[i].rfc6381);
    }
}

static void a_set_cut_short_anywhere_is_read_without_harm(void **state)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        uint8_t nal[96];
        H265Sps sps;
        for (size_t size = unhex(known[i].hex, nal); size-- > 0;) {
            g_autofree uint8_t *part = g_memdup2(nal, size); /* exact, for the sanitizers */
            if (h265_sps_parse(part, size, &sps))
                assert_int_equal(sps.width, known[i].width);
        }
    }
}

/* What no encoder at hand writes is written here, bit by bit. */
typedef struct BitWriter {
    uint8_t data[512];
    size_t bits;
} BitWriter;

static void put(BitWriter *out, unsigned count, uint32_t value)
{
    while (count-- > 0) {
        out->data[out->bits / 8] |= (uint8_t)((value >> count & 1) << (7 - out->bits % 8));
        out->bits++;
    }
}

static void put_ue(BitWriter *out, uint32_t value)
{
    unsigned length = 0;
    while ((value + 1) >> (length + 1))
        length++;
    put(out, length, 0);
    put(out, length + 1, value + 1);
}

/* 0 1 -1 2 -2 … as table 9-3 lists them */
static void put_se(BitWriter *out, int value)
{
    put_ue(out, value > 0 ? (uint32_t)value * 2 - 1 : (uint32_t)-value * 2);
}

static void put_profile_with_sub_layers(BitWriter *out)
{
    put(out, 8, 1);           /* profile space, tier, Main */
    put(out, 32, 0x60000000); /* compatible with Main and Main 10 */
    put(out, 32, 0x90000000);
    put(out, 16, 0);
    put(out, 8, 123); /* level 4.1 */
    put(out, 2, 3);   /* first sub-layer: profile and level */
    put(out, 2, 1);   /* second: level only */
    put(out, 12, 0);  /* up to 8 */
    put(out, 32, 0x01600000);
    put(out, 32, 0);
    put(out, 24, 0);
    put(out, 8, 90);
    put(out, 8, 93);
}

static void put_scaling_lists(BitWriter *out)
{
    for (unsigned size = 0; size < 4; size++)
        for (unsigned matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
            bool coded = matrix % 2 == 0;
            put(out, 1, coded);
            if (!coded) {
                put_ue(out, 0);
                continue;
            }
            if (size > 1)
                put_se(out, 8);
            for (unsigned i = 0; i < (size ? 64u : 16u); i++)
                put_se(out, i % 3 ? 1 : -1);
        }
}

/* {-1 -2 -4}, then one predicted from it by −1 (to −2 −3 −5 and −1), then by +1 from that: there −1
 * lands on the picture itself and must not be counted. Last one more predicted set, whose reading
 * goes wrong unless the count before was right. */
static void put_picture_sets(BitWriter *out)
{
    put_ue(out, 4);
    put_ue(out, 3);
    put_ue(out, 0);
    put_ue(out, 0), put(out, 1, 1);
    put_ue(out, 0), put(out, 1, 1);
    put_ue(out, 1), put(out, 1, 1);

    put(out, 1, 1), put(out, 1, 1), put_ue(out, 0); /* predicted, −1 */
    put(out, 4, 15);                                /* all four used */

    put(out, 1, 1), put(out, 1, 0), put_ue(out, 0); /* predicted, +1 */
    put(out, 5, 31);                                /* 0 (dropped), −1 −2 −4, +1 */

    put(out, 1, 1), put(out, 1, 1), put_ue(out, 0);
    put(out, 3, 7), put(out, 2, 1),
        put(out, 2, 0); /* four of before and itself; one by use_delta */
}

static void put_vui(BitWriter *out)
{
    put(out, 1, 1), put(out, 8, 255), put(out, 32, 0x00010001); /* extended aspect ratio */
    put(out, 1, 1), put(out, 1, 0);                             /* overscan */
    put(out, 1, 1), put(out, 5, 0x17), put(out, 24, 0x010101);  /* signal type, colours */
    put(out, 1, 1), put_ue(out, 0), put_ue(out, 0);             /* chroma place */
    put(out, 3, 0);
    put(out, 1, 1); /* default display window */
    for (unsigned i = 0; i < 4; i++)
        put_ue(out, 8);
    put(out, 1, 1), put(out, 32, 1), put(out, 32, 12); /* 12 pictures a second */
    put(out, 1, 1), put_ue(out, 0);                    /* poc proportional */
    put(out, 1, 1);                                    /* HRD: NAL and VCL, with sub-pictures */
    put(out, 3, 7), put(out, 19, 0), put(out, 8, 0), put(out, 4, 0), put(out, 15, 0);
    for (unsigned layer = 0; layer < 3; layer++) {
        put(out, 1, layer == 0); /* fixed_pic_rate_general_flag */
        if (layer)
            put(out, 1, layer == 1); /* fixed_pic_rate_within_cvs_flag */
        if (layer < 2)
            put_ue(out, 0);
        else
            put(out, 1, 0); /* low_delay_hrd_flag */
        put_ue(out, 1);     /* two CPBs */
        for (unsigned cpb = 0; cpb < 2 * 2; cpb++) {
            for (unsigned i = 0; i < 4; i++)
                put_ue(out, 5);
            put(out, 1, 0);
        }
    }
    put(out, 1, 1), put(out, 3, 0), put_ue(out, 77); /* bitstream restriction: segmentation */
    for (unsigned i = 0; i < 4; i++)
        put_ue(out, 1);
}

static void put_sps(BitWriter *out)
{
    put(out, 16, 0x4201);
    put(out, 4, 0), put(out, 3, 2), put(out, 1, 1); /* three temporal layers, nested */
    put_profile_with_sub_layers(out);
    put_ue(out, 3);                                                                 /* id */
    put_ue(out, 1), put_ue(out, 2592), put_ue(out, 1952);                           /* 4:2:0 */
    put(out, 1, 1), put_ue(out, 0), put_ue(out, 0), put_ue(out, 0), put_ue(out, 4); /* crop 8 */
    put_ue(out, 0), put_ue(out, 0), put_ue(out, 4); /* depths, poc of 8 bits */
    put(out, 1, 1);
    for (unsigned i = 0; i < 3 * 3; i++)
        put_ue(out, 3);
    for (unsigned i = 0; i < 6; i++)
        put_ue(out, i == 1 ? 3 : 0);
    put(out, 1, 1), put(out, 1, 1);
    put_scaling_lists(out);
    put(out, 2, 3);
    put(out, 1, 1), put(out, 8, 0x77), put_ue(out, 0), put_ue(out, 0), put(out, 1, 1); /* PCM */
    put_picture_sets(out);
    put(out, 1, 1), put_ue(out, 2); /* two long-term pictures */
    put(out, 9, 3), put(out, 9, 5);
    put(out, 2, 3);
    put(out, 1, 1);
    put_vui(out);
    put(out, 1, 0), put(out, 1, 1); /* no extension; stop bit */
}

static size_t escape(const BitWriter *in, uint8_t *out)
{
    size_t size = 0, zeros = 0;
    for (size_t i = 0; i < (in->bits + 7) / 8; i++) {
        if (zeros == 2 && in->data[i] <= 3) {
            out[size++] = 3;
            zeros = 0;
        }
        zeros = in->data[i] ? 0 : zeros + 1;
        out[size++] = in->data[i];
    }
    return size;
}

static void sub_layers_scaling_lists_predicted_sets_and_hrd_are_walked_over(void **state)
{
    BitWriter bits = {0};
    uint8_t nal[1024];
    put_sps(&bits);
    size_t size = escape(&bits, nal);
    H265Sps sps;
    assert_true(h265_sps_parse(nal, size, &sps));
    assert_true(sps.whole);
    assert_int_equal(sps.id, 3);
    assert_int_equal(sps.temporal_layers, 3);
    assert_int_equal(sps.width, 2592);
    assert_int_equal(sps.height, 1944);
    assert_int_equal(sps.min_spatial_segmentation, 77);
    assert_true(h265_sps_fps(&sps) == 12);
}

static void params_begin_with_the_profile_and_hold_three_arrays(void **state)
{
    uint8_t sps[96];
    size_t size = unhex(known[0].hex, sps);
    g_autoptr(CodecParams) params =
        h265_params(&(Nal){vps, sizeof vps}, 1, &(Nal){sps, size}, 1, &(Nal){pps, sizeof pps}, 1);
    const uint8_t head[] = {1,   0x01, 0x60, 0,    0,    0,    0x90, 0, 0, 0,    0, 0,
                            120, 0xf0, 0,    0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 3};
    assert_memory_equal(params->config, head, sizeof head);
    const uint8_t first[] = {0xa0, 0, 1, 0, sizeof vps, 0x40, 0x01};
    assert_memory_equal(params->config + sizeof head, first, sizeof first);
    assert_int_equal(params->config_bytes, sizeof head + 3 * 5 + sizeof vps + size + sizeof pps);
}

static void params_without_an_understood_sps_have_no_size(void **state)
{
    const uint8_t sps[] = {0x42, 0x01, 0xff, 0xff};
    g_autoptr(CodecParams) params = h265_params(&(Nal){vps, sizeof vps}, 1, &(Nal){sps, sizeof sps},
                                                1, &(Nal){pps, sizeof pps}, 1);
    assert_non_null(params);
    assert_int_equal(params->width, 0);
    assert_string_equal(params->rfc6381, "hvc1.1.6.L120.90");
    assert_null(h265_params(NULL, 0, &(Nal){sps, sizeof sps}, 1, &(Nal){pps, sizeof pps}, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_of_an_encoder_give_size_rate_and_profile),
        cmocka_unit_test(a_set_cut_short_anywhere_is_read_without_harm),
        cmocka_unit_test(sub_layers_scaling_lists_predicted_sets_and_hrd_are_walked_over),
        cmocka_unit_test(params_begin_with_the_profile_and_hold_three_arrays),
        cmocka_unit_test(params_without_an_understood_sps_have_no_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
