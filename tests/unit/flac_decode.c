#include "flac_decode.h"

#include <libavcodec/avcodec.h>
#include <string.h>

struct FlacDecoder {
    AVCodecContext *context;
    AVPacket *packet;
    AVFrame *frame;
};

enum { INFO_HEAD = 4, INFO_BYTES = 34 };

FlacDecoder *flac_decoder_new(const CodecParams *params)
{
    FlacDecoder *decoder = g_new0(FlacDecoder, 1);
    decoder->context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_FLAC));
    decoder->context->extradata = av_mallocz(INFO_BYTES + AV_INPUT_BUFFER_PADDING_SIZE);
    decoder->context->extradata_size = INFO_BYTES;
    decoder->context->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    memcpy(decoder->context->extradata, params->config + INFO_HEAD, INFO_BYTES);
    g_assert(avcodec_open2(decoder->context, NULL, NULL) == 0);
    decoder->packet = av_packet_alloc();
    decoder->frame = av_frame_alloc();
    return decoder;
}

void flac_decoder_free(FlacDecoder *decoder)
{
    avcodec_free_context(&decoder->context);
    av_packet_free(&decoder->packet);
    av_frame_free(&decoder->frame);
    g_free(decoder);
}

static uint8_t byte_of(G711Law law, int value)
{
    for (unsigned byte = 0; byte < 256; byte++)
        if (g711_linear(law, (uint8_t)byte) == value)
            return (uint8_t)byte;
    g_error("%d is no value of this law", value);
}

void flac_decoder_add(FlacDecoder *decoder, G711Law law, const uint8_t *data, size_t size,
                      GByteArray *bytes)
{
    AVPacket *packet = decoder->packet;
    g_assert(av_new_packet(packet, (int)size) == 0);
    memcpy(packet->data, data, size);
    g_assert(avcodec_send_packet(decoder->context, packet) == 0);
    av_packet_unref(packet);
    AVFrame *frame = decoder->frame;
    g_assert(avcodec_receive_frame(decoder->context, frame) == 0);
    g_assert(frame->format == AV_SAMPLE_FMT_S16);
    int values = frame->nb_samples * frame->ch_layout.nb_channels;
    for (int i = 0; i < values; i++) {
        uint8_t byte = byte_of(law, ((const int16_t *)(void *)frame->data[0])[i]);
        g_byte_array_append(bytes, &byte, 1);
    }
    av_frame_unref(frame);
}
