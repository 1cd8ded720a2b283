/* due_time.h — the time by which footage and reports grow old and holds end.
 *
 * It is node time, but for a jump ahead of more than a day: somebody may have set the clock wrong,
 * and what is deleted by it never comes back. So long as DUE_WAIT_US of running it goes on as if
 * there had been no jump, which is told in the log; then the clock is believed. A machine that was
 * off for days looks the same, and keeps what it has so much longer. Kept in DATA/due-time, so that
 * a restart does not believe what the run before did not.
 */
#pragma once

#include "base/clock.h"

#define DUE_JUMP_US DAY_US
#define DUE_WAIT_US (3 * DAY_US)

typedef struct DueTime DueTime;

DueTime *due_time_new(const char *data_path);
void due_time_free(DueTime *due); /* writes the file; NULL is allowed */

/* Microseconds since the epoch. Any thread; may wait for the disk. */
int64_t due_time_us(DueTime *due);

/* The same for holds, which are promised to last so long: it believes no jump ahead, however small,
 * before DUE_WAIT_US of running, nor the time in which nothing ran. What jumps meanwhile waits as
 * long after that: each jump is believed after twice DUE_WAIT_US. Never ahead of due_time_us(): a
 * clock that is set back holds it back, too. */
int64_t due_time_of_holds_us(DueTime *due);
