/* trace.h — a trace: who else saw this? A chain of sightings, each of which says of one camera that
 * it saw what is looked for, did not, or that it can't be told. Those that were seen, in their
 * order in time, are the path.
 *
 * Its maker's alone, or shared with those who may replay a camera of it. Who may see and change
 * what is asked by the caller. Blocking; thread-safe.
 */
#pragma once

#include "catalog/traces.h"

enum {
    TRACE_NAME_MOST = 80,
    SIGHTING_NOTE_MOST = 300,
    TRACES_MOST = 200,    /* of one account */
    SIGHTINGS_MOST = 200, /* of one trace */
};

#define VERDICT_SEEN "seen"

/* What is asked for a trace, new or known; borrowed. NULL leaves as it is. */
typedef struct TraceEdit {
    const char *name;   /* 1–80 letters; must be given when new */
    const bool *shared; /* new: false */
} TraceEdit;

/* The same for a sighting. */
typedef struct SightingEdit {
    const char *verdict;            /* "seen", "not-seen", "unclear"; must be given when new */
    const int64_t *from_us, *to_us; /* `to_us` left out: a moment, as what was seen always is */
    const char *note;               /* new: "" */
} SightingEdit;

/* All return the trace with all its sightings, owned, or NULL. ERR_INVALID says what is wrong,
 * ERR_NOT_FOUND what is not there. */

/* Begins with a sighting: what `camera` saw. */
TraceRow *trace_add(Catalog *catalog, const TraceEdit *edit, const Uuid *camera,
                    const SightingEdit *first, const Uuid *who, int64_t now_us, GError **error);
TraceRow *trace_change(Catalog *catalog, const Uuid *id, const TraceEdit *edit, int64_t now_us,
                       GError **error);
/* `added` is set to the id of the sighting: of the same camera there may be more by then. */
TraceRow *sighting_add(Catalog *catalog, const Uuid *trace, const Uuid *camera,
                       const SightingEdit *edit, const Uuid *who, int64_t now_us, Uuid *added,
                       GError **error);
TraceRow *sighting_change(Catalog *catalog, const Uuid *trace, const Uuid *id,
                          const SightingEdit *edit, int64_t now_us, GError **error);
TraceRow *sighting_remove(Catalog *catalog, const Uuid *trace, const Uuid *id, int64_t now_us,
                          GError **error);

bool trace_remove(Catalog *catalog, const Uuid *id, GError **error);

/* Borrowed from `trace`; NULL: not in it. */
SightingRow *trace_sighting(const TraceRow *trace, const Uuid *id);
