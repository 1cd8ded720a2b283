#include "archive/due_time.h"

#include "base/file.h"
#include "base/log.h"
#include "base/time_text.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#define NOTE_US (10 * MINUTE_US)
#define SLEW_US (2 * SECOND_US) /* a clock that is led gently is ahead by less at each look */
enum { FILE_BYTES_MOST = 120, NUMBERS = 5 };

struct DueTime {
    char *path;
    pthread_mutex_t lock;
    /* under the lock */
    int64_t at_us;     /* what is believed */
    int64_t waited_us; /* since the clock went ahead; 0: it did not */
    int64_t holds_us;  /* what is believed of holds; `at_us` or less */
    int64_t part_us;   /* of what it is less by, what is waited out now; 0: nothing */
    int64_t behind_us; /* how long that has been waited out */
    int64_t mono_us;   /* of the newest look */
    int64_t noted_us;  /* monotonic; when the file was written */
};

/* A file that says nothing is like none: the clock is believed as it stands. */
static void read_file(DueTime *due)
{
    size_t size;
    int64_t told[NUMBERS] = {0};
    g_autofree char *text = file_read(due->path, FILE_BYTES_MOST, &size, NULL);
    char *at = text;
    for (int i = 0; i < NUMBERS && at && *at && *at != '\n'; i++)
        told[i] = g_ascii_strtoll(at, &at, 10);
    if (told[0] > 0 && told[1] >= 0) {
        due->at_us = told[0];
        due->waited_us = told[1];
    }
    due->holds_us = due->at_us; /* as long as the file, of an earlier version, says no other */
    if (told[2] > 0 && told[2] <= due->at_us && told[3] >= 0) {
        due->holds_us = told[2];
        due->behind_us = told[3];
    }
    int64_t less_us = due->at_us - due->holds_us;
    due->part_us = told[4] > 0 && told[4] <= less_us ? told[4] : less_us;
}

static void write_file(DueTime *due)
{
    char text[FILE_BYTES_MOST];
    g_autoptr(GError) error = NULL;
    int size = g_snprintf(text, sizeof text,
                          "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n",
                          due->at_us, due->waited_us, due->holds_us, due->behind_us, due->part_us);
    due->noted_us = due->mono_us;
    if (!file_write_atomic(due->path, text, (size_t)size, 0640, &error))
        log_warning("clock.due", "cause=\"%s\"", error->message);
}

DueTime *due_time_new(const char *data_path)
{
    DueTime *due = g_new0(DueTime, 1);
    due->path = g_build_filename(data_path, "due-time", NULL);
    due->mono_us = clock_mono_us();
    due->noted_us = due->mono_us - NOTE_US;
    due->at_us = due->holds_us = clock_now_us();
    pthread_mutex_init(&due->lock, NULL);
    read_file(due);
    return due;
}

static void tell_jump(const DueTime *due, int64_t now_us)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    log_error("clock.ahead",
              "from=%s to=%s cause=\"the clock went ahead by more than a day: for %d hours of "
              "running nothing is deleted for its age and no hold ends by it; set the clock right, "
              "or do nothing if it is\"",
              time_text(due->at_us, from), time_text(now_us, to), (int)(DUE_WAIT_US / HOUR_US));
}

/* True: something is worth being kept at once. */
static bool look(DueTime *due, int64_t now_us, int64_t elapsed_us)
{
    bool waits = due->waited_us > 0;
    due->at_us += elapsed_us;
    if (now_us <= due->at_us + DUE_JUMP_US || due->waited_us + elapsed_us >= DUE_WAIT_US) {
        if (now_us > due->at_us + DUE_JUMP_US) /* waited out, for holds as well */
            due->holds_us = now_us - elapsed_us;
        due->at_us = now_us;
        due->waited_us = 0;
        return waits;
    }
    if (!waits)
        tell_jump(due, now_us);
    due->waited_us += MAX(elapsed_us, 1);
    return !waits;
}

/* A jump ahead that comes while another is waited out has its turn after it: were the wait begun
 * anew, a machine that is off each night would never come to its end. True: something is worth
 * being kept at once. */
static bool look_for_holds(DueTime *due, int64_t was_less_us, int64_t elapsed_us)
{
    due->holds_us = MIN(due->holds_us + elapsed_us, due->at_us);
    int64_t less_us = due->at_us - due->holds_us;
    due->part_us = MIN(due->part_us, less_us); /* where the clock was set back */
    due->behind_us += elapsed_us;
    bool over = due->part_us > 0 && due->behind_us >= DUE_WAIT_US;
    if (over)
        due->holds_us += due->part_us;
    if (over || due->part_us == 0) {
        due->part_us = due->at_us - due->holds_us;
        due->behind_us = 0;
    }
    return over || less_us > was_less_us + SLEW_US;
}

/* Under the lock. */
static void look_again(DueTime *due)
{
    int64_t mono_us = clock_mono_us(), elapsed_us = MAX(mono_us - due->mono_us, 0);
    int64_t less_us = due->at_us - due->holds_us;
    due->mono_us = mono_us;
    bool keep = look(due, clock_now_us(), elapsed_us);
    keep |= look_for_holds(due, less_us, elapsed_us);
    if (keep || mono_us - due->noted_us >= NOTE_US)
        write_file(due);
}

int64_t due_time_of_holds_us(DueTime *due)
{
    pthread_mutex_lock(&due->lock);
    look_again(due);
    int64_t at_us = due->holds_us;
    pthread_mutex_unlock(&due->lock);
    return at_us;
}

int64_t due_time_us(DueTime *due)
{
    pthread_mutex_lock(&due->lock);
    look_again(due);
    int64_t at_us = due->at_us;
    pthread_mutex_unlock(&due->lock);
    return at_us;
}

void due_time_free(DueTime *due)
{
    if (!due)
        return;
    due_time_us(due);
    write_file(due);
    pthread_mutex_destroy(&due->lock);
    g_free(due->path);
    g_free(due);
}
