#include "casework/evidence_seal.h"

#include "base/clock.h"

#define WAIT_US (15 * SECOND_US) /* a segment waits 10 s for a key picture */
#define LOOK_US SECOND_US        /* how long a server that ends waits for this */

static bool goes_on(const atomic_bool *ends, int64_t until_us)
{
    return (!ends || !atomic_load(ends)) && clock_mono_us() < until_us;
}

static int64_t turn_us(int64_t until_us)
{
    return CLAMP(until_us - clock_mono_us(), 0, LOOK_US);
}

bool evidence_seal(Archive *archive, const Uuid *cameras, size_t count, int64_t to_us,
                   const atomic_bool *ends)
{
    int64_t until_us = clock_mono_us() + WAIT_US;
    bool settled = false, all = true;
    do
        settled = archive_settle(archive, turn_us(until_us));
    while (!settled && goes_on(ends, until_us));
    until_us = clock_mono_us() + WAIT_US;
    /* All are asked before one is waited for: their waits for a key picture do not add up. */
    for (size_t i = 0; i < count; i++)
        archive_seal_until(archive, &cameras[i], STREAM_MAIN, to_us, 0);
    for (size_t i = 0; i < count; i++) {
        bool sealed;
        do
            sealed =
                archive_seal_until(archive, &cameras[i], STREAM_MAIN, to_us, turn_us(until_us));
        while (!sealed && goes_on(ends, until_us));
        all = all && sealed;
    }
    /* What could not be recovered is not waited for, and told. */
    return settled && all && !archive_figures(archive).recovering;
}
