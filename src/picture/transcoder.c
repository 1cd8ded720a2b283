#include "picture/transcoder.h"

#include "base/clock.h"
#include "picture/h264_encoder.h"

/* Pictures further apart than this do not belong together. */
#define CONNECTED_US (10 * SECOND_US)
enum { QUALITY = 26 };
/* Bits for a pixel that a busy picture may take: 640 × 360 at 10 a second is then 690 kbit/s. */
#define BITS_A_PIXEL 0.3

struct Transcoder {
    TranscoderRules rules;
    Decoder *decoder;
    Scaler *scaler;
    Masker *masker;       /* NULL: nothing is covered */
    H264Encoder *encoder; /* for pictures of the size that follows; NULL before the first */
    bool any;             /* a picture was coded */
    int64_t last_us;      /* time of capture of the picture coded last */
    int64_t pts;          /* and its time in the stream made */
    uint32_t run;
};

Transcoder *transcoder_new(const TranscoderRules *rules)
{
    Transcoder *transcoder = g_new0(Transcoder, 1);
    transcoder->rules = *rules;
    transcoder->rules.masks = NULL; /* the masker has its own reference */
    transcoder->masker = rules->masks ? masker_new(rules->masks) : NULL;
    transcoder->decoder = decoder_new(INT64_MAX);
    decoder_deblock(transcoder->decoder);
    return transcoder;
}

void transcoder_free(Transcoder *transcoder)
{
    if (!transcoder)
        return;
    decoder_free(transcoder->decoder);
    h264_encoder_free(transcoder->encoder);
    libav_free_scaler(transcoder->scaler);
    masker_free(transcoder->masker);
    g_free(transcoder);
}

DecoderResult transcoder_put(Transcoder *transcoder, const AccessUnit *unit)
{
    return decoder_put(transcoder->decoder, unit, false);
}

void transcoder_lost(Transcoder *transcoder)
{
    decoder_lost(transcoder->decoder);
}

void transcoder_end(Transcoder *transcoder)
{
    decoder_end(transcoder->decoder);
}

/* An encoder for pictures of this size. */
static bool encode_as(Transcoder *transcoder, int width, int height)
{
    const TranscoderRules *rules = &transcoder->rules;
    const H264EncoderRules wanted = {
        .width_px = width,
        .height_px = height,
        .pictures_s = rules->pictures_s,
        .key_every = rules->pictures_s * rules->key_every_s,
        .preset = "superfast",
        .quality = QUALITY,
        .most_bits_s = (int64_t)(BITS_A_PIXEL * width * height * rules->pictures_s),
    };
    return h264_encoder_fit(&transcoder->encoder, &wanted);
}

static bool connects(const Transcoder *transcoder, int64_t capture_us)
{
    return transcoder->any && capture_us > transcoder->last_us &&
           capture_us - transcoder->last_us < CONNECTED_US;
}

/* Pictures come a little early or late: the one nearest to the interval is meant. */
static bool is_due(const Transcoder *transcoder, int64_t capture_us)
{
    int64_t interval_us = SECOND_US / transcoder->rules.pictures_s;
    return !connects(transcoder, capture_us) ||
           capture_us - transcoder->last_us >= interval_us - interval_us / 4;
}

static AVFrame *scaled(Transcoder *transcoder, const AVFrame *frame)
{
    int width, height;
    libav_fit(frame, transcoder->rules.width_px, transcoder->rules.height_px, &width, &height);
    if (!encode_as(transcoder, width, height))
        return NULL;
    if (frame->format == AV_PIX_FMT_YUV420P && frame->width == width && frame->height == height)
        return av_frame_clone(frame);
    return libav_scale(&transcoder->scaler, frame, AV_PIX_FMT_YUV420P, width, height);
}

static AccessUnit *encode(Transcoder *transcoder, int64_t capture_us)
{
    g_autoptr(AVFrame) frame = scaled(transcoder, decoder_frame(transcoder->decoder));
    if (!frame || !libav_mask(transcoder->masker, frame))
        return NULL;
    bool starts = !connects(transcoder, capture_us);
    int64_t ticks = starts ? VIDEO_TIMESCALE / (int)transcoder->rules.pictures_s
                           : (capture_us - transcoder->last_us) * 9 / 100;
    transcoder->pts += MAX(ticks, 1);
    AccessUnit *unit = h264_encoder_take(transcoder->encoder, frame, transcoder->pts, starts);
    if (!unit)
        return NULL;
    transcoder->run += starts;
    transcoder->any = true;
    transcoder->last_us = capture_us;
    unit->run_start = starts;
    unit->run = transcoder->run;
    unit->capture_us = unit->arrival_us = capture_us;
    return unit;
}

AccessUnit *transcoder_next(Transcoder *transcoder, bool late)
{
    LumaPicture picture;
    while (decoder_next(transcoder->decoder, &picture)) {
        AccessUnit *unit = late || !is_due(transcoder, picture.capture_us)
                               ? NULL
                               : encode(transcoder, picture.capture_us);
        if (unit)
            return unit;
    }
    return NULL;
}
