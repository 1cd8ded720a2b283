/* nal.h — NAL units of H.264 and H.265: finding them in bytes, and what their types mean.
 *
 * Inside the program pictures carry their NAL units each behind a 4-byte length (as in MP4). Annex
 * B start codes occur only in what cameras send.
 */
#pragma once

#include "media/access_unit.h"

typedef struct Nal {
    const uint8_t *data; /* borrowed; begins with the NAL header, no length or start code */
    size_t size;         /* bytes, at least 1 */
} Nal;

/* Where an iteration stands; nal_reader() starts one. */
typedef struct NalReader {
    const uint8_t *data;
    size_t size;
    size_t at;
} NalReader;

NalReader nal_reader(const void *data, size_t size);

/* The next NAL unit behind a 4-byte length; empty ones are skipped. False at the end, and at a
 * length that reaches past it. */
bool nal_next(NalReader *reader, Nal *nal);

/* The next NAL unit of an Annex B byte stream (ITU-T H.264 §B.1), without trailing zeros. What
 * stands before the first start code is skipped. */
bool nal_next_annexb(NalReader *reader, Nal *nal);

/* Whether the bytes begin with a start code of 3 or 4 bytes. */
bool nal_starts_annexb(const uint8_t *data, size_t size);

/* Where the next 00 00 01 stands at or after `from`, or `size`. */
size_t nal_find_start_code(const uint8_t *data, size_t size, size_t from);

/* What a NAL unit is for, the same words for both codecs. */
typedef enum NalRole {
    NAL_OTHER,
    NAL_VPS, /* H.265 only */
    NAL_SPS,
    NAL_PPS,
    NAL_AUD,   /* access unit delimiter */
    NAL_SEI,   /* prefix SEI */
    NAL_SLICE, /* part of a picture that needs others */
    NAL_KEY,   /* part of a picture that can be decoded alone: IDR; H.265: any IRAP */
} NalRole;

unsigned nal_type(Codec codec, const uint8_t *nal); /* nal_unit_type; reads 1 byte */
NalRole nal_role(Codec codec, const uint8_t *nal);  /* reads 1 byte */
bool nal_is_vcl(Codec codec, const uint8_t *nal);   /* NAL_SLICE or NAL_KEY */

/* Whether it is the first slice of a picture (first_mb_in_slice = 0, first_slice_segment_in_pic).
 */
bool nal_starts_picture(Codec codec, const Nal *nal);

/* Whether no other picture is decoded from this one, so that it can be left out: no slice has
 * nal_ref_idc above 0 (ITU-T H.264 §7.4.1); all are of a picture that none of its sub-layer refers
 * to, in the highest one (ITU-T H.265 table 7-1). False where that cannot be told. */
bool nal_is_left_alone(const AccessUnit *picture);

/* Copies without emulation prevention bytes (ITU-T H.264 §7.4.1) into `out`, which has room for
 * `size` bytes. Returns the bytes written. */
size_t nal_unescape(const uint8_t *data, size_t size, uint8_t *out);
