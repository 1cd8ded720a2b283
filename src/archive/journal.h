/* journal.h — what was appended to segments that are not sealed yet (FOOTAGE §3, §5).
 *
 * VOLUME/journal/<10 digits>.journal: records of 128 bytes, big-endian, each with a CRC-32C, so
 * that a torn or damaged one is known and skipped. A file is dropped when all segments with a
 * record in it are sealed. Written by the writer thread; read at start, and by `verify` beside a
 * running server.
 *
 *   0 "VLJ1"   4 type (1)   5 stream (1)   6 flags (1: begins with a key picture)   7 cause (1)
 *   8 camera (16)   24 start_us (8)   32 copy (4)   36 pictures (4)   40 offset (8)   48 bytes (4)
 *   52 zero (4)   56 from_us (8)   64 to_us (8)   72 SHA-256 (32)   104 zero (20)   124 CRC (4)
 */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "media/access_unit.h"
#include "media/gap.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { JOURNAL_RECORD_BYTES = 128 };

typedef enum JournalType {
    JOURNAL_INIT = 1, /* the init part: entry 0 of the segment */
    JOURNAL_FRAGMENT, /* entry i, in the order of the records */
    JOURNAL_GAP,      /* no bytes: from_us..to_us has no pictures, by `cause` */
} JournalType;

/* Names a segment: its file is segment_file_name() of this. */
typedef struct SegmentId {
    Uuid camera;
    StreamKind stream;
    int64_t start_us; /* capture time of the first picture */
    uint32_t copy;    /* 0, or n of "-n" in the name */
} SegmentId;

typedef struct JournalRecord {
    JournalType type;
    SegmentId segment;
    bool key;
    GapCause cause;
    uint32_t pictures;
    uint64_t offset; /* of the bytes in the file */
    uint32_t bytes;
    int64_t from_us, to_us;
    uint8_t hash[SHA256_BYTES];
} JournalRecord;

void journal_record_encode(const JournalRecord *record, uint8_t bytes[JOURNAL_RECORD_BYTES]);
bool journal_record_decode(const uint8_t bytes[JOURNAL_RECORD_BYTES], JournalRecord *record);

/* All good records of all journal files of a volume in the order of writing: GArray of
 * JournalRecord, returned owned, empty when there are none; NULL on error. Blocking. */
GArray *journal_load(const char *volume_path, GError **error);

bool segment_id_equal(const SegmentId *a, const SegmentId *b);
guint segment_id_hash(const void *id); /* for GHashTable, with… */
gboolean segment_id_equal_keys(const void *a, const void *b);

/* "<day>/<HHMMSS.mmm>Z-<stream>[-n].mp4", as seals and catalog have it. Returns owned. */
char *segment_file_name(const SegmentId *id);

/* The same from a name; start_us to the millisecond. False on any other name. `id->camera` is left
 * as it is. */
bool segment_file_parse(const char *file, SegmentId *id);

/* "VOLUME/<camera>/<file>". Returns owned. */
char *segment_file_path(const char *volume_path, const Uuid *camera, const char *file);

/* The journal being written. Appending and restarting are for the writer thread, the rest for any.
 */
typedef struct Journal Journal;

/* The first append starts a file, numbered after all that are there. Returns owned. */
Journal *journal_open(const char *volume_path);

/* Removes the files nobody needs. NULL is allowed. */
void journal_close(Journal *journal);

/* Appends in one write. After an error the next call starts a new file; what was to be appended may
 * be handed in again, for readers take the same record twice as one. */
bool journal_append(Journal *journal, const JournalRecord *records, unsigned count, GError **error);

/* The next append starts a new file: the volume went and came back. */
void journal_restart(Journal *journal);

/* No record of this segment is needed any more: files that hold nothing else are removed. */
void journal_forget(Journal *journal, const SegmentId *segment);

/* Number of this run's first file, UINT64_MAX while there is none: files below it are of earlier
 * runs, and recovery's. */
uint64_t journal_first(Journal *journal);
