/* G.711 becomes FLAC, and comes back byte for byte: decoded by libav, told by the values. */
#include "flac_decode.h"
#include "media/audio_frame.h"
#include "media/depay.h"
#include "media/flac.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

typedef struct Heard {
    Depay *depay;
    FlacDecoder *decoder;
    G711Law law;
    GByteArray *bytes;
    GArray *stamps, *lags, *samples; /* uint32_t, of each frame */
    size_t coded_bytes;
} Heard;

static void hear(void *data, const DepayFrame *frame)
{
    Heard *heard = data;
    const CodecParams *params = depay_params(heard->depay);
    if (!heard->decoder)
        heard->decoder = flac_decoder_new(params);
    assert_true(frame->key);
    assert_false(frame->damaged);
    guint before = heard->bytes->len;
    flac_decoder_add(heard->decoder, heard->law, frame->data, frame->size, heard->bytes);
    uint32_t samples = (heard->bytes->len - before) / (guint)params->channels;
    assert_int_equal(audio_frame_ticks(params, frame->data, frame->size), samples);
    g_array_append_val(heard->stamps, frame->timestamp);
    g_array_append_val(heard->lags, frame->lag);
    g_array_append_val(heard->samples, samples);
    heard->coded_bytes += frame->size;
}

static void heard_init(Heard *heard, Codec codec, uint32_t clock_hz, int channels)
{
    SdpMedia media = {.kind = SDP_AUDIO,
                      .codec = codec,
                      .clock_hz = clock_hz,
                      .channels = channels,
                      .control = (char *)"",
                      .fmtp = (char *)""};
    *heard = (Heard){.depay = depay_new(codec, &media),
                     .law = codec == CODEC_PCMU ? G711_MU_LAW : G711_A_LAW,
                     .bytes = g_byte_array_new(),
                     .stamps = g_array_new(FALSE, FALSE, 4),
                     .lags = g_array_new(FALSE, FALSE, 4),
                     .samples = g_array_new(FALSE, FALSE, 4)};
}

static void heard_clear(Heard *heard)
{
    depay_free(heard->depay);
    if (heard->decoder)
        flac_decoder_free(heard->decoder);
    g_byte_array_unref(heard->bytes);
    g_array_unref(heard->stamps);
    g_array_unref(heard->lags);
    g_array_unref(heard->samples);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Heard, heard_clear)

static void send_packet(Heard *heard, uint32_t stamp, const uint8_t *bytes, size_t size)
{
    g_autofree uint8_t *payload = g_memdup2(bytes, size); /* for the sanitizers */
    RtpPacket packet = {.timestamp = stamp, .payload = payload, .size = size};
    depay_packet(heard->depay, &packet, hear, heard);
}

static uint32_t at(const GArray *array, guint i)
{
    return g_array_index(array, uint32_t, i);
}

/* Every byte, and some silence and loudness. */
static void make_bytes(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = i < 4096 ? (uint8_t)i : i % 3000 < 1000 ? 0x7f : (uint8_t)(i * i >> 7);
}

static void each_byte_has_a_value_of_its_own(void **state)
{
    for (G711Law law = G711_A_LAW; law <= G711_MU_LAW; law++)
        for (unsigned a = 0; a < 256; a++)
            for (unsigned b = 0; b < a; b++)
                assert_int_not_equal(g711_linear(law, (uint8_t)a), g711_linear(law, (uint8_t)b));
}

static void the_values_are_those_of_the_standard(void **state)
{
    /* Decoder output values of ITU-T G.711 tables 1 and 2, times 8 and 4. */
    assert_int_equal(g711_linear(G711_A_LAW, 0xaa), 4032 * 8);
    assert_int_equal(g711_linear(G711_A_LAW, 0x2a), -4032 * 8);
    assert_int_equal(g711_linear(G711_A_LAW, 0xd5), 1 * 8);
    assert_int_equal(g711_linear(G711_A_LAW, 0x55), -1 * 8);
    assert_int_equal(g711_linear(G711_MU_LAW, 0x80), 8031 * 4);
    assert_int_equal(g711_linear(G711_MU_LAW, 0x00), -8031 * 4);
    assert_int_equal(g711_linear(G711_MU_LAW, 0xff), 0);
    assert_int_equal(g711_linear(G711_MU_LAW, 0x7e), -2 * 4);
    assert_int_equal(g711_linear(G711_MU_LAW, 0x7f), -4); /* negative zero */
}

static void what_was_sent_comes_back_to_the_byte_whatever_the_packets(void **state)
{
    static const struct {
        Codec codec;
        uint32_t clock_hz;
        int channels;
        size_t packet;
    } rows[] = {
        {CODEC_PCMA, 8000, 1, 160},   {CODEC_PCMU, 8000, 1, 160},  {CODEC_PCMA, 8000, 1, 1},
        {CODEC_PCMU, 8000, 1, 333},   {CODEC_PCMU, 8000, 1, 1400}, {CODEC_PCMA, 16000, 1, 640},
        {CODEC_PCMA, 48000, 2, 1920}, {CODEC_PCMU, 11025, 1, 441}, {CODEC_PCMU, 1000, 8, 800},
        {CODEC_PCMA, 99999, 1, 1000},
    };
    enum { BYTES = 40000 };
    static uint8_t sent[BYTES];
    make_bytes(sent, BYTES);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Heard) heard;
        heard_init(&heard, rows[i].codec, rows[i].clock_hz, rows[i].channels);
        uint32_t channels = (uint32_t)rows[i].channels, begin = UINT32_MAX - 5000;
        for (size_t k = 0; k < BYTES; k += rows[i].packet)
            send_packet(&heard, begin + (uint32_t)k / channels, sent + k,
                        MIN(rows[i].packet, BYTES - k));
        depay_flush(heard.depay, hear, &heard);
        assert_int_equal(heard.bytes->len, BYTES);
        assert_memory_equal(heard.bytes->data, sent, BYTES);
        uint32_t block = CLAMP(rows[i].clock_hz * 64 / 1000, 16, 4608), stamp = begin;
        for (guint k = 0; k < heard.stamps->len; k++) {
            assert_int_equal(at(heard.stamps, k), stamp);
            assert_true(at(heard.samples, k) == block || k + 1 == heard.samples->len);
            assert_in_range(at(heard.lags, k), 0, block + rows[i].packet);
            stamp += block;
        }
        assert_int_equal(depay_params(heard.depay)->timescale, rows[i].clock_hz);
        assert_int_equal(depay_params(heard.depay)->codec, CODEC_FLAC);
    }
}

static void lost_packets_cut_a_block_short_and_nothing_else_is_lost(void **state)
{
    uint8_t sent[160 * 10];
    make_bytes(sent, sizeof sent);
    g_auto(Heard) heard;
    heard_init(&heard, CODEC_PCMU, 8000, 1);
    for (unsigned i = 0; i < 10; i++) {
        if (i == 4)
            depay_lost(heard.depay, 1);
        else
            send_packet(&heard, i * 160, sent + i * 160, 160);
    }
    depay_flush(heard.depay, hear, &heard);
    assert_int_equal(heard.stamps->len, 4);
    assert_int_equal(at(heard.samples, 1), 4 * 160 - 512);
    assert_int_equal(at(heard.stamps, 2), 5 * 160);
    assert_int_equal(heard.bytes->len, 9 * 160);
    assert_memory_equal(heard.bytes->data, sent, 640);
    assert_memory_equal(heard.bytes->data + 640, sent + 800, 800);
}

static void stamps_that_waver_do_not_cut_it_and_those_that_jump_do(void **state)
{
    uint8_t sent[160 * 64];
    make_bytes(sent, sizeof sent);
    g_auto(Heard) heard;
    heard_init(&heard, CODEC_PCMA, 8000, 1);
    for (unsigned i = 0; i < 32; i++)
        send_packet(&heard, i * 160 + (i * 7 % 5) * 40, sent + i * 160, 160);
    assert_int_equal(heard.stamps->len, (32 * 160 - 1) / 512);
    for (unsigned i = 32; i < 64; i++)
        send_packet(&heard, 0x40000000 + i * 160, sent + i * 160, 160);
    depay_flush(heard.depay, hear, &heard);
    assert_int_equal(heard.stamps->len, 20);
    assert_int_equal(at(heard.stamps, 10), 0x40000000 + 32 * 160);
    assert_memory_equal(heard.bytes->data, sent, sizeof sent);
}

static void a_source_that_begins_anew_begins_a_block(void **state)
{
    uint8_t sent[480];
    make_bytes(sent, sizeof sent);
    g_auto(Heard) heard;
    heard_init(&heard, CODEC_PCMA, 8000, 1);
    send_packet(&heard, 0, sent, 160);
    depay_reset(heard.depay);
    send_packet(&heard, 7000, sent + 160, 320);
    depay_flush(heard.depay, hear, &heard);
    assert_int_equal(heard.bytes->len, 320);
    assert_memory_equal(heard.bytes->data, sent + 160, 320);
    assert_int_equal(at(heard.stamps, 0), 7000);
}

static void a_rate_or_channels_that_flac_has_not_leave_no_parameters(void **state)
{
    uint8_t byte = 0;
    g_auto(Heard) heard;
    heard_init(&heard, CODEC_PCMA, 8000, 9);
    assert_null(depay_params(heard.depay));
    send_packet(&heard, 0, &byte, 1);
    assert_int_equal(heard.stamps->len, 0);
    assert_null(flac_params(700000, 1, 512, ""));
}

static void the_head_of_a_frame_tells_its_samples(void **state)
{
    static const struct {
        uint8_t data[12];
        size_t size;
        uint32_t samples;
    } heads[] = {
        {{0xff, 0xf8, 0x94, 0x08, 0x00}, 5, 512},
        {{0xff, 0xf8, 0x14, 0x08, 0x00}, 5, 192},
        {{0xff, 0xf8, 0x54, 0x08, 0x00}, 5, 4608},
        {{0xff, 0xf8, 0x64, 0x08, 0xc2, 0x80, 0x7f}, 7, 128},
        {{0xff, 0xf9, 0x74, 0x08, 0xfe, 1, 1, 1, 1, 1, 1}, 11, 0}, /* cut short */
        {{0xff, 0xf8, 0x74, 0x08, 0x00, 0x01, 0xff}, 7, 512},
        {{0xff, 0xf8, 0x94, 0x08, 0xff}, 5, 0}, /* no number */
        {{0xff, 0xf8, 0x94, 0x08, 0x80}, 5, 0},
        {{0xff, 0xf8, 0x04, 0x08, 0x00}, 5, 0}, /* reserved */
        {{0xff, 0xfc, 0x94, 0x08, 0x00}, 5, 0}, /* no sync code */
        {{0xff, 0xf8, 0x94, 0x08}, 4, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(heads); i++)
        assert_int_equal(flac_frame_samples(heads[i].data, heads[i].size), heads[i].samples);
    assert_int_equal(flac_frame_samples(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_has_a_value_of_its_own),
        cmocka_unit_test(the_values_are_those_of_the_standard),
        cmocka_unit_test(what_was_sent_comes_back_to_the_byte_whatever_the_packets),
        cmocka_unit_test(lost_packets_cut_a_block_short_and_nothing_else_is_lost),
        cmocka_unit_test(stamps_that_waver_do_not_cut_it_and_those_that_jump_do),
        cmocka_unit_test(a_source_that_begins_anew_begins_a_block),
        cmocka_unit_test(a_rate_or_channels_that_flac_has_not_leave_no_parameters),
        cmocka_unit_test(the_head_of_a_frame_tells_its_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
