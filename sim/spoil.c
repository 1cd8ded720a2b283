#include "spoil.h"

#include "base/error.h"

#include <libavcodec/avcodec.h>
#include <math.h>
#include <string.h>

/* One plane of a picture; colour is at half the size and without contrast at 128. */
typedef struct Plane {
    uint8_t *data;
    int stride, width, height;
    bool colour;
} Plane;

typedef void (*Spoiling)(const Plane *plane, int64_t index);

static void go_black(const Plane *plane, int64_t index)
{
    for (int y = 0; y < plane->height; y++)
        memset(plane->data + (ptrdiff_t)y * plane->stride, plane->colour ? 128 : 16,
               (size_t)plane->width);
}

/* Soft folds that sway, so that nothing stands still. */
static uint8_t cloth(double x, double y, int64_t index)
{
    const double sway = (double)(index % GOP) / GOP;
    return (uint8_t)(95 + 30 * sin(9 * x + sway) + 20 * sin(7 * y + 4 * x));
}

static void cover(const Plane *plane, int64_t index)
{
    const int most = plane->width * 92 / 100;
    for (int y = 0; y < plane->height; y++)
        for (int x = 0; x < most; x++)
            plane->data[(ptrdiff_t)y * plane->stride + x] =
                plane->colour ? 128
                              : cloth((double)x / plane->width, (double)y / plane->height, index);
}

static void copy_plane(const Plane *plane, uint8_t *out)
{
    for (int y = 0; y < plane->height; y++)
        memcpy(out + (ptrdiff_t)y * plane->width, plane->data + (ptrdiff_t)y * plane->stride,
               (size_t)plane->width);
}

static void blur_rows(const Plane *plane, int reach)
{
    g_autofree uint8_t *was = g_malloc((size_t)plane->width);
    const int last = plane->width - 1;
    for (int y = 0; y < plane->height; y++) {
        uint8_t *row = plane->data + (ptrdiff_t)y * plane->stride;
        memcpy(was, row, (size_t)plane->width);
        int sum = 0;
        for (int x = -reach; x <= reach; x++)
            sum += was[CLAMP(x, 0, last)];
        for (int x = 0; x <= last; x++) {
            row[x] = (uint8_t)(sum / (2 * reach + 1));
            sum += was[MIN(x + reach + 1, last)] - was[MAX(x - reach, 0)];
        }
    }
}

static void blur_columns(const Plane *plane, int reach)
{
    const int last = plane->height - 1;
    g_autofree uint8_t *was = g_malloc0((size_t)plane->width * (size_t)plane->height);
    g_autofree int *sums = g_new0(int, plane->width);
    copy_plane(plane, was);
    for (int y = -reach; y <= reach; y++)
        for (int x = 0; x < plane->width; x++)
            sums[x] += was[(ptrdiff_t)CLAMP(y, 0, last) * plane->width + x];
    for (int y = 0; y <= last; y++) {
        const uint8_t *comes = was + (ptrdiff_t)MIN(y + reach + 1, last) * plane->width;
        const uint8_t *goes = was + (ptrdiff_t)MAX(y - reach, 0) * plane->width;
        for (int x = 0; x < plane->width; x++) {
            plane->data[(ptrdiff_t)y * plane->stride + x] = (uint8_t)(sums[x] / (2 * reach + 1));
            sums[x] += comes[x] - goes[x];
        }
    }
}

/* Means over squares, twice: nearly what a lens does. */
static void blur(const Plane *plane, int64_t index)
{
    const int reach = MAX(plane->width / 128, 1);
    for (int time = 0; time < 2; time++) {
        blur_rows(plane, reach);
        blur_columns(plane, reach);
    }
}

/* What comes into view is what was there, mirrored. */
static void shift(const Plane *plane, int64_t index)
{
    const int by = plane->width / 5;
    for (int y = 0; y < plane->height; y++) {
        uint8_t *row = plane->data + (ptrdiff_t)y * plane->stride;
        memmove(row, row + by, (size_t)(plane->width - by));
        for (int x = plane->width - by; x < plane->width; x++)
            row[x] = row[2 * (plane->width - by) - 1 - x];
    }
}

void spoil_picture(Spoil spoil, AVFrame *frame)
{
    static const Spoiling SPOILINGS[SPOILS] = {[SPOIL_BLACK] = go_black,
                                               [SPOIL_COVER] = cover,
                                               [SPOIL_BLUR] = blur,
                                               [SPOIL_SHIFT] = shift};
    if (!SPOILINGS[spoil])
        return;
    for (int i = 0; i < 3; i++) {
        const Plane plane = {.data = frame->data[i],
                             .stride = frame->linesize[i],
                             .width = frame->width >> (i ? 1 : 0),
                             .height = frame->height >> (i ? 1 : 0),
                             .colour = i > 0};
        SPOILINGS[spoil](&plane, frame->pts);
    }
}

/* ---- of a clip ---- */

typedef struct Spoiler {
    Spoil spoil;
    AVCodecContext *decoder;
    AVPacket *packet;
    AVFrame *frame;
    Encoder *encoder;
    int64_t pictures;
    Clip *clip;
} Spoiler;

static void spoiler_clear(Spoiler *spoiler)
{
    avcodec_free_context(&spoiler->decoder);
    av_packet_free(&spoiler->packet);
    av_frame_free(&spoiler->frame);
    encoder_free(spoiler->encoder);
    clip_free(spoiler->clip);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Spoiler, spoiler_clear)

static bool open_decoder(Spoiler *spoiler, const Clip *clip)
{
    const AVCodec *codec =
        avcodec_find_decoder(clip->codec == CODEC_H265 ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264);
    spoiler->decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!spoiler->decoder)
        return false;
    spoiler->decoder->thread_count = 1;
    spoiler->decoder->extradata =
        av_mallocz((size_t)clip->config->len + AV_INPUT_BUFFER_PADDING_SIZE);
    spoiler->decoder->extradata_size = (int)clip->config->len;
    memcpy(spoiler->decoder->extradata, clip->config->data, clip->config->len);
    return avcodec_open2(spoiler->decoder, codec, NULL) == 0;
}

/* All that the decoder has ready. */
static bool encode_ready(Spoiler *spoiler, GError **error)
{
    while (avcodec_receive_frame(spoiler->decoder, spoiler->frame) == 0) {
        if (av_frame_make_writable(spoiler->frame) < 0) /* the decoder still needs its own */
            return err_set(error, ERR_IO, "no memory for a picture");
        spoiler->frame->pts = spoiler->pictures++;
        spoil_picture(spoiler->spoil, spoiler->frame);
        if (!encoder_add(spoiler->encoder, spoiler->frame, spoiler->pictures == 1, spoiler->clip,
                         error))
            return false;
    }
    return true;
}

static bool transcode(Spoiler *spoiler, const Clip *group, GError **error)
{
    for (uint32_t i = 0; i < clip_count(group); i++) {
        const ClipUnit *unit = clip_unit(group, i);
        if (av_new_packet(spoiler->packet, (int)unit->size) < 0)
            return err_set(error, ERR_IO, "no memory for a picture");
        memcpy(spoiler->packet->data, clip_bytes(group, unit), unit->size);
        const int got = avcodec_send_packet(spoiler->decoder, spoiler->packet);
        av_packet_unref(spoiler->packet);
        if (got < 0)
            return err_set(error, ERR_IO, "a picture of the scene cannot be decoded");
        if (!encode_ready(spoiler, error))
            return false;
    }
    avcodec_send_packet(spoiler->decoder, NULL);
    return encode_ready(spoiler, error) &&
           encoder_add(spoiler->encoder, NULL, false, spoiler->clip, error);
}

Clip *spoil_clip(Spoil spoil, const Clip *clip, uint32_t place, const EncoderSettings *encoding,
                 GError **error)
{
    const uint32_t from = place - place % GOP;
    if (spoil == SPOIL_FREEZE)
        return clip_cut(clip, from, 1);
    g_autoptr(Clip) group = clip_cut(clip, from, GOP);
    g_auto(Spoiler) spoiler = {.spoil = spoil,
                               .packet = av_packet_alloc(),
                               .frame = av_frame_alloc(),
                               .encoder = encoder_new(encoding, error),
                               .clip = clip_new(clip->codec, clip->width, clip->height)};
    if (!spoiler.encoder)
        return NULL;
    if (!open_decoder(&spoiler, clip)) {
        err_set(error, ERR_UNSUPPORTED, "this libavcodec cannot decode the scene");
        return NULL;
    }
    return transcode(&spoiler, group, error) ? g_steal_pointer(&spoiler.clip) : NULL;
}
