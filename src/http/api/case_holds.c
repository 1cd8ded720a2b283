/* case_holds.c — footage that is held for a case: set, approved, let go by two persons. */
#include "http/api/access.h"
#include "http/api/case_json.h"

#include "casework/case_hold.h"
#include "http/api/handlers.h"
#include "http/api/report_json.h"

#include <string.h>

#define KEPT_MOST_US (3650 * DAY_US)

/* ---- telling ---- */

static void set_who(const ApiCall *call, Json *json, const char *name, const Uuid *account)
{
    g_autofree char *who = report_name_of(call->api, account);
    if (*who)
        json_object_set_new(json, name, json_string(who));
}

static Json *span_json(CaseDesk *desk, const CaseHoldSpanRow *span, GError **error)
{
    char camera[UUID_TEXT];
    int64_t bytes, gap_us;
    if (!case_hold_figures(desk, span, &bytes, &gap_us, error))
        return NULL;
    int64_t gaps_s = MAX(gap_us, 0) / SECOND_US;
    return json_pack("{s:s, s:o, s:o, s:I, s:I, s:b}", "camera", uuid_text(&span->camera, camera),
                     "from", json_time(span->from_us), "to", json_time(span->to_us), "bytes",
                     (json_int_t)bytes, "gaps_s", (json_int_t)gaps_s, "complete", gaps_s == 0);
}

static Json *spans_json(CaseDesk *desk, const CaseHoldRow *row, GError **error)
{
    g_autoptr(Json) list = json_array();
    for (guint i = 0; i < row->spans->len; i++) {
        Json *span = span_json(desk, &g_array_index(row->spans, CaseHoldSpanRow, i), error);
        if (!span)
            return NULL;
        json_array_append_new(list, span);
    }
    return g_steal_pointer(&list);
}

static CaseHoldWish wish_of(const ApiCall *call, CaseHoldStep step)
{
    return (CaseHoldWish){.who = &call->identity.account,
                          .may_hold = rights_allow(call->identity.role, ACTION_HOLD),
                          .step = step};
}

static const struct {
    const char *word, *action; /* of openapi.yaml, and of the audit log */
} steps[CASE_HOLD_STEPS] = {
    [CASE_HOLD_APPROVE] = {"approve", "case-hold-approve"},
    [CASE_HOLD_ASK] = {"ask", "case-release-ask"},
    [CASE_HOLD_RELEASE] = {"release", "case-release"},
    [CASE_HOLD_TAKE_BACK] = {"take-back", "case-release-keep"},
};

/* What whoever calls may do with it now. */
static Json *may_json(const ApiCall *call, const CaseHoldRow *row)
{
    Json *list = json_array();
    bool works = call_is_person(call) && rights_allow(call->identity.role, ACTION_CASES);
    for (int step = 0; works && step < CASE_HOLD_STEPS; step++) {
        CaseRefusal refusal;
        const CaseHoldWish wish = wish_of(call, (CaseHoldStep)step);
        if (case_hold_may(row, &wish, clock_now_us(), &refusal, NULL))
            json_array_append_new(list, json_string(steps[step].word));
    }
    return list;
}

static Json *asking_json(const ApiCall *call, const CaseHoldRow *row)
{
    Json *json = json_pack("{s:o, s:s}", "at", json_time(row->asked_us), "reason", row->ask_reason);
    set_who(call, json, "by", &row->asked_by);
    return json;
}

static Json *hold_json(const ApiCall *call, const CaseHoldRow *row, GError **error)
{
    char id[UUID_TEXT];
    Json *spans = spans_json(call->api->cases, row, error);
    if (!spans)
        return NULL;
    Json *json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:b}", "id", uuid_text(&row->id, id), "basis",
                           "case", "cameras", spans, "at", json_time(row->at_us), "may",
                           may_json(call, row), "holds", !case_hold_is_over(row, clock_now_us()));
    set_who(call, json, "by", &row->by);
    if (*row->reason)
        json_object_set_new(json, "reason", json_string(row->reason));
    if (row->until_us)
        json_object_set_new(json, "keep_until", json_time(row->until_us));
    if (row->approved_us) {
        json_object_set_new(json, "approved_at", json_time(row->approved_us));
        set_who(call, json, "approved_by", &row->approved_by);
    }
    if (row->asked_us)
        json_object_set_new(json, "release", asking_json(call, row));
    if (row->released_us) {
        json_object_set_new(json, "released_at", json_time(row->released_us));
        set_who(call, json, "released_by", &row->released_by);
    }
    return json;
}

Json *case_holds_json(const ApiCall *call, CatalogDb *db, const CaseRow *row, GError **error)
{
    g_autoptr(GPtrArray) rows = case_holds_list(db, row, error);
    g_autoptr(Json) list = json_array();
    for (guint i = 0; rows && i < rows->len; i++) {
        Json *hold = hold_json(call, rows->pdata[i], error);
        if (!hold)
            return NULL;
        json_array_append_new(list, hold);
    }
    return rows ? g_steal_pointer(&list) : NULL;
}

static bool answer(ApiCall *call, int status, const CaseHoldRow *row, GError **error)
{
    Json *json = hold_json(call, row, error);
    return json && call_json(call, status, json);
}

static void audit_hold(ApiCall *call, const char *action, const CaseRow *row,
                       const CaseHoldRow *hold)
{
    char id[UUID_TEXT], text[UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "hold", "", uuid_text(&hold->id, text));
    case_audit_reason(call, row);
    call_audit_changes(call, action, uuid_text(&row->id, id), &changes);
}

/* ---- setting one ---- */

typedef struct Asked {
    CaseHoldTold told;
    Uuid cameras[GRANT_CAMERAS_MOST];
    CaseHoldSpanRow spans[GRANT_CAMERAS_MOST];
} Asked;

static bool read_span(ApiCall *call, const Json *body, Asked *asked, GError **error)
{
    GrantAsked footage = {0};
    if (!access_read_footage(call, body, ACTION_REPLAY, asked->cameras, &footage, error))
        return false;
    for (size_t i = 0; i < footage.camera_count; i++)
        asked->spans[i] = (CaseHoldSpanRow){asked->cameras[i], footage.from_us, footage.to_us};
    asked->told.spans = asked->spans;
    asked->told.span_count = footage.camera_count;
    return true;
}

static bool read_asked(ApiCall *call, Asked *asked, GError **error)
{
    static const char *const members[] = {"cameras",    "from",   "to", "confirm",
                                          "keep_until", "reason", NULL};
    bool confirm = false;
    const int64_t *until = NULL;
    const Json *body = call_body(call, members, error);
    if (!body || !json_get_bool(body, "confirm", &confirm, error) ||
        !json_get_text(body, "reason", &asked->told.reason, error) ||
        !call_body_time(body, "keep_until", &asked->told.until_us, &until, error) ||
        (!confirm && !read_span(call, body, asked, error)))
        return false;
    int64_t now_us = clock_now_us();
    return !until || (*until > now_us && *until - now_us <= KEPT_MOST_US) ||
           err_set(error, ERR_INVALID, "‘keep_until’ must lie ahead, by ten years at most");
}

bool case_hold_add(ApiCall *call, GError **error)
{
    Uuid me;
    Asked asked = {0};
    CaseRefusal refusal;
    GError *trouble = NULL;
    g_autoptr(CaseHoldRow) hold = NULL;
    g_autoptr(CaseRow) seen = case_find(call, error);
    if (!seen || !read_asked(call, &asked, error) || !case_worker(call, &me, error))
        return false;
    g_autoptr(CaseRow) row =
        case_desk_hold(call->api->cases, &seen->id, &asked.told, &me, &hold, &refusal, &trouble);
    if (!row)
        return case_answer_refusal(call, refusal, trouble, error);
    audit_hold(call, "case-hold", row, hold);
    return answer(call, 201, hold, error);
}

/* ---- approving, releasing ---- */

static bool take_step(ApiCall *call, CaseHoldStep step, const char *reason, GError **error)
{
    Uuid id;
    CaseRefusal refusal;
    GError *trouble = NULL;
    CaseHoldWish wish = wish_of(call, step);
    g_autoptr(CaseHoldRow) hold = NULL;
    g_autoptr(CaseRow) seen = case_find(call, error);
    if (!seen)
        return false;
    if (!uuid_parse(call->params[1], &id))
        return err_set(error, ERR_NOT_FOUND, "the case has no such hold");
    if (call_refused_to_machines(call, steps[step].action, call->params[0]))
        return true;
    wish.hold = &id;
    wish.reason = reason;
    g_autoptr(CaseRow) row =
        case_desk_hold_step(call->api->cases, &seen->id, &wish, &hold, &refusal, &trouble);
    if (!row)
        return case_answer_refusal(call, refusal, trouble, error);
    audit_hold(call, steps[step].action, row, hold);
    return answer(call, 200, hold, error);
}

bool case_hold_approve(ApiCall *call, GError **error)
{
    return take_step(call, CASE_HOLD_APPROVE, NULL, error);
}

/* To ask, with a reason, and to give what another asked for are told apart: who asks at the same
 * time as a colleague gives nothing. */
bool case_hold_release(ApiCall *call, GError **error)
{
    static const char *const members[] = {"reason", "approve", NULL};
    const char *reason = NULL;
    bool approve = false;
    g_autoptr(CaseRow) seen = case_find(call, error);
    const Json *body = seen ? call_body(call, members, error) : NULL;
    return body && json_get_text(body, "reason", &reason, error) &&
           json_get_bool(body, "approve", &approve, error) &&
           take_step(call, approve ? CASE_HOLD_RELEASE : CASE_HOLD_ASK, reason, error);
}

bool case_hold_keep(ApiCall *call, GError **error)
{
    return take_step(call, CASE_HOLD_TAKE_BACK, NULL, error);
}
