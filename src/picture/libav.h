/* libav.h — what the files of picture/ share of libav: opening a decoder, and its words in our log.
 *
 * Private to picture/.
 */
#pragma once

#include "base/buffer.h"
#include "media/access_unit.h"
#include "picture/decoder.h"
#include "picture/masker.h"

#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>

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

static inline void libav_free_scaler(struct SwsContext *scaler)
{
    sws_freeContext(scaler);
}
typedef struct SwsContext Scaler;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scaler, libav_free_scaler)

/* What libav has to say of bad input goes into our log at debug, not on stderr. Call before
 * anything else of libav; any thread, any number of times. */
void libav_init(void);

/* A decoder of `params` (H.264 or H.265) without threads of its own, not opened yet: the caller
 * sets its flags and calls avcodec_open2(). Returns owned, or NULL. */
AVCodecContext *libav_decoder(const CodecParams *params);

/* The picture that decoder_next() gave last, borrowed until the next call of the decoder. */
const AVFrame *decoder_frame(const Decoder *decoder);

/* Width in square pixels: analogue recorders send pictures squeezed to half their width. */
int libav_shown_width(const AVFrame *frame);

/* The size of `frame` as it is shown, made to fit into these; even, as 4:2:0 needs it. */
void libav_fit(const AVFrame *frame, int most_wide, int most_high, int *width, int *height);

/* `from` in another size and format, returned owned, or NULL when libav cannot. `*scaler` (NULL at
 * first) is kept for the next call, and freed by the caller. */
AVFrame *libav_scale(Scaler **scaler, const AVFrame *from, enum AVPixelFormat format, int width_px,
                     int height_px);

/* Covers what `masker` says (NULL: nothing) in `frame` (YUV 4:2:0 of 8 bits), which gets pixels of
 * its own where others refer to them. False: it has none; nothing of it may be shown. */
bool libav_mask(Masker *masker, AVFrame *frame);

/* `frame` as JPEG, `width_px` wide and its height in proportion (0, or wider than it is: as it
 * is), covered by `masks` (NULL: nothing is). Returns owned, or NULL when libav cannot. */
Buffer *libav_jpeg(const AVFrame *frame, int width_px, MaskSet *masks);
