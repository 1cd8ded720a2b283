/* segment.h — one footage file while it is written and until it is sealed.
 *
 * Made and appended to by the writer; once closed, the keeper's. Members under "shown" are guarded
 * by the archive's lock: what others may list and read.
 */
#pragma once

#include "archive/segment_clock.h"
#include "archive/store.h"

#include <sys/uio.h>

enum { SEGMENT_WAIT_US = 10000000 }; /* for a key picture, once its time is up */

typedef struct Segment {
    SegmentId id;
    Stream *stream;              /* borrowed */
    char *file, *path;           /* owned */
    CodecParams *tracks[TRACKS]; /* references; audio may be NULL */
    _Atomic int64_t until_us;    /* its time is up at the first key picture from here on; set
                                    earlier by archive_seal_until(), under the lock */
    int64_t due_us;              /* the same, as it was when it began */
    int fd;                      /* -1: closed */
    SegmentClock clock;
    uint32_t sequence; /* fragments so far */
    uint64_t size;     /* good bytes */
    int64_t pictures, to_us;
    GByteArray *entries; /* Hash, of init part and fragments */
    GArray *gaps;        /* SealGap in order; grows under the lock */
    bool touched;        /* in the writer's list of segments to show */
    bool seal_tried;     /* the keeper's */

    int64_t shown_bytes, shown_to_us; /* shown; 0 bytes: not yet */
} Segment;

/* When a segment that starts at `start_us` has to end: the next multiple of `length_us`, shifted by
 * the camera's own offset (below a minute and the length), or UTC midnight. Pure. */
int64_t segment_until_us(const Uuid *camera, int64_t start_us, int64_t length_us);

/* A segment that will start with `first`; makes its file. Returns owned. */
Segment *segment_create(Store *store, Stream *stream, const AccessUnit *first, CodecParams *audio,
                        GError **error);

/* Appends `count` parts, `total` bytes, whole or not at all. False with errno in `*code` and
 * `*torn` when the file could not be cut back: nothing may be appended any more. */
bool segment_append(Segment *segment, struct iovec *parts, int count, size_t total, int *code,
                    bool *torn);

/* Adds the hash of the init part or of a fragment. */
void segment_add_entry(Segment *segment, const uint8_t hash[SHA256_BYTES]);

/* No more entries or gaps fit its seal. */
bool segment_full(const Segment *segment);

void segment_close_file(Segment *segment);

/* Closes and deletes the file, frees: nothing good was ever written to it. */
void segment_remove_empty(Segment *segment);
void segment_free(Segment *segment);
