/* progress.h — how far the preparing of scenes is, on stderr: a bar on a terminal, else a line
 * `prepare 42` a percent. Any thread. */
#pragma once

#include <stdint.h>

void progress_begin(uint64_t total); /* 0: nothing to do, nothing shown */
void progress_add(uint64_t done);
void progress_end(void);
