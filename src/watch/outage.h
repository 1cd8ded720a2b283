/* outage.h — from when footage moved on to when somebody is told: pure, no clock of its own.
 *
 * What is watched has a newest durable moment. It is late when that has not moved on for longer
 * than it may, by the monotonic clock: a wall clock that is set alarms nobody. An outage ends when
 * the moment has moved on without a break for a while; that while doubles each time the next outage
 * comes soon, so that something that goes on and off is told of as one.
 */
#pragma once

#include "base/clock.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stdint.h>

/* Moves on this often while it is well; how long it must be well at first, and at most; a longer
 * calm than this makes the next outage a new matter. */
#define OUTAGE_FRESH_US (5 * SECOND_US)
#define OUTAGE_STEADY_US (5 * SECOND_US)
#define OUTAGE_STEADY_MOST_US (5 * MINUTE_US)
#define OUTAGE_CALM_US (10 * MINUTE_US)

/* Zero-initialise. */
typedef struct Outage {
    bool on;
    bool watched;      /* `moved_us` is set */
    bool ended_once;   /* `ended_us` is set */
    int64_t newest_us; /* as last seen; node time, 0: none yet */
    int64_t moved_us;  /* monotonic: when that last changed, or watching began */
    int64_t good_us;   /* monotonic: since when it is well again; 0: it is not */
    int64_t back_us;   /* node time: from when there is footage again */
    int64_t steady_us; /* how long it must be well for the outage to end */
    int64_t ended_us;  /* monotonic */
    Uuid event;        /* the caller's, while it is on */
} Outage;

typedef enum OutageTurn { OUTAGE_SAME, OUTAGE_BEGINS, OUTAGE_ENDS } OutageTurn;

/* A look at `mono_us`. When it ends, `back_us` says from when there was footage again. */
OutageTurn outage_look(Outage *outage, int64_t late_us, int64_t mono_us, int64_t newest_us);

/* Lateness counts from now on: what kept it from moving on was something else, told elsewhere. */
void outage_excuse(Outage *outage, int64_t mono_us, int64_t newest_us);
