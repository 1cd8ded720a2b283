#include "cli/report_job.h"

#include "base/clock.h"
#include "casework/case_desk.h"
#include "casework/report_desk.h"

#define LOOK_US (10 * SECOND_US)
#define DUE_US MINUTE_US

/* One job runs at a time. */
static void tell_due(Node *node)
{
    int64_t mono_us = clock_mono_us();
    if (mono_us < node->due_look_us)
        return;
    node->due_look_us = mono_us + DUE_US;
    events_due(node->events, archive_due_us(node->archive));
}

static void job(void *data)
{
    Node *node = data;
    report_desk_look(node->reports);
    case_desk_look(node->cases);
    given_keep_look(&node->given_keep);
    tell_due(node);
    hold_watch_look(&node->hold_watch, node->site, node->archive, node->events);
    atomic_store(&node->report_looks, false);
}

void report_job_look(Node *node)
{
    int64_t mono_us = clock_mono_us();
    if (mono_us < node->report_look_us)
        return;
    node->report_look_us = mono_us + LOOK_US;
    if (!atomic_exchange(&node->report_looks, true))
        pool_run(node->pool, job, node, 0);
}
