#include "picture/picture.h"

#include "base/error.h"

#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>
#include <pthread.h>
#include <string.h>

enum {
    MAX_PIXELS = 7680 * 4320,
    JPEG_SCALE = 4, /* quantiser scale of libav's encoder; looks like quality 80 elsewhere */
};

static void free_codec(AVCodecContext *codec)
{
    avcodec_free_context(&codec);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AVCodecContext, free_codec)

static void free_frame(AVFrame *frame)
{
    av_frame_free(&frame);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AVFrame, free_frame)

static void free_packet(AVPacket *packet)
{
    av_packet_free(&packet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AVPacket, free_packet)
typedef struct SwsContext Scaler;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scaler, sws_freeContext)

/* What libav has to say of bad input goes into our error, not on stderr. */
static void be_quiet(void)
{
    av_log_set_level(AV_LOG_QUIET);
}

static AVCodecContext *open_decoder(const CodecParams *params)
{
    const AVCodec *codec =
        avcodec_find_decoder(params->codec == CODEC_H264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_HEVC);
    g_autoptr(AVCodecContext) decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!decoder || params->config_bytes > INT32_MAX / 2)
        return NULL;
    decoder->thread_count = 1;
    decoder->max_pixels = MAX_PIXELS;
    decoder->extradata = av_mallocz(params->config_bytes + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!decoder->extradata)
        return NULL;
    memcpy(decoder->extradata, params->config, params->config_bytes);
    decoder->extradata_size = (int)params->config_bytes;
    return avcodec_open2(decoder, codec, NULL) == 0 ? g_steal_pointer(&decoder) : NULL;
}

static AVFrame *decode(const AccessUnit *unit)
{
    g_autoptr(AVCodecContext) decoder = open_decoder(unit->params);
    g_autoptr(AVPacket) packet = av_packet_alloc();
    g_autoptr(AVFrame) frame = av_frame_alloc();
    if (!decoder || !packet || !frame || unit->size > INT32_MAX / 2 ||
        av_new_packet(packet, (int)unit->size) < 0)
        return NULL;
    memcpy(packet->data, unit->data, unit->size);
    packet->flags = AV_PKT_FLAG_KEY;
    if (avcodec_send_packet(decoder, packet) < 0 || avcodec_send_packet(decoder, NULL) < 0 ||
        avcodec_receive_frame(decoder, frame) < 0)
        return NULL;
    bool fits = frame->width > 0 && frame->width <= PICTURE_MAX_PX && frame->height > 0 &&
                frame->height <= PICTURE_MAX_PX;
    return fits ? g_steal_pointer(&frame) : NULL;
}

/* Width in square pixels: analogue recorders send pictures squeezed to half their width. */
static int shown_width(const AVFrame *frame)
{
    AVRational pixel = frame->sample_aspect_ratio;
    if (pixel.num <= 0 || pixel.den <= 0 || pixel.num > 4 * (int64_t)pixel.den ||
        pixel.den > 4 * (int64_t)pixel.num)
        return frame->width;
    int64_t width = (int64_t)frame->width * pixel.num / pixel.den;
    return (int)CLAMP(width, 1, PICTURE_MAX_PX);
}

/* The picture in the colours of JPEG (full range), `width_px` wide where that is smaller. */
static AVFrame *scale(const AVFrame *from, int width_px)
{
    int shown = shown_width(from);
    g_autoptr(AVFrame) to = av_frame_alloc();
    if (!to)
        return NULL;
    to->format = AV_PIX_FMT_YUVJ420P;
    to->width = width_px > 0 ? CLAMP(width_px, 16, MAX(shown, 16)) : shown;
    to->height = (int)MAX((int64_t)from->height * to->width / shown, 1);
    g_autoptr(Scaler) context = sws_getContext(from->width, from->height, from->format, to->width,
                                               to->height, to->format, SWS_AREA, NULL, NULL, NULL);
    if (!context || to->height > PICTURE_MAX_PX || av_frame_get_buffer(to, 0) < 0)
        return NULL;
    int lines = sws_scale(context, (const uint8_t *const *)from->data, from->linesize, 0,
                          from->height, to->data, to->linesize);
    return lines == to->height ? g_steal_pointer(&to) : NULL;
}

static Buffer *encode(AVFrame *frame)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    g_autoptr(AVCodecContext) encoder = codec ? avcodec_alloc_context3(codec) : NULL;
    g_autoptr(AVPacket) packet = av_packet_alloc();
    if (!encoder || !packet)
        return NULL;
    encoder->width = frame->width;
    encoder->height = frame->height;
    encoder->pix_fmt = frame->format;
    encoder->time_base = (AVRational){1, 1};
    encoder->thread_count = 1;
    encoder->flags |= AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = JPEG_SCALE * FF_QP2LAMBDA;
    frame->quality = encoder->global_quality;
    frame->pts = 0;
    if (avcodec_open2(encoder, codec, NULL) < 0 || avcodec_send_frame(encoder, frame) < 0 ||
        avcodec_send_frame(encoder, NULL) < 0 || avcodec_receive_packet(encoder, packet) < 0)
        return NULL;
    return buffer_copy(packet->data, (size_t)packet->size);
}

bool picture_jpeg_from_unit(const AccessUnit *unit, int width_px, Buffer **jpeg, GError **error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, be_quiet);
    Codec codec = unit->params->codec;
    if (codec != CODEC_H264 && codec != CODEC_H265)
        return err_set(error, ERR_UNSUPPORTED, "%s is not a picture", codec_text(codec));
    g_autoptr(AVFrame) decoded = decode(unit);
    if (!decoded)
        return err_set(error, ERR_CORRUPT, "this %s picture of %zu bytes cannot be decoded",
                       codec_text(codec), unit->size);
    g_autoptr(AVFrame) scaled = scale(decoded, width_px);
    *jpeg = scaled ? encode(scaled) : NULL;
    return *jpeg || err_set(error, ERR_UNSUPPORTED, "a picture of %d × %d cannot become a JPEG",
                            decoded->width, decoded->height);
}
