/* libav.h — what the files of picture/ share of libav: opening a decoder, and its words in our log.
 *
 * Private to picture/.
 */
#pragma once

#include "base/buffer.h"
#include "media/access_unit.h"

#include <libavcodec/avcodec.h>

/* A picture of 8K: 50 MB of one byte and a half a pixel. */
enum { LIBAV_MAX_PIXELS = 7680 * 4320 };

static inline void libav_free_codec(AVCodecContext *codec)
{
    avcodec_free_context(&codec);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AVCodecContext, libav_free_codec)

static inline void libav_free_frame(AVFrame *frame)
{
    av_frame_free(&frame);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AVFrame, libav_free_frame)

static inline void libav_free_packet(AVPacket *packet)
{
    av_packet_free(&packet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AVPacket, libav_free_packet)

/* What libav has to say of bad input goes into our log at debug, not on stderr. Call before
 * anything else of libav; any thread, any number of times. */
void libav_init(void);

/* A decoder of `params` (H.264 or H.265) without threads of its own, not opened yet: the caller
 * sets its flags and calls avcodec_open2(). Returns owned, or NULL. */
AVCodecContext *libav_decoder(const CodecParams *params);

/* `frame` as JPEG, `width_px` wide and its height in proportion (0, or wider than it is: as it
 * is). Returns owned, or NULL when libav cannot. */
Buffer *libav_jpeg(const AVFrame *frame, int width_px);
