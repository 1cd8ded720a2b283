/* good_run.h — how much of a segment is as its journal says: the longest run of records, from the
 * first, whose bytes are in the file with the same hash. Blocking.
 */
#pragma once

#include "archive/journal.h"
#include "archive/seal.h"

typedef struct SegmentJournal {
    SegmentId id;
    GArray *records; /* JournalRecord of this segment, in the order of writing */
} SegmentJournal;

typedef struct GoodRun {
    int64_t bytes, pictures, to_us; /* no pictures: nothing of it is good */
    int64_t file_bytes;             /* -1: there is no file */
    char codec[32], audio[32];      /* as the init part tells; "" when it cannot be read */
    int width, height;
    GArray *entries; /* Hash; owned */
    GArray *gaps;    /* SealGap; owned */
} GoodRun;

bool good_run_find(const char *path, const SegmentJournal *journal, GoodRun *run, GError **error);
void good_run_clear(GoodRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GoodRun, good_run_clear)

/* Fills in what a seal says about it; arrays are borrowed from `run`. */
void good_run_describe(const GoodRun *run, const SegmentJournal *journal, SegmentSeal *seal);
