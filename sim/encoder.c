#include "encoder.h"

#include "base/error.h"

#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>

struct Encoder {
    AVCodecContext *context;
    AVPacket *packet;
    int64_t next_pts;
};

static bool libav_failed(GError **error, const char *what, int code)
{
    char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, sizeof text);
    return err_set(error, ERR_IO, "%s: %s", what, text);
}

/* Besides the structure of the stream: what makes x265 twice as fast as its fastest preset. */
static const char X265[] =
    "keyint=-1:scenecut=0:bframes=0:open-gop=0:repeat-headers=1:rc-lookahead=0:info=0:"
    "log-level=error:pools=none:frame-threads=1:wpp=0:rd=1:psy-rd=0:aq-mode=0:ctu=64:"
    "min-cu-size=16:max-merge=1:early-skip=1:rskip=2:no-sao=1:no-deblock=1:me=dia:subme=0:"
    "merange=8:ref=1:no-strong-intra-smoothing=1:fast-intra=1:no-signhide=1:no-weightp=1:"
    "cutree=0:rdoq-level=0";

static void set_codec_options(AVCodecContext *context, const EncoderSettings *settings)
{
    av_opt_set(context->priv_data, "preset", settings->preset, 0);
    av_opt_set(context->priv_data, "forced-idr", "1", 0);
    if (settings->codec == CODEC_H265) {
        av_opt_set(context->priv_data, "x265-params", X265, 0);
        return;
    }
    av_opt_set(context->priv_data, "tune", "zerolatency", 0);
    av_opt_set(context->priv_data, "aud", settings->delimiters ? "1" : "0", 0);
    av_opt_set(context->priv_data, "x264-params",
               "keyint=infinite:scenecut=0:bframes=0:open-gop=0:repeat-headers=1", 0);
}

static AVCodecContext *context_new(const AVCodec *codec, const EncoderSettings *settings)
{
    AVCodecContext *context = avcodec_alloc_context3(codec);
    g_assert(context);
    context->width = settings->width;
    context->height = settings->height;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    context->time_base = (AVRational){1, FPS};
    context->framerate = (AVRational){FPS, 1};
    context->max_b_frames = 0;
    context->thread_count = 1;
    context->bit_rate = settings->bits_per_second;
    context->rc_max_rate = settings->bits_per_second * 3 / 2;
    context->rc_buffer_size = (int)(settings->bits_per_second * 2);
    context->color_range = AVCOL_RANGE_MPEG;
    context->colorspace = AVCOL_SPC_BT709;
    context->color_primaries = AVCOL_PRI_BT709;
    context->color_trc = AVCOL_TRC_BT709;
    set_codec_options(context, settings);
    return context;
}

Encoder *encoder_new(const EncoderSettings *settings, GError **error)
{
    const char *name = settings->codec == CODEC_H265 ? "libx265" : "libx264";
    const AVCodec *codec = avcodec_find_encoder_by_name(name);
    if (!codec) {
        err_set(error, ERR_UNSUPPORTED, "this libavcodec has no encoder ‘%s’", name);
        return NULL;
    }
    g_autoptr(Encoder) encoder = g_new0(Encoder, 1);
    encoder->context = context_new(codec, settings);
    encoder->packet = av_packet_alloc();
    int got = avcodec_open2(encoder->context, codec, NULL);
    if (got < 0) {
        libav_failed(error, name, got);
        return NULL;
    }
    return g_steal_pointer(&encoder);
}

void encoder_free(Encoder *encoder)
{
    if (!encoder)
        return;
    av_packet_free(&encoder->packet);
    avcodec_free_context(&encoder->context);
    g_free(encoder);
}

bool encoder_add(Encoder *encoder, AVFrame *frame, bool key, Clip *clip, GError **error)
{
    if (frame) {
        frame->pts = encoder->next_pts++;
        frame->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    }
    int got = avcodec_send_frame(encoder->context, frame);
    while (got >= 0) {
        got = avcodec_receive_packet(encoder->context, encoder->packet);
        if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
            return true;
        if (got < 0)
            break;
        clip_add(clip, encoder->packet->data, (size_t)encoder->packet->size,
                 encoder->packet->flags & AV_PKT_FLAG_KEY);
        av_packet_unref(encoder->packet);
    }
    return libav_failed(error, "encoding", got);
}
