/* sightings.c — sightings of a trace. Whoever sees a trace adds to it; who made a sighting, or may
 * change the trace, changes and removes it. */
#include "http/api/handlers.h"

#include "http/api/trace_call.h"

/* Answers with the trace, which is taken, and which of its sightings was made. */
static bool answer_added(ApiCall *call, TraceRow *row, const Uuid *added)
{
    char id[UUID_TEXT];
    g_autoptr(TraceRow) own = row;
    trace_narrow(call, own);
    Json *json = trace_json(call, own);
    json_object_set_new(json, "added", json_string(uuid_text(added, id)));
    return call_json(call, 201, json);
}

bool sightings_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"camera", "from", "to", "verdict", "note", NULL};
    SightingAsked asked;
    Uuid camera, added, me = call_maker(call);
    const Json *body = call_body(call, members, error);
    if (!sighting_read(body, &asked, error) || !sighting_camera(call, body, &camera, error))
        return false;
    g_autoptr(TraceRow) before = trace_find(call, error);
    TraceRow *after = before ? sighting_add(call->api->catalog, &before->id, &camera, &asked.edit,
                                            &me, clock_now_us(), &added, error)
                             : NULL;
    if (!after)
        return false;
    sighting_audit(call, "sighting-add", after, NULL, trace_sighting(after, &added));
    return answer_added(call, after, &added);
}

/* The sighting of the path within its trace, for whoever may change it. Borrowed from `trace`. */
static SightingRow *find_own(ApiCall *call, const TraceRow *trace, GError **error)
{
    Uuid id;
    SightingRow *row = uuid_parse(call->params[1], &id) ? trace_sighting(trace, &id) : NULL;
    if (row && sighting_may_change(call, trace, row))
        return row;
    if (row)
        err_set(error, ERR_DENIED, "only who marked it, or began the trace, changes it");
    else
        err_set(error, ERR_NOT_FOUND, "there is no sighting ‘%.64s’", call->params[1]);
    return NULL;
}

bool sighting_edit(ApiCall *call, GError **error)
{
    static const char *const members[] = {"from", "to", "verdict", "note", NULL};
    SightingAsked asked;
    if (!sighting_read(call_body(call, members, error), &asked, error))
        return false;
    g_autoptr(TraceRow) trace = trace_find(call, error);
    const SightingRow *before = trace ? find_own(call, trace, error) : NULL;
    TraceRow *after = before ? sighting_change(call->api->catalog, &trace->id, &before->id,
                                               &asked.edit, clock_now_us(), error)
                             : NULL;
    if (!after)
        return false;
    sighting_audit(call, "sighting-edit", trace, before, trace_sighting(after, &before->id));
    return trace_answer(call, 200, after);
}

bool sighting_delete(ApiCall *call, GError **error)
{
    g_autoptr(TraceRow) trace = trace_find(call, error);
    const SightingRow *before = trace ? find_own(call, trace, error) : NULL;
    TraceRow *after =
        before ? sighting_remove(call->api->catalog, &trace->id, &before->id, clock_now_us(), error)
               : NULL;
    if (!after)
        return false;
    sighting_audit(call, "sighting-remove", trace, before, NULL);
    return trace_answer(call, 200, after);
}
