/* clock.h — the node's clock (FOOTAGE.md §7).
 *
 * Node time is CLOCK_MONOTONIC anchored to UTC once, then slewed by at most 500 ppm toward the wall
 * clock, so that it never jumps under a recording. When the wall clock is stepped (differs by more
 * than 0.5 s), clock_tick() anchors anew and counts a step: runs of pictures begin anew there.
 *
 * All functions may be called on any thread; clock_tick() from one thread only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

enum { DAY_MINUTES = 24 * 60 };

int64_t clock_now_us(void);  /* node time, microseconds since the Unix epoch, UTC */
int64_t clock_mono_us(void); /* CLOCK_MONOTONIC, for time-outs */
int64_t clock_wall_us(void); /* CLOCK_REALTIME as it stands */

/* Node time of an instant just past that the kernel stamped with CLOCK_REALTIME (SO_TIMESTAMPNS).
 * Now, when the wall clock was stepped meanwhile: a stamp to come, or more than 10 s old. */
int64_t clock_from_wall_us(int64_t wall_us);

/* Compares node and wall clock; call about once a second. Returns true when the wall clock was
 * stepped since the last call; the step is then adopted and counted. */
bool clock_tick(void);
uint32_t clock_steps(void);

/* Node clock minus NTP as the kernel tells it (adjtimex), or CLOCK_NTP_UNKNOWN. */
#define CLOCK_NTP_UNKNOWN INT64_C(-1000000000)
int64_t clock_ntp_offset_us(void);

/* Tests only: replaces the three sources by fixed values; negative values restore the real ones. */
void clock_test_set(int64_t mono_us, int64_t wall_us);
