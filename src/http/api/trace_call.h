/* trace_call.h — what calls about a trace share: who sees what of one, how it is told, read and
 * audited.
 *
 * A trace is there for who began it, and when it is shared for all who may replay a camera of it.
 * Of its sightings whoever asks sees those of cameras that they may replay; the others are not told
 * of, not even that there are some.
 */
#pragma once

#include "casework/trace.h"
#include "http/api/call.h"

/* Takes out of `row` the sightings that whoever calls may not see. False: for them there is no such
 * trace. A TraceQuery's `may`. */
bool trace_narrow(void *call, TraceRow *row);

/* Its maker, and an admin where it is shared. */
bool trace_may_change(const ApiCall *call, const TraceRow *trace);

/* Who made the sighting too. */
bool sighting_may_change(const ApiCall *call, const TraceRow *trace, const SightingRow *row);

/* The trace of the path, as far as whoever calls may see it; ERR_NOT_FOUND otherwise. Returns
 * owned. */
TraceRow *trace_find(ApiCall *call, GError **error);

/* Trace of openapi.yaml; `row` was looked at by trace_narrow(). Returns owned. */
Json *trace_json(const ApiCall *call, const TraceRow *row);

/* Answers with a trace that was changed; `row` is taken. */
bool trace_answer(ApiCall *call, int status, TraceRow *row);

/* Reads verdict, from, to and note of a body. `asked` holds what `edit` points to. */
typedef struct SightingAsked {
    SightingEdit edit;
    int64_t from_us, to_us;
} SightingAsked;
bool sighting_read(const Json *body, SightingAsked *asked, GError **error);

/* The camera of a body, which whoever calls may replay. */
bool sighting_camera(const ApiCall *call, const Json *body, Uuid *camera, GError **error);

/* A line of the audit log by the id of the trace: which camera, when, what verdict; of a note that
 * it changed. NULL: none was before, or is after. */
void sighting_audit(ApiCall *call, const char *action, const TraceRow *trace,
                    const SightingRow *before, const SightingRow *after);
