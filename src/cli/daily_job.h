/* daily_job.h — tells of the day before, once after each midnight of the site, beside serving. */
#pragma once

#include "cli/node.h"

/* Called now and then, on the main thread; what blocks runs on the pool. */
void daily_job_look(Node *node, int64_t now_us);
