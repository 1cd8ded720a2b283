/* clip_plan.h — what a clip plan is made of; private to clip.c, clip_file.c and their like. */
#pragma once

#include "archive/clip.h"
#include "archive/segment_read.h"

/* Bytes of a footage file that follow each other in the clip. */
typedef struct ClipExtent {
    uint64_t to;   /* where they stand in the content of mdat */
    uint64_t from; /* in the file */
    uint64_t bytes;
    unsigned source;
} ClipExtent;

/* A key picture: number `sample` of the fragment at `offset` of a source. */
typedef struct ClipStart {
    bool found;
    unsigned source, sample;
    uint64_t offset;
    int64_t time_us; /* when it is shown */
} ClipStart;

struct ClipPlan {
    GPtrArray *readers; /* SegmentReader; open for the plan's life, so that retention cannot take a
                           file away under it */
    GArray *extents;    /* ClipExtent, without holes in `to` */
    GArray *gaps;       /* ClipGap */
    ByteWriter front;   /* ftyp, moov, header of mdat */
    uint64_t data_bytes;
    int64_t from_us, to_us;
    unsigned pictures, sounds;
    bool audio;
    PlaceLens lens; /* zeros: not known */
    ClipStart start;
    char tag[65];
};

/* False on error only. */
bool clip_find_start(ClipPlan *plan, int64_t from_us, ClipStart *start, GError **error);

/* Whether the file's first picture can be decoded without those of the file before: in `*key`.
 * False on error only. */
bool clip_begins_with_key(SegmentReader *reader, bool *key, GError **error);
