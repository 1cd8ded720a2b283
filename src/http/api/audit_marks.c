/* audit_marks.c — what whoever watches over the log should look into. */
#include "people/audit_marks.h"

#include "base/time_text.h"
#include "casework/case.h"
#include "config/site_day.h"
#include "http/api/audit_names.h"
#include "http/api/handlers.h"
#include "people/duty.h"

#include <string.h>

/* Looks and openings that are taken into account, at most: the newest. */
enum { PAGE = 1000, ROWS_MOST = 50000, SPAN_MOST_DAYS = 31 };

/* ---- shifts ---- */

typedef struct OffShift {
    const ShiftPlan *plan;
    GTimeZone *zone;
    GHashTable *serve; /* ids of accounts that have a shift at all, as text */
} OffShift;

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
    const OffShift *off = data;
    Uuid account;
    if (!g_hash_table_contains(off->serve, actor) || !uuid_parse(actor, &account))
        return false;
    g_autoptr(GArray) people = shift_plan_on_duty(off->plan, off->zone, at_us);
    return !uuids_have(people, &account);
}

/* ---- the log ---- */

/* The lines that matter, oldest first; `*more`: there were older ones still. Returns owned. */
static GPtrArray *read_log(Audit *audit, int64_t from_us, int64_t to_us, bool *more, GError **error)
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
            if (audit_marks_want(page->pdata[i]))
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

/* ---- as JSON ---- */

/* The case that was opened after the look; NULL: it is not known any more. Returns owned. */
static CaseRow *case_of_mark(CatalogDb *db, const AuditMark *mark)
{
    Uuid id;
    return uuid_parse(mark->object, &id) ? cases_get(db, &id, NULL) : NULL;
}

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

static Json *mark_json(ApiContext *api, const AuditMark *mark, const CaseRow *row)
{
    g_autofree char *name = audit_actor_name(api, mark->actor);
    char number[CASE_NUMBER_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s, s:i}", "kind", mark_kind_text(mark->kind), "actor",
                           mark->actor, "actor_name", name ? name : "", "count", (int)mark->count);
    json_object_set_new(json, "from", json_time(mark->from_us));
    json_object_set_new(json, "to", json_time(mark->to_us));
    json_object_set_new(json, "cameras", cameras_json(api, mark->cameras));
    if (row)
        json_object_set_new(json, "case", json_string(case_number(row->year, row->seq, number)));
    Json *seqs = json_array();
    for (guint i = 0; i < mark->seqs->len; i++)
        json_array_append_new(seqs, json_integer(g_array_index(mark->seqs, int64_t, i)));
    json_object_set_new(json, "seqs", seqs);
    return json;
}

/* A case that somebody's report began explains nothing afterwards. */
static Json *marks_json(ApiContext *api, CatalogDb *db, const GPtrArray *marks)
{
    Json *list = json_array();
    for (guint i = 0; i < marks->len; i++) {
        const AuditMark *mark = marks->pdata[i];
        g_autoptr(CaseRow) row = mark->kind == MARK_CASE_AFTER_VIEW ? case_of_mark(db, mark) : NULL;
        if (!row || !row->told_us)
            json_array_append_new(list, mark_json(api, mark, row));
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

bool audit_get_marks(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    int64_t from_us, to_us;
    bool more = false;
    if (!read_span(call, &from_us, &to_us, error))
        return false;
    audit_flush(api->audit, NULL);
    g_autoptr(GPtrArray) rows = read_log(api->audit, from_us, to_us, &more, error);
    g_autoptr(CatalogDb) db = rows ? catalog_read(api->catalog, error) : NULL;
    if (!db)
        return false;
    g_autoptr(ShiftPlan) plan = duty_plan(api->duty);
    g_autoptr(GTimeZone) zone = site_zone(api->site);
    g_autoptr(GHashTable) serve = who_serves(plan);
    OffShift off = {plan, zone, serve};
    g_autoptr(GPtrArray) marks = audit_marks(rows, is_off_shift, &off);
    call_audit(call, "audit-read", NULL, NULL, "ok");
    return call_json(call, 200,
                     json_pack("{s:o, s:b}", "items", marks_json(api, db, marks), "more", more));
}
