#include "media/fmp4_write.h"

#include "base/ntp.h"
#include "media/mp4_box.h"

#include <string.h>

/* §8.5.2, §8.6.1.2, §8.7.3–5: empty tables, as fragments bring the samples. */
static void write_empty_sample_table(ByteWriter *to, const CodecParams *params)
{
    size_t stbl = box_begin(to, "stbl");
    size_t stsd = full_box_begin(to, "stsd", 0, 0);
    write_u32(to, 1);
    mp4_write_sample_entry(to, params);
    box_end(to, stsd);
    static const char *const tables[] = {"stts", "stsc", "stsz", "stco"};
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++) {
        size_t table = full_box_begin(to, tables[i], 0, 0);
        write_zeros(to, tables[i][3] == 'z' ? 8 : 4);
        box_end(to, table);
    }
    box_end(to, stbl);
}

static void write_track(ByteWriter *to, Track track, const CodecParams *params)
{
    size_t trak = box_begin(to, "trak");
    mp4_write_tkhd(to, track, params, 0, 0);
    size_t mdia = box_begin(to, "mdia");
    mp4_write_mdhd(to, params->timescale, 0, 0);
    mp4_write_hdlr(to, track);
    size_t minf = box_begin(to, "minf");
    mp4_write_media_header(to, track);
    write_empty_sample_table(to, params);
    box_end(to, minf);
    box_end(to, mdia);
    box_end(to, trak);
}

static void write_track_extends(ByteWriter *to, Track track)
{
    size_t trex = full_box_begin(to, "trex", 0, 0);
    write_u32(to, mp4_track_id(track));
    write_u32(to, 1); /* default_sample_description_index */
    write_zeros(to, 8);
    write_u32(to, track == TRACK_AUDIO ? MP4_SAMPLE_KEY : MP4_SAMPLE_NOT_KEY);
    box_end(to, trex);
}

static void write_footage_box(ByteWriter *to, const Fmp4Init *init)
{
    size_t box = box_begin(to, "uuid");
    write_bytes(to, FMP4_FOOTAGE_BOX, 16);
    write_u32(to, FMP4_FORMAT);
    write_u32(to, (uint32_t)init->stream);
    write_bytes(to, init->camera.bytes, sizeof init->camera.bytes);
    write_u64(to, (uint64_t)init->from_us);
    box_end(to, box);
}

void fmp4_write_init(ByteWriter *to, const Fmp4Init *init)
{
    size_t ftyp = box_begin(to, "ftyp");
    write_bytes(to, "iso6\0\0\0\0iso6iso5mp41", 20);
    box_end(to, ftyp);
    size_t moov = box_begin(to, "moov");
    mp4_write_mvhd(to, VIDEO_TIMESCALE, 0, init->footage ? init->from_us : 0);
    for (Track track = 0; track < TRACKS; track++)
        if (init->tracks[track])
            write_track(to, track, init->tracks[track]);
    size_t mvex = box_begin(to, "mvex");
    for (Track track = 0; track < TRACKS; track++)
        if (init->tracks[track])
            write_track_extends(to, track);
    box_end(to, mvex);
    if (init->footage)
        write_footage_box(to, init);
    box_end(to, moov);
}

enum {
    TFHD_DEFAULT_BASE_IS_MOOF = 0x20000,
    TRUN_DATA_OFFSET = 0x1,
    TRUN_DURATION = 0x100,
    TRUN_SIZE = 0x200,
    TRUN_FLAGS = 0x400,
    TRUN_COMPOSITION = 0x800,
};

/* Producer reference time, §8.16.5: the wall clock when the first sample was captured. */
static void write_prft(ByteWriter *to, const Fmp4Fragment *fragment)
{
    Track track = fragment->tracks[TRACK_VIDEO].count ? TRACK_VIDEO : TRACK_AUDIO;
    const Fmp4Run *run = &fragment->tracks[track];
    size_t prft = full_box_begin(to, "prft", 1, 24); /* 24: the time of capture */
    write_u32(to, mp4_track_id(track));
    write_u64(to, ntp_from_us(fragment->prft_us));
    write_u64(to, run->decode_time + (uint64_t)(int64_t)run->samples[0].composition);
    box_end(to, prft);
}

static uint32_t sample_flags(const Fmp4Sample *sample)
{
    return sample->key ? MP4_SAMPLE_KEY : MP4_SAMPLE_NOT_KEY;
}

static bool run_has_composition(const Fmp4Run *run)
{
    for (unsigned i = 0; i < run->count; i++)
        if (run->samples[i].composition != 0)
            return true;
    return false;
}

/* Returns where the data offset stands, to be filled in when the size of the head is known. */
static size_t write_run(ByteWriter *to, Track track, const Fmp4Run *run)
{
    bool composition = run_has_composition(run);
    bool flags = track == TRACK_VIDEO; /* trex says "key" for all sound */
    size_t trun =
        full_box_begin(to, "trun", 1,
                       TRUN_DATA_OFFSET | TRUN_DURATION | TRUN_SIZE | (flags ? TRUN_FLAGS : 0) |
                           (composition ? TRUN_COMPOSITION : 0));
    write_u32(to, run->count);
    size_t data_offset = to->size;
    write_u32(to, 0);
    size_t entry = 8 + (flags ? 4u : 0) + (composition ? 4u : 0);
    uint8_t *at = byte_writer_add(to, entry * run->count);
    for (const Fmp4Sample *sample = run->samples; sample < run->samples + run->count; sample++) {
        put_u32(at, sample->duration);
        put_u32(at + 4, sample->size);
        at += 8;
        if (flags) {
            put_u32(at, sample_flags(sample));
            at += 4;
        }
        if (composition) {
            put_u32(at, (uint32_t)sample->composition);
            at += 4;
        }
    }
    box_end(to, trun);
    return data_offset;
}

static size_t write_track_fragment(ByteWriter *to, Track track, const Fmp4Run *run)
{
    size_t traf = box_begin(to, "traf");
    size_t tfhd = full_box_begin(to, "tfhd", 0, TFHD_DEFAULT_BASE_IS_MOOF);
    write_u32(to, mp4_track_id(track));
    box_end(to, tfhd);
    size_t tfdt = full_box_begin(to, "tfdt", 1, 0);
    write_u64(to, run->decode_time);
    box_end(to, tfdt);
    size_t data_offset = write_run(to, track, run);
    box_end(to, traf);
    return data_offset;
}

void fmp4_write_fragment(ByteWriter *to, const Fmp4Fragment *fragment)
{
    g_assert(fragment->tracks[TRACK_VIDEO].count + fragment->tracks[TRACK_AUDIO].count > 0);
    if (fragment->prft_us != FMP4_NO_PRFT)
        write_prft(to, fragment);
    size_t moof = box_begin(to, "moof");
    size_t mfhd = full_box_begin(to, "mfhd", 0, 0);
    write_u32(to, fragment->sequence);
    box_end(to, mfhd);
    size_t data_offset[TRACKS] = {0};
    for (Track track = 0; track < TRACKS; track++)
        if (fragment->tracks[track].count)
            data_offset[track] = write_track_fragment(to, track, &fragment->tracks[track]);
    box_end(to, moof);

    size_t mdat = box_begin(to, "mdat");
    uint64_t data = to->size - moof;
    for (Track track = 0; track < TRACKS; track++) {
        const Fmp4Run *run = &fragment->tracks[track];
        if (run->count)
            patch_u32(to, data_offset[track], (uint32_t)data);
        for (unsigned i = 0; i < run->count; i++)
            data += run->samples[i].size;
    }
    g_assert(data <= UINT32_MAX);
    patch_u32(to, mdat, (uint32_t)(data - (mdat - moof)));
}

static uint8_t *put_box(uint8_t *at, uint32_t size, const char *type)
{
    put_u32(at, size);
    memcpy(at + 4, type, 4);
    return at + 8;
}

static uint8_t *put_words(uint8_t *at, const uint32_t *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++, at += 4)
        put_u32(at, words[i]);
    return at;
}

void fmp4_put_picture_head(uint8_t head[FMP4_PICTURE_HEAD], uint32_t sequence, Track track,
                           uint64_t decode_time, const Fmp4Sample *sample)
{
    enum { MFHD = 16, TFHD = 16, TFDT = 20, TRUN = 36, TRAF = 8 + TFHD + TFDT + TRUN };
    enum { MOOF = 8 + MFHD + TRAF };
    G_STATIC_ASSERT(MOOF + 8 == FMP4_PICTURE_HEAD);
    uint8_t *at = put_box(head, MOOF, "moof");
    at = put_words(put_box(at, MFHD, "mfhd"), (const uint32_t[]){0, sequence}, 2);
    at = put_box(at, TRAF, "traf");
    at = put_words(put_box(at, TFHD, "tfhd"),
                   (const uint32_t[]){TFHD_DEFAULT_BASE_IS_MOOF, mp4_track_id(track)}, 2);
    at = put_words(
        put_box(at, TFDT, "tfdt"),
        (const uint32_t[]){1u << 24, (uint32_t)(decode_time >> 32), (uint32_t)decode_time}, 3);
    at = put_words(put_box(at, TRUN, "trun"),
                   (const uint32_t[]){1u << 24 | TRUN_DATA_OFFSET | TRUN_DURATION | TRUN_SIZE |
                                          TRUN_FLAGS | TRUN_COMPOSITION,
                                      1, FMP4_PICTURE_HEAD, sample->duration, sample->size,
                                      sample_flags(sample), (uint32_t)sample->composition},
                   7);
    put_box(at, 8 + sample->size, "mdat");
}
