#include "picture/h264_encoder.h"

#include "base/bytes.h"
#include "media/h264.h"

#include <libavutil/opt.h>
#include <string.h>

enum { SETS_MOST = 4 };

struct H264Encoder {
    AVCodecContext *codec;
    AVPacket *packet;
    CodecParams *params; /* holds a reference */
};

/* The parameter sets that libx264 made, as MP4 wants them; NULL when it made none. */
static CodecParams *params_of(const AVCodecContext *codec)
{
    Nal nal, sps[SETS_MOST], pps[SETS_MOST];
    size_t sps_count = 0, pps_count = 0;
    NalReader reader = nal_reader(codec->extradata, (size_t)MAX(codec->extradata_size, 0));
    while (nal_next_annexb(&reader, &nal)) {
        NalRole role = nal_role(CODEC_H264, nal.data);
        if (role == NAL_SPS && sps_count < SETS_MOST)
            sps[sps_count++] = nal;
        else if (role == NAL_PPS && pps_count < SETS_MOST)
            pps[pps_count++] = nal;
    }
    return sps_count && pps_count ? h264_params(sps, sps_count, pps, pps_count) : NULL;
}

static bool open_codec(AVCodecContext *codec, const AVCodec *x264, const H264EncoderRules *rules)
{
    codec->width = rules->width_px;
    codec->height = rules->height_px;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->time_base = (AVRational){1, VIDEO_TIMESCALE};
    codec->framerate = (AVRational){(int)rules->pictures_s, 1};
    codec->gop_size = (int)rules->key_every;
    codec->max_b_frames = 0;
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    codec->rc_max_rate = rules->most_bits_s;
    codec->rc_buffer_size = (int)MIN(rules->most_bits_s, INT32_MAX);
    return av_opt_set(codec->priv_data, "preset", rules->preset, 0) == 0 &&
           av_opt_set(codec->priv_data, "tune", "zerolatency", 0) == 0 &&
           av_opt_set(codec->priv_data, "forced-idr", "1", 0) == 0 &&
           av_opt_set_double(codec->priv_data, "crf", rules->quality, 0) == 0 &&
           avcodec_open2(codec, x264, NULL) == 0;
}

H264Encoder *h264_encoder_new(const H264EncoderRules *rules)
{
    libav_init();
    const AVCodec *x264 = avcodec_find_encoder_by_name("libx264");
    g_autoptr(AVCodecContext) codec = x264 ? avcodec_alloc_context3(x264) : NULL;
    if (!codec || !open_codec(codec, x264, rules))
        return NULL;
    g_autoptr(CodecParams) params = params_of(codec);
    AVPacket *packet = params ? av_packet_alloc() : NULL;
    if (!packet)
        return NULL;
    H264Encoder *encoder = g_new0(H264Encoder, 1);
    encoder->codec = g_steal_pointer(&codec);
    encoder->params = g_steal_pointer(&params);
    encoder->packet = packet;
    return encoder;
}

void h264_encoder_free(H264Encoder *encoder)
{
    if (!encoder)
        return;
    avcodec_free_context(&encoder->codec);
    av_packet_free(&encoder->packet);
    codec_params_unref(encoder->params);
    g_free(encoder);
}

bool h264_encoder_fit(H264Encoder **encoder, const H264EncoderRules *rules)
{
    const H264Encoder *there = *encoder;
    if (there && there->codec->width == rules->width_px && there->codec->height == rules->height_px)
        return true;
    h264_encoder_free(*encoder);
    *encoder = h264_encoder_new(rules);
    return *encoder != NULL;
}

/* Each NAL unit behind its length in place of a start code. Returns owned; NULL: there is none. */
static AccessUnit *unit_of(const H264Encoder *encoder, const AVPacket *packet)
{
    Nal nal;
    g_auto(ByteWriter) out = {0};
    NalReader reader = nal_reader(packet->data, (size_t)packet->size);
    while (nal_next_annexb(&reader, &nal)) {
        write_u32(&out, (uint32_t)nal.size);
        write_bytes(&out, nal.data, nal.size);
    }
    if (!out.size)
        return NULL;
    AccessUnit *unit = access_unit_new(encoder->params, TRACK_VIDEO, out.size);
    memcpy(unit->data, out.data, out.size);
    unit->key = packet->flags & AV_PKT_FLAG_KEY;
    unit->pts = packet->pts;
    return unit;
}

AccessUnit *h264_encoder_take(H264Encoder *encoder, AVFrame *frame, int64_t pts, bool key)
{
    frame->pts = pts;
    frame->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    if (avcodec_send_frame(encoder->codec, frame) < 0 ||
        avcodec_receive_packet(encoder->codec, encoder->packet) < 0)
        return NULL;
    AccessUnit *unit = encoder->packet->size > 0 ? unit_of(encoder, encoder->packet) : NULL;
    av_packet_unref(encoder->packet);
    return unit;
}
