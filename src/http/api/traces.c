/* traces.c — traces: listed, begun, looked at, renamed, shared, removed. */
#include "http/api/handlers.h"

#include "http/api/trace_call.h"

#include <string.h>

enum { ROWS_DEFAULT = 50, ROWS_MOST = 100 };
/* A page of full traces would have some thirty megabytes, for each who is slow to take it. */
enum { SIGHTINGS_OF_PAGE = 500 };

/* How many of the traces make a page; those behind it only say that there are more. */
static guint page_of(const GPtrArray *rows, guint limit)
{
    guint count = 0, sightings = 0;
    for (; count < MIN(rows->len, limit); count++) {
        sightings += ((const TraceRow *)rows->pdata[count])->sightings->len;
        if (sightings > SIGHTINGS_OF_PAGE)
            break;
    }
    return count;
}

bool traces_get_all(ApiCall *call, GError **error)
{
    int64_t limit = ROWS_DEFAULT;
    Uuid by = call_maker(call);
    const char *who = call_query(call, "who");
    TraceQuery query = {.words = call_query(call, "q"), .may = trace_narrow, .data = call};
    if (!call_query_int(call, "limit", 1, ROWS_MOST, &limit, error) ||
        !call_cursor(call, &query.before_us, &query.before_ref, error))
        return false;
    if (who && strcmp(who, "me") != 0 && !uuid_parse(who, &by))
        return err_set(error, ERR_INVALID, "‘who’ must be me, or the id of an account");
    query.who = who ? &by : NULL;
    query.limit = (unsigned)limit + 1;
    query.sightings = SIGHTINGS_OF_PAGE;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? traces_list(db, &query, error) : NULL;
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    guint count = page_of(rows, query.limit - 1);
    for (guint i = 0; i < count; i++)
        json_array_append_new(items, trace_json(call, rows->pdata[i]));
    if (rows->len > count) {
        const TraceRow *last = rows->pdata[count - 1];
        next = call_next(last->changed_us, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

bool trace_get(ApiCall *call, GError **error)
{
    g_autoptr(TraceRow) row = trace_find(call, error);
    return row && call_json(call, 200, trace_json(call, row));
}

static bool read_edit(const Json *body, TraceEdit *edit, bool *shared, GError **error)
{
    *edit = (TraceEdit){0};
    if (!body || !json_get_text(body, "name", &edit->name, error) ||
        !json_get_bool(body, "shared", shared, error))
        return false;
    edit->shared = json_is_boolean(json_object_get(body, "shared")) ? shared : NULL;
    return true;
}

/* A name is told as changed, never what it is. */
static void audit_trace(ApiCall *call, const char *action, const TraceRow *before,
                        const TraceRow *after)
{
    char id[UUID_TEXT];
    Changes changes = {0};
    changes_hidden(&changes, "name", before ? before->name : "", after ? after->name : "");
    changes_bool(&changes, "shared", before && before->shared, after && after->shared);
    call_audit_changes(call, action, uuid_text(after ? &after->id : &before->id, id), &changes);
}

bool traces_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name", "shared",  "camera", "from",
                                          "to",   "verdict", "note",   NULL};
    TraceEdit edit;
    SightingAsked first;
    bool shared = false;
    Uuid camera, me = call_maker(call);
    const Json *body = call_body(call, members, error);
    if (!read_edit(body, &edit, &shared, error) || !sighting_read(body, &first, error) ||
        !sighting_camera(call, body, &camera, error))
        return false;
    TraceRow *made =
        trace_add(call->api->catalog, &edit, &camera, &first.edit, &me, clock_now_us(), error);
    if (!made)
        return false;
    audit_trace(call, "trace-add", NULL, made);
    sighting_audit(call, "sighting-add", made, NULL, made->sightings->pdata[0]);
    return trace_answer(call, 201, made);
}

/* The trace of the path, for whoever may change it. */
static TraceRow *find_own(ApiCall *call, GError **error)
{
    g_autoptr(TraceRow) row = trace_find(call, error);
    if (!row || trace_may_change(call, row))
        return g_steal_pointer(&row);
    err_set(error, ERR_DENIED, "only who began a trace changes it");
    return NULL;
}

bool trace_edit(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name", "shared", NULL};
    TraceEdit edit;
    bool shared = false;
    if (!read_edit(call_body(call, members, error), &edit, &shared, error))
        return false;
    g_autoptr(TraceRow) before = find_own(call, error);
    TraceRow *after =
        before ? trace_change(call->api->catalog, &before->id, &edit, clock_now_us(), error) : NULL;
    if (!after)
        return false;
    audit_trace(call, "trace-edit", before, after);
    return trace_answer(call, 200, after);
}

bool trace_delete(ApiCall *call, GError **error)
{
    g_autoptr(TraceRow) row = find_own(call, error);
    if (!row || !trace_remove(call->api->catalog, &row->id, error))
        return false;
    audit_trace(call, "trace-remove", row, NULL);
    return call_empty(call);
}
