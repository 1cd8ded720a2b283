#include "make_video.h"

#include "base/file.h"
#include "media/audio_frame.h"
#include "media/flac.h"
#include "media/fmp4_write.h"
#include "media/opus.h"
#include "unit.h"

#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <string.h>

static AVCodecContext *open_encoder(const VideoRecipe *recipe)
{
    const AVCodec *codec =
        avcodec_find_encoder_by_name(recipe->codec == CODEC_H265 ? "libx265" : "libx264");
    assert_non_null(codec);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    encoder->width = recipe->width;
    encoder->height = recipe->height;
    encoder->pix_fmt = recipe->ten_bit ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
    encoder->time_base = (AVRational){1, (int)recipe->fps};
    encoder->framerate = (AVRational){(int)recipe->fps, 1};
    encoder->gop_size = (int)recipe->key_interval;
    encoder->max_b_frames = (int)recipe->b_frames;
    encoder->thread_count = 1;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(encoder->priv_data, "preset", "ultrafast", 0);
    const unsigned slices = MAX(recipe->slices, 1);
    g_autofree char *x264 = g_strdup_printf("scenecut=0:slices=%u", slices);
    g_autofree char *x265 = g_strdup_printf("log-level=error:pools=1:scenecut=0:slices=%u", slices);
    av_opt_set(encoder->priv_data, "x265-params", x265, 0);
    av_opt_set(encoder->priv_data, "x264-params", x264, 0);
    av_opt_set_int(encoder->priv_data, "forced-idr", 1, 0);
    assert_int_equal(avcodec_open2(encoder, codec, NULL), 0);
    return encoder;
}

static void set_pixel(AVFrame *frame, int plane, int x, int y, unsigned value)
{
    uint8_t *row = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
    if (frame->format == AV_PIX_FMT_YUV420P10)
        ((uint16_t *)(void *)row)[x] = (uint16_t)((value & 255) << 2);
    else
        row[x] = (uint8_t)value;
}

static void draw(AVFrame *frame, unsigned number, unsigned seed)
{
    assert_int_equal(av_frame_make_writable(frame), 0);
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++)
            set_pixel(frame, 0, x, y, (unsigned)(x ^ y) + number * 3 + seed * 50);
    for (int plane = 1; plane < 3; plane++)
        for (int y = 0; y < frame->height / 2; y++)
            for (int x = 0; x < frame->width / 2; x++)
                set_pixel(frame, plane, x, y, 100 + (unsigned)plane * 20);
}

/* The next NAL unit of an Annex B stream at `*at`; false at the end. */
static bool next_nal(const uint8_t *data, size_t size, size_t *at, const uint8_t **nal,
                     size_t *nal_size)
{
    size_t begin = *at;
    while (begin + 3 <= size && memcmp(data + begin, "\0\0\1", 3) != 0)
        begin++;
    if (begin + 3 > size)
        return false;
    size_t end = begin += 3;
    while (end < size &&
           !(end + 3 <= size && data[end] == 0 && data[end + 1] == 0 && data[end + 2] <= 1))
        end++;
    *nal = data + begin;
    *nal_size = end - begin;
    *at = end;
    return true;
}

/* avcC of one SPS and one PPS, ISO/IEC 14496-15 §5.3.3.1 */
static CodecParams *h264_config(const AVCodecContext *encoder)
{
    g_auto(ByteWriter) config = {0};
    size_t at = 0, size;
    const uint8_t *nal;
    while (next_nal(encoder->extradata, (size_t)encoder->extradata_size, &at, &nal, &size)) {
        if ((nal[0] & 31) != 7 && (nal[0] & 31) != 8)
            continue;
        if ((nal[0] & 31) == 7) {
            write_u8(&config, 1);
            write_bytes(&config, nal + 1, 3);
            write_u8(&config, 0xff);
            write_u8(&config, 0xe1);
        } else {
            write_u8(&config, 1);
        }
        write_u16(&config, (uint16_t)size);
        write_bytes(&config, nal, size);
    }
    return codec_params_new(CODEC_H264, VIDEO_TIMESCALE, config.data, config.size);
}

/* hvcC with the parameter sets; only as much of the rest as decoders look at, §8.3.3.1 */
static CodecParams *h265_config(const AVCodecContext *encoder)
{
    g_auto(ByteWriter) config = {0};
    static const uint8_t front[23] = {1,  1,    0x60, 0,    0,    0,    0x90, 0, 0, 0,    0, 0,
                                      93, 0xf0, 0,    0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 3};
    write_bytes(&config, front, sizeof front);
    size_t at = 0, size;
    const uint8_t *nal;
    while (next_nal(encoder->extradata, (size_t)encoder->extradata_size, &at, &nal, &size)) {
        unsigned type = nal[0] >> 1 & 63;
        if (type < 32 || type > 34)
            continue;
        write_u8(&config, (uint8_t)(0x80 | type));
        write_u16(&config, 1);
        write_u16(&config, (uint16_t)size);
        write_bytes(&config, nal, size);
    }
    return codec_params_new(CODEC_H265, VIDEO_TIMESCALE, config.data, config.size);
}

static AccessUnit *unit_from_packet(CodecParams *params, const AVPacket *packet)
{
    g_auto(ByteWriter) data = {0};
    size_t at = 0, size;
    const uint8_t *nal;
    while (next_nal(packet->data, (size_t)packet->size, &at, &nal, &size)) {
        write_u32(&data, (uint32_t)size);
        write_bytes(&data, nal, size);
    }
    AccessUnit *unit = access_unit_new(params, TRACK_VIDEO, data.size);
    memcpy(unit->data, data.data, data.size);
    unit->key = packet->flags & AV_PKT_FLAG_KEY;
    return unit;
}

static void take_packets(MadeVideo *video, AVCodecContext *encoder, AVPacket *packet)
{
    while (avcodec_receive_packet(encoder, packet) == 0) {
        AccessUnit *unit = unit_from_packet(video->params, packet);
        unit->pts = packet->pts * VIDEO_TIMESCALE / video->fps;
        g_ptr_array_add(video->units, unit);
        av_packet_unref(packet);
    }
}

MadeVideo *make_video(const VideoRecipe *recipe)
{
    av_log_set_level(AV_LOG_QUIET);
    AVCodecContext *encoder = open_encoder(recipe);
    MadeVideo *video = g_new0(MadeVideo, 1);
    video->fps = recipe->fps;
    video->params = recipe->codec == CODEC_H265 ? h265_config(encoder) : h264_config(encoder);
    video->params->width = recipe->width;
    video->params->height = recipe->height;
    video->units = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref);
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    frame->format = encoder->pix_fmt;
    frame->width = recipe->width;
    frame->height = recipe->height;
    assert_int_equal(av_frame_get_buffer(frame, 0), 0);
    for (unsigned i = 0; i < recipe->pictures; i++) {
        draw(frame, i, recipe->seed);
        frame->pts = i;
        assert_int_equal(avcodec_send_frame(encoder, frame), 0);
        take_packets(video, encoder, packet);
    }
    avcodec_send_frame(encoder, NULL);
    take_packets(video, encoder, packet);
    assert_int_equal(video->units->len, recipe->pictures);
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&encoder);
    return video;
}

void made_video_free(MadeVideo *video)
{
    g_ptr_array_unref(video->units);
    codec_params_unref(video->params);
    g_free(video);
}

static void add_audio(GPtrArray *units, CodecParams *params, const void *data, size_t size)
{
    AccessUnit *unit = access_unit_new(params, TRACK_AUDIO, size);
    memcpy(unit->data, data, size);
    unit->key = true;
    g_ptr_array_add(units, unit);
}

static AVCodecContext *aac_encoder(void)
{
    AVCodecContext *encoder = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_AAC));
    encoder->sample_rate = 16000;
    encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder->ch_layout = (AVChannelLayout)AV_CHANNEL_LAYOUT_MONO;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    assert_int_equal(avcodec_open2(encoder, NULL, NULL), 0);
    return encoder;
}

static AVCodecContext *opus_encoder(void)
{
    AVCodecContext *encoder = avcodec_alloc_context3(avcodec_find_encoder_by_name("libopus"));
    encoder->sample_rate = OPUS_CLOCK_HZ;
    encoder->sample_fmt = AV_SAMPLE_FMT_FLT;
    encoder->ch_layout = (AVChannelLayout)AV_CHANNEL_LAYOUT_MONO;
    assert_int_equal(avcodec_open2(encoder, NULL, NULL), 0);
    return encoder;
}

/* Takes `encoder`, of one channel of floats. */
static void code_sound(GPtrArray *units, AVCodecContext *encoder, CodecParams *params,
                       unsigned seconds)
{
    unsigned frame_samples = (unsigned)encoder->frame_size;
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    frame->format = encoder->sample_fmt;
    frame->ch_layout = encoder->ch_layout;
    frame->nb_samples = (int)frame_samples;
    assert_int_equal(av_frame_get_buffer(frame, 0), 0);
    for (unsigned i = 0; i < seconds * params->timescale / frame_samples; i++) {
        assert_int_equal(av_frame_make_writable(frame), 0);
        for (unsigned k = 0; k < frame_samples; k++)
            ((float *)frame->data[0])[k] = (float)(k % 32) / 100;
        frame->pts = i * frame_samples;
        assert_int_equal(avcodec_send_frame(encoder, frame), 0);
        while (avcodec_receive_packet(encoder, packet) == 0)
            add_audio(units, params, packet->data, (size_t)packet->size);
    }
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&encoder);
}

static void make_aac(GPtrArray *units, unsigned seconds)
{
    AVCodecContext *encoder = aac_encoder();
    g_autoptr(CodecParams) params =
        codec_params_new(CODEC_AAC, 16000, encoder->extradata, (size_t)encoder->extradata_size);
    params->sample_rate_hz = 16000;
    params->channels = 1;
    code_sound(units, encoder, params, seconds);
}

typedef struct FlacMade {
    GPtrArray *units;
    CodecParams *params;
} FlacMade;

static void take_flac(void *data, const uint8_t *frame, size_t size, uint32_t samples)
{
    FlacMade *made = data;
    add_audio(made->units, made->params, frame, size);
}

static void make_flac(GPtrArray *units, unsigned seconds)
{
    enum { RATE = 8000, BLOCK = 512 };
    g_autoptr(CodecParams) params = flac_params(RATE, 1, BLOCK, "a test");
    FlacMade made = {units, params};
    FlacEncoder *encoder = flac_encoder_new(params, BLOCK, take_flac, &made);
    for (int32_t i = 0; i < (int32_t)seconds * RATE; i++) {
        int32_t sample = i % 32 * 300;
        assert_true(flac_encoder_add(encoder, &sample, 1));
    }
    assert_true(flac_encoder_flush(encoder));
    flac_encoder_free(encoder);
}

GPtrArray *make_audio(Codec codec, unsigned seconds)
{
    GPtrArray *units = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref);
    if (codec == CODEC_AAC) {
        make_aac(units, seconds);
    } else if (codec == CODEC_FLAC) {
        make_flac(units, seconds);
    } else if (codec == CODEC_OPUS) {
        g_autoptr(CodecParams) params = opus_params(1);
        code_sound(units, opus_encoder(), params, seconds);
    } else {
        g_autoptr(CodecParams) params = codec_params_new(codec, 8000, NULL, 0);
        params->sample_rate_hz = 8000;
        params->channels = 1;
        uint8_t frame[320];
        for (unsigned i = 0; i < seconds * 25; i++) {
            for (unsigned k = 0; k < sizeof frame; k++)
                frame[k] = (uint8_t)(k * 8 + i);
            add_audio(units, params, frame, sizeof frame);
        }
    }
    int64_t pts = 0;
    for (unsigned i = 0; i < units->len; i++) {
        AccessUnit *unit = units->pdata[i];
        unit->pts = pts;
        pts += audio_frame_ticks(unit->params, unit->data, unit->size);
    }
    return units;
}

/* Decode times are the presentation times in order, as the recorder has them. */
static uint64_t picture_time(const SegmentRecipe *recipe, unsigned i)
{
    int64_t time = (int64_t)i * VIDEO_TIMESCALE / recipe->video->fps;
    if (recipe->gap_ms && i >= recipe->gap_at)
        time += recipe->gap_ms * VIDEO_TIMESCALE / 1000;
    return (uint64_t)time;
}

static const AccessUnit *picture(const SegmentRecipe *recipe, unsigned i)
{
    return recipe->video->units->pdata[recipe->first + i];
}

static void write_samples(ByteWriter *to, const SegmentRecipe *recipe, unsigned begin, unsigned end,
                          unsigned sound, unsigned sound_end, uint32_t sequence)
{
    g_autofree Fmp4Sample *pictures = g_new0(Fmp4Sample, end - begin + 1);
    g_autofree Fmp4Sample *frames = g_new0(Fmp4Sample, sound_end - sound + 1);
    for (unsigned i = begin; i < end; i++) {
        const AccessUnit *unit = picture(recipe, i);
        int64_t shown = unit->pts - picture(recipe, 0)->pts;
        int64_t decoded = (int64_t)i * VIDEO_TIMESCALE / recipe->video->fps;
        pictures[i - begin] = (Fmp4Sample){.duration = VIDEO_TIMESCALE / recipe->video->fps,
                                           .size = (uint32_t)unit->size,
                                           .composition = (int32_t)(shown - decoded),
                                           .key = unit->key};
    }
    for (unsigned i = sound; i < sound_end; i++) {
        const AccessUnit *unit = recipe->audio->pdata[i];
        frames[i - sound] =
            (Fmp4Sample){.duration = audio_frame_ticks(unit->params, unit->data, unit->size),
                         .size = (uint32_t)unit->size,
                         .key = true};
    }
    uint64_t time = picture_time(recipe, begin);
    fmp4_write_fragment(
        to, &(Fmp4Fragment){
                .sequence = sequence,
                .prft_us = recipe->from_us + (int64_t)(time * 100 / 9),
                .tracks = {
                    {time, pictures, end - begin},
                    {(uint64_t)(sound_end > sound ? ((AccessUnit *)recipe->audio->pdata[sound])->pts
                                                  : 0),
                     frames, sound_end - sound}}});
    for (unsigned i = begin; i < end; i++)
        write_bytes(to, picture(recipe, i)->data, picture(recipe, i)->size);
    for (unsigned i = sound; i < sound_end; i++)
        write_bytes(to, ((AccessUnit *)recipe->audio->pdata[i])->data,
                    ((AccessUnit *)recipe->audio->pdata[i])->size);
}

void make_segment(ByteWriter *to, const SegmentRecipe *recipe)
{
    const CodecParams *sound_params =
        recipe->audio ? ((AccessUnit *)recipe->audio->pdata[0])->params : NULL;
    fmp4_write_init(to, &(Fmp4Init){.tracks = {recipe->video->params, sound_params},
                                    .footage = true,
                                    .camera = recipe->camera,
                                    .from_us = recipe->from_us});
    unsigned sound = 0;
    uint32_t sequence = 1;
    for (unsigned begin = 0, end; begin < recipe->pictures; begin = end) {
        for (end = begin + 1; end < recipe->pictures; end++) {
            uint64_t length = picture_time(recipe, end) - picture_time(recipe, begin);
            if (length >= VIDEO_TIMESCALE ||
                (picture(recipe, end)->key && length >= VIDEO_TIMESCALE / 2) ||
                (recipe->gap_ms && end == recipe->gap_at))
                break;
        }
        uint64_t until = picture_time(recipe, end - 1) + VIDEO_TIMESCALE / recipe->video->fps;
        unsigned sound_end = sound;
        while (recipe->audio && sound_end < recipe->audio->len) {
            const AccessUnit *frame = recipe->audio->pdata[sound_end];
            if ((uint64_t)frame->pts * VIDEO_TIMESCALE / frame->params->timescale >= until)
                break;
            sound_end++;
        }
        write_samples(to, recipe, begin, end, sound, sound_end, sequence++);
        sound = sound_end;
    }
}

void make_segment_file(const char *path, const SegmentRecipe *recipe)
{
    g_auto(ByteWriter) bytes = {0};
    make_segment(&bytes, recipe);
    assert_true(g_file_set_contents(path, (const char *)bytes.data, (gssize)bytes.size, NULL));
}

char *run_program(const char *command)
{
    char *output = NULL;
    int status = -1;
    g_autoptr(GError) error = NULL;
    const char *const argv[] = {"sh", "-c", command, NULL};
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                      &status, &error))
        fail_msg("%s: %s", command, error->message);
    if (status != 0)
        fail_msg("%s: status %d: %s", command, status, output);
    return output;
}
