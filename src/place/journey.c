#include "place/journey.h"

#include "base/clock.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define WAY_LIKELY (4.0 / 3)
#define WAY_MOST (5.0 / 3)

typedef struct Pace {
    const char *name;
    double fast_ms, likely_ms, slow_ms; /* metres a second */
} Pace;

static const Pace paces[] = {
    [JOURNEY_UNKNOWN] = {"unknown", 15, 30 / 3.6, 0.9},
    [JOURNEY_WALKING] = {"walking", 2.2, 1.4, 0.9},
    [JOURNEY_RIDING] = {"riding", 15, 30 / 3.6, 12 / 3.6},
};

bool journey_by_parse(const char *text, JourneyBy *by)
{
    for (size_t i = 0; i < G_N_ELEMENTS(paces); i++)
        if (strcmp(text, paces[i].name) == 0) {
            *by = (JourneyBy)i;
            return true;
        }
    return false;
}

static int64_t time_us(double metres, double speed_ms)
{
    return llround(metres / speed_ms * (double)SECOND_US);
}

JourneyTimes journey_times(double distance_m, JourneyBy by)
{
    const Pace *pace = &paces[by];
    return (JourneyTimes){time_us(distance_m, pace->fast_ms),
                          time_us(distance_m * WAY_LIKELY, pace->likely_ms),
                          time_us(distance_m * WAY_MOST, pace->slow_ms)};
}
