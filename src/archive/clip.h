/* clip.h — cuts a clip out of footage without touching the pictures: a progressive MP4.
 *
 * A plan holds the `moov` with its sample tables in memory and says where each byte of the samples
 * lies in the footage files: it can be read at any offset (HTTP Range) or written to a file. It
 * starts with the key picture at or before `from`; an edit list makes playback start at `from`
 * exactly. Real time is kept: the last picture before a gap lasts through it, and the gaps are
 * listed, also in a `uuid` box of the clip. Where the coding changes within a codec, the track has
 * several sample descriptions.
 *
 * Blocking. A plan is used by one thread at a time; it keeps all its footage files open, so that
 * retention cannot take one away under it.
 */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "place/sight.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ClipSource {
    const char *path;       /* a footage file; copied */
    int64_t from_us, to_us; /* from_us: wall clock at its decode time 0 */
    int64_t valid_bytes;    /* of an open segment; 0: all of the file */
} ClipSource;

typedef struct ClipGap {
    int64_t from_us, to_us;
} ClipGap;

typedef struct ClipPlan ClipPlan;

/* Type of the last box in moov: version 1 (4 bytes), stream (4), camera (16), from_us, to_us (8
 * each), count of gaps (4), from_us and to_us (8 each) of every gap. */
#define CLIP_BOX "\xad\x75\x44\x39\x5a\x5f\x4c\x64\x80\xc6\x08\x29\xa6\xd1\xde\xf2"

/* How long before `from` a source is of use: a file that begins without a key picture goes on from
 * the one before it, which is looked into then. */
#define CLIP_LEAD_US (2 * MINUTE_US)

/* Sources in time order, one stream. `audio`: take the sound along where all of them have it.
 * Pictures shown from `from_us` to `to_us`, both included. A source that is gone by now or damaged
 * is a gap from there on (and a line in the log). Errors: ERR_INVALID (`from` not before `to`),
 * ERR_NOT_FOUND (no picture in the span), ERR_UNSUPPORTED (the codec changes within: the message
 * names the instant; make two clips), ERR_VERSION, ERR_IO. */
ClipPlan *clip_plan(const ClipSource *sources, unsigned count, int64_t from_us, int64_t to_us,
                    bool audio, GError **error);

/* The same of footage files as archive_segments() gives them. `lens`: what the picture can show of
 * a person is then told in the file's comment, which players show (`udta`, ©cmt); NULL: it is not.
 */
ClipPlan *clip_plan_segments(const GArray *segments, int64_t from_us, int64_t to_us, bool audio,
                             const PlaceLens *lens, GError **error);
void clip_plan_free(ClipPlan *plan); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClipPlan, clip_plan_free)

int64_t clip_size(const ClipPlan *plan);    /* bytes of the file */
int64_t clip_from_us(const ClipPlan *plan); /* when playback starts: `from`, or the first picture */
int64_t clip_to_us(const ClipPlan *plan);   /* when it ends: `to`, or the end of the last picture */
unsigned clip_pictures(const ClipPlan *plan);
bool clip_has_audio(const ClipPlan *plan);
unsigned clip_sounds(const ClipPlan *plan); /* frames of sound */

/* Spans of asked from..to without pictures: before, between and after those in the clip. Borrowed.
 */
const ClipGap *clip_gaps(const ClipPlan *plan, unsigned *count);

/* What the picture can show of a person. Returned owned; NULL: not known. */
char *clip_sight(const ClipPlan *plan, bool vietnamese);

/* Names these very bytes (a hash of the moov): for an ETag. Borrowed. */
const char *clip_tag(const ClipPlan *plan);

/* Exactly `size` bytes at `offset` of the clip; both must lie within clip_size(). */
bool clip_read(ClipPlan *plan, int64_t offset, void *buffer, size_t size, GError **error);

/* Called about once a 16 MiB and at the end; false stops the copy (ERR_UNAVAILABLE). */
typedef bool (*ClipProgress)(void *data, int64_t done_bytes, int64_t total_bytes);

/* Writes the clip beside `path` and renames it there when it is whole; nothing stays of a failed
 * one. An existing file is replaced. Not synced, as `cp` does not. `progress` may be NULL. */
bool clip_write(ClipPlan *plan, const char *path, ClipProgress progress, void *data,
                GError **error);
