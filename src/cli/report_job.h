/* report_job.h — what waits at the desk of reports is looked at, beside serving. */
#pragma once

#include "cli/node.h"

/* Called once a second by the main thread; the work is done on the pool. */
void report_job_look(Node *node);
