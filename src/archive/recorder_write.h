/* recorder_write.h — private to recorder: what becomes of a fragment that is complete.
 *
 * It goes into the open segment, or begins one; onto another volume when this one cannot take it;
 * and is lost, with its cause, when none can. Writer thread.
 */
#pragma once

#include "archive/recorder.h"

enum { PICTURE_APART_MOST_US = 5000000 }; /* a stream that is silent for longer is connected anew */

/* Closes the segment in work, if there is one. */
void recorder_end_segment(Recorder *recorder, Batch *batch);

/* Writes the fragment in work: `next`, the picture that follows without a break, has come; NULL:
 * none does, by `now_us`. */
void recorder_write_before(Recorder *recorder, Batch *batch, const AccessUnit *next,
                           int64_t now_us);

/* Writes the fragment in work, whose pictures have waited long enough for the next one, which is
 * expected to come; by `now_us`. */
void recorder_write_waiting(Recorder *recorder, Batch *batch, int64_t now_us);

/* Writes a fragment whose last picture has come, without waiting for the next one: what a kill can
 * take is then less than a second. */
void recorder_write_full(Recorder *recorder, Batch *batch);

/* Writes what another volume could not take. False when this one cannot either and it goes on to a
 * third. */
bool recorder_write_put_off(Recorder *recorder, Batch *batch);

/* Between pictures of a regular stream, else 0. */
int64_t recorder_interval_us(const Recorder *recorder);
