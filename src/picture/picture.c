#include "picture/picture.h"

#include "base/error.h"
#include "picture/libav.h"

#include <string.h>

/* The one picture of these bytes, by `decoder`, which is not open yet. */
static AVFrame *decode(AVCodecContext *decoder, const uint8_t *data, size_t size)
{
    g_autoptr(AVPacket) packet = av_packet_alloc();
    g_autoptr(AVFrame) frame = av_frame_alloc();
    if (!decoder || !packet || !frame || size > INT32_MAX / 2 ||
        av_new_packet(packet, (int)size) < 0)
        return NULL;
    memcpy(packet->data, data, size);
    packet->flags = AV_PKT_FLAG_KEY;
    if (avcodec_open2(decoder, NULL, NULL) < 0 || avcodec_send_packet(decoder, packet) < 0 ||
        avcodec_send_packet(decoder, NULL) < 0 || avcodec_receive_frame(decoder, frame) < 0)
        return NULL;
    bool fits = frame->width > 0 && frame->width <= PICTURE_MAX_PX && frame->height > 0 &&
                frame->height <= PICTURE_MAX_PX;
    return fits ? g_steal_pointer(&frame) : NULL;
}

static bool encode(const AVFrame *decoded, int width_px, MaskSet *masks, Buffer **jpeg,
                   GError **error)
{
    *jpeg = libav_jpeg(decoded, width_px, masks);
    return *jpeg || err_set(error, ERR_UNSUPPORTED, "a picture of %d × %d cannot become a JPEG",
                            decoded->width, decoded->height);
}

bool picture_jpeg_from_unit(const AccessUnit *unit, int width_px, MaskSet *masks, Buffer **jpeg,
                            GError **error)
{
    libav_init();
    Codec codec = unit->params->codec;
    if (codec != CODEC_H264 && codec != CODEC_H265)
        return err_set(error, ERR_UNSUPPORTED, "%s is not a picture", codec_text(codec));
    g_autoptr(AVCodecContext) decoder = libav_decoder(unit->params);
    g_autoptr(AVFrame) decoded = decode(decoder, unit->data, unit->size);
    if (!decoded)
        return err_set(error, ERR_CORRUPT, "this %s picture of %zu bytes cannot be decoded",
                       codec_text(codec), unit->size);
    return encode(decoded, width_px, masks, jpeg, error);
}

static AVCodecContext *file_decoder(FileKind kind)
{
    static const enum AVCodecID ids[FILE_KINDS] = {[FILE_JPEG] = AV_CODEC_ID_MJPEG,
                                                   [FILE_PNG] = AV_CODEC_ID_PNG,
                                                   [FILE_WEBP] = AV_CODEC_ID_WEBP};
    const AVCodec *codec = ids[kind] ? avcodec_find_decoder(ids[kind]) : NULL;
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (decoder) {
        decoder->thread_count = 1;
        decoder->max_pixels = LIBAV_MAX_PIXELS;
    }
    return decoder;
}

bool picture_jpeg_masked(const uint8_t *made, size_t size, MaskSet *masks, Buffer **jpeg,
                         GError **error)
{
    libav_init();
    g_autoptr(AVCodecContext) decoder = file_decoder(FILE_JPEG);
    g_autoptr(AVFrame) decoded = decode(decoder, made, size);
    return decoded ? encode(decoded, 0, masks, jpeg, error)
                   : err_set(error, ERR_CORRUPT, "this JPEG of %zu bytes cannot be read", size);
}

bool picture_jpeg_from_file(FileKind kind, const uint8_t *data, size_t size, int width_px,
                            Buffer **jpeg, GError **error)
{
    libav_init();
    g_autoptr(AVCodecContext) decoder = file_decoder(kind);
    if (!decoder)
        return err_set(error, ERR_UNSUPPORTED, "this is no picture that can be decoded here");
    g_autoptr(AVFrame) decoded = decode(decoder, data, size);
    return decoded
               ? encode(decoded, width_px, NULL, jpeg, error)
               : err_set(error, ERR_CORRUPT, "this picture of %zu bytes cannot be decoded", size);
}
