/* picture.h — pictures of the simulator: I420 in libav frames, all 1920×1080 or 640×360. */
#pragma once

#include <glib.h>
#include <libavutil/frame.h>

enum {
    MAIN_WIDTH = 1920,
    MAIN_HEIGHT = 1080,
    SUB_WIDTH = 640,
    SUB_HEIGHT = 360,
    FPS = 15,
    GOP = 2 * FPS, /* pictures from one key picture to the next */
};

/* Returns owned (av_frame_free). Aborts when memory runs out. */
AVFrame *picture_new(int width, int height);

/* `small` is a third of `large` in both directions: means of 3×3 samples. */
void picture_third(const AVFrame *large, AVFrame *small);

static inline void picture_clear(AVFrame **frame)
{
    av_frame_free(frame);
}
#define picture_auto __attribute__((cleanup(picture_clear)))
