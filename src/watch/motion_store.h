/* motion_store.h — keeps the motion grids of all cameras: a file a camera and UTC day, below
 * DATA/motion, for longer than footage is kept.
 *
 * The seconds of a minute are one block with a checksum, the last of its file; it is written anew
 * with every ten of them, in its place, until the minute is over. A torn tail is cut before the
 * next. A kill loses at most the ten seconds under way, which are then not seen. Seconds of one
 * camera come on one thread; reading may be done on any.
 */
#pragma once

#include "base/uuid.h"
#include "watch/motion_file.h"

#include <glib.h>

typedef struct MotionStore MotionStore;

enum { MOTION_KEEP_DAYS_DEFAULT = 365, MOTION_KEEP_DAYS_MOST = 3650, MOTION_WRITE_S = 10 };

/* `folder` is made with the first second. `keep_days`: older files are deleted, once a day. Returns
 * owned. */
MotionStore *motion_store_new(const char *folder, unsigned keep_days);

/* Writes what is still held. NULL is allowed. Blocking. */
void motion_store_free(MotionStore *store);

/* Writes each MOTION_WRITE_S; what could not be written until its minute was over is told in the
 * log and lost. May block for a moment. */
void motion_store_add(MotionStore *store, const Uuid *camera, const MotionSecond *second);

/* Writes what is held of this camera: its pictures end. */
void motion_store_flush(MotionStore *store, const Uuid *camera);

/* Hands on the runs of one camera and UTC day (days since the Unix epoch) in the order they were
 * seen, the minute under way included. Blocking. */
void motion_store_read(MotionStore *store, const Uuid *camera, int64_t day, MotionRunTaken take,
                       void *data);

/* Deletes the days that end `keep_days` or more before `now_us`. Blocking. */
void motion_store_tidy(MotionStore *store, int64_t now_us);
