/* stream.h — one stream of one camera: its numbering, its mark, and the way into its RTSP media.
 *
 * Pictures are numbered by the camera's clock: picture n is due at start + n/15 s, whether anyone
 * watches or not; only what is watched is sent. The RTSP side (any thread) attaches a media and
 * says when it plays; one pacing thread calls stream_step(), or a live camera's thread
 * stream_send().
 */
#pragma once

#include "clip.h"
#include "record.h"
#include "sound.h"

#include <gst/app/gstappsrc.h>

typedef struct Stream Stream;

typedef struct StreamSource {
    const char *camera;
    StreamKind kind;
    Codec codec;
    const GByteArray *config; /* avcC or hvcC */
    const Clip *clip;         /* NULL: drawn as it runs, sent by stream_send() */
    uint32_t shift;           /* picture n shows unit (n + shift) of the clip */
    const Sound *sound;       /* NULL: none */
    int64_t start_us;         /* clock_mono_us() of picture 0 */
} StreamSource;

/* Borrows all that `source` points to, for the stream's life. */
Stream *stream_new(const StreamSource *source);
void stream_free(Stream *stream);
const StreamSource *stream_source(const Stream *stream);
Record *stream_record(const Stream *stream);

/* A new media feeds from `video` and `audio` (NULL: none); takes new references. It replaces the
 * media before it. Puts the media's description in and nothing more. */
void stream_attach(Stream *stream, GstAppSrc *video, GstAppSrc *audio);

/* Someone plays, or nobody does any more; ignored unless `video` is what is attached. */
void stream_play(Stream *stream, GstAppSrc *video);
void stream_stop(Stream *stream, GstAppSrc *video);
bool stream_plays(Stream *stream);

/* While stalled, connections stay and nothing is sent. */
void stream_stall(Stream *stream, bool stalled);

/* Shows `clip` (taken, coded as its own; NULL: its own again) from the next key picture on. */
void stream_show(Stream *stream, Clip *clip);
/* The picture of its own clip that is due next. */
uint32_t stream_place(const Stream *stream);

/* Sends what is due at `now_us` (clock_mono_us()) and returns when the next is due; INT64_MAX when
 * nobody watches. */
int64_t stream_step(Stream *stream, int64_t now_us);

/* Sends picture `number` of a live camera, if someone plays. */
void stream_send(Stream *stream, uint64_t number, uint32_t loop, const Clip *clip,
                 const ClipUnit *unit);

/* When picture `number` is due. */
int64_t stream_due_us(const Stream *stream, uint64_t number);
/* The first picture that is due after `now_us`. */
uint64_t stream_next_number(const Stream *stream, int64_t now_us);
