#include "cli/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { QUIET_US = 1000000, STEP_US = 100000, CELLS = 30 };

Progress progress_begin(const char *what)
{
    return (Progress){
        .what = what, .started_us = clock_mono_us(), .terminal = isatty(STDERR_FILENO)};
}

void progress_show(Progress *progress, int64_t done, int64_t total)
{
    int64_t now = clock_mono_us();
    if (!progress->terminal || total <= 0 || now - progress->started_us < QUIET_US ||
        now - progress->shown_us < STEP_US)
        return;
    progress->shown_us = now;
    int filled = (int)(done * CELLS / total);
    fprintf(stderr, "\r%s [", progress->what);
    for (int i = 0; i < CELLS; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %d %%", (int)(done * 100 / total));
}

void progress_end(Progress *progress)
{
    if (progress->shown_us)
        fputs("\r\033[K", stderr);
}
