/* mp4_box.h — the boxes that fragmented and progressive MP4 share (ISO/IEC 14496-12). */
#pragma once

#include "base/bytes.h"
#include "media/access_unit.h"

#define MP4_TYPE(a, b, c, d) \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* Opens a box; returns where it begins, for box_end() to fill in its size. `type` has 4 letters. */
size_t box_begin(ByteWriter *to, const char *type);
size_t full_box_begin(ByteWriter *to, const char *type, uint8_t version, uint32_t flags);
void box_end(ByteWriter *to, size_t box);

/* Track ids are fixed: video 1, audio 2. */
static inline uint32_t mp4_track_id(Track track)
{
    return (uint32_t)track + 1;
}

/* mvhd, tkhd, mdhd in version 1 (64-bit times); durations in the box's own timescale, 0 when
 * fragments follow. `created_us` is 0 for none. `movie_timescale` counts mvhd and tkhd. */
void mp4_write_mvhd(ByteWriter *to, uint32_t movie_timescale, uint64_t duration,
                    int64_t created_us);
void mp4_write_tkhd(ByteWriter *to, Track track, const CodecParams *params, uint64_t duration,
                    int64_t created_us);
void mp4_write_mdhd(ByteWriter *to, uint32_t timescale, uint64_t duration, int64_t created_us);

/* hdlr; then the start of minf: vmhd or smhd, dinf. */
void mp4_write_hdlr(ByteWriter *to, Track track);
void mp4_write_media_header(ByteWriter *to, Track track);

/* avc1 with avcC (ISO/IEC 14496-15), hvc1 with hvcC, mp4a with esds (ISO/IEC 14496-14), Opus with
 * dOps, fLaC with dfLa, or alaw and ulaw as QuickTime has them, which older footage holds
 * (docs/design/decisions/003-g711-in-mp4.md). */
void mp4_write_sample_entry(ByteWriter *to, const CodecParams *params);

/* Sample flags of trex, tfhd and trun (ISO/IEC 14496-12 §8.8.3.1). */
enum { MP4_SAMPLE_KEY = 0x02000000, MP4_SAMPLE_NOT_KEY = 0x01010000 };

typedef struct Mp4Box {
    uint32_t type;   /* as MP4_TYPE() */
    ByteReader body; /* behind size and type */
    size_t size;     /* of the whole box */
} Mp4Box;

/* The next box that lies whole in `from`; false at the end, or with `from->failed` when there are
 * bytes left that are no whole box. */
bool mp4_box_next(ByteReader *from, Mp4Box *box);

/* The body of the box that `path` leads to, 4 letters a level, first of its type in each
 * ("mdiamdhd"); empty and failed when there is none. */
ByteReader mp4_find_box(ByteReader in, const char *path);

/* Version and flags of a full box. */
uint8_t mp4_read_version(ByteReader *body, uint32_t *flags);

typedef enum Fmp4Result {
    FMP4_OK,
    FMP4_MORE, /* whole so far: give at least `*need` bytes from the same start */
    FMP4_BAD,
} Fmp4Result;

/* The box at `at` of `size` bytes, which may end within it. `*end` is where it ends. One of
 * another type, or that ends behind FMP4_MAX_HEAD, is FMP4_BAD. */
Fmp4Result mp4_whole_box(const uint8_t *data, size_t size, size_t at, uint32_t type,
                         ByteReader *body, size_t *end, size_t *need);

/* No init part and no head of a fragment is larger. */
enum { FMP4_MAX_HEAD = 4 << 20 };
