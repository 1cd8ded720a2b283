#include "media/sim_sei.h"

#include "base/bytes.h"
#include "unit.h"

#include <string.h>

static const SimSei SENT = {.camera = "cam07",
                            .stream = STREAM_SUB,
                            .loop = 3,
                            .number = UINT64_C(5000000000),
                            .sent_us = INT64_C(1732432059123456)};

static const uint8_t SLICE[300] = {0x41, 0x9a, 0x02};

static void assert_same(const SimSei *got)
{
    assert_string_equal(got->camera, SENT.camera);
    assert_int_equal(got->stream, SENT.stream);
    assert_int_equal(got->loop, SENT.loop);
    assert_int_equal(got->number, SENT.number);
    assert_int_equal(got->sent_us, SENT.sent_us);
}

static void put_length(ByteWriter *unit, const uint8_t *nal, size_t size)
{
    write_u32(unit, (uint32_t)size);
    write_bytes(unit, nal, size);
}

static void put_start_code(ByteWriter *unit, const uint8_t *nal, size_t size, bool long_code)
{
    if (long_code)
        write_u8(unit, 0);
    write_u24(unit, 1);
    write_bytes(unit, nal, size);
}

static void a_mark_is_read_back_from_an_access_unit_with_lengths(void **state)
{
    uint8_t nal[SIM_SEI_BYTES];
    const Codec codecs[] = {CODEC_H264, CODEC_H265};
    for (size_t i = 0; i < G_N_ELEMENTS(codecs); i++) {
        g_auto(ByteWriter) unit = {0};
        put_length(&unit, SLICE, 2);
        put_length(&unit, nal, sim_sei_write(&SENT, codecs[i], nal));
        put_length(&unit, SLICE, sizeof SLICE);
        SimSei got;
        assert_true(sim_sei_parse(codecs[i], unit.data, unit.size, &got));
        assert_same(&got);
    }
}

static void a_mark_is_read_back_from_annex_b(void **state)
{
    uint8_t nal[SIM_SEI_BYTES];
    for (int long_code = 0; long_code < 2; long_code++) {
        g_auto(ByteWriter) unit = {0};
        put_start_code(&unit, (const uint8_t[]){0x09, 0xf0}, 2, true);
        put_start_code(&unit, nal, sim_sei_write(&SENT, CODEC_H264, nal), long_code);
        put_start_code(&unit, SLICE, sizeof SLICE, long_code);
        SimSei got;
        assert_true(sim_sei_parse(CODEC_H264, unit.data, unit.size, &got));
        assert_same(&got);
    }
}

static void the_longest_mark_fits(void **state)
{
    SimSei sei = {.loop = UINT32_MAX, .number = UINT64_MAX, .sent_us = INT64_MIN};
    memset(sei.camera, 'c', SIM_SEI_CAMERA - 1);
    uint8_t nal[SIM_SEI_BYTES];
    size_t size = sim_sei_write(&sei, CODEC_H265, nal);
    assert_in_range(size, 1, SIM_SEI_BYTES);
    assert_null(memmem(nal, size, "\0\0", 2)); /* nothing to escape */
}

static void other_messages_and_other_units_are_not_a_mark(void **state)
{
    uint8_t nal[SIM_SEI_BYTES];
    size_t size = sim_sei_write(&SENT, CODEC_H264, nal);
    SimSei got;

    g_auto(ByteWriter) bare = {0};
    put_length(&bare, SLICE, sizeof SLICE);
    assert_false(sim_sei_parse(CODEC_H264, bare.data, bare.size, &got));

    nal[5] ^= 1; /* another program's UUID */
    g_auto(ByteWriter) foreign = {0};
    put_length(&foreign, nal, size);
    assert_false(sim_sei_parse(CODEC_H264, foreign.data, foreign.size, &got));
}

static void a_mark_cut_anywhere_is_refused(void **state)
{
    uint8_t nal[SIM_SEI_BYTES];
    size_t size = sim_sei_write(&SENT, CODEC_H265, nal);
    SimSei got;
    for (size_t cut = 0; cut < size - 1; cut++) {
        g_auto(ByteWriter) unit = {0};
        put_length(&unit, nal, cut);
        assert_false(sim_sei_parse(CODEC_H265, unit.data, unit.size, &got));
    }
    assert_false(sim_sei_parse(CODEC_H265, (const uint8_t *)"", 0, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_is_read_back_from_an_access_unit_with_lengths),
        cmocka_unit_test(a_mark_is_read_back_from_annex_b),
        cmocka_unit_test(the_longest_mark_fits),
        cmocka_unit_test(other_messages_and_other_units_are_not_a_mark),
        cmocka_unit_test(a_mark_cut_anywhere_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
