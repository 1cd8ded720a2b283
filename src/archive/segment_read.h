/* segment_read.h — reads footage files: the fragments of a segment, its pictures, its parts for
 * HLS.
 *
 * Blocking; any thread, a reader by one thread at a time. Footage may be cut off or damaged: that
 * is ERR_CORRUPT with file and offset, never a read outside. An open segment is read up to the
 * bytes the caller says are valid.
 */
#pragma once

#include "base/error.h"
#include "media/access_unit.h"
#include "media/fmp4_read.h"

typedef struct SegmentReader SegmentReader;

/* A picture that follows more than this after the end of the one before is behind a gap. */
enum { SEGMENT_GAP_US = 500000 };

/* Opens `path` and reads the init part. `valid_bytes`: what may be read of it (at most its size);
 * 0: all of it. `from_us`: the wall clock at decode time 0 as the caller knows it (with the seal's
 * offset_us), or SEGMENT_OWN_TIME for what the file says. */
#define SEGMENT_OWN_TIME INT64_MIN
SegmentReader *segment_reader_open(const char *path, int64_t valid_bytes, int64_t from_us,
                                   GError **error);
void segment_reader_free(SegmentReader *reader); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SegmentReader, segment_reader_free)

const Fmp4InitInfo *segment_reader_init(const SegmentReader *reader);
int64_t segment_reader_from_us(const SegmentReader *reader);
int segment_reader_fd(const SegmentReader *reader);        /* borrowed */
int64_t segment_reader_bytes(const SegmentReader *reader); /* that are valid */

/* The init part until the first segment_reader_next(), then the head of the newest fragment. */
const uint8_t *segment_reader_head(const SegmentReader *reader);

/* The next fragment whose bytes are all valid; its place in the file in `*offset`. False at the end
 * and on error. `*fragment` is borrowed until the next call. */
bool segment_reader_next(SegmentReader *reader, const Fmp4FragmentInfo **fragment, uint64_t *offset,
                         GError **error);

/* The two for whoever takes what there is of many files: one that is damaged, or that retention
 * took meanwhile, is told in the log and passed over (`*reader` is NULL), and where damage begins a
 * file ends. False on other errors. */
bool segment_reader_try(const char *path, int64_t valid_bytes, int64_t from_us,
                        SegmentReader **reader, GError **error);
bool segment_reader_next_good(SegmentReader *reader, const Fmp4FragmentInfo **fragment,
                              uint64_t *offset, GError **error);

/* The next fragment is the one at `offset`, which segment_reader_next() gave before; 0: the first.
 */
void segment_reader_seek(SegmentReader *reader, uint64_t offset);

/* Wall clock of `ticks` of the track's timescale since decode time 0, and back. */
int64_t segment_time_us(const SegmentReader *reader, Track track, int64_t ticks);

/* The newest key picture shown at or before `at_us` (the first of the file when all are later), as
 * an access unit with params, key, pts and capture_us. Returns owned; ERR_NOT_FOUND: no key
 * picture. */
AccessUnit *segment_key_picture(SegmentReader *reader, int64_t at_us, GError **error);

/* Fragments that are played together: they begin with a key picture. */
typedef struct SegmentPart {
    uint64_t offset, bytes;
    int64_t time_us; /* of its first picture */
    int64_t duration_us;
    bool gap_before; /* within the file: no pictures for a while before it */
    bool whole;      /* the next key picture is there: this part of an open file grows no more */
    bool sound;      /* sound that goes on without a hole to speak of, from the part before it */
} SegmentPart;

/* Parts of playlists are this long at least, where the key pictures allow it. */
#define SEGMENT_PART_LEAST_US (2 * SECOND_US)

/* The parts (GArray of SegmentPart) that overlap from..to, each of at least `least_us` where the
 * key pictures allow it. Returns owned, maybe empty; NULL on error. Starts at the front of the
 * file. */
GArray *segment_parts(SegmentReader *reader, int64_t from_us, int64_t to_us, int64_t least_us,
                      GError **error);
