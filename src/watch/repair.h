/* repair.h — repair tickets: a fault of a camera, who sees to it until when, what it costs and who
 * pays, and every change of that. Blocking; thread-safe.
 */
#pragma once

#include "catalog/repairs.h"

typedef enum RepairState {
    REPAIR_OPEN,    /* known */
    REPAIR_ORDERED, /* somebody is to come, or a part is */
    REPAIR_DONE,    /* it works again */
    REPAIR_DROPPED, /* it will not be mended, or was none */
    REPAIR_STATES,
} RepairState;

const char *repair_state_text(RepairState state); /* "open" … */
bool repair_state_parse(const char *text, RepairState *state);

/* What is asked for a ticket, new or known; borrowed. NULL leaves a text as it is (new: ""). */
typedef struct RepairEdit {
    const char *fault, *state, *owner, *due, *funding;
    const char *note;    /* goes to the history */
    const int64_t *cost; /* REPAIR_COST_UNKNOWN: not known */
} RepairEdit;

/* A ticket of `camera`, for `event` (nil: none), by `who`. ERR_INVALID says what is wrong. Returns
 * owned, or NULL. */
RepairRow *repair_open(Catalog *catalog, const Uuid *camera, const Uuid *event,
                       const RepairEdit *edit, const Uuid *who, int64_t now_us, GError **error);

/* The same row when nothing of it changes and no note is given. ERR_NOT_FOUND. Returns owned, or
 * NULL. */
RepairRow *repair_change(Catalog *catalog, const Uuid *id, const RepairEdit *edit, const Uuid *who,
                         int64_t now_us, GError **error);

/* Is it a day as "2026-12-01", one that there is? */
bool repair_is_day(const char *text);
