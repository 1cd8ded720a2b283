/* part_h264.h — a part of a footage file with its pictures made into H.264, for players that know
 * no H.265, and where privacy masks cover some of them.
 *
 * It is a fragment with the times of the file, so that parts follow each other as those of the file
 * do; smaller pictures and fewer of them, which bounds what it costs. The sound goes along
 * untouched. The file stays as it is. Blocking and hungry (a fifth to a third of a core at the
 * speed of the film): for a thread that stands back.
 */
#pragma once

#include "archive/segment_read.h"
#include "base/buffer.h"
#include "media/mask.h"

#include <stdatomic.h>

typedef struct PartH264 {
    SegmentReader *reader;   /* borrowed; of a file of H.265, or with `masks` of H.264 too */
    const SegmentPart *part; /* as segment_parts() gave it; NULL: the init part */
    bool sound;              /* whoever asks may listen */
    MaskSet *masks;          /* cover its pictures; borrowed, NULL: nothing does */
    bool key_only;           /* its first picture alone, and no sound */
    const atomic_bool *stop; /* gives up as soon as this is set */
} PartH264;

/* Parts longer than this (key pictures are far apart) are refused. */
#define PART_H264_MOST_US (30 * SECOND_US)

/* Is the footage H.265? Parts are made of nothing else, but where they are masked. */
bool part_h264_is_needed(const SegmentReader *reader);

/* Returns owned, or NULL. ERR_UNSUPPORTED: nothing can be made of it; ERR_UNAVAILABLE: given up. */
Buffer *part_h264_make(const PartH264 *wanted, GError **error);
