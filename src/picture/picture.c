#include "picture/picture.h"

#include "base/error.h"
#include "picture/libav.h"

#include <string.h>

static AVFrame *decode(const AccessUnit *unit)
{
    g_autoptr(AVCodecContext) decoder = libav_decoder(unit->params);
    g_autoptr(AVPacket) packet = av_packet_alloc();
    g_autoptr(AVFrame) frame = av_frame_alloc();
    if (!decoder || !packet || !frame || unit->size > INT32_MAX / 2 ||
        av_new_packet(packet, (int)unit->size) < 0)
        return NULL;
    memcpy(packet->data, unit->data, unit->size);
    packet->flags = AV_PKT_FLAG_KEY;
    if (avcodec_open2(decoder, NULL, NULL) < 0 || avcodec_send_packet(decoder, packet) < 0 ||
        avcodec_send_packet(decoder, NULL) < 0 || avcodec_receive_frame(decoder, frame) < 0)
        return NULL;
    bool fits = frame->width > 0 && frame->width <= PICTURE_MAX_PX && frame->height > 0 &&
                frame->height <= PICTURE_MAX_PX;
    return fits ? g_steal_pointer(&frame) : NULL;
}

bool picture_jpeg_from_unit(const AccessUnit *unit, int width_px, Buffer **jpeg, GError **error)
{
    libav_init();
    Codec codec = unit->params->codec;
    if (codec != CODEC_H264 && codec != CODEC_H265)
        return err_set(error, ERR_UNSUPPORTED, "%s is not a picture", codec_text(codec));
    g_autoptr(AVFrame) decoded = decode(unit);
    if (!decoded)
        return err_set(error, ERR_CORRUPT, "this %s picture of %zu bytes cannot be decoded",
                       codec_text(codec), unit->size);
    *jpeg = libav_jpeg(decoded, width_px);
    return *jpeg || err_set(error, ERR_UNSUPPORTED, "a picture of %d × %d cannot become a JPEG",
                            decoded->width, decoded->height);
}
