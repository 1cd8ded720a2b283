#include "picture/burner.h"

#include "picture/caption.h"
#include "picture/h264_encoder.h"
#include "picture/redactor.h"

#include <string.h>

/* Looked at once or twice, never streamed to a phone on the move: quality before bytes. */
#define PRESET "superfast"
#define QUALITY 23
enum { LINE_LEAST_PX = 16, LINES_A_PICTURE = 30 };
#define BITS_A_PIXEL 0.2

/* From the top: where, when; from the bottom: some lines; in the middle: those of a card. */
enum { LINE_WHERE, LINE_CLOCK, LINE_BELOW, LINE_CARD = LINE_BELOW + BURNER_BELOW };
enum { LINES = LINE_CARD + BURNER_CARD_LINES };

struct Burner {
    char *where, *below[BURNER_BELOW];
    int below_count;
    unsigned pictures_s, key_every_s;
    Decoder *decoder;
    Scaler *scaler;
    H264Encoder *encoder;
    Redactor *redactor; /* NULL: pictures are as they are */
    Masker *masker;     /* NULL: nothing is covered */
    int64_t capture_us; /* of the picture that burner_next() told of */
    int width, height;  /* of what is made; 0 before the first picture */
    Caption *lines[LINES];
    int drawn_width, drawn_height; /* what the lines were made for */
};

Burner *burner_new(const BurnerRules *rules)
{
    Burner *burner = g_new0(Burner, 1);
    burner->where = g_strdup(rules->where);
    for (; burner->below_count < BURNER_BELOW && rules->below[burner->below_count];
         burner->below_count++)
        burner->below[burner->below_count] = g_strdup(rules->below[burner->below_count]);
    burner->pictures_s = MAX(rules->pictures_s, 1);
    burner->key_every_s = MAX(rules->key_every_s, 1);
    burner->decoder = decoder_new(INT64_MAX);
    decoder_deblock(burner->decoder);
    burner->masker = rules->masks ? masker_new(rules->masks) : NULL;
    burner->redactor = rules->redaction ? redactor_new(rules->redaction) : NULL;
    return burner;
}

static void drop_lines(Burner *burner)
{
    for (int i = 0; i < LINES; i++)
        g_clear_pointer(&burner->lines[i], caption_free);
}

void burner_free(Burner *burner)
{
    if (!burner)
        return;
    drop_lines(burner);
    decoder_free(burner->decoder);
    h264_encoder_free(burner->encoder);
    libav_free_scaler(burner->scaler);
    redactor_free(burner->redactor);
    masker_free(burner->masker);
    for (size_t i = 0; i < G_N_ELEMENTS(burner->below); i++)
        g_free(burner->below[i]);
    g_free(burner->where);
    g_free(burner);
}

DecoderResult burner_put(Burner *burner, const AccessUnit *unit)
{
    return decoder_put(burner->decoder, unit, false);
}

void burner_end(Burner *burner)
{
    decoder_end(burner->decoder);
}

bool burner_next(Burner *burner, int64_t *capture_us)
{
    LumaPicture picture;
    if (!decoder_next(burner->decoder, &picture))
        return false;
    *capture_us = burner->capture_us = picture.capture_us;
    libav_fit(decoder_frame(burner->decoder), BURNER_WIDTH_MOST_PX, BURNER_HEIGHT_MOST_PX,
              &burner->width, &burner->height);
    return true;
}

const char *burner_encoder(void)
{
    return "libx264 " PRESET " crf " G_STRINGIFY(QUALITY);
}

int burner_line_px(int height_px)
{
    return MAX(height_px / LINES_A_PICTURE, LINE_LEAST_PX);
}

/* Lines and encoder for pictures of this size. */
static bool fit(Burner *burner)
{
    if (burner->width != burner->drawn_width || burner->height != burner->drawn_height) {
        int line = burner_line_px(burner->height);
        drop_lines(burner);
        for (int i = 0; i < LINES; i++)
            burner->lines[i] = caption_new(line, burner->width - line);
        caption_set(burner->lines[LINE_WHERE], burner->where);
        for (int i = 0; i < burner->below_count; i++)
            caption_set(burner->lines[LINE_BELOW + i], burner->below[i]);
        burner->drawn_width = burner->width;
        burner->drawn_height = burner->height;
    }
    const H264EncoderRules rules = {
        .width_px = burner->width,
        .height_px = burner->height,
        .pictures_s = burner->pictures_s,
        .key_every = burner->pictures_s * burner->key_every_s,
        .preset = PRESET,
        .quality = QUALITY,
        .most_bits_s =
            (int64_t)(BITS_A_PIXEL * burner->width * burner->height * burner->pictures_s),
    };
    return h264_encoder_fit(&burner->encoder, &rules);
}

static AVFrame *empty_frame(const Burner *burner)
{
    g_autoptr(AVFrame) frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = burner->width;
    frame->height = burner->height;
    return av_frame_get_buffer(frame, 0) == 0 ? g_steal_pointer(&frame) : NULL;
}

/* A picture of our own to write on: the decoder still refers to its. */
static AVFrame *frame_of(Burner *burner)
{
    const AVFrame *from = decoder_frame(burner->decoder);
    if (from->format != AV_PIX_FMT_YUV420P || from->width != burner->width ||
        from->height != burner->height)
        return libav_scale(&burner->scaler, from, AV_PIX_FMT_YUV420P, burner->width,
                           burner->height);
    g_autoptr(AVFrame) frame = empty_frame(burner);
    return frame && av_frame_copy(frame, from) >= 0 ? g_steal_pointer(&frame) : NULL;
}

static void burn_frame_lines(const Burner *burner, const CaptionPlane *to)
{
    int line = burner_line_px(burner->height), edge = line / 2;
    caption_burn(burner->lines[LINE_WHERE], to, edge, edge);
    caption_burn(burner->lines[LINE_CLOCK], to, edge, edge + line);
    for (int i = 0, left = burner->below_count; i < burner->below_count; i++, left--)
        caption_burn(burner->lines[LINE_BELOW + i], to, edge, to->height - edge - left * line);
}

static CaptionPlane luma_of(const AVFrame *frame)
{
    return (CaptionPlane){frame->data[0], frame->width, frame->height, frame->linesize[0]};
}

static void redact(const Burner *burner, AVFrame *frame)
{
    RedactorPicture picture = {.width = frame->width, .height = frame->height};
    for (int i = 0; i < 3; i++) {
        picture.planes[i] = frame->data[i];
        picture.strides[i] = frame->linesize[i];
    }
    redactor_apply(burner->redactor, &picture, burner->capture_us);
}

AccessUnit *burner_picture(Burner *burner, const char *clock, int64_t pts, bool key)
{
    g_autoptr(AVFrame) frame = fit(burner) ? frame_of(burner) : NULL;
    /* First the masks: what is redacted tells averages of what it covers. */
    if (!frame || !libav_mask(burner->masker, frame))
        return NULL;
    if (burner->redactor)
        redact(burner, frame);
    const CaptionPlane luma = luma_of(frame);
    caption_set(burner->lines[LINE_CLOCK], clock);
    burn_frame_lines(burner, &luma);
    return h264_encoder_take(burner->encoder, frame, pts, key);
}

static AVFrame *black_frame(const Burner *burner)
{
    AVFrame *frame = empty_frame(burner);
    for (int plane = 0; frame && plane < 3; plane++) {
        int height = plane ? (frame->height + 1) / 2 : frame->height;
        memset(frame->data[plane], plane ? 128 : 16,
               (size_t)frame->linesize[plane] * (size_t)height);
    }
    return frame;
}

AccessUnit *burner_card(Burner *burner, const char *const lines[BURNER_CARD_LINES], int64_t pts)
{
    g_autoptr(AVFrame) frame = burner->width && fit(burner) ? black_frame(burner) : NULL;
    if (!frame)
        return NULL;
    const CaptionPlane luma = luma_of(frame);
    int line = burner_line_px(burner->height);
    caption_set(burner->lines[LINE_CLOCK], "");
    burn_frame_lines(burner, &luma);
    for (int i = 0; i < BURNER_CARD_LINES && lines[i]; i++) {
        Caption *caption = burner->lines[LINE_CARD + i];
        caption_set(caption, lines[i]);
        caption_burn(caption, &luma, (luma.width - caption_width(caption)) / 2,
                     luma.height / 2 + (2 * i - BURNER_CARD_LINES) * line / 2);
    }
    return h264_encoder_take(burner->encoder, frame, pts, true);
}
