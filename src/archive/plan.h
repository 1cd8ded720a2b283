/* plan.h — when a camera is to be recorded: its schedule, and the events that open it.
 *
 * Asked about the time of each picture, not about now: a picture that is written late is judged by
 * when it was taken. One plan a camera, for all its streams; it lives as long as the archive. Any
 * thread; what always records takes no lock.
 */
#pragma once

#include "base/uuid.h"
#include "config/schedule.h"
#include "media/gap.h"

#include <stdatomic.h>

typedef struct Plan {
    Uuid camera;
    atomic_bool always;
    pthread_mutex_t lock; /* guards what follows */
    Schedule schedule;
    GTimeZone *zone;
    GArray *events;             /* Uuid of those that go on */
    int64_t from_us, until_us;  /* what the newest events open */
    uint32_t steps;             /* of the clock, that these two have followed */
    int64_t offset_us;          /* node time less monotonic, as last seen */
    int64_t since_us, holds_us; /* what hours say, as last asked: `open` in [since, holds) */
    bool open;
} Plan;

Plan *plan_new(const Uuid *camera); /* returns owned; always open */
void plan_free(Plan *plan);

/* `zone` NULL: UTC. Events that go on are kept. */
void plan_set(Plan *plan, const Schedule *schedule, GTimeZone *zone);

/* Something was noticed at `at_us` and goes on; it is over since `at_us`. */
void plan_event_begins(Plan *plan, const Uuid *event, int64_t at_us);
void plan_event_ends(Plan *plan, const Uuid *event, int64_t at_us);

/* Whether a picture of `at_us` is to be recorded. `*from_us` (may be NULL): where that begins. */
bool plan_is_open(Plan *plan, int64_t at_us, int64_t *from_us);

/* Whether its schedule is hours of the week. */
bool plan_has_hours(Plan *plan);

/* How long a picture that is not to be recorded is held all the same, for an event that may come.
 */
int64_t plan_held_us(Plan *plan);

typedef struct PlanPart {
    int64_t from_us, to_us;
    GapCause cause;
} PlanPart;

/* [from_us, to_us), of which there is no footage because of `cause`, parted by hours: what lies
 * outside of them is `scheduled`. GArray of PlanPart, returned owned. */
GArray *plan_parts(Plan *plan, int64_t from_us, int64_t to_us, GapCause cause);
