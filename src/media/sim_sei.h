/* sim_sei.h — the mark that a simulated camera puts into every picture.
 *
 * A user_data_unregistered SEI message (ITU-T H.264 §D.1.7, H.265 §D.2.7) alone in its NAL unit,
 * before the first slice: a fixed UUID, then ASCII text
 *   cam=cam07 stream=main loop=3 number=12345 sent_us=1732432059123456
 * so that pictures that look alike can be told apart and counted without decoding. Pure.
 */
#pragma once

#include "media/access_unit.h"

enum { SIM_SEI_BYTES = 192, SIM_SEI_CAMERA = 16 };

typedef struct SimSei {
    char camera[SIM_SEI_CAMERA]; /* "cam07": no blanks, NUL-terminated */
    StreamKind stream;
    uint32_t loop;   /* which pass over the scene */
    uint64_t number; /* pictures of this stream since the camera started, sent or not */
    int64_t sent_us; /* wall clock, UTC, when the picture was handed to the network */
} SimSei;

/* Writes one SEI NAL unit for H.264 or H.265, without length or start code, that needs no emulation
 * prevention. Returns its size, at most SIM_SEI_BYTES. */
size_t sim_sei_write(const SimSei *sei, Codec codec, uint8_t nal[SIM_SEI_BYTES]);

/* Looks for the mark in one access unit: NAL units each behind a 4-byte length, or an Annex B byte
 * stream. False when there is none; `sei` is then undefined. */
bool sim_sei_parse(Codec codec, const uint8_t *data, size_t size, SimSei *sei);
