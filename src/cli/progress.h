/* progress.h — a bar on a terminal for what takes over a second; nothing elsewhere. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct Progress {
    const char *what;
    int64_t started_us, shown_us;
    bool terminal;
} Progress;

Progress progress_begin(const char *what);
void progress_show(Progress *progress, int64_t done, int64_t total);
void progress_end(Progress *progress);
