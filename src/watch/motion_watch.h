/* motion_watch.h — motion of all cameras under the eye: kept in the store, told as events.
 *
 * An event begins with two seconds of motion running, of at least MOTION_EVENT_CELLS cells each,
 * and ends when MOTION_EVENT_HOLD_S seconds had none.
 */
#pragma once

#include "event/event.h"
#include "watch/eye.h"
#include "watch/motion_store.h"

enum { MOTION_EVENT_CELLS = 4, MOTION_EVENT_HOLD_S = 10 };

typedef struct MotionWatch MotionWatch;

/* Borrows both. Returns owned; free it after the eye. */
MotionWatch *motion_watch_new(MotionStore *store, Events *events);
void motion_watch_free(MotionWatch *watch); /* NULL is allowed */

/* For eye_add_analyser(). */
EyeAnalyser motion_watch_analyser(MotionWatch *watch);
