#include "picture/libav.h"
#include "picture/picture.h"

int libav_shown_width(const AVFrame *frame)
{
    AVRational pixel = frame->sample_aspect_ratio;
    if (pixel.num <= 0 || pixel.den <= 0 || pixel.num > 4 * (int64_t)pixel.den ||
        pixel.den > 4 * (int64_t)pixel.num)
        return frame->width;
    int64_t width = (int64_t)frame->width * pixel.num / pixel.den;
    return (int)CLAMP(width, 1, PICTURE_MAX_PX);
}

void libav_fit(const AVFrame *frame, int most_wide, int most_high, int *width, int *height)
{
    const int64_t shown = libav_shown_width(frame), high = frame->height;
    int64_t wide = most_wide;
    if (shown * most_high < high * most_wide)
        wide = shown * most_high / high;
    *width = (int)MAX(MIN(shown, wide), 16) & ~1;
    *height = (int)MAX(high * *width / shown, 16) & ~1;
}

AVFrame *libav_scale(Scaler **scaler, const AVFrame *from, enum AVPixelFormat format, int width_px,
                     int height_px)
{
    g_autoptr(AVFrame) to = av_frame_alloc();
    if (!to)
        return NULL;
    to->format = format;
    to->width = width_px;
    to->height = height_px;
    *scaler = sws_getCachedContext(*scaler, from->width, from->height, from->format, width_px,
                                   height_px, format, SWS_AREA, NULL, NULL, NULL);
    if (!*scaler || av_frame_get_buffer(to, 0) < 0)
        return NULL;
    int lines = sws_scale(*scaler, (const uint8_t *const *)from->data, from->linesize, 0,
                          from->height, to->data, to->linesize);
    return lines == height_px ? g_steal_pointer(&to) : NULL;
}
