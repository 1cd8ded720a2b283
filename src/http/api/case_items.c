/* case_items.c — what a case gathers: put in, and taken out again. What an item names must be there
 * for whoever puts it in; the case keeps where and when it was, which outlive it. */
#include "http/api/case_json.h"

#include "casework/exports.h"
#include "casework/trace.h"
#include "catalog/bookmarks.h"
#include "event/event.h"
#include "http/api/handlers.h"
#include "http/api/trace_call.h"

#include <string.h>

typedef struct Asked {
    CaseItemTold told;
    Uuid cameras[CASE_CAMERAS_MOST + 1];
    Uuid thing;
    char *words; /* of what is named; owned */
} Asked;

static void asked_clear(Asked *asked)
{
    g_free(asked->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

/* ---- cameras and span ---- */

static bool may_replay(const ApiCall *call, const Uuid *camera)
{
    g_autoptr(CameraRow) row = site_camera_known(call->api->site, camera);
    return row && call_may(call, ACTION_REPLAY, row);
}

static bool take_camera(const ApiCall *call, const Json *json, Asked *asked, GError **error)
{
    const char *text = json_is_string(json) ? json_string_value(json) : "";
    Uuid *camera = &asked->cameras[asked->told.camera_count];
    asked->told.cameras = asked->cameras;
    asked->told.camera_count++;
    return (uuid_parse(text, camera) && may_replay(call, camera)) ||
           err_set(error, ERR_INVALID, "there is no camera ‘%.64s’", text);
}

static bool read_cameras(const ApiCall *call, const Json *body, Asked *asked, GError **error)
{
    const Json *one = json_object_get(body, "camera"), *list = json_object_get(body, "cameras");
    size_t i;
    Json *json;
    if (one && !take_camera(call, one, asked, error))
        return false;
    if (list && (!json_is_array(list) || json_array_size(list) > CASE_CAMERAS_MOST))
        return err_set(error, ERR_INVALID, "‘cameras’ must be a list of ids");
    json_array_foreach((json_t *)list, i, json)
    {
        if (!take_camera(call, json, asked, error))
            return false;
    }
    return true;
}

static bool read_span(const Json *body, CaseItemTold *told, GError **error)
{
    const int64_t *from = NULL, *to = NULL;
    return call_body_time(body, "from", &told->from_us, &from, error) &&
           call_body_time(body, "to", &told->to_us, &to, error) &&
           case_span_check(from ? *from : 0, to ? *to : 0, clock_now_us(), error);
}

static bool read_footage(const ApiCall *call, const Json *body, Asked *asked, GError **error)
{
    return read_cameras(call, body, asked, error) && read_span(body, &asked->told, error) &&
           json_get_text(body, "words", &asked->told.words, error);
}

/* ---- what is named ---- */

static void take_facts(Asked *asked, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    asked->told.from_us = from_us;
    asked->told.to_us = to_us;
    asked->cameras[0] = *camera;
    asked->told.cameras = asked->cameras;
    asked->told.camera_count = !uuid_is_nil(camera);
}

static bool find_event(const ApiCall *call, Asked *asked, GError **error)
{
    g_autoptr(EventRow) row = events_get(call->api->events, &asked->thing, NULL);
    if (!row || (!uuid_is_nil(&row->camera) && !may_replay(call, &row->camera)))
        return err_set(error, ERR_INVALID, "there is no such event");
    take_facts(asked, &row->camera, row->from_us, row->to_us);
    return true;
}

static bool find_bookmark(const ApiCall *call, Asked *asked, GError **error)
{
    Uuid me = call_maker(call);
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(BookmarkRow) row = db ? bookmarks_get(db, &asked->thing, NULL) : NULL;
    if (!row || !may_replay(call, &row->camera) || (!row->shared && !uuid_equal(&row->who, &me)))
        return err_set(error, ERR_INVALID, "there is no such bookmark");
    take_facts(asked, &row->camera, row->from_us, row->to_us);
    asked->words =
        g_utf8_substring(row->note, 0, MIN(g_utf8_strlen(row->note, -1), CASE_WORDS_MOST));
    return true;
}

static bool find_trace(ApiCall *call, Asked *asked, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(TraceRow) row = db ? traces_get(db, &asked->thing, NULL) : NULL;
    if (!row || !trace_narrow(call, row))
        return err_set(error, ERR_INVALID, "there is no such trace");
    asked->words =
        g_utf8_substring(row->name, 0, MIN(g_utf8_strlen(row->name, -1), CASE_WORDS_MOST));
    return true;
}

static bool find_copy(const ApiCall *call, Asked *asked, GError **error)
{
    Uuid me = call_maker(call);
    g_autoptr(ExportJob) job =
        call->api->exports ? exports_get(call->api->exports, &me, &asked->thing) : NULL;
    if (!job)
        return err_set(error, ERR_INVALID, "there is no such copy of yours");
    take_facts(asked, &job->camera, job->from_us, job->to_us);
    return true;
}

static bool find_thing(ApiCall *call, Asked *asked, const char *kind, GError **error)
{
    if (!asked->told.thing || !uuid_parse(asked->told.thing, &asked->thing))
        return err_set(error, ERR_INVALID, "an item of the kind %s must name one by its id", kind);
    bool found = strcmp(kind, "event") == 0      ? find_event(call, asked, error)
                 : strcmp(kind, "bookmark") == 0 ? find_bookmark(call, asked, error)
                 : strcmp(kind, "trace") == 0    ? find_trace(call, asked, error)
                                                 : find_copy(call, asked, error);
    asked->told.words = asked->words;
    return found;
}

/* ---- putting in ---- */

/* Which members each kind has; the first one names a thing. */
static const struct {
    const char *kind;
    const char *members[6];
} kinds[] = {
    {CASE_ITEM_REPORT, {"report", "kind"}},
    {"event", {"event", "kind"}},
    {"bookmark", {"bookmark", "kind"}},
    {"trace", {"trace", "kind"}},
    {"copy", {"export", "kind"}},
    {CASE_ITEM_NOTE, {"text", "kind"}},
    {CASE_ITEM_FOOTAGE, {"camera", "kind", "from", "to", "words"}},
    {CASE_ITEM_NOTHING_SEEN, {"cameras", "kind", "from", "to", "words"}},
    {"person", {"role", "kind", "count"}},
};

static bool read_item(ApiCall *call, Asked *asked, GError **error)
{
    const Json *body = call->request->body;
    const char *kind = json_string_value(json_object_get(body, "kind"));
    CaseItemTold *told = &asked->told;
    size_t i = 0;
    while (i < G_N_ELEMENTS(kinds) && g_strcmp0(kinds[i].kind, kind) != 0)
        i++;
    if (i == G_N_ELEMENTS(kinds))
        return err_set(error, ERR_INVALID, "‘kind’ knows no ‘%.40s’", kind ? kind : "");
    told->kind = kind;
    if (!call_body(call, kinds[i].members, error))
        return false;
    if (strcmp(kind, CASE_ITEM_FOOTAGE) == 0 || strcmp(kind, CASE_ITEM_NOTHING_SEEN) == 0)
        return read_footage(call, body, asked, error);
    if (!case_item_names(kind))
        return json_get_text(body, "text", &told->text, error) &&
               json_get_text(body, "role", &told->role, error) &&
               json_get_int(body, "count", &told->count, error);
    return json_get_text(body, kinds[i].members[0], &told->thing, error) &&
           (strcmp(kind, CASE_ITEM_REPORT) == 0 || find_thing(call, asked, kind, error));
}

bool case_item_add(ApiCall *call, GError **error)
{
    Uuid me;
    g_auto(Asked) asked = {0};
    CaseRefusal refusal;
    GError *trouble = NULL;
    g_autoptr(CaseRow) seen = case_find(call, error);
    if (!seen || !read_item(call, &asked, error) || !case_worker(call, &me, error))
        return false;
    g_autoptr(CaseItemRow) item = NULL;
    g_autoptr(CaseRow) row =
        case_desk_put(call->api->cases, &seen->id, &asked.told, &me, &item, &refusal, &trouble);
    if (!row)
        return case_answer_refusal(call, refusal, trouble, error);
    case_audit_item(call, "case-item", row, item);
    return call_json(call, 201, case_item_json(call, item));
}

bool case_item_remove(ApiCall *call, GError **error)
{
    Uuid me;
    gint64 n = 0;
    CaseRefusal refusal;
    GError *trouble = NULL;
    g_autoptr(CaseRow) seen = case_find(call, error);
    if (!seen || !case_worker(call, &me, error))
        return false;
    if (!g_ascii_string_to_signed(call->params[1], 10, 1, INT32_MAX, &n, NULL))
        return err_set(error, ERR_NOT_FOUND, "the case has no such item");
    g_autoptr(CaseItemRow) item = NULL;
    g_autoptr(CaseRow) row =
        case_desk_take_out(call->api->cases, &seen->id, (int)n, &me, &item, &refusal, &trouble);
    if (!row)
        return case_answer_refusal(call, refusal, trouble, error);
    case_audit_item(call, "case-item-remove", row, item);
    return call_empty(call);
}
