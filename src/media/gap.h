/* gap.h — why footage is missing (FOOTAGE.md §6). The texts stand in seals, catalog and API. */
#pragma once

#include <stdbool.h>

typedef enum GapCause {
    GAP_UNKNOWN,
    GAP_CAMERA_OFFLINE,
    GAP_NETWORK_STALL,
    GAP_SERVER_DOWN,
    GAP_DISK_FULL,
    GAP_DISK_ERROR,
    GAP_VOLUME_MISSING,
    GAP_OVERLOAD,
    GAP_PAUSED,
    GAP_HOUSEHOLD_HOURS,
    GAP_CLOCK_STEP,
    GAP_RETIRED,   /* was footage, until retention deleted it; stands in no seal */
    GAP_SCHEDULED, /* its settings did not ask for it: outside its hours, no event, stream left out
                    */
    GAP_CAUSES,
} GapCause;

/* Was footage wanted there? */
bool gap_cause_is_missing(GapCause cause);

const char *gap_cause_text(GapCause cause); /* "camera-offline" … */
bool gap_cause_parse(const char *text, GapCause *cause);
