/* cases.c — cases: listed, opened, looked at, changed. */
#include "http/api/case_json.h"

#include "casework/report.h"
#include "http/api/handlers.h"

#include <string.h>

enum { ROWS_DEFAULT = 50, ROWS_MOST = 200, STATES_MOST = 9 };

/* ---- listing ---- */

static bool is_overdue(void *data, const CaseRow *row)
{
    const ApiCall *call = data;
    int64_t due_us = case_desk_due_us(call->api->cases, row);
    return due_us && clock_now_us() > due_us;
}

static bool read_states(ApiCall *call, char ***states, GError **error)
{
    const char *text = call_query(call, "state");
    *states = text ? g_strsplit(text, ",", STATES_MOST) : NULL;
    for (char **state = *states; state && *state; state++)
        if (!g_strv_contains(case_states, *state))
            return err_set(error, ERR_INVALID, "‘state’ knows no ‘%.40s’", *state);
    return true;
}

/* `ids` is what the query points to: assignee and location. */
static bool read_people_and_place(ApiCall *call, CaseQuery *query, Uuid ids[2], GError **error)
{
    const char *who = call_query(call, "assignee"), *where = call_query(call, "location");
    const char *overdue = call_query(call, "overdue");
    query->assignee = who ? &ids[0] : NULL;
    query->location = where ? &ids[1] : NULL;
    if (who && strcmp(who, "me") == 0)
        ids[0] = call_maker(call);
    else if (who && strcmp(who, "none") == 0)
        ids[0] = (Uuid){0};
    else if (who && !uuid_parse(who, &ids[0]))
        return err_set(error, ERR_INVALID, "‘assignee’ must be me, none or an id");
    if (where && !uuid_parse(where, &ids[1]))
        return err_set(error, ERR_INVALID, "‘location’ must be an id");
    if (overdue && strcmp(overdue, "true") != 0)
        return err_set(error, ERR_INVALID, "‘overdue’ must be true, or left out");
    query->fits = overdue ? is_overdue : NULL;
    query->data = call;
    return true;
}

static bool read_query(ApiCall *call, CaseQuery *query, Uuid ids[2], int64_t *limit, GError **error)
{
    query->to_us = INT64_MAX;
    return call_query_int(call, "limit", 1, ROWS_MOST, limit, error) &&
           call_query_int(call, "cursor", 1, INT64_MAX, &query->before_ref, error) &&
           call_query_time(call, "from", false, &query->from_us, error) &&
           call_query_time(call, "to", false, &query->to_us, error) &&
           read_people_and_place(call, query, ids, error);
}

bool cases_get_all(ApiCall *call, GError **error)
{
    Uuid ids[2];
    int64_t limit = ROWS_DEFAULT;
    g_auto(GStrv) states = NULL;
    CaseQuery query = {0};
    if (!case_desk_of(call, error) || !read_states(call, &states, error) ||
        !read_query(call, &query, ids, &limit, error))
        return false;
    query.states = (const char *const *)states;
    query.limit = (unsigned)limit + 1;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? cases_list(db, &query, error) : NULL;
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    for (guint i = 0; i < MIN(rows->len, (guint)limit); i++)
        json_array_append_new(items, case_json(call, rows->pdata[i]));
    if (rows->len > (guint)limit) {
        const CaseRow *last = rows->pdata[limit - 1];
        next = json_sprintf("%" G_GINT64_FORMAT, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

static bool answer_whole(ApiCall *call, int status, const CaseRow *row, GError **error)
{
    Json *json = case_whole_json(call, row, error);
    return json && call_json(call, status, json);
}

bool case_get(ApiCall *call, GError **error)
{
    g_autoptr(CaseRow) row = case_find(call, error);
    return row && answer_whole(call, 200, row, error);
}

/* ---- opening ---- */

typedef struct Asked {
    CaseTold told;
    const char *reports[CASE_REPORTS_MOST + 1];
    Uuid location, key;
    PlacePoint place;
    int64_t from_us, to_us;
} Asked;

static bool read_reports(const Json *body, Asked *asked, GError **error)
{
    const Json *list = json_object_get(body, "reports");
    size_t i;
    Json *name;
    if (!list || json_is_null(list))
        return true;
    if (!json_is_array(list) || json_array_size(list) > CASE_REPORTS_MOST)
        return err_set(error, ERR_INVALID, "‘reports’ must be a list of %d numbers at most",
                       CASE_REPORTS_MOST);
    json_array_foreach((json_t *)list, i, name)
    {
        if (!json_is_string(name))
            return err_set(error, ERR_INVALID, "‘reports’ must be numbers or ids");
        asked->reports[i] = json_string_value(name);
    }
    asked->told.reports = asked->reports;
    return true;
}

static bool read_told(const Json *body, Asked *asked, GError **error)
{
    CaseTold *told = &asked->told;
    return body && json_get_text(body, "kind", &told->kind, error) &&
           json_get_text(body, "title", &told->title, error) && read_reports(body, asked, error) &&
           call_body_id(body, "location", &asked->location, &told->location, error) &&
           call_body_id(body, "key", &asked->key, &told->key, error) &&
           call_body_place(body, "place", &asked->place, &told->place, error) &&
           json_get_text(body, "where", &told->where, error) &&
           call_body_time(body, "from", &asked->from_us, &told->from_us, error) &&
           call_body_time(body, "to", &asked->to_us, &told->to_us, error) &&
           json_get_text(body, "note", &told->note, error);
}

bool cases_open(ApiCall *call, GError **error)
{
    static const char *const members[] = {"kind", "title", "reports", "location", "place", "where",
                                          "from", "to",    "note",    "key",      NULL};
    char id[UUID_TEXT];
    Uuid me;
    bool again = false;
    Asked asked = {0};
    CaseRefusal refusal;
    GError *trouble = NULL;
    CaseDesk *desk = case_desk_of(call, error);
    if (!desk || !read_told(call_body(call, members, error), &asked, error) ||
        !case_worker(call, &me, error))
        return false;
    g_autoptr(CaseRow) row = case_desk_open(desk, &asked.told, &me, &again, &refusal, &trouble);
    if (!row)
        return case_answer_refusal(call, refusal, trouble, error);
    case_audit_reason(call, row);
    if (!again)
        call_audit(call, "case-open", uuid_text(&row->id, id), NULL, "ok");
    return answer_whole(call, 201, row, error);
}

/* ---- changing ---- */

typedef struct AskedEdit {
    CaseEdit edit;
    Uuid assignee, location;
    PlacePoint place;
    int64_t from_us, to_us;
} AskedEdit;

static bool read_revision(const Json *body, int64_t *revision, GError **error)
{
    return json_is_integer(json_object_get(body, "revision"))
               ? json_get_int(body, "revision", revision, error)
               : err_set(error, ERR_INVALID, "‘revision’ must be that of the case as it was seen");
}

static bool read_edit(const Json *body, AskedEdit *asked, GError **error)
{
    CaseEdit *edit = &asked->edit;
    edit->hands_over = body && json_object_get(body, "assignee");
    return body && read_revision(body, &edit->revision, error) &&
           json_get_text(body, "state", &edit->state, error) &&
           json_get_text(body, "reason", &edit->reason, error) &&
           json_get_text(body, "outcome", &edit->outcome, error) &&
           json_get_text(body, "document", &edit->document, error) &&
           json_get_text(body, "answer", &edit->answer, error) &&
           json_get_text(body, "kind", &edit->kind, error) &&
           json_get_text(body, "title", &edit->title, error) &&
           json_get_text(body, "where", &edit->where, error) &&
           call_body_id(body, "assignee", &asked->assignee, &edit->assignee, error) &&
           call_body_id(body, "location", &asked->location, &edit->location, error) &&
           call_body_place(body, "place", &asked->place, &edit->place, error) &&
           call_body_time(body, "from", &asked->from_us, &edit->from_us, error) &&
           call_body_time(body, "to", &asked->to_us, &edit->to_us, error);
}

/* The state has a line of its own: what it came to is what reviewers look for. */
static void audit_state(ApiCall *call, const CaseRow *before, const CaseRow *after, const char *id)
{
    Changes changes = {0};
    changes_text(&changes, "state", before->state, after->state);
    changes_text(&changes, "outcome", before->outcome, after->outcome);
    changes_hidden(&changes, "document", before->document, after->document);
    changes_hidden(&changes, "answer", before->answer, after->answer);
    if (changes.count)
        call_audit_changes(call, "case-state", id, &changes);
}

static void audit_edit(ApiCall *call, const CaseRow *before, const CaseRow *after, const char *id)
{
    char ids[4][UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "kind", before->kind, after->kind);
    changes_hidden(&changes, "title", before->title, after->title);
    changes_hidden(&changes, "where", before->where_text, after->where_text);
    changes_text(&changes, "assignee", uuid_text(&before->assignee, ids[0]),
                 uuid_text(&after->assignee, ids[1]));
    changes_text(&changes, "location", uuid_text(&before->location, ids[2]),
                 uuid_text(&after->location, ids[3]));
    changes_double(&changes, "latitude", before->latitude, after->latitude);
    changes_double(&changes, "longitude", before->longitude, after->longitude);
    changes_bool(&changes, "span", false,
                 before->from_us != after->from_us || before->to_us != after->to_us);
    if (changes.count)
        call_audit_changes(call, "case-edit", id, &changes);
}

bool case_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"state",    "reason", "outcome", "document", "answer",
                                          "assignee", "kind",   "title",   "location", "place",
                                          "where",    "from",   "to",      "revision", NULL};
    char id[UUID_TEXT];
    Uuid me;
    AskedEdit asked = {0};
    CaseRefusal refusal;
    GError *trouble = NULL;
    g_autoptr(CaseRow) seen = case_find(call, error), before = NULL;
    if (!seen || !read_edit(call_body(call, members, error), &asked, error) ||
        !case_worker(call, &me, error))
        return false;
    g_autoptr(CaseRow) after = case_desk_change(call->api->cases, &seen->id, &asked.edit, &me,
                                                &before, &refusal, &trouble);
    if (!after)
        return case_answer_refusal(call, refusal, trouble, error);
    case_audit_reason(call, after);
    uuid_text(&after->id, id);
    audit_state(call, before, after, id);
    audit_edit(call, before, after, id);
    return answer_whole(call, 200, after, error);
}
