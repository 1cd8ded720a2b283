/* fmp4_read.h — reads what fmp4_write.h wrote: the init part and the heads of fragments.
 *
 * Input is bytes from the front of the part; nothing behind them is read, and what cannot be is
 * FMP4_BAD. Foreign boxes are skipped; foreign ways to say the same (sizes from trex, 64-bit boxes)
 * are FMP4_BAD, for they are not the footage format.
 */
#pragma once

#include "base/bytes.h"
#include "base/uuid.h"
#include "media/access_unit.h"
#include "media/fmp4_write.h"
#include "media/mp4_box.h"

typedef struct Fmp4InitInfo {
    size_t bytes;                /* of the init part: the first fragment begins here */
    CodecParams *tracks[TRACKS]; /* owned; NULL where there is no such track */
    bool footage;                /* the footage box is there */
    uint32_t format;
    StreamKind stream;
    Uuid camera;
    int64_t from_us;
} Fmp4InitInfo;

/* Fills `info` (whatever it held before is overwritten) on FMP4_OK only. */
Fmp4Result fmp4_read_init(const uint8_t *data, size_t size, Fmp4InitInfo *info, size_t *need);
void fmp4_init_info_clear(Fmp4InitInfo *info);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fmp4InitInfo, fmp4_init_info_clear)

/* One track of a fragment. The array is used again by the next read. */
typedef struct Fmp4ReadRun {
    uint64_t decode_time; /* of the first sample */
    uint64_t duration;    /* of all samples */
    uint64_t offset;     /* of the first sample, from the fragment's start; they lie side by side */
    uint64_t bytes;      /* of all samples */
    Fmp4Sample *samples; /* owned */
    unsigned count, room;
} Fmp4ReadRun;

typedef struct Fmp4FragmentInfo {
    uint64_t bytes;    /* of the whole fragment: the next one begins here */
    size_t head_bytes; /* before the first sample byte */
    uint32_t sequence;
    int64_t prft_us; /* FMP4_NO_PRFT when there is none */
    Fmp4ReadRun tracks[TRACKS];
} Fmp4FragmentInfo;

/* Reads `prft? moof mdat-header` at the front of `data`. Zero-initialise `info` before first use.
 * Every sample is known to lie inside the fragment. `*need` may be more than there is in a torn
 * file. */
Fmp4Result fmp4_read_fragment(const uint8_t *data, size_t size, Fmp4FragmentInfo *info,
                              size_t *need);
void fmp4_fragment_info_clear(Fmp4FragmentInfo *info);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fmp4FragmentInfo, fmp4_fragment_info_clear)

/* Where the types of the boxes of `track` stand in a whole init part or head of a fragment: with
 * "free" written there it is as if the track had never been, and nothing moves. Returns how many.
 */
enum { FMP4_TRACK_BOXES = 2 };
unsigned fmp4_track_boxes(const uint8_t *head, size_t size, Track track,
                          size_t at[FMP4_TRACK_BOXES]);
