#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Folding looks at the last few distinct lines only: repeated trouble comes in runs. */
enum { FOLD_SLOTS = 16, FOLD_SECONDS = 60, LINE_BYTES = 1024 };

typedef struct FoldSlot {
    char text[LINE_BYTES];
    time_t first;
    unsigned repeats;
} FoldSlot;

static _Atomic int log_level = LOG_INFO;
static pthread_mutex_t fold_lock = PTHREAD_MUTEX_INITIALIZER;
static FoldSlot fold_slots[FOLD_SLOTS];
static unsigned fold_next;

static const char *const level_names[] = {"error", "warning", "info", "debug"};

void log_set_level(LogLevel level)
{
    atomic_store(&log_level, (int)level);
}

static void write_line(const struct timespec *now, const char *text, unsigned repeats)
{
    struct tm utc;
    gmtime_r(&now->tv_sec, &utc);
    char stamp[32];
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    if (repeats > 0)
        fprintf(stderr, "%s.%03ldZ %s (and %u more in %d s)\n", stamp, now->tv_nsec / 1000000, text,
                repeats, FOLD_SECONDS);
    else
        fprintf(stderr, "%s.%03ldZ %s\n", stamp, now->tv_nsec / 1000000, text);
}

/* Returns true if the line should be written now. Called with the lock held. */
static bool fold(const struct timespec *now, const char *text)
{
    for (unsigned i = 0; i < FOLD_SLOTS; i++) {
        FoldSlot *slot = &fold_slots[i];
        if (!slot->text[0])
            continue;
        bool expired = now->tv_sec - slot->first >= FOLD_SECONDS;
        if (expired && slot->repeats > 0)
            write_line(now, slot->text, slot->repeats);
        if (expired)
            slot->text[0] = '\0';
        else if (strcmp(slot->text, text) == 0) {
            slot->repeats++;
            return false;
        }
    }
    FoldSlot *slot = &fold_slots[fold_next++ % FOLD_SLOTS];
    if (slot->text[0] && slot->repeats > 0)
        write_line(now, slot->text, slot->repeats);
    g_strlcpy(slot->text, text, sizeof slot->text);
    slot->first = now->tv_sec;
    slot->repeats = 0;
    return true;
}

void log_event(LogLevel level, const char *event, const char *format, ...)
{
    if ((int)level > atomic_load_explicit(&log_level, memory_order_relaxed))
        return;
    char text[LINE_BYTES];
    int used = g_snprintf(text, sizeof text, "%s %s ", level_names[level], event);
    va_list args;
    va_start(args, format);
    g_vsnprintf(text + used, sizeof text - (gulong)used, format, args);
    va_end(args);
    /* A line stays a line, whatever a camera sent us to tell. */
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    pthread_mutex_lock(&fold_lock);
    if (level == LOG_DEBUG || fold(&now, text))
        write_line(&now, text, 0);
    pthread_mutex_unlock(&fold_lock);
}
