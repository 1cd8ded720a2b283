#include "cli/daily_job.h"

#include "base/log.h"
#include "config/site_day.h"
#include "watch/daily.h"

/* Looks are cheap, but need not be made each second. */
#define LOOK_US (20 * SECOND_US)

static void tell_day(Node *node, int64_t from_us, int64_t to_us)
{
    g_autoptr(GError) error = NULL;
    Json *report = daily_report(node->site, node->archive, from_us, to_us, &error);
    if (!report || !daily_set_told(node->catalog, to_us, &error)) {
        log_error("daily", "cause=\"%s\"", error->message);
        json_decref(report);
        return;
    }
    g_autofree char *line = daily_line(report);
    log_info("daily", "%s", line);
    notify_report(node->notify, report);
}

static void job(void *data)
{
    Node *node = data;
    int64_t told_us = 0, from_us, to_us, now_us = clock_now_us();
    g_autoptr(GError) error = NULL;
    bool known = daily_told_until(node->catalog, &told_us, &error);
    if (known && daily_is_due(node->site, told_us, now_us, &from_us, &to_us))
        tell_day(node, from_us, to_us);
    else if (known && told_us == 0) /* the first start: its own day is the first to be told */
        known = daily_set_told(node->catalog, site_day_start_us(node->site, now_us), &error);
    if (!known)
        log_error("daily", "cause=\"%s\"", error->message);
    atomic_store(&node->daily_looks, false);
}

void daily_job_look(Node *node, int64_t now_us)
{
    if (now_us - node->daily_us < LOOK_US && now_us >= node->daily_us)
        return;
    node->daily_us = now_us;
    if (!atomic_exchange(&node->daily_looks, true))
        pool_run(node->pool, job, node, 0);
}
