/* jpeg_decode.h — what a JPEG shows, by libav. */
#pragma once

#include "base/buffer.h"

#include <libavutil/frame.h>

/* Fails the test when it is none. Returns owned (av_frame_free). */
AVFrame *jpeg_decode(const Buffer *jpeg);
