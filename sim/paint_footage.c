/* Footage from a file, by libav: cut or looped to 40 s, brought to 15 pictures a second and to
 * 1920×1080 by filling the picture. */
#include "base/error.h"
#include "painter.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

enum { FOOTAGE_PICTURES = 40 * FPS };

typedef struct Footage {
    char *file;
    AVFormatContext *format;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *current; /* the newest decoded picture */
    struct SwsContext *scaler;
    int stream;
    double start_s;   /* of this pass over the file, on the clock of the scene */
    double current_s; /* when `current` begins to show */
    bool shown_any;
} Footage;

static bool file_failed(const Footage *footage, GError **error, const char *what)
{
    return err_set(error, ERR_INVALID, "footage ‘%s’: %s", footage->file, what);
}

static void footage_close(void *data)
{
    Footage *footage = data;
    sws_freeContext(footage->scaler);
    av_frame_free(&footage->current);
    av_packet_free(&footage->packet);
    avcodec_free_context(&footage->codec);
    avformat_close_input(&footage->format);
    g_free(footage->file);
    g_free(footage);
}

static bool open_file(Footage *footage, GError **error)
{
    if (avformat_open_input(&footage->format, footage->file, NULL, NULL) < 0 ||
        avformat_find_stream_info(footage->format, NULL) < 0)
        return file_failed(footage, error, "cannot be read as a video");
    const AVCodec *codec = NULL;
    footage->stream = av_find_best_stream(footage->format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (footage->stream < 0 || !codec)
        return file_failed(footage, error, "holds no video that can be decoded");
    footage->codec = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(footage->codec,
                                  footage->format->streams[footage->stream]->codecpar);
    if (avcodec_open2(footage->codec, codec, NULL) < 0)
        return file_failed(footage, error, "its video cannot be decoded");
    return true;
}

static void *footage_open(const char *file, GError **error)
{
    Footage *footage = g_new0(Footage, 1);
    footage->file = g_strdup(file);
    footage->packet = av_packet_alloc();
    footage->current = av_frame_alloc();
    footage->current_s = -1;
    if (open_file(footage, error))
        return footage;
    footage_close(footage);
    return NULL;
}

/* One more picture from the decoder; false at the end of the file. */
static bool decode_next(Footage *footage)
{
    for (;;) {
        int got = avcodec_receive_frame(footage->codec, footage->current);
        if (got == 0)
            return true;
        if (got != AVERROR(EAGAIN))
            return false;
        do {
            av_packet_unref(footage->packet);
            got = av_read_frame(footage->format, footage->packet);
        } while (got >= 0 && footage->packet->stream_index != footage->stream);
        avcodec_send_packet(footage->codec, got >= 0 ? footage->packet : NULL);
        av_packet_unref(footage->packet);
    }
}

static bool rewind_file(Footage *footage, GError **error)
{
    if (!footage->shown_any)
        return file_failed(footage, error, "holds no picture");
    footage->shown_any = false;
    footage->start_s = footage->current_s + 1.0 / FPS;
    avcodec_flush_buffers(footage->codec);
    if (av_seek_frame(footage->format, footage->stream, 0, AVSEEK_FLAG_BACKWARD) < 0)
        return file_failed(footage, error, "cannot be rewound");
    return true;
}

static double picture_time(const Footage *footage)
{
    const AVStream *stream = footage->format->streams[footage->stream];
    int64_t first = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
    int64_t pts = footage->current->best_effort_timestamp;
    if (pts == AV_NOPTS_VALUE)
        return footage->current_s + 1.0 / FPS;
    return footage->start_s + (double)(pts - first) * av_q2d(stream->time_base);
}

/* Reads on until a picture that shows at `time_s` or later is current. */
static bool read_until(Footage *footage, double time_s, GError **error)
{
    while (footage->current_s < time_s) {
        if (decode_next(footage)) {
            footage->shown_any = true;
            footage->current_s = picture_time(footage);
        } else if (!rewind_file(footage, error)) {
            return false;
        }
    }
    return true;
}

/* Scales the middle part of `in` that has the shape of `out`. */
static bool scale_to_fill(Footage *footage, const AVFrame *in, AVFrame *out, GError **error)
{
    int height = MIN(in->height, in->width * out->height / out->width) & ~1;
    int width = MIN(in->width, in->height * out->width / out->height) & ~1;
    const AVPixFmtDescriptor *shape = av_pix_fmt_desc_get(in->format);
    if (!shape || height <= 0 || width <= 0)
        return file_failed(footage, error, "has pictures of an unknown form");
    footage->scaler =
        sws_getCachedContext(footage->scaler, width, height, in->format, out->width, out->height,
                             AV_PIX_FMT_YUV420P, SWS_FAST_BILINEAR, NULL, NULL, NULL);
    const int top = (in->height - height) / 2 & ~1;
    const uint8_t *planes[4];
    for (int plane = 0; plane < 4; plane++) {
        const bool is_chroma = plane == 1 || plane == 2;
        const int rows = is_chroma ? top >> shape->log2_chroma_h : top;
        planes[plane] =
            in->data[plane] ? in->data[plane] + (ptrdiff_t)rows * in->linesize[plane] : NULL;
    }
    sws_scale(footage->scaler, planes, in->linesize, 0, height, out->data, out->linesize);
    return true;
}

static bool footage_paint(void *data, uint32_t index, AVFrame *out, GError **error)
{
    Footage *footage = data;
    return read_until(footage, (double)index / FPS, error) &&
           scale_to_fill(footage, footage->current, out, error);
}

const PainterKind PAINTER_FOOTAGE = {
    .version = 1,
    .pictures = FOOTAGE_PICTURES,
    .open = footage_open,
    .paint = footage_paint,
    .close = footage_close,
};
