/* The plans of all cameras, as archive.h tells of them. */
#include "archive/store.h"

Plan *archive_plan(Archive *archive, const Uuid *camera)
{
    pthread_mutex_lock(&archive->lock);
    Plan *plan = g_hash_table_lookup(archive->plans, camera);
    if (!plan) {
        plan = plan_new(camera);
        g_hash_table_insert(archive->plans, &plan->camera, plan);
    }
    pthread_mutex_unlock(&archive->lock);
    return plan;
}

void archive_set_schedule(Archive *archive, const Uuid *camera, const Schedule *schedule,
                          GTimeZone *zone)
{
    plan_set(archive_plan(archive, camera), schedule, zone);
}

void archive_event_begins(Archive *archive, const Uuid *camera, const Uuid *event, int64_t at_us)
{
    plan_event_begins(archive_plan(archive, camera), event, at_us);
}

void archive_event_ends(Archive *archive, const Uuid *camera, const Uuid *event, int64_t at_us)
{
    plan_event_ends(archive_plan(archive, camera), event, at_us);
}

bool archive_should_record(Archive *archive, const Uuid *camera, int64_t at_us)
{
    return plan_is_open(archive_plan(archive, camera), at_us, NULL);
}

bool archive_waits_for_events(Archive *archive, const Uuid *camera)
{
    return plan_held_us(archive_plan(archive, camera)) > 0;
}
