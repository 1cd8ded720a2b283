/* audit_marks.c — what whoever watches over the log should look into. */
#include "http/api/audit_marks.h"

#include "base/time_text.h"
#include "casework/case.h"
#include "casework/report.h"
#include "catalog/mark_judgements.h"
#include "config/site_day.h"
#include "http/api/audit_names.h"
#include "http/api/handlers.h"
#include "http/problem.h"
#include "people/duty.h"

#include <string.h>

/* Looks and openings that are taken into account, at most: the newest. */
enum { PAGE = 1000, ROWS_MOST = 50000, SPAN_MOST_DAYS = 31, NOTE_MOST = 300, GONE_MOST = 200 };

/* ---- shifts ---- */

typedef struct Judge {
    const ShiftPlan *plan;
    GTimeZone *zone;
    GHashTable *serve; /* ids of accounts that have a shift at all, as text */
    CatalogDb *db;     /* once the log is read */
    GHashTable *bare;  /* number of a case → id of who opened it without a report, "": nobody */
} Judge;

static void take_people(GHashTable *serve, const GPtrArray *shifts)
{
    char id[UUID_TEXT];
    for (guint i = 0; i < shifts->len; i++) {
        const Shift *shift = shifts->pdata[i];
        for (guint n = 0; n < shift->people->len; n++)
            g_hash_table_add(serve,
                             g_strdup(uuid_text(&g_array_index(shift->people, Uuid, n), id)));
    }
}

static GHashTable *who_serves(const ShiftPlan *plan)
{
    GHashTable *serve = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) days = shift_plan_days(plan);
    for (guint i = 0; i < days->len; i++)
        take_people(serve, shift_plan_day(plan, days->pdata[i]));
    return serve;
}

static bool is_off_shift(void *data, const char *actor, int64_t at_us)
{
    const Judge *judge = data;
    Uuid account;
    if (!g_hash_table_contains(judge->serve, actor) || !uuid_parse(actor, &account))
        return false;
    g_autoptr(GArray) people = shift_plan_on_duty(judge->plan, judge->zone, at_us);
    return !uuids_have(people, &account);
}

/* ---- the log ---- */

/* The lines that matter, oldest first; `*more`: there were older ones still. Returns owned. */
static GPtrArray *read_log(Audit *audit, const MarkRules *rules, int64_t from_us, int64_t to_us,
                           bool *more, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)audit_row_free);
    g_autofree char *next = NULL;
    do {
        g_autofree char *cursor = g_steal_pointer(&next);
        AuditQuery query = {.from_us = from_us, .to_us = to_us, .cursor = cursor, .limit = PAGE};
        g_autoptr(GPtrArray) page = audit_search(audit, &query, &next, error);
        if (!page)
            return NULL;
        for (guint i = 0; i < page->len; i++)
            if (audit_marks_want(page->pdata[i], rules))
                g_ptr_array_add(rows, g_steal_pointer(&page->pdata[i]));
    } while (next && rows->len < ROWS_MOST);
    *more = next != NULL;
    for (guint i = 0; i < rows->len / 2; i++) {
        void *row = rows->pdata[i];
        rows->pdata[i] = rows->pdata[rows->len - 1 - i];
        rows->pdata[rows->len - 1 - i] = row;
    }
    return g_steal_pointer(&rows);
}

/* ---- marks ---- */

/* The case that was opened after the look; NULL: it is not known any more. Returns owned. */
static CaseRow *case_of_mark(CatalogDb *db, const AuditMark *mark)
{
    Uuid id;
    return mark->kind == MARK_CASE_AFTER_VIEW && uuid_parse(mark->object, &id)
               ? cases_get(db, &id, NULL)
               : NULL;
}

/* A case that somebody's report began explains nothing afterwards, and was not made to look. */
static void leave_out_reported(CatalogDb *db, GPtrArray *rows)
{
    for (guint i = rows->len; i > 0; i--) {
        const AuditRow *line = rows->pdata[i - 1];
        Uuid id;
        if (strcmp(line->action, "case-open") != 0 || !uuid_parse(line->object, &id))
            continue;
        g_autoptr(CaseRow) row = cases_get(db, &id, NULL);
        if (row && row->told_us)
            g_ptr_array_remove_index(rows, i - 1);
    }
}

static char *bare_opener(CatalogDb *db, const char *number)
{
    char opener[UUID_TEXT];
    int year, seq;
    g_autoptr(CaseRow) row =
        case_number_parse(number, &year, &seq) ? cases_get_number(db, year, seq, NULL) : NULL;
    return g_strdup(row && !row->told_us ? uuid_text(&row->opened_by, opener) : "");
}

/* Asked for each look, and looks are many, cases few. */
static bool is_own_case(void *data, const char *actor, const char *number)
{
    Judge *judge = data;
    char *opener = g_hash_table_lookup(judge->bare, number);
    if (!opener)
        g_hash_table_insert(judge->bare, g_strdup(number), opener = bare_opener(judge->db, number));
    return strcmp(opener, actor) == 0;
}

/* The reader is opened behind the log: one that is held keeps the catalog from being mended. */
GPtrArray *audit_marks_of_span(ApiContext *api, int64_t from_us, int64_t to_us, bool *more,
                               GError **error)
{
    g_autoptr(ShiftPlan) plan = duty_plan(api->duty);
    g_autoptr(GTimeZone) zone = site_zone(api->site);
    g_autoptr(GHashTable) serve = who_serves(plan);
    g_autoptr(GHashTable) bare = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Judge judge = {plan, zone, serve, NULL, bare};
    const MarkRules rules = {is_off_shift, is_own_case, &judge};
    audit_flush(api->audit, NULL);
    g_autoptr(GPtrArray) rows = read_log(api->audit, &rules, from_us, to_us, more, error);
    g_autoptr(CatalogDb) db = rows ? catalog_read(api->catalog, error) : NULL;
    if (!db)
        return NULL;
    judge.db = db;
    leave_out_reported(db, rows);
    return audit_marks(rows, &rules);
}

bool audit_marks_judged(ApiContext *api, int64_t from_us, int64_t to_us, MarkCounts *counts,
                        GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(api->catalog, error);
    return db &&
           mark_judgements_count(db, from_us, to_us, &counts->misuse, &counts->explained, error);
}

bool audit_marks_count(ApiContext *api, int64_t from_us, int64_t to_us, MarkCounts *counts,
                       GError **error)
{
    bool more = false;
    g_autoptr(GPtrArray) marks = audit_marks_of_span(api, from_us, to_us, &more, error);
    if (!marks)
        return false;
    counts->found = marks->len;
    return audit_marks_judged(api, from_us, to_us, counts, error);
}

/* ---- as JSON ---- */

static Json *cameras_json(ApiContext *api, const GPtrArray *cameras)
{
    Json *list = json_array();
    for (guint i = 0; i < cameras->len; i++) {
        g_autofree char *name = audit_object_name(api, cameras->pdata[i]);
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "id", cameras->pdata[i], "name", name ? name : ""));
    }
    return list;
}

static Json *judgement_json(ApiContext *api, const MarkJudgement *row)
{
    Json *json =
        json_pack("{s:s, s:s}", "verdict", row->misuse ? "misuse" : "explained", "note", row->note);
    json_object_set_new(json, "by", audit_actor_json(api, &row->by));
    json_object_set_new(json, "at", json_time(row->at_us));
    return json;
}

static Json *mark_json(ApiContext *api, CatalogDb *db, const AuditMark *mark)
{
    g_autofree char *id = audit_mark_id(mark), *name = audit_actor_name(api, mark->actor);
    g_autoptr(CaseRow) row = case_of_mark(db, mark);
    g_autoptr(MarkJudgement) judged = NULL;
    char number[CASE_NUMBER_TEXT];
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s, s:i}", "id", id, "kind", mark_kind_text(mark->kind),
                  "actor", mark->actor, "actor_name", name ? name : "", "count", (int)mark->count);
    json_object_set_new(json, "from", json_time(mark->from_us));
    json_object_set_new(json, "to", json_time(mark->to_us));
    json_object_set_new(json, "cameras", cameras_json(api, mark->cameras));
    if (row)
        json_object_set_new(json, "case", json_string(case_number(row->year, row->seq, number)));
    Json *seqs = json_array();
    for (guint i = 0; i < mark->seqs->len; i++)
        json_array_append_new(seqs, json_integer(g_array_index(mark->seqs, int64_t, i)));
    json_object_set_new(json, "seqs", seqs);
    mark_judgements_get(db, id, &judged, NULL);
    json_object_set_new(json, "judged", judged ? judgement_json(api, judged) : json_null());
    return json;
}

static const AuditMark *find_mark(const GPtrArray *marks, const char *id)
{
    for (guint i = 0; i < marks->len; i++) {
        g_autofree char *its = audit_mark_id(marks->pdata[i]);
        if (strcmp(its, id) == 0)
            return marks->pdata[i];
    }
    return NULL;
}

/* What was judged of marks that do not stand any more: their rule does not fire, their looks went
 * on or are too old. The newest of them; NULL on error. */
static Json *gone_json(ApiContext *api, CatalogDb *db, const GPtrArray *marks, GError **error)
{
    g_autoptr(GPtrArray) rows = mark_judgements_list(db, GONE_MOST, error);
    Json *list = rows ? json_array() : NULL;
    for (guint i = 0; rows && i < rows->len; i++) {
        const MarkJudgement *row = rows->pdata[i];
        if (find_mark(marks, row->mark))
            continue;
        g_autofree char *name = audit_actor_name(api, row->actor);
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", row->mark, "kind",
                                        row->kind, "actor", row->actor, "actor_name",
                                        name ? name : "", "judged", judgement_json(api, row)));
    }
    return list;
}

static bool read_span(const ApiCall *call, int64_t *from_us, int64_t *to_us, GError **error)
{
    *to_us = clock_now_us();
    *from_us = 0;
    if (!call_query_time(call, "from", false, from_us, error) ||
        !call_query_time(call, "to", false, to_us, error))
        return false;
    if (!*from_us)
        *from_us = *to_us - SPAN_MOST_DAYS * DAY_US;
    if (*from_us >= *to_us || *to_us - *from_us > SPAN_MOST_DAYS * DAY_US)
        return err_set(error, ERR_INVALID, "‘to’ must come after ‘from’, by %d days at most",
                       SPAN_MOST_DAYS);
    return true;
}

static GPtrArray *marks_of_call(const ApiCall *call, bool *more, GError **error)
{
    int64_t from_us, to_us;
    *more = false;
    return read_span(call, &from_us, &to_us, error)
               ? audit_marks_of_span(call->api, from_us, to_us, more, error)
               : NULL;
}

bool audit_get_marks(ApiCall *call, GError **error)
{
    bool more;
    g_autoptr(GPtrArray) marks = marks_of_call(call, &more, error);
    g_autoptr(CatalogDb) db = marks ? catalog_read(call->api->catalog, error) : NULL;
    if (!db)
        return false;
    Json *gone = gone_json(call->api, db, marks, error);
    if (!gone)
        return false;
    Json *list = json_array();
    for (guint i = 0; i < marks->len; i++)
        json_array_append_new(list, mark_json(call->api, db, marks->pdata[i]));
    call_audit(call, "audit-read", NULL, NULL, "ok");
    return call_json(call, 200,
                     json_pack("{s:o, s:o, s:b}", "items", list, "gone", gone, "more", more));
}

/* ---- judging ---- */

/* `verdict` null: it is not judged any more, and `row->note` stays NULL. */
static bool read_judgement(ApiCall *call, MarkJudgement *row, GError **error)
{
    static const char *const members[] = {"verdict", "note", NULL};
    const char *verdict = NULL, *note = "";
    const Json *body = call_body(call, members, error);
    if (!body || !json_get_text(body, "verdict", &verdict, error) ||
        !json_get_text(body, "note", &note, error))
        return false;
    if (json_is_null(json_object_get(body, "verdict")))
        return true;
    row->misuse = g_strcmp0(verdict, "misuse") == 0;
    if (!row->misuse && g_strcmp0(verdict, "explained") != 0)
        return err_set(error, ERR_INVALID, "‘verdict’ must be misuse, explained or null");
    return report_text(&row->note, "note", note, 1, NOTE_MOST, false, error);
}

/* What is judged is what stands in the log, by an account, and not by whose looks they are. */
static bool may_judge(ApiCall *call, const char *actor)
{
    char me[UUID_TEXT];
    uuid_text(&call->identity.account, me);
    if (!uuid_is_nil(&call->identity.account) && strcmp(actor, me) != 0)
        return true;
    problem_set(call->response, 403, NULL, "a mark is judged by an auditor, of other people");
    call_audit(call, "mark-judge", actor, NULL, "refused");
    return false;
}

static bool write_judgement(CatalogDb *db, void *data, GError **error)
{
    const MarkJudgement *row = data;
    return row->note ? mark_judgements_put(db, row, error) : mark_judgements_remove(db, row, error);
}

static const char *verdict_text(const MarkJudgement *row)
{
    return !row || !row->note ? "" : row->misuse ? "misuse" : "explained";
}

static void audit_judging(const ApiCall *call, const MarkJudgement *before,
                          const MarkJudgement *row)
{
    Changes changes = {0};
    changes_text(&changes, "mark", "", row->mark);
    changes_text(&changes, "verdict", verdict_text(before), verdict_text(row));
    changes_hidden(&changes, "note", before ? before->note : "", row->note ? row->note : "");
    call_audit_changes(call, "mark-judge", row->actor, &changes);
}

/* What is judged: a mark that stands, or, to take a verdict back, one that stood when it was given.
 */
static bool take_mark(MarkJudgement *row, const AuditMark *mark, const MarkJudgement *before)
{
    if (!mark && (!before || row->note))
        return false;
    row->mark = mark ? audit_mark_id(mark) : g_strdup(before->mark);
    row->kind = g_strdup(mark ? mark_kind_text(mark->kind) : before->kind);
    row->actor = g_strdup(mark ? mark->actor : before->actor);
    row->object = g_strdup(mark ? mark->object : before->object);
    row->first_seq = mark ? g_array_index(mark->seqs, int64_t, 0) : before->first_seq;
    row->last_seq = mark ? mark->last_seq : before->last_seq;
    return true;
}

/* The reader ends here: a write that follows may have to mend the catalog, which waits for all. */
static bool read_before(const ApiCall *call, MarkJudgement **before, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    return db && mark_judgements_get(db, call->params[0], before, error);
}

bool audit_judge_mark(ApiCall *call, GError **error)
{
    bool more;
    g_autoptr(MarkJudgement) before = NULL, row = g_new0(MarkJudgement, 1);
    if (!read_judgement(call, row, error))
        return false;
    g_autoptr(GPtrArray) marks = marks_of_call(call, &more, error);
    if (!marks || !read_before(call, &before, error))
        return false;
    if (!take_mark(row, find_mark(marks, call->params[0]), before))
        return err_set(error, ERR_NOT_FOUND,
                       "no such mark; it is another one as soon as the looks go on");
    if (!may_judge(call, row->actor))
        return true;
    row->by = call->identity.account;
    row->at_us = clock_now_us();
    if (!catalog_write_wait(call->api->catalog, write_judgement, row, error))
        return false;
    audit_judging(call, before, row);
    return call_empty(call);
}
