#include "media/aac.h"
#include "unit.h"

static void configurations_give_rate_and_channels(void **state)
{
    static const struct {
        uint8_t config[5];
        size_t size;
        unsigned type, frame;
        int rate_hz, channels;
    } known[] = {
        {{0x12, 0x10}, 2, 2, 1024, 44100, 2},                   /* AAC-LC, stereo */
        {{0x14, 0x08, 0x56, 0xe5, 0x00}, 5, 2, 1024, 16000, 1}, /* with SBR told behind it */
        {{0x15, 0x88}, 2, 2, 1024, 8000, 1},
        {{0x12, 0x14}, 2, 2, 960, 44100, 2},                    /* frames of 960 */
        {{0x17, 0x80, 0x1f, 0x40, 0x08}, 5, 2, 1024, 16000, 1}, /* rate written out */
        {{0x2b, 0x92, 0x08}, 3, 5, 1024, 22050, 2},             /* HE-AAC told in front */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        AacConfig config;
        assert_true(aac_config_parse(known[i].config, known[i].size, &config));
        assert_int_equal(config.object_type, known[i].type);
        assert_int_equal(config.sample_rate_hz, known[i].rate_hz);
        assert_int_equal(config.channels, known[i].channels);
        assert_int_equal(config.frame_samples, known[i].frame);
    }
}

static void a_configuration_too_short_or_senseless_is_refused(void **state)
{
    const uint8_t data[] = {0x16, 0x90};
    AacConfig config;
    assert_false(aac_config_parse(data, 2, &config)); /* reserved rate */
    assert_false(aac_config_parse(data, 1, &config));
    assert_false(aac_config_parse(data, 0, &config));
    assert_null(aac_params(data, 2, 8000));
}

static void a_made_configuration_is_read_back(void **state)
{
    uint8_t made[2];
    AacConfig config;
    assert_true(aac_config_make(48000, 6, made));
    assert_true(aac_config_parse(made, 2, &config));
    assert_int_equal(config.sample_rate_hz, 48000);
    assert_int_equal(config.channels, 6);
    assert_false(aac_config_make(44000, 2, made));
}

static void params_repeat_the_configuration(void **state)
{
    const uint8_t data[] = {0x12, 0x10};
    g_autoptr(CodecParams) params = aac_params(data, 2, 44100);
    assert_string_equal(params->rfc6381, "mp4a.40.2");
    assert_int_equal(params->timescale, 44100);
    assert_int_equal(params->sample_rate_hz, 44100);
    assert_memory_equal(params->config, data, 2);
}

static void an_adts_header_is_known_by_its_length(void **state)
{
    uint8_t frame[20] = {0xff, 0xf1, 0x50, 0x80, 20 >> 3, (20 & 7) << 5, 0xfc};
    assert_int_equal(aac_adts_header(frame, sizeof frame), 7);
    assert_int_equal(aac_adts_header(frame, sizeof frame - 1), 0);
    frame[1] = 0xf0; /* with a CRC */
    assert_int_equal(aac_adts_header(frame, sizeof frame), 9);
    assert_int_equal(aac_adts_header(frame, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(configurations_give_rate_and_channels),
        cmocka_unit_test(a_configuration_too_short_or_senseless_is_refused),
        cmocka_unit_test(a_made_configuration_is_read_back),
        cmocka_unit_test(params_repeat_the_configuration),
        cmocka_unit_test(an_adts_header_is_known_by_its_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
