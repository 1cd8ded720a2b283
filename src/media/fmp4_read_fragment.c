/* The head of a fragment: prft, moof, and the header of mdat. */
#include "media/fmp4_read.h"

#include "base/ntp.h"

enum {
    PRFT = MP4_TYPE('p', 'r', 'f', 't'),
    MOOF = MP4_TYPE('m', 'o', 'o', 'f'),
    MDAT = MP4_TYPE('m', 'd', 'a', 't'),
    TRAF = MP4_TYPE('t', 'r', 'a', 'f'),
    /* trun, ISO/IEC 14496-12 §8.8.8 */
    TRUN_DATA_OFFSET = 0x1,
    TRUN_FIRST_FLAGS = 0x4,
    TRUN_DURATION = 0x100,
    TRUN_SIZE = 0x200,
    TRUN_FLAGS = 0x400,
    TRUN_COMPOSITION = 0x800,
    SAMPLE_IS_NOT_KEY = 0x10000,
};

static bool read_prft(ByteReader prft, int64_t *prft_us)
{
    read_skip(&prft, 8);
    *prft_us = ntp_to_us(read_u64(&prft));
    return !prft.failed;
}

static void run_reserve(Fmp4ReadRun *run, unsigned count)
{
    if (count > run->room) {
        run->room = MAX(count, 64);
        run->samples = g_realloc_n(run->samples, run->room, sizeof *run->samples);
    }
    run->count = count;
}

static void read_sample(ByteReader *trun, uint32_t flags, bool all_key, Fmp4Sample *sample)
{
    sample->duration = read_u32(trun);
    sample->size = read_u32(trun);
    sample->key = flags & TRUN_FLAGS ? !(read_u32(trun) & SAMPLE_IS_NOT_KEY) : all_key;
    sample->composition = flags & TRUN_COMPOSITION ? (int32_t)read_u32(trun) : 0;
}

/* `moof_at` is where data offsets count from (default-base-is-moof). */
static bool read_trun(ByteReader trun, Track track, size_t moof_at, Fmp4ReadRun *run)
{
    uint32_t flags;
    mp4_read_version(&trun, &flags);
    uint32_t count = read_u32(&trun), need = TRUN_DATA_OFFSET | TRUN_DURATION | TRUN_SIZE;
    uint32_t data_offset = read_u32(&trun);
    if ((flags & need) != need || flags & TRUN_FIRST_FLAGS || data_offset > INT32_MAX)
        return false;
    size_t entry = 8 + (flags & TRUN_FLAGS ? 4u : 0) + (flags & TRUN_COMPOSITION ? 4u : 0);
    if (trun.failed || count == 0 || count > byte_reader_left(&trun) / entry)
        return false;
    run_reserve(run, count);
    run->offset = moof_at + data_offset;
    for (unsigned i = 0; i < count; i++) {
        read_sample(&trun, flags, track == TRACK_AUDIO, &run->samples[i]);
        run->duration += run->samples[i].duration;
        run->bytes += run->samples[i].size;
    }
    return true;
}

static bool read_traf(ByteReader traf, size_t moof_at, Fmp4FragmentInfo *info)
{
    uint32_t flags;
    ByteReader tfhd = mp4_find_box(traf, "tfhd");
    mp4_read_version(&tfhd, &flags);
    uint32_t id = read_u32(&tfhd);
    if (tfhd.failed || id < 1 || id > TRACKS || flags != 0x20000)
        return false;
    Fmp4ReadRun *run = &info->tracks[id - 1];
    ByteReader tfdt = mp4_find_box(traf, "tfdt");
    bool is_long = mp4_read_version(&tfdt, &flags) == 1;
    run->decode_time = is_long ? read_u64(&tfdt) : read_u32(&tfdt);
    /* 2^48 ticks are 99 years; sums stay far from overflow */
    if (tfdt.failed || run->count || run->decode_time >> 48)
        return false;
    return read_trun(mp4_find_box(traf, "trun"), (Track)(id - 1), moof_at, run);
}

static bool read_moof(ByteReader moof, size_t moof_at, Fmp4FragmentInfo *info)
{
    ByteReader mfhd = mp4_find_box(moof, "mfhd");
    read_skip(&mfhd, 4);
    info->sequence = read_u32(&mfhd);
    Mp4Box box;
    while (mp4_box_next(&moof, &box))
        if (box.type == TRAF && !read_traf(box.body, moof_at, info))
            return false;
    return !mfhd.failed && !moof.failed;
}

static void start_over(Fmp4FragmentInfo *info)
{
    info->prft_us = FMP4_NO_PRFT;
    for (Track track = 0; track < TRACKS; track++) {
        Fmp4ReadRun *run = &info->tracks[track];
        *run = (Fmp4ReadRun){.samples = run->samples, .room = run->room};
    }
}

static bool samples_lie_inside(const Fmp4FragmentInfo *info)
{
    for (Track track = 0; track < TRACKS; track++) {
        const Fmp4ReadRun *run = &info->tracks[track];
        if (run->count &&
            (run->offset < info->head_bytes || run->offset + run->bytes > info->bytes))
            return false;
    }
    return info->tracks[TRACK_VIDEO].count || info->tracks[TRACK_AUDIO].count;
}

Fmp4Result fmp4_read_fragment(const uint8_t *data, size_t size, Fmp4FragmentInfo *info,
                              size_t *need)
{
    ByteReader body;
    size_t moof_at = 0, mdat_at;
    start_over(info);
    Fmp4Result result = mp4_whole_box(data, size, 0, PRFT, &body, &moof_at, need);
    if (result == FMP4_MORE)
        return result;
    if (result == FMP4_OK && !read_prft(body, &info->prft_us))
        return FMP4_BAD;
    result = mp4_whole_box(data, size, moof_at, MOOF, &body, &mdat_at, need);
    if (result != FMP4_OK)
        return result;
    if (!read_moof(body, moof_at, info))
        return FMP4_BAD;
    if (size - mdat_at < 8) {
        *need = mdat_at + 8;
        return FMP4_MORE;
    }
    info->head_bytes = mdat_at + 8;
    info->bytes = mdat_at + (uint64_t)get_u32(data + mdat_at);
    if (get_u32(data + mdat_at + 4) != MDAT || info->bytes < info->head_bytes)
        return FMP4_BAD;
    return samples_lie_inside(info) ? FMP4_OK : FMP4_BAD;
}

void fmp4_fragment_info_clear(Fmp4FragmentInfo *info)
{
    for (Track track = 0; track < TRACKS; track++)
        g_free(info->tracks[track].samples);
    *info = (Fmp4FragmentInfo){0};
}
