/* archive_rig.h — an archive in a folder of its own, with pictures to feed it and ways to look at
 * what it wrote.
 *
 * A picture is a NAL unit with its number in it, so that it can be told from all others. The clock
 * stands still but for rig_feed() and rig_time(), which move it along with the pictures.
 */
#pragma once

#include "archive/archive.h"
#include "archive/coverage.h"
#include "archive/seal.h"
#include "base/clock.h"
#include "unit.h"

typedef struct Rig {
    char *dir;
    Catalog *catalog;
    NodeKey *key;
    ArchiveSettings settings;
    Archive *archive;
    Hub *hub;
    Uuid camera; /* set before rig_start(), or one that is always the same: its segments' ends
                  * follow from it */
    CodecParams *video, *audio;
    int64_t now_us;     /* node time: where the next picture stands */
    int64_t frame_us;   /* between two pictures */
    unsigned key_every; /* pictures */
    size_t bytes;       /* of a picture; at least 16 */
    uint64_t number;    /* of the next picture */
    uint32_t run;
    int64_t run_start_us; /* capture time of pts 0 of the run */
    GapCause gap_cause;
    bool run_begins; /* with the next picture */
} Rig;

/* Monday 2026-11-23 10:01:00 UTC: no boundary of a 5-minute segment is near. */
#define RIG_START_US (INT64_C(1795428060) * SECOND_US)

void rig_start(Rig *rig);            /* opens all, records, nothing fed */
void rig_open(Rig *rig);             /* the archive alone, again */
void rig_stop(Rig *rig);             /* closes the archive cleanly */
void rig_close(Rig *rig);            /* … and the catalog: no thread is left, one may fork */
void rig_reopen(Rig *rig);           /* catalog and archive */
void rig_end(Rig *rig);              /* closes all, removes the folder */
void rig_time(Rig *rig, int64_t us); /* sets the clock there */
void rig_step(Rig *rig, int64_t us); /* somebody sets the wall clock; the camera begins a new run */

void rig_feed(Rig *rig, unsigned pictures);
void rig_feed_us(Rig *rig, int64_t us);
void rig_feed_one(Rig *rig, bool key);
void rig_gap(Rig *rig, int64_t us, GapCause cause); /* nothing comes; then a new run */
/* A line of the holds' ledger: "hold" or "release" of the one hold there is. */
void rig_hold(Rig *rig, const char *type, int64_t from_us, int64_t to_us);

/* Waits until the writer has all that is complete by now: real time, briefly. */
void rig_wait_written(Rig *rig, int64_t until_us);

/* A picture found in footage. */
typedef struct Found {
    uint64_t number;
    int64_t time_us; /* by decode time + composition */
    int64_t duration_us;
    unsigned file; /* counts the files in order of name */
    bool key, first_of_fragment;
} Found;

/* All pictures of all .mp4 files of the camera, in the order of files and decoding. */
GArray *rig_footage(Rig *rig);
void rig_expect_pictures(Rig *rig, uint64_t from, uint64_t count); /* these, once and in order */

/* SegmentSeal by value of all seal lines of the camera, oldest first; checked against the files:
 * every entry is recomputed. */
GArray *rig_seals(Rig *rig);

/* Spans and gaps follow each other without hole or overlap. Returns owned. */
Coverage *rig_coverage(Rig *rig, int64_t from_us, int64_t to_us);
int64_t rig_gap_us(const Coverage *coverage, GapCause cause); /* summed */
