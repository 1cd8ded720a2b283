#include "http/api/case_json.h"

#include "casework/report.h"
#include "http/api/report_json.h"
#include "http/problem.h"

#include <string.h>

CaseDesk *case_desk_of(const ApiCall *call, GError **error)
{
    if (!call->api->cases)
        err_set(error, ERR_UNAVAILABLE, "no server is running");
    return call->api->cases;
}

CaseRow *case_find(ApiCall *call, GError **error)
{
    CaseDesk *desk = case_desk_of(call, error);
    return desk ? case_desk_find(desk, call->params[0], error) : NULL;
}

bool case_worker(const ApiCall *call, Uuid *who, GError **error)
{
    *who = call_maker(call);
    return !uuid_is_nil(who) ||
           err_set(error, ERR_INVALID, "a case needs an account or a token that works on it");
}

bool case_answer_refusal(ApiCall *call, CaseRefusal refusal, GError *trouble, GError **error)
{
    static const char *const codes[CASE_REFUSALS] = {
        [CASE_REFUSED_STATE] = "case-state",       [CASE_REFUSED_CHANGED] = "changed",
        [CASE_REFUSED_REPORT] = "report-in-case",  [CASE_REFUSED_OVER] = "case-over",
        [CASE_REFUSED_SAME] = "same-person",       [CASE_REFUSED_DONE] = "done-before",
        [CASE_REFUSED_RELEASED] = "hold-released",
    };
    if (refusal == CASE_FINE) {
        g_propagate_error(error, trouble);
        return false;
    }
    g_autoptr(GError) owned = trouble;
    problem_set(call->response, 409, codes[refusal], "%s", owned->message);
    return true;
}

void case_audit_reason(ApiCall *call, const CaseRow *row)
{
    char number[CASE_NUMBER_TEXT];
    g_snprintf(call->reason, sizeof call->reason, "case %s",
               case_number(row->year, row->seq, number));
}

/* ---- telling ---- */

static void set_text(Json *json, const char *name, const char *text)
{
    if (*text)
        json_object_set_new(json, name, json_string(text));
}

static void set_name(const ApiCall *call, Json *json, const char *name, const Uuid *account)
{
    g_autofree char *who = report_name_of(call->api, account);
    set_text(json, name, who);
}

static Json *person_json(const ApiCall *call, const Uuid *account)
{
    char id[UUID_TEXT];
    g_autofree char *name = report_name_of(call->api, account);
    return json_pack("{s:s, s:s}", "id", uuid_text(account, id), "name", name);
}

static void set_where(Json *json, const CaseRow *row)
{
    char id[UUID_TEXT];
    if (!uuid_is_nil(&row->location))
        json_object_set_new(json, "location", json_string(uuid_text(&row->location, id)));
    if (row->has_place)
        json_object_set_new(json, "place",
                            json_pack("{s:f, s:f}", "lat", row->latitude, "lon", row->longitude));
    set_text(json, "where", row->where_text);
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to", json_time(row->to_us));
}

static void set_reports(Json *json, const CaseRow *row)
{
    char id[UUID_TEXT], number[REPORT_NUMBER_TEXT];
    Json *list = json_array();
    for (guint i = 0; i < row->reports->len; i++) {
        const CaseReportRow *report = &g_array_index(row->reports, CaseReportRow, i);
        Json *one = json_pack("{s:s, s:s}", "id", uuid_text(&report->id, id), "number",
                              report_number(report->year, report->seq, number));
        if (report->joined_year)
            set_text(one, "joined_to",
                     report_number(report->joined_year, report->joined_seq, number));
        json_array_append_new(list, one);
    }
    json_object_set_new(json, "reports", list);
    json_object_set_new(json, "counts",
                        json_pack("{s:I, s:I, s:I}", "reports", (json_int_t)row->reports->len,
                                  "items", (json_int_t)row->item_count, "holds",
                                  (json_int_t)row->hold_count));
}

static void set_course(const ApiCall *call, Json *json, const CaseRow *row)
{
    int64_t due_us = case_desk_due_us(call->api->cases, row);
    int64_t minutes = case_minutes_to_footage(row);
    json_object_set_new(json, "state_at", json_time(row->state_us));
    if (due_us)
        json_object_set_new(json, "due", json_time(due_us));
    json_object_set_new(json, "overdue", json_boolean(due_us && clock_now_us() > due_us));
    json_object_set_new(json, "opened_at", json_time(row->opened_us));
    set_name(call, json, "opened_by", &row->opened_by);
    if (!uuid_is_nil(&row->assignee))
        json_object_set_new(json, "assignee", person_json(call, &row->assignee));
    if (row->told_us)
        json_object_set_new(json, "told_at", json_time(row->told_us));
    if (row->footage_us)
        json_object_set_new(json, "footage_at", json_time(row->footage_us));
    if (minutes >= 0)
        json_object_set_new(json, "minutes_to_footage", json_integer(minutes));
    set_text(json, "outcome", row->outcome);
    set_text(json, "document", row->document);
    set_text(json, "answer", row->answer);
}

Json *case_json(const ApiCall *call, const CaseRow *row)
{
    char id[UUID_TEXT], number[CASE_NUMBER_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:I}", "id", uuid_text(&row->id, id), "number",
                           case_number(row->year, row->seq, number), "kind", row->kind, "state",
                           row->state, "revision", (json_int_t)row->revision);
    set_text(json, "title", row->title);
    set_where(json, row);
    set_course(call, json, row);
    set_reports(json, row);
    return json;
}

/* ---- with all that it gathers ---- */

Json *case_item_json(const ApiCall *call, const CaseItemRow *row)
{
    Json *body = json_parse(row->body, strlen(row->body), NULL);
    Json *json =
        json_pack("{s:i, s:s, s:o}", "n", row->n, "kind", row->kind, "at", json_time(row->at_us));
    set_name(call, json, "by", &row->by);
    if (body)
        json_object_update(json, body);
    json_decref(body);
    return json;
}

void case_audit_item(ApiCall *call, const char *action, const CaseRow *row, const CaseItemRow *item)
{
    char id[UUID_TEXT], n[16];
    Changes changes = {0};
    bool out = strcmp(action, "case-item-remove") == 0;
    g_snprintf(n, sizeof n, "%d", item->n);
    changes_text(&changes, "item", out ? n : "", out ? "" : n);
    changes_text(&changes, "kind", out ? item->kind : "", out ? "" : item->kind);
    case_audit_reason(call, row);
    call_audit_changes(call, action, uuid_text(&row->id, id), &changes);
}

static Json *items_json(const ApiCall *call, CatalogDb *db, const CaseRow *row, GError **error)
{
    g_autoptr(GPtrArray) rows = case_items_list(db, row, error);
    Json *list = rows ? json_array() : NULL;
    for (guint i = 0; rows && i < rows->len; i++)
        json_array_append_new(list, case_item_json(call, rows->pdata[i]));
    return list;
}

typedef struct Telling {
    const ApiCall *call;
    Json *list;
} Telling;

/* Who has a case is told by name, as in the rest of it. */
static void set_value(const Telling *telling, Json *json, const char *name,
                      const CaseChangeRow *row, const char *value)
{
    Uuid account;
    if (strcmp(row->what, "assignee") == 0 && uuid_parse(value, &account))
        set_name(telling->call, json, name, &account);
    else
        set_text(json, name, value);
}

static void tell_change(void *data, const CaseChangeRow *row)
{
    Telling *telling = data;
    Json *json = json_pack("{s:o, s:s}", "at", json_time(row->at_us), "what", row->what);
    set_name(telling->call, json, "by", &row->by);
    set_value(telling, json, "from", row, row->was);
    set_value(telling, json, "to", row, row->is);
    set_text(json, "reason", row->reason);
    json_array_append_new(telling->list, json);
}

static Json *next_json(const CaseRow *row)
{
    Json *list = json_array();
    for (const char *const *next = case_next(row->state); *next; next++)
        json_array_append_new(list, json_string(*next));
    return list;
}

Json *case_whole_json(const ApiCall *call, const CaseRow *row, GError **error)
{
    Telling telling = {call, json_array()};
    g_autoptr(Json) history = telling.list;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(Json) items = db ? items_json(call, db, row, error) : NULL;
    g_autoptr(Json) holds = items ? case_holds_json(call, db, row, error) : NULL;
    if (!holds || !case_history_each(db, row, tell_change, &telling, error))
        return NULL;
    Json *json = case_json(call, row);
    json_object_set_new(json, "next", next_json(row));
    json_object_set(json, "items", items);
    json_object_set(json, "holds", holds);
    json_object_set(json, "history", history);
    return json;
}
