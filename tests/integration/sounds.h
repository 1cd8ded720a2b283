/* sounds.h — sounds that scripted cameras send, each of which can be known again, and what must be
 * heard of them in the footage.
 *
 * A sample of G.711 tells its tick by those around it; a unit of AAC or Opus its number.
 */
#pragma once

#include "camera_rows.h"

enum { SOUND_TYPE = 97, UNIT_TICKS = 1024, UNIT_BYTES = 200, LONG_UNIT_BYTES = 3000 };

/* The sample at this tick, of either law. */
uint8_t sound_sample(uint64_t tick);

/* A unit of AAC or Opus that begins with `head`. Returns owned. */
GBytes *sound_unit(uint8_t head, uint64_t number, size_t size);
enum { AAC_HEAD = 0x21, OPUS_HEAD = 0xfc /* 20 ms of one channel pair: RFC 6716 §3.1 */ };

/* Appends an RFC 3640 payload of one AU, or of a part of it: `whole` is what its header tells. */
void sound_add_aac(GPtrArray *payloads, const void *data, size_t size, size_t whole);

/* Which sounds never arrive: each twentieth. */
bool sound_is_dropped(uint64_t number);

/* Judges for CameraRow.listen. All but the last: each sound is whole and in order from the first
 * picture to the last, at most 50 ms and its packet from when it was made. */
void listen_whole(const CameraRow *row, const Footage *footage);
void listen_lossy(const CameraRow *row, const Footage *footage);  /* but those that are dropped */
void listen_astray(const CameraRow *row, const Footage *footage); /* 300 ms off, as its stamps */
void listen_partly(const CameraRow *row, const Footage *footage); /* it begins late, or stops */
void listen_none(const CameraRow *row, const Footage *footage);   /* there is no sound track */
