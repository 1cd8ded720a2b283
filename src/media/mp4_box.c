#include "media/mp4_box.h"

size_t box_begin(ByteWriter *to, const char *type)
{
    size_t box = to->size;
    write_u32(to, 0);
    write_bytes(to, type, 4);
    return box;
}

size_t full_box_begin(ByteWriter *to, const char *type, uint8_t version, uint32_t flags)
{
    size_t box = box_begin(to, type);
    write_u32(to, (uint32_t)version << 24 | flags);
    return box;
}

void box_end(ByteWriter *to, size_t box)
{
    g_assert(to->size - box <= UINT32_MAX);
    patch_u32(to, box, (uint32_t)(to->size - box));
}

/* Seconds since 1904 (ISO/IEC 14496-12 §8.2.2.3). */
static uint64_t mp4_time(int64_t time_us)
{
    return time_us > 0 ? (uint64_t)(time_us / 1000000) + UINT64_C(2082844800) : 0;
}

static void write_identity_matrix(ByteWriter *to)
{
    static const uint32_t matrix[9] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
    for (unsigned i = 0; i < G_N_ELEMENTS(matrix); i++)
        write_u32(to, matrix[i]);
}

void mp4_write_mvhd(ByteWriter *to, uint32_t movie_timescale, uint64_t duration, int64_t created_us)
{
    size_t box = full_box_begin(to, "mvhd", 1, 0);
    write_u64(to, mp4_time(created_us));
    write_u64(to, mp4_time(created_us));
    write_u32(to, movie_timescale);
    write_u64(to, duration);
    write_u32(to, 0x10000); /* rate 1.0 */
    write_u16(to, 0x100);   /* volume 1.0 */
    write_zeros(to, 10);
    write_identity_matrix(to);
    write_zeros(to, 24);
    write_u32(to, TRACKS + 1); /* next_track_ID */
    box_end(to, box);
}

void mp4_write_tkhd(ByteWriter *to, Track track, const CodecParams *params, uint64_t duration,
                    int64_t created_us)
{
    size_t box = full_box_begin(to, "tkhd", 1, 3); /* enabled, in movie */
    write_u64(to, mp4_time(created_us));
    write_u64(to, mp4_time(created_us));
    write_u32(to, mp4_track_id(track));
    write_u32(to, 0);
    write_u64(to, duration);
    write_zeros(to, 8);
    write_u16(to, 0); /* layer */
    write_u16(to, 0); /* alternate group */
    write_u16(to, track == TRACK_AUDIO ? 0x100 : 0);
    write_u16(to, 0);
    write_identity_matrix(to);
    write_u32(to, (uint32_t)params->width << 16);
    write_u32(to, (uint32_t)params->height << 16);
    box_end(to, box);
}

void mp4_write_mdhd(ByteWriter *to, uint32_t timescale, uint64_t duration, int64_t created_us)
{
    size_t box = full_box_begin(to, "mdhd", 1, 0);
    write_u64(to, mp4_time(created_us));
    write_u64(to, mp4_time(created_us));
    write_u32(to, timescale);
    write_u64(to, duration);
    write_u16(to, 0x55c4); /* language: und */
    write_u16(to, 0);
    box_end(to, box);
}

void mp4_write_hdlr(ByteWriter *to, Track track)
{
    size_t box = full_box_begin(to, "hdlr", 0, 0);
    write_u32(to, 0);
    write_bytes(to, track == TRACK_VIDEO ? "vide" : "soun", 4);
    write_zeros(to, 12);
    write_bytes(to, track == TRACK_VIDEO ? "Video" : "Sound", 6);
    box_end(to, box);
}

void mp4_write_media_header(ByteWriter *to, Track track)
{
    size_t box =
        track == TRACK_VIDEO ? full_box_begin(to, "vmhd", 0, 1) : full_box_begin(to, "smhd", 0, 0);
    write_zeros(to, track == TRACK_VIDEO ? 8 : 4);
    box_end(to, box);
    size_t dinf = box_begin(to, "dinf");
    size_t dref = full_box_begin(to, "dref", 0, 0);
    write_u32(to, 1);
    box_end(to, full_box_begin(to, "url ", 0, 1)); /* the media is in this file */
    box_end(to, dref);
    box_end(to, dinf);
}

static void write_config_box(ByteWriter *to, size_t box, const CodecParams *params)
{
    write_bytes(to, params->config, params->config_bytes);
    box_end(to, box);
}

static void write_visual_entry(ByteWriter *to, const CodecParams *params)
{
    bool h264 = params->codec == CODEC_H264;
    size_t box = box_begin(to, h264 ? "avc1" : "hvc1");
    write_zeros(to, 6);
    write_u16(to, 1); /* data_reference_index */
    write_zeros(to, 16);
    write_u16(to, (uint16_t)params->width);
    write_u16(to, (uint16_t)params->height);
    write_u32(to, 0x480000); /* 72 dpi */
    write_u32(to, 0x480000);
    write_u32(to, 0);
    write_u16(to, 1); /* frame_count */
    write_zeros(to, 32);
    write_u16(to, 0x18); /* depth */
    write_u16(to, 0xffff);
    write_config_box(to, box_begin(to, h264 ? "avcC" : "hvcC"), params);
    box_end(to, box);
}

/* The size in four bytes of seven bits (ISO/IEC 14496-1 §8.3.3). */
static void write_descriptor(ByteWriter *to, uint8_t tag, size_t size)
{
    write_u8(to, tag);
    for (unsigned shift = 21; shift > 0; shift -= 7)
        write_u8(to, (uint8_t)(0x80 | (size >> shift & 0x7f)));
    write_u8(to, (uint8_t)(size & 0x7f));
}

static void write_esds(ByteWriter *to, const CodecParams *params)
{
    enum { TAG_AND_SIZE = 5, DECODER_CONFIG = 13, SL_CONFIG = 1 };
    size_t specific = TAG_AND_SIZE + params->config_bytes;
    size_t decoder = TAG_AND_SIZE + DECODER_CONFIG + specific;
    size_t box = full_box_begin(to, "esds", 0, 0);
    write_descriptor(to, 3, 3 + decoder + TAG_AND_SIZE + SL_CONFIG);
    write_u16(to, 0); /* ES_ID, 0 in a file */
    write_u8(to, 0);
    write_descriptor(to, 4, DECODER_CONFIG + specific);
    write_u8(to, 0x40);  /* MPEG-4 audio */
    write_u8(to, 0x15);  /* audio stream */
    write_zeros(to, 11); /* buffer size and bit rates: unknown */
    write_descriptor(to, 5, params->config_bytes);
    write_bytes(to, params->config, params->config_bytes);
    write_descriptor(to, 6, SL_CONFIG);
    write_u8(to, 2);
    box_end(to, box);
}

static void write_audio_entry(ByteWriter *to, const CodecParams *params)
{
    static const char *const types[] = {[CODEC_AAC] = "mp4a",
                                        [CODEC_PCMA] = "alaw",
                                        [CODEC_PCMU] = "ulaw",
                                        [CODEC_OPUS] = "Opus",
                                        [CODEC_FLAC] = "fLaC"};
    const char *type = types[params->codec];
    size_t box = box_begin(to, type);
    write_zeros(to, 6);
    write_u16(to, 1); /* data_reference_index */
    write_zeros(to, 8);
    write_u16(to, (uint16_t)params->channels);
    write_u16(to, 16); /* bits of a sample when decoded */
    write_zeros(to, 4);
    write_u32(to, params->sample_rate_hz < 0x10000 ? (uint32_t)params->sample_rate_hz << 16 : 0);
    if (params->codec == CODEC_AAC)
        write_esds(to, params);
    else if (params->codec == CODEC_OPUS)
        write_config_box(to, box_begin(to, "dOps"), params);
    else if (params->codec == CODEC_FLAC)
        write_config_box(to, full_box_begin(to, "dfLa", 0, 0), params);
    box_end(to, box);
}

void mp4_write_sample_entry(ByteWriter *to, const CodecParams *params)
{
    if (params->codec == CODEC_H264 || params->codec == CODEC_H265)
        write_visual_entry(to, params);
    else
        write_audio_entry(to, params);
}

bool mp4_box_next(ByteReader *from, Mp4Box *box)
{
    if (from->failed || byte_reader_left(from) == 0)
        return false;
    uint32_t size = read_u32(from);
    box->type = read_u32(from);
    if (size < 8) /* 0: to the end of the file, 1: a 64-bit size; neither is ours */
        from->failed = true;
    box->body = read_sub(from, size - 8);
    box->size = size;
    return !from->failed;
}

static ByteReader find_box(ByteReader in, uint32_t type)
{
    Mp4Box box;
    while (mp4_box_next(&in, &box))
        if (box.type == type)
            return box.body;
    return (ByteReader){.failed = true};
}

ByteReader mp4_find_box(ByteReader in, const char *path)
{
    for (; *path; path += 4)
        in = find_box(in, get_u32((const uint8_t *)path));
    return in;
}

uint8_t mp4_read_version(ByteReader *body, uint32_t *flags)
{
    uint8_t version = read_u8(body);
    *flags = read_u24(body);
    return version;
}

Fmp4Result mp4_whole_box(const uint8_t *data, size_t size, size_t at, uint32_t type,
                         ByteReader *body, size_t *end, size_t *need)
{
    if (size - at < 8) {
        *need = at + 8;
        return FMP4_MORE;
    }
    uint32_t box_size = get_u32(data + at);
    if (get_u32(data + at + 4) != type || box_size < 8 || box_size > FMP4_MAX_HEAD - at)
        return FMP4_BAD;
    *end = at + box_size;
    if (box_size > size - at) {
        *need = *end;
        return FMP4_MORE;
    }
    *body = byte_reader(data + at + 8, box_size - 8);
    return FMP4_OK;
}
