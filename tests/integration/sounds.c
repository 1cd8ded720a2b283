#include "sounds.h"

#include "base/clock.h"
#include "flac_decode.h"
#include "media/audio_frame.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum {
    DROPPED_EVERY = 20,
    SEARCH_S = 120, /* a sound is not later than that after the camera was made */
    KNOWN_SAMPLES = 24,
    OFF_US = 50 * 1000,
    ASTRAY_US = 300 * 1000,
    EDGE_US = 500 * 1000, /* without sound at the beginning and the end */
    MOST_OF_A_HUNDRED = 95,
    NUMBER_AT = 1,
};

/* ---- what is sent ---- */

uint8_t sound_sample(uint64_t tick)
{
    uint32_t mixed = (uint32_t)tick;
    mixed = (mixed ^ mixed >> 16) * 0x7feb352du;
    mixed = (mixed ^ mixed >> 15) * 0x846ca68bu;
    uint8_t sample = (uint8_t)(mixed >> 24);
    return sample == 0xff ? 0xfe : sample; /* 0x7f is the same value in µ-law */
}

GBytes *sound_unit(uint8_t head, uint64_t number, size_t size)
{
    uint8_t *unit = g_malloc(size);
    for (size_t i = 0; i < size; i++)
        unit[i] = (uint8_t)(number + i);
    unit[0] = head;
    put_u64(unit + NUMBER_AT, number);
    return g_bytes_new_take(unit, size);
}

void sound_add_aac(GPtrArray *payloads, const void *data, size_t size, size_t whole)
{
    g_auto(ByteWriter) payload = {0};
    write_u16(&payload, 16); /* bits of headers */
    write_u16(&payload, (uint16_t)(whole << 3));
    write_bytes(&payload, data, size);
    g_ptr_array_add(payloads, g_bytes_new(payload.data, payload.size));
}

bool sound_is_dropped(uint64_t number)
{
    return number % DROPPED_EVERY == 7;
}

/* ---- what is heard ---- */

/* A stretch of sound in the footage. */
typedef struct Heard {
    uint64_t tick, ticks;
    int64_t capture_us;
    bool begins_file;
} Heard;

static bool samples_are(const GByteArray *samples, uint64_t tick)
{
    for (guint i = 0; i < MIN(samples->len, KNOWN_SAMPLES); i++)
        if (samples->data[i] != sound_sample(tick + i))
            return false;
    return true;
}

/* The tick of the first sample, from `least` on. */
static uint64_t find_tick(const GByteArray *samples, uint64_t least, uint32_t clock_hz)
{
    for (uint64_t tick = least; tick < (uint64_t)clock_hz * SEARCH_S; tick++)
        if (samples_are(samples, tick))
            return tick;
    fail_msg("%u samples that were never sent", samples->len);
    return 0;
}

static Heard hear_flac(const CameraRow *row, const Sound *sound, FlacDecoder *decoder,
                       uint64_t least)
{
    g_autoptr(GByteArray) samples = g_byte_array_new();
    size_t size;
    const uint8_t *data = g_bytes_get_data(sound->data, &size);
    G711Law law = strstr(row->sound, "A-law") ? G711_A_LAW : G711_MU_LAW;
    flac_decoder_add(decoder, law, data, size, samples);
    uint64_t tick = find_tick(samples, least, row->script.sound->clock_hz);
    for (guint i = 0; i < samples->len; i++)
        assert_int_equal(samples->data[i], sound_sample(tick + i));
    return (Heard){tick, samples->len, sound->capture_us, sound->begins_file};
}

static Heard hear_unit(const Sound *sound, const CodecParams *params)
{
    size_t size;
    const uint8_t *data = g_bytes_get_data(sound->data, &size);
    assert_true(size > NUMBER_AT + 8);
    uint64_t number = get_u64(data + NUMBER_AT);
    g_autoptr(GBytes) sent = sound_unit(data[0], number, size);
    assert_memory_equal(data, g_bytes_get_data(sent, NULL), size);
    uint32_t ticks = audio_frame_ticks(params, data, size);
    return (Heard){number * ticks, ticks, sound->capture_us, sound->begins_file};
}

static GArray *hear(const CameraRow *row, const Footage *footage)
{
    GArray *heard = g_array_new(FALSE, FALSE, sizeof(Heard));
    const CodecParams *params = footage->sound_params;
    if (footage->sounds->len == 0)
        fail_msg("there is no sound");
    bool is_flac = params->codec == CODEC_FLAC;
    g_autoptr(FlacDecoder) decoder = is_flac ? flac_decoder_new(params) : NULL;
    uint64_t least = 0;
    for (guint i = 0; i < footage->sounds->len; i++) {
        const Sound *sound = &g_array_index(footage->sounds, Sound, i);
        Heard one = is_flac ? hear_flac(row, sound, decoder, least) : hear_unit(sound, params);
        g_array_append_val(heard, one);
        least = one.tick + one.ticks;
    }
    return heard;
}

static const Heard *heard_at(const GArray *heard, guint i)
{
    return &g_array_index(heard, Heard, i);
}

/* ---- judging ---- */

/* What is not there was dropped on its way. */
static void assert_order(const CameraRow *row, const GArray *heard, bool lossy)
{
    uint64_t ticks = row->script.sound->ticks;
    for (guint i = 1; i < heard->len; i++) {
        uint64_t end = heard_at(heard, i - 1)->tick + heard_at(heard, i - 1)->ticks,
                 begin = heard_at(heard, i)->tick;
        if (begin < end)
            fail_msg("sound %u begins at %u, before %u", i, (unsigned)begin, (unsigned)end);
        for (uint64_t tick = end; tick < begin; tick += ticks)
            if (!lossy || !sound_is_dropped(tick / ticks))
                fail_msg("of sound %u of %u, ticks %u to %u are missing", i, heard->len,
                         (unsigned)end, (unsigned)begin);
    }
}

static int64_t made_us(const Footage *footage)
{
    int64_t made_us = INT64_MAX;
    for (guint i = 0; i < footage->pictures->len; i++) {
        const Picture *picture = &g_array_index(footage->pictures, Picture, i);
        made_us =
            MIN(made_us, picture->sent_us - (int64_t)picture->number * SECOND_US / SCRIPT_FPS);
    }
    return made_us;
}

static int compare(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return first < second ? -1 : first > second;
}

/* A sound may be timed by when it was made, or by when its packet was full and sent. */
static void assert_times(const CameraRow *row, const Footage *footage, const GArray *heard,
                         int64_t most_us)
{
    const ScriptSound *sound = row->script.sound;
    int64_t zero_us = made_us(footage), packet_us = sound->ticks * SECOND_US / sound->clock_hz;
    g_autoptr(GArray) off = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < heard->len; i++) {
        int64_t late_us = heard_at(heard, i)->capture_us - zero_us -
                          (int64_t)(heard_at(heard, i)->tick * SECOND_US / sound->clock_hz);
        int64_t one = MAX(MAX(-late_us, late_us - packet_us), 0);
        g_array_append_val(off, one);
        const Heard *before = i ? heard_at(heard, i - 1) : NULL;
        if (before && !before->begins_file &&
            heard_at(heard, i)->capture_us - before->capture_us <
                (int64_t)before->ticks * SECOND_US / sound->clock_hz / 2)
            fail_msg("sound %u stands on the one before it", i);
    }
    g_array_sort(off, compare);
    int64_t most = g_array_index(off, int64_t, (off->len - 1) * MOST_OF_A_HUNDRED / 100);
    print_message("%u sounds, off by %.1f ms in %d of 100\n", heard->len, (double)most / 1000,
                  MOST_OF_A_HUNDRED);
    if (most > most_us)
        fail_msg("sounds are off by %.1f ms", (double)most / 1000);
}

static void assert_from_first_to_last(const Footage *footage, const GArray *heard)
{
    int64_t from_us = g_array_index(footage->pictures, Picture, 0).capture_us,
            to_us =
                g_array_index(footage->pictures, Picture, footage->pictures->len - 1).capture_us;
    int64_t first_us = heard_at(heard, 0)->capture_us,
            last_us = heard_at(heard, heard->len - 1)->capture_us;
    if (first_us > from_us + EDGE_US || last_us < to_us - EDGE_US)
        fail_msg("sound begins %.1f s behind the first picture, and ends %.1f s before the last",
                 (double)(first_us - from_us) / SECOND_US, (double)(to_us - last_us) / SECOND_US);
}

static void listen(const CameraRow *row, const Footage *footage, bool lossy, int64_t off_us,
                   bool throughout)
{
    g_autoptr(GArray) heard = hear(row, footage);
    assert_order(row, heard, lossy);
    assert_times(row, footage, heard, off_us);
    if (throughout)
        assert_from_first_to_last(footage, heard);
}

void listen_whole(const CameraRow *row, const Footage *footage)
{
    listen(row, footage, false, OFF_US, true);
}

void listen_lossy(const CameraRow *row, const Footage *footage)
{
    listen(row, footage, true, OFF_US, true);
}

void listen_astray(const CameraRow *row, const Footage *footage)
{
    listen(row, footage, false, ASTRAY_US, true);
}

void listen_partly(const CameraRow *row, const Footage *footage)
{
    listen(row, footage, false, OFF_US, false);
}

void listen_none(const CameraRow *row, const Footage *footage)
{
    if (footage->sound_params || footage->sounds->len)
        fail_msg("%u sounds were recorded", footage->sounds->len);
}
