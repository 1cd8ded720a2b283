/* mp4_first.h — where the first key picture of a film lies, as phones and recorders write films
 * (ISO 14496-12, MP4 and MOV with one table of samples; not in fragments). Pure; takes anyone's
 * bytes.
 */
#pragma once

#include "media/access_unit.h"

typedef struct Mp4First {
    Codec codec;           /* CODEC_H264 or CODEC_H265 */
    const uint8_t *config; /* body of its avcC or hvcC; within the bytes that were given */
    size_t config_bytes;
    uint64_t at;    /* of the file */
    uint32_t bytes; /* NAL units, each behind its length */
} Mp4First;

/* `movie` is the body of the box moov. False: there is none that is known here. */
bool mp4_first_picture(const uint8_t *movie, size_t size, Mp4First *first);

/* One box of a file, by its first bytes (16, or as many as there are): its type, how long its head
 * and all of it are, if it goes no further than `left`. False: it is none. */
bool mp4_box_head(const uint8_t *data, size_t size, uint64_t left, char type[5], unsigned *head,
                  uint64_t *bytes);
