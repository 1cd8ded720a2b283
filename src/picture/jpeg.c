#include "picture/libav.h"
#include "picture/picture.h"

#include <libswscale/swscale.h>

enum { JPEG_SCALE = 4 }; /* quantiser scale of libav's encoder; looks like quality 80 elsewhere */

typedef struct SwsContext Scaler;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scaler, sws_freeContext)

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

Buffer *libav_jpeg(const AVFrame *frame, int width_px)
{
    g_autoptr(AVFrame) scaled = scale(frame, width_px);
    return scaled ? encode(scaled) : NULL;
}
