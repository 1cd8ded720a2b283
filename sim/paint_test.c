/* The scene for tests: 8 s that are cheap to paint and to encode — bars, a field that runs from
 * left to right once a loop, and some grain. */
#include "grain.h"
#include "painter.h"

#include <string.h>

enum { TEST_PICTURES = 8 * FPS, FIELD_PX = 240 };

typedef struct TestPainter {
    AVFrame *bars;
    Grain *grain;
} TestPainter;

static void draw_bars(AVFrame *frame)
{
    static const uint8_t BARS[][3] = {{180, 128, 128}, {162, 44, 142}, {131, 156, 44},
                                      {112, 72, 58},   {84, 184, 198}, {65, 100, 212},
                                      {35, 212, 114},  {60, 128, 128}};
    for (int plane = 0; plane < 3; plane++) {
        const int shift = plane ? 1 : 0;
        for (int y = 0; y < frame->height >> shift; y++) {
            uint8_t *row = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
            for (int x = 0; x < frame->width >> shift; x++)
                row[x] = BARS[(x << shift) * 8 / frame->width][plane];
        }
    }
}

static void *test_open(const char *file, GError **error)
{
    TestPainter *painter = g_new(TestPainter, 1);
    painter->bars = picture_new(MAIN_WIDTH, MAIN_HEIGHT);
    painter->grain = grain_new(3);
    draw_bars(painter->bars);
    return painter;
}

static bool test_paint(void *data, uint32_t index, AVFrame *out, GError **error)
{
    TestPainter *painter = data;
    av_frame_copy(out, painter->bars);
    const int x = (int)(index * (MAIN_WIDTH - FIELD_PX) / TEST_PICTURES);
    for (int y = 400; y < 400 + FIELD_PX; y++)
        memset(out->data[0] + (ptrdiff_t)y * out->linesize[0] + x, 235, FIELD_PX);
    grain_add(painter->grain, index, out);
    return true;
}

static void test_close(void *data)
{
    TestPainter *painter = data;
    av_frame_free(&painter->bars);
    g_free(painter->grain);
    g_free(painter);
}

const PainterKind PAINTER_TEST = {
    .name = "test",
    .version = 1,
    .pictures = TEST_PICTURES,
    .open = test_open,
    .paint = test_paint,
    .close = test_close,
};
