#include "progress.h"

#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR_CELLS = 40 };

static struct {
    pthread_mutex_t lock;
    uint64_t total, done;
    int shown_percent;
    bool terminal;
} progress = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void show(int percent)
{
    if (!progress.terminal) {
        fprintf(stderr, "prepare %d\n", percent);
        return;
    }
    int cells = percent * BAR_CELLS / 100;
    fprintf(stderr, "\rpreparing the scenes  [%.*s%*s] %3d %%", cells,
            "########################################", BAR_CELLS - cells, "", percent);
}

void progress_begin(uint64_t total)
{
    pthread_mutex_lock(&progress.lock);
    progress.total = total;
    progress.done = 0;
    progress.shown_percent = 0;
    progress.terminal = isatty(STDERR_FILENO);
    if (total)
        show(0);
    pthread_mutex_unlock(&progress.lock);
}

void progress_add(uint64_t done)
{
    pthread_mutex_lock(&progress.lock);
    progress.done += done;
    int percent = (int)MIN(progress.done * 100 / MAX(progress.total, 1), 100);
    if (percent > progress.shown_percent) {
        progress.shown_percent = percent;
        show(percent);
    }
    pthread_mutex_unlock(&progress.lock);
}

void progress_end(void)
{
    pthread_mutex_lock(&progress.lock);
    if (progress.total && progress.terminal)
        fputc('\n', stderr);
    pthread_mutex_unlock(&progress.lock);
}
