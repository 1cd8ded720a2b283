#include "picture.h"

#include <libavutil/pixfmt.h>

AVFrame *picture_new(int width, int height)
{
    AVFrame *frame = av_frame_alloc();
    g_assert(frame);
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = width;
    frame->height = height;
    int got = av_frame_get_buffer(frame, 0);
    g_assert(got == 0);
    return frame;
}

static void row_third(const uint8_t *a, const uint8_t *b, const uint8_t *c, uint8_t *out, int width)
{
    for (int x = 0; x < width; x++) {
        const int at = 3 * x;
        unsigned sum = (unsigned)(a[at] + a[at + 1] + a[at + 2] + b[at] + b[at + 1] + b[at + 2] +
                                  c[at] + c[at + 1] + c[at + 2]);
        out[x] = (uint8_t)((sum * 7282 + 32768) >> 16); /* sum / 9 */
    }
}

void picture_third(const AVFrame *large, AVFrame *small)
{
    for (int plane = 0; plane < 3; plane++) {
        const int shift = plane ? 1 : 0;
        const ptrdiff_t stride = large->linesize[plane];
        for (int y = 0; y < small->height >> shift; y++) {
            const uint8_t *from = large->data[plane] + (ptrdiff_t)3 * y * stride;
            row_third(from, from + stride, from + 2 * stride,
                      small->data[plane] + (ptrdiff_t)y * small->linesize[plane],
                      small->width >> shift);
        }
    }
}
