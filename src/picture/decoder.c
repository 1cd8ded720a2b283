#include "picture/decoder.h"

#include "picture/libav.h"
#include "picture/picture.h"

#include <libavutil/pixdesc.h>

struct Decoder {
    int64_t most_pixels;
    CodecParams *params; /* a reference; what `codec` was opened for */
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;  /* the picture handed out last, or empty */
    uint8_t *narrow; /* its luma with 8 bits, where it has more */
    bool deblocks, waits_for_key;
};

Decoder *decoder_new(int64_t most_pixels)
{
    libav_init();
    Decoder *decoder = g_new0(Decoder, 1);
    decoder->most_pixels = MIN(most_pixels, LIBAV_MAX_PIXELS);
    decoder->packet = av_packet_alloc();
    decoder->frame = av_frame_alloc();
    g_assert(decoder->packet && decoder->frame); /* as with g_new(): no memory, no program */
    return decoder;
}

void decoder_free(Decoder *decoder)
{
    if (!decoder)
        return;
    avcodec_free_context(&decoder->codec);
    av_packet_free(&decoder->packet);
    av_frame_free(&decoder->frame);
    codec_params_unref(decoder->params);
    g_free(decoder->narrow);
    g_free(decoder);
}

void decoder_deblock(Decoder *decoder)
{
    decoder->deblocks = true;
}

void decoder_lost(Decoder *decoder)
{
    decoder->waits_for_key = true;
}

void decoder_end(Decoder *decoder)
{
    if (decoder->codec && !decoder->waits_for_key)
        (void)avcodec_send_packet(decoder->codec, NULL);
    decoder->waits_for_key = true;
}

static void open_codec(Decoder *decoder)
{
    const CodecParams *params = decoder->params;
    decoder->codec = libav_decoder(params);
    if (!decoder->codec)
        return;
    decoder->codec->max_pixels = decoder->most_pixels;
    decoder->codec->flags |= AV_CODEC_FLAG_LOW_DELAY;
    decoder->codec->skip_loop_filter = decoder->deblocks ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    /* What is damaged is shown to nobody, but without any concealment libav does not count slices,
     * and calls each picture of several damaged. */
    decoder->codec->error_concealment = FF_EC_DEBLOCK;
    if (avcodec_open2(decoder->codec, NULL, NULL) < 0)
        avcodec_free_context(&decoder->codec);
}

/* Opens anew when the coding changed. False: this coding cannot be decoded. */
static bool follow_params(Decoder *decoder, CodecParams *params)
{
    if (decoder->params != params && !codec_params_equal(decoder->params, params)) {
        avcodec_free_context(&decoder->codec);
        codec_params_unref(decoder->params);
        decoder->params = codec_params_ref(params);
        decoder->waits_for_key = true;
        bool known = params->codec == CODEC_H264 || params->codec == CODEC_H265;
        if (known && (int64_t)params->width * params->height <= decoder->most_pixels)
            open_codec(decoder);
    }
    return decoder->codec != NULL;
}

DecoderResult decoder_put(Decoder *decoder, const AccessUnit *unit, bool alone)
{
    if (!follow_params(decoder, unit->params))
        return DECODER_UNSUPPORTED;
    if (decoder->waits_for_key && !unit->key)
        return DECODER_WAITS;
    if (unit->size > INT32_MAX / 2)
        return DECODER_BROKEN;
    if (decoder->waits_for_key || alone)
        avcodec_flush_buffers(decoder->codec);
    decoder->waits_for_key = alone;
    AVPacket *packet = decoder->packet;
    /* Not reference-counted, so that libav copies it, with the room behind it that it reads. */
    packet->data = (uint8_t *)unit->data;
    packet->size = (int)unit->size;
    packet->pts = unit->capture_us;
    packet->flags = unit->key ? AV_PKT_FLAG_KEY : 0;
    bool took = avcodec_send_packet(decoder->codec, packet) == 0 &&
                (!alone || avcodec_send_packet(decoder->codec, NULL) == 0);
    packet->data = NULL;
    packet->size = 0;
    return took ? DECODER_TOOK : DECODER_BROKEN;
}

/* Luma of 8 bits of a picture of 9 to 16, for which libav has two bytes a pixel. */
static const uint8_t *narrow_luma(Decoder *decoder, int depth)
{
    const AVFrame *frame = decoder->frame;
    int shift = depth - 8;
    decoder->narrow = g_realloc_n(decoder->narrow, (gsize)frame->width, (gsize)frame->height);
    for (int y = 0; y < frame->height; y++) {
        const uint16_t *from = (const void *)(frame->data[0] + (ptrdiff_t)y * frame->linesize[0]);
        uint8_t *to = decoder->narrow + (size_t)y * (size_t)frame->width;
        for (int x = 0; x < frame->width; x++)
            to[x] = (uint8_t)(from[x] >> shift);
    }
    return decoder->narrow;
}

enum { DAMAGED = FF_DECODE_ERROR_DECODE_SLICES | FF_DECODE_ERROR_CONCEALMENT_ACTIVE };

/* False: a picture that is damaged, too large, or has no plane of brightness. */
static bool luma_of(Decoder *decoder, LumaPicture *picture)
{
    const AVFrame *frame = decoder->frame;
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    if (!format || frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags & DAMAGED ||
        frame->width < 1 || frame->height < 1 || frame->width > PICTURE_MAX_PX ||
        frame->height > PICTURE_MAX_PX ||
        (int64_t)frame->width * frame->height > decoder->most_pixels)
        return false;
    const AVComponentDescriptor *luma = &format->comp[0];
    uint64_t other = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BE;
    int bytes = luma->depth > 8 ? 2 : 1;
    if (format->flags & other || luma->plane != 0 || luma->step != bytes || luma->offset != 0 ||
        luma->shift != 0 || luma->depth < 8 || luma->depth > 16)
        return false;
    *picture = (LumaPicture){
        .pixels = bytes == 2 ? narrow_luma(decoder, luma->depth) : frame->data[0],
        .width = frame->width,
        .height = frame->height,
        .stride = bytes == 2 ? frame->width : frame->linesize[0],
        .capture_us = frame->pts,
        .key = frame->key_frame,
    };
    return true;
}

bool decoder_next(Decoder *decoder, LumaPicture *picture)
{
    while (decoder->codec) {
        if (avcodec_receive_frame(decoder->codec, decoder->frame) < 0) {
            av_frame_unref(decoder->frame);
            return false;
        }
        if (luma_of(decoder, picture))
            return true;
    }
    return false;
}

const AVFrame *decoder_frame(const Decoder *decoder)
{
    return decoder->frame;
}

Buffer *decoder_jpeg(const Decoder *decoder, int width_px)
{
    return decoder->frame->width > 0 ? libav_jpeg(decoder->frame, width_px, NULL) : NULL;
}
