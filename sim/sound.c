#include "sound.h"

#include "base/error.h"

#include <libavcodec/avcodec.h>
#include <math.h>

enum { SOUND_SECONDS = 8, G711_FRAME_MS = 40 };

/* A hum, wind, and a bird that calls twice; `at` in seconds. Periodic in SOUND_SECONDS. */
static double sound_at(double at)
{
    const double turn = 2 * G_PI;
    double hum = 0.04 * sin(turn * 110 * at) + 0.02 * sin(turn * 165 * at);
    double wind = 0.03 * sin(turn * 311.125 * at) * sin(turn * at / SOUND_SECONDS);
    double call = fmod(at, SOUND_SECONDS / 2.0) - 1;
    double bird =
        call > 0 && call < 0.5
            ? 0.2 * sin(turn * (1800 + 600 * sin(turn * 12 * call)) * call) * sin(G_PI * call / 0.5)
            : 0;
    return hum + wind + bird;
}

static void fill_samples(AVFrame *frame, int64_t first, int rate_hz)
{
    for (int i = 0; i < frame->nb_samples; i++) {
        double value =
            sound_at((double)((first + i) % ((int64_t)SOUND_SECONDS * rate_hz)) / rate_hz);
        if (frame->format == AV_SAMPLE_FMT_FLTP)
            ((float *)frame->data[0])[i] = (float)value;
        else
            ((int16_t *)frame->data[0])[i] = (int16_t)(value * 32767);
    }
}

static AVCodecContext *context_new(Sound *sound, GError **error)
{
    static const char *const NAMES[] = {
        [CODEC_AAC] = "aac", [CODEC_PCMA] = "pcm_alaw", [CODEC_PCMU] = "pcm_mulaw"};
    const AVCodec *codec = avcodec_find_encoder_by_name(NAMES[sound->codec]);
    if (!codec) {
        err_set(error, ERR_UNSUPPORTED, "this libavcodec has no encoder ‘%s’", NAMES[sound->codec]);
        return NULL;
    }
    AVCodecContext *context = avcodec_alloc_context3(codec);
    g_assert(context);
    context->sample_rate = sound->rate_hz;
    context->sample_fmt = sound->codec == CODEC_AAC ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_S16;
    av_channel_layout_default(&context->ch_layout, 1);
    context->bit_rate = 32000;
    context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (avcodec_open2(context, codec, NULL) < 0) {
        avcodec_free_context(&context);
        err_set(error, ERR_UNSUPPORTED, "cannot open the encoder ‘%s’", NAMES[sound->codec]);
    }
    return context;
}

static void drain(Sound *sound, AVCodecContext *context, AVPacket *packet)
{
    while (avcodec_receive_packet(context, packet) == 0) {
        g_ptr_array_add(sound->frames, g_bytes_new(packet->data, (gsize)packet->size));
        av_packet_unref(packet);
    }
}

static void encode_all(Sound *sound, AVCodecContext *context)
{
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    frame->format = context->sample_fmt;
    frame->nb_samples = sound->frame_samples;
    frame->sample_rate = sound->rate_hz;
    av_channel_layout_copy(&frame->ch_layout, &context->ch_layout);
    av_frame_get_buffer(frame, 0);
    const int64_t total = (int64_t)SOUND_SECONDS * sound->rate_hz;
    for (int64_t at = 0; at < total; at += sound->frame_samples) {
        av_frame_make_writable(frame);
        fill_samples(frame, at, sound->rate_hz);
        frame->pts = at;
        avcodec_send_frame(context, frame);
        drain(sound, context, packet);
    }
    avcodec_send_frame(context, NULL);
    drain(sound, context, packet);
    /* AAC flushes one frame of padding: leave it out, or the loop would drift. */
    g_ptr_array_set_size(sound->frames, (gint)(total / sound->frame_samples));
    av_frame_free(&frame);
    av_packet_free(&packet);
}

Sound *sound_new(Codec codec, GError **error)
{
    g_autoptr(Sound) sound = g_new0(Sound, 1);
    sound->codec = codec;
    sound->rate_hz = codec == CODEC_AAC ? 16000 : 8000;
    sound->frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    sound->config = g_byte_array_new();
    AVCodecContext *context = context_new(sound, error);
    if (!context)
        return NULL;
    sound->frame_samples =
        codec == CODEC_AAC ? context->frame_size : sound->rate_hz * G711_FRAME_MS / 1000;
    encode_all(sound, context);
    g_byte_array_append(sound->config, context->extradata, (guint)context->extradata_size);
    avcodec_free_context(&context);
    return g_steal_pointer(&sound);
}

void sound_free(Sound *sound)
{
    if (!sound)
        return;
    g_ptr_array_unref(sound->frames);
    g_byte_array_unref(sound->config);
    g_free(sound);
}
