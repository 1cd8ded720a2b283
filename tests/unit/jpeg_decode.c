#include "jpeg_decode.h"

#include "unit.h"

#include <libavcodec/avcodec.h>
#include <string.h>

AVFrame *jpeg_decode(const Buffer *jpeg)
{
    AVCodecContext *decoder = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_MJPEG));
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    assert_int_equal(avcodec_open2(decoder, NULL, NULL), 0);
    assert_int_equal(av_new_packet(packet, (int)jpeg->size), 0);
    memcpy(packet->data, jpeg->data, jpeg->size);
    assert_int_equal(avcodec_send_packet(decoder, packet), 0);
    assert_int_equal(avcodec_receive_frame(decoder, frame), 0);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
    return frame;
}
