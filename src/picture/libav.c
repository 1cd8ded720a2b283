#include "picture/libav.h"

#include "base/log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

G_GNUC_PRINTF(3, 0)
static void take_line(void *context, int level, const char *format, va_list arguments)
{
    char line[200];
    if (level > AV_LOG_WARNING || level < 0)
        return;
    vsnprintf(line, sizeof line, format, arguments);
    g_strdelimit(line, "\r\n\"", ' ');
    log_debug("picture.libav", "text=\"%s\"", g_strchomp(line));
}

static void set_log(void)
{
    av_log_set_callback(take_line);
}

void libav_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_log);
}

bool libav_mask(Masker *masker, AVFrame *frame)
{
    if (!masker)
        return true;
    if (av_frame_make_writable(frame) < 0)
        return false;
    const MaskerPicture picture = {
        .planes = {frame->data[0], frame->data[1], frame->data[2]},
        .strides = {frame->linesize[0], frame->linesize[1], frame->linesize[2]},
        .width = frame->width,
        .height = frame->height};
    masker_apply(masker, &picture);
    return true;
}

AVCodecContext *libav_decoder(const CodecParams *params)
{
    const AVCodec *codec =
        avcodec_find_decoder(params->codec == CODEC_H264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_HEVC);
    g_autoptr(AVCodecContext) decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!decoder || params->config_bytes > INT32_MAX / 2)
        return NULL;
    decoder->thread_count = 1;
    decoder->max_pixels = LIBAV_MAX_PIXELS;
    decoder->extradata = av_mallocz(params->config_bytes + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!decoder->extradata)
        return NULL;
    memcpy(decoder->extradata, params->config, params->config_bytes);
    decoder->extradata_size = (int)params->config_bytes;
    return g_steal_pointer(&decoder);
}
