#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/timex.h>
#include <time.h>

enum { STEP_US = 500000, SLEW_PPM = 500, STAMP_AGE_MOST_US = 10000000 };

static pthread_once_t anchor_once = PTHREAD_ONCE_INIT;
/* node = mono + offset. Relaxed is enough: readers need some recent offset, nothing ordered by it.
 */
static _Atomic int64_t node_offset_us;
static _Atomic uint32_t steps;
static _Atomic int64_t test_mono_us = -1;
static _Atomic int64_t test_wall_us = -1;

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_mono_us(void)
{
    int64_t fixed = atomic_load_explicit(&test_mono_us, memory_order_relaxed);
    return fixed >= 0 ? fixed : read_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_us(void)
{
    int64_t fixed = atomic_load_explicit(&test_wall_us, memory_order_relaxed);
    return fixed >= 0 ? fixed : read_us(CLOCK_REALTIME);
}

static void anchor(void)
{
    atomic_store_explicit(&node_offset_us, clock_wall_us() - clock_mono_us(), memory_order_relaxed);
}

static int64_t offset_us(void)
{
    pthread_once(&anchor_once, anchor);
    return atomic_load_explicit(&node_offset_us, memory_order_relaxed);
}

int64_t clock_now_us(void)
{
    return clock_mono_us() + offset_us();
}

int64_t clock_from_wall_us(int64_t wall_us)
{
    int64_t age_us = clock_wall_us() - wall_us;
    return clock_now_us() - (age_us >= 0 && age_us <= STAMP_AGE_MOST_US ? age_us : 0);
}

bool clock_tick(void)
{
    static int64_t last_mono_us; /* one caller by contract */
    int64_t mono = clock_mono_us();
    bool goes_on = last_mono_us && mono > last_mono_us; /* tests turn it back */
    int64_t elapsed = goes_on ? mono - last_mono_us : 0;
    last_mono_us = mono;
    int64_t behind = clock_wall_us() - clock_now_us();
    if (behind > STEP_US || behind < -STEP_US) {
        anchor();
        atomic_fetch_add(&steps, 1);
        return true;
    }
    int64_t most = elapsed * SLEW_PPM / 1000000;
    int64_t slew = behind > most ? most : behind < -most ? -most : behind;
    atomic_fetch_add_explicit(&node_offset_us, slew, memory_order_relaxed);
    return false;
}

uint32_t clock_steps(void)
{
    return atomic_load(&steps);
}

int64_t clock_ntp_offset_us(void)
{
    struct timex state = {0};
    int answer = adjtimex(&state);
    if (answer < 0 || answer == TIME_ERROR || (state.status & STA_UNSYNC))
        return CLOCK_NTP_UNKNOWN;
    int64_t offset = (state.status & STA_NANO) ? state.offset / 1000 : state.offset;
    return clock_now_us() - clock_wall_us() - offset;
}

void clock_test_set(int64_t mono_us, int64_t wall_us)
{
    atomic_store(&test_mono_us, mono_us);
    atomic_store(&test_wall_us, wall_us);
    offset_us();
    if (mono_us >= 0)
        return;
    anchor();
}
