#include "archive/plan.h"

#include "base/clock.h"

#include <pthread.h>

/* An event is told of a moment after its pictures came: so long they wait beyond what is wanted. */
#define TOLD_LATE_US (5 * SECOND_US)

/* What events open is meant by how long ago they were: when the clock is set, it is set too.
 * Pictures of before a step forth may still wait to be written: for them the begin stays. Called
 * with the lock held. */
static void follow_clock(Plan *plan)
{
    int64_t offset_us = clock_now_us() - clock_mono_us();
    if (plan->steps != clock_steps()) {
        int64_t shift_us = offset_us - plan->offset_us;
        plan->from_us += MIN(shift_us, 0);
        plan->until_us += plan->until_us == INT64_MAX ? 0 : shift_us;
        plan->steps = clock_steps();
    }
    plan->offset_us = offset_us;
}

Plan *plan_new(const Uuid *camera)
{
    Plan *plan = g_new0(Plan, 1);
    plan->camera = *camera;
    atomic_init(&plan->always, true);
    pthread_mutex_init(&plan->lock, NULL);
    plan->zone = g_time_zone_new_utc();
    plan->events = g_array_new(FALSE, FALSE, sizeof(Uuid));
    plan->steps = clock_steps();
    follow_clock(plan);
    return plan;
}

void plan_free(Plan *plan)
{
    g_time_zone_unref(plan->zone);
    g_array_unref(plan->events);
    pthread_mutex_destroy(&plan->lock);
    g_free(plan);
}

void plan_set(Plan *plan, const Schedule *schedule, GTimeZone *zone)
{
    pthread_mutex_lock(&plan->lock);
    plan->schedule = *schedule;
    plan->holds_us = plan->since_us = 0;
    if (zone) {
        g_time_zone_unref(plan->zone);
        plan->zone = g_time_zone_ref(zone);
    }
    atomic_store(&plan->always, schedule->kind == SCHEDULE_ALWAYS);
    pthread_mutex_unlock(&plan->lock);
}

static int find_event(const Plan *plan, const Uuid *event)
{
    for (guint i = 0; i < plan->events->len; i++)
        if (uuid_equal(&g_array_index(plan->events, Uuid, i), event))
            return (int)i;
    return -1;
}

void plan_event_begins(Plan *plan, const Uuid *event, int64_t at_us)
{
    pthread_mutex_lock(&plan->lock);
    follow_clock(plan);
    /* By the clock of before it was set back, it would be yet to come. */
    int64_t from_us = MIN(at_us, clock_now_us()) - plan->schedule.around_us;
    if (plan->events->len == 0 && from_us > plan->until_us)
        plan->from_us = from_us;
    plan->from_us = MIN(plan->from_us, from_us);
    plan->until_us = INT64_MAX;
    if (find_event(plan, event) < 0)
        g_array_append_val(plan->events, *event);
    pthread_mutex_unlock(&plan->lock);
}

void plan_event_ends(Plan *plan, const Uuid *event, int64_t at_us)
{
    pthread_mutex_lock(&plan->lock);
    follow_clock(plan);
    int64_t now_us = clock_now_us();
    int found = find_event(plan, event);
    if (found >= 0)
        g_array_remove_index_fast(plan->events, (guint)found);
    /* Told late, it must still open the plan for pictures that are yet to come: what was held
     * before goes before them. */
    if (found >= 0 && plan->events->len == 0)
        plan->until_us = CLAMP(at_us, now_us, now_us + TOLD_LATE_US) + plan->schedule.around_us;
    pthread_mutex_unlock(&plan->lock);
}

/* Called with the lock held. */
static bool hours_are_open(Plan *plan, int64_t at_us, int64_t *from_us)
{
    if (at_us < plan->since_us || at_us >= plan->holds_us)
        plan->open =
            schedule_is_open(&plan->schedule, plan->zone, at_us, &plan->since_us, &plan->holds_us);
    *from_us = plan->since_us;
    return plan->open;
}

/* Called with the lock held. */
static bool is_open(Plan *plan, int64_t at_us, int64_t *from_us)
{
    *from_us = INT64_MIN;
    if (plan->schedule.kind == SCHEDULE_ALWAYS)
        return true;
    if (plan->schedule.kind == SCHEDULE_HOURS)
        return hours_are_open(plan, at_us, from_us);
    follow_clock(plan);
    *from_us = plan->from_us;
    return at_us >= plan->from_us && at_us < plan->until_us;
}

bool plan_is_open(Plan *plan, int64_t at_us, int64_t *from_us)
{
    int64_t begin_us = INT64_MIN;
    bool open = true;
    if (!atomic_load_explicit(&plan->always, memory_order_relaxed)) {
        pthread_mutex_lock(&plan->lock);
        open = is_open(plan, at_us, &begin_us);
        pthread_mutex_unlock(&plan->lock);
    }
    if (from_us)
        *from_us = begin_us;
    return open;
}

bool plan_has_hours(Plan *plan)
{
    pthread_mutex_lock(&plan->lock);
    bool hours = plan->schedule.kind == SCHEDULE_HOURS;
    pthread_mutex_unlock(&plan->lock);
    return hours;
}

int64_t plan_held_us(Plan *plan)
{
    pthread_mutex_lock(&plan->lock);
    bool events = plan->schedule.kind == SCHEDULE_EVENT;
    int64_t held_us = events ? plan->schedule.around_us + TOLD_LATE_US : 0;
    pthread_mutex_unlock(&plan->lock);
    return held_us;
}

static void add_part(GArray *parts, PlanPart part)
{
    PlanPart *newest = parts->len ? &g_array_index(parts, PlanPart, parts->len - 1) : NULL;
    if (newest && newest->cause == part.cause)
        newest->to_us = part.to_us;
    else
        g_array_append_val(parts, part);
}

GArray *plan_parts(Plan *plan, int64_t from_us, int64_t to_us, GapCause cause)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(PlanPart));
    pthread_mutex_lock(&plan->lock);
    bool hours = plan->schedule.kind == SCHEDULE_HOURS;
    while (from_us < to_us) {
        int64_t begin_us, until_us = to_us;
        bool open =
            !hours || schedule_is_open(&plan->schedule, plan->zone, from_us, &begin_us, &until_us);
        until_us = MIN(until_us, to_us);
        add_part(parts, (PlanPart){from_us, until_us, open ? cause : GAP_SCHEDULED});
        from_us = until_us;
    }
    pthread_mutex_unlock(&plan->lock);
    return parts;
}
