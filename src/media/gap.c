#include "media/gap.h"

#include <string.h>

static const char *const texts[GAP_CAUSES] = {
    [GAP_UNKNOWN] = "unknown",
    [GAP_CAMERA_OFFLINE] = "camera-offline",
    [GAP_NETWORK_STALL] = "network-stall",
    [GAP_SERVER_DOWN] = "server-down",
    [GAP_DISK_FULL] = "disk-full",
    [GAP_DISK_ERROR] = "disk-error",
    [GAP_VOLUME_MISSING] = "volume-missing",
    [GAP_OVERLOAD] = "overload",
    [GAP_PAUSED] = "paused",
    [GAP_HOUSEHOLD_HOURS] = "household-hours",
    [GAP_CLOCK_STEP] = "clock-step",
    [GAP_RETIRED] = "retired",
    [GAP_SCHEDULED] = "scheduled",
};

bool gap_cause_is_missing(GapCause cause)
{
    return cause != GAP_PAUSED && cause != GAP_SCHEDULED && cause != GAP_HOUSEHOLD_HOURS &&
           cause != GAP_RETIRED;
}

const char *gap_cause_text(GapCause cause)
{
    return cause < GAP_CAUSES ? texts[cause] : texts[GAP_UNKNOWN];
}

bool gap_cause_parse(const char *text, GapCause *cause)
{
    for (unsigned i = 0; text && i < GAP_CAUSES; i++)
        if (strcmp(text, texts[i]) == 0) {
            *cause = (GapCause)i;
            return true;
        }
    return false;
}
