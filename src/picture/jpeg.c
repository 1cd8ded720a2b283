#include "picture/libav.h"
#include "picture/picture.h"

enum { JPEG_SCALE = 4 }; /* quantiser scale of libav's encoder; looks like quality 80 elsewhere */

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

/* In the colours of JPEG, full range. */
Buffer *libav_jpeg(const AVFrame *frame, int width_px, MaskSet *masks)
{
    g_autoptr(Scaler) scaler = NULL;
    int shown = libav_shown_width(frame);
    int width = width_px > 0 ? CLAMP(width_px, 16, MAX(shown, 16)) : shown;
    int64_t height = MAX((int64_t)frame->height * width / shown, 1);
    if (height > PICTURE_MAX_PX)
        return NULL;
    g_autoptr(AVFrame) scaled =
        libav_scale(&scaler, frame, AV_PIX_FMT_YUVJ420P, width, (int)height);
    g_autoptr(Masker) masker = masks ? masker_new(masks) : NULL;
    return scaled && libav_mask(masker, scaled) ? encode(scaled) : NULL;
}
