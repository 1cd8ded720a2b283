/* The init part of a footage file. */
#include "media/fmp4_read.h"

#include "media/flac.h"
#include "media/h264.h"
#include "media/h265.h"
#include "media/opus.h"

#include <string.h>

static size_t read_descriptor(ByteReader *from, uint8_t tag)
{
    if (read_u8(from) != tag)
        from->failed = true;
    size_t size = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint8_t byte = read_u8(from);
        size = size << 7 | (byte & 0x7f);
        if (!(byte & 0x80))
            break;
    }
    return size;
}

/* The AudioSpecificConfig of an esds body, as write_esds() wrote it. */
static ByteReader esds_config(ByteReader esds)
{
    read_skip(&esds, 4);
    read_descriptor(&esds, 3);
    read_skip(&esds, 3);
    read_descriptor(&esds, 4);
    read_skip(&esds, 13);
    size_t size = read_descriptor(&esds, 5);
    return read_sub(&esds, size);
}

static CodecParams *read_visual_entry(ByteReader entry, Codec codec, uint32_t timescale)
{
    read_skip(&entry, 24);
    int width = read_u16(&entry), height = read_u16(&entry);
    read_skip(&entry, 50);
    ByteReader inner = read_sub(&entry, byte_reader_left(&entry));
    ByteReader config = mp4_find_box(inner, codec == CODEC_H264 ? "avcC" : "hvcC");
    if (entry.failed || config.failed || config.size < (codec == CODEC_H264 ? 7 : 23))
        return NULL;
    CodecParams *params = codec_params_new(codec, timescale, config.data, config.size);
    params->width = width;
    params->height = height;
    (codec == CODEC_H264 ? h264_name : h265_name)(params);
    return params;
}

/* What describes the coding; failed when it is missing or too short. */
static ByteReader audio_config(ByteReader inner, Codec codec)
{
    ByteReader config = {0};
    int rate_hz, channels;
    if (codec == CODEC_AAC) {
        config = esds_config(mp4_find_box(inner, "esds"));
        config.failed |= config.size < 2;
    } else if (codec == CODEC_OPUS) {
        config = mp4_find_box(inner, "dOps");
        config.failed |= config.size < OPUS_CONFIG_BYTES;
    } else if (codec == CODEC_FLAC) {
        ByteReader box = mp4_find_box(inner, "dfLa");
        read_skip(&box, 4); /* version, flags */
        config = read_sub(&box, byte_reader_left(&box));
        config.failed |=
            box.failed || !flac_config_parse(config.data, config.size, &rate_hz, &channels);
    }
    return config;
}

static void name_audio(CodecParams *params)
{
    static const char *const names[] = {
        [CODEC_PCMA] = "alaw", [CODEC_PCMU] = "ulaw", [CODEC_OPUS] = "opus", [CODEC_FLAC] = "flac"};
    if (params->codec != CODEC_AAC) {
        g_strlcpy(params->rfc6381, names[params->codec], sizeof params->rfc6381);
        return;
    }
    unsigned object = params->config[0] >> 3;
    if (object == 31) /* escape: 32 + 6 bits, ISO/IEC 14496-3 §1.6.2.1 */
        object = 32 + ((params->config[0] & 7u) << 3 | params->config[1] >> 5);
    g_snprintf(params->rfc6381, sizeof params->rfc6381, "mp4a.40.%u", object);
}

static CodecParams *read_audio_entry(ByteReader entry, Codec codec, uint32_t timescale)
{
    read_skip(&entry, 16);
    int channels = read_u16(&entry);
    read_skip(&entry, 10);
    ByteReader inner = read_sub(&entry, byte_reader_left(&entry));
    ByteReader config = audio_config(inner, codec);
    if (entry.failed || config.failed)
        return NULL;
    CodecParams *params = codec_params_new(codec, timescale, config.data, config.size);
    params->channels = channels;
    params->sample_rate_hz = (int)MIN(timescale, INT32_MAX);
    name_audio(params);
    return params;
}

/* The first sample entry of a track, or NULL when we do not know it. */
static CodecParams *read_sample_entry(ByteReader stsd, uint32_t timescale)
{
    static const struct {
        uint32_t type;
        Codec codec;
        CodecParams *(*read)(ByteReader entry, Codec codec, uint32_t timescale);
    } kinds[] = {
        {MP4_TYPE('a', 'v', 'c', '1'), CODEC_H264, read_visual_entry},
        {MP4_TYPE('h', 'v', 'c', '1'), CODEC_H265, read_visual_entry},
        {MP4_TYPE('m', 'p', '4', 'a'), CODEC_AAC, read_audio_entry},
        {MP4_TYPE('a', 'l', 'a', 'w'), CODEC_PCMA, read_audio_entry},
        {MP4_TYPE('u', 'l', 'a', 'w'), CODEC_PCMU, read_audio_entry},
        {MP4_TYPE('O', 'p', 'u', 's'), CODEC_OPUS, read_audio_entry},
        {MP4_TYPE('f', 'L', 'a', 'C'), CODEC_FLAC, read_audio_entry},
    };
    Mp4Box entry;
    read_skip(&stsd, 8);
    if (!mp4_box_next(&stsd, &entry))
        return NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].type == entry.type)
            return kinds[i].read(entry.body, kinds[i].codec, timescale);
    return NULL;
}

/* Far from where times in microseconds overflow. */
static bool timescale_is_sound(uint32_t id, uint32_t timescale)
{
    if (id == mp4_track_id(TRACK_VIDEO))
        return timescale == VIDEO_TIMESCALE;
    return timescale >= AUDIO_TIMESCALE_LEAST && timescale <= AUDIO_TIMESCALE_MOST;
}

static bool read_track(ByteReader trak, Fmp4InitInfo *info)
{
    uint32_t flags;
    ByteReader tkhd = mp4_find_box(trak, "tkhd");
    read_skip(&tkhd, mp4_read_version(&tkhd, &flags) == 1 ? 16 : 8);
    uint32_t id = read_u32(&tkhd);
    ByteReader mdhd = mp4_find_box(trak, "mdiamdhd");
    read_skip(&mdhd, mp4_read_version(&mdhd, &flags) == 1 ? 16 : 8);
    uint32_t timescale = read_u32(&mdhd);
    if (tkhd.failed || mdhd.failed || id < 1 || id > TRACKS || info->tracks[id - 1] ||
        !timescale_is_sound(id, timescale))
        return false;
    CodecParams *params = read_sample_entry(mp4_find_box(trak, "mdiaminfstblstsd"), timescale);
    info->tracks[id - 1] = params;
    if (!params)
        return false;
    bool video = params->codec == CODEC_H264 || params->codec == CODEC_H265;
    return video == (id == mp4_track_id(TRACK_VIDEO));
}

static void read_footage_box(ByteReader body, Fmp4InitInfo *info)
{
    const uint8_t *type = read_bytes(&body, 16);
    if (!type || memcmp(type, FMP4_FOOTAGE_BOX, 16) != 0)
        return;
    uint32_t format = read_u32(&body), stream = read_u32(&body);
    const uint8_t *camera = read_bytes(&body, sizeof info->camera.bytes);
    int64_t from_us = (int64_t)read_u64(&body);
    if (body.failed || stream >= STREAM_KINDS || from_us < 0 || from_us >> 56)
        return;
    info->footage = true;
    info->format = format;
    info->stream = (StreamKind)stream;
    memcpy(info->camera.bytes, camera, sizeof info->camera.bytes);
    info->from_us = from_us;
}

static bool read_moov(ByteReader moov, Fmp4InitInfo *info)
{
    Mp4Box box;
    while (mp4_box_next(&moov, &box)) {
        if (box.type == MP4_TYPE('t', 'r', 'a', 'k') && !read_track(box.body, info))
            return false;
        if (box.type == MP4_TYPE('u', 'u', 'i', 'd'))
            read_footage_box(box.body, info);
    }
    return !moov.failed && (info->tracks[TRACK_VIDEO] || info->tracks[TRACK_AUDIO]);
}

Fmp4Result fmp4_read_init(const uint8_t *data, size_t size, Fmp4InitInfo *info, size_t *need)
{
    ByteReader ftyp, moov;
    size_t at;
    Fmp4Result result =
        mp4_whole_box(data, size, 0, MP4_TYPE('f', 't', 'y', 'p'), &ftyp, &at, need);
    if (result != FMP4_OK)
        return result;
    g_auto(Fmp4InitInfo) read = {0};
    result = mp4_whole_box(data, size, at, MP4_TYPE('m', 'o', 'o', 'v'), &moov, &read.bytes, need);
    if (result != FMP4_OK)
        return result;
    if (!read_moov(moov, &read))
        return FMP4_BAD;
    *info = read;
    read = (Fmp4InitInfo){0};
    return FMP4_OK;
}

void fmp4_init_info_clear(Fmp4InitInfo *info)
{
    for (Track track = 0; track < TRACKS; track++)
        codec_params_unref(info->tracks[track]);
    *info = (Fmp4InitInfo){0};
}
