/* months.c — what a month was like, in figures, and the same as a table to keep. */
#include "base/time_text.h"
#include "casework/before_after.h"
#include "casework/report.h"
#include "config/site_day.h"
#include "http/api/audit_csv.h"
#include "http/api/audit_marks.h"
#include "http/api/criteria.h"
#include "http/api/handlers.h"
#include "http/api/month_json.h"

#include <string.h>

enum { EARLIER_DEFAULT = 3, EARLIER_MOST = 11 };

/* ---- as JSON ---- */

static Json *kinds_json(const MonthReports *reports)
{
    Json *list = json_array();
    for (unsigned i = 0; report_kinds[i]; i++)
        json_array_append_new(list, json_pack("{s:s, s:i}", "kind", report_kinds[i], "count",
                                              (int)reports->kinds[i]));
    return list;
}

static Json *hours_json(const MonthReports *reports)
{
    Json *list = json_array();
    for (unsigned i = 0; i < MONTH_HOURS; i++)
        json_array_append_new(list, json_integer(reports->hours[i]));
    return list;
}

static Json *reports_json(const MonthReports *reports)
{
    Json *json = json_pack("{s:i, s:i, s:i, s:i}", "told", (int)reports->told, "answered",
                           (int)reports->answered, "rejected", (int)reports->rejected, "joined",
                           (int)reports->joined);
    json_object_set_new(json, "taken", month_wait_json(reports->taken_us));
    json_object_set_new(json, "answer", month_wait_json(reports->answered_us));
    json_object_set_new(json, "kinds", kinds_json(reports));
    json_object_set_new(json, "villages", month_counts_json(reports->villages, "village"));
    json_object_set_new(json, "hours", hours_json(reports));
    return json;
}

static Json *cases_json(const MonthCases *cases)
{
    Json *json = json_pack("{s:i, s:i, s:i, s:i}", "opened", (int)cases->opened, "decided",
                           (int)cases->decided, "cleared", (int)cases->cleared, "closed",
                           (int)cases->closed);
    json_object_set_new(json, "footage", month_wait_json(cases->footage_us));
    json_object_set_new(json, "resolved", month_wait_json(cases->resolved_us));
    json_object_set_new(json, "outcomes", month_counts_json(cases->outcomes, "outcome"));
    return json;
}

static Json *cameras_json(ApiContext *api, const Month *month)
{
    Json *json = month_uptime_json(month), *each = json_array();
    for (guint i = 0; i < month->cameras->len; i++) {
        const MonthCamera *camera = &g_array_index(month->cameras, MonthCamera, i);
        g_autoptr(CameraRow) row = site_camera_known(api->site, &camera->camera);
        char id[UUID_TEXT];
        json_array_append_new(each, json_pack("{s:s, s:s, s:o, s:o}", "camera",
                                              uuid_text(&camera->camera, id), "name",
                                              row ? row->name : "", "recorded_s",
                                              month_seconds_json(camera->recorded_us), "missing_s",
                                              month_seconds_json(camera->missing_us)));
    }
    json_object_set_new(json, "each", each);
    return json;
}

static char *month_name(ApiContext *api, int64_t from_us)
{
    char *name = site_day_text(api->site, from_us);
    name[7] = '\0';
    return name;
}

/* A month before, in few figures. */
static Json *brief_json(ApiContext *api, Month *month)
{
    g_autofree char *name = month_name(api, month->from_us);
    Json *json = json_pack("{s:s, s:i, s:i}", "month", name, "told", (int)month->reports.told,
                           "answered", (int)month->reports.answered);
    json_object_set_new(json, "answer", month_wait_json(month->reports.answered_us));
    json_object_set_new(json, "cases",
                        json_pack("{s:i, s:i, s:i}", "opened", (int)month->cases.opened, "decided",
                                  (int)month->cases.decided, "cleared", (int)month->cases.cleared));
    json_object_set_new(json, "cameras", month_uptime_json(month));
    return json;
}

/* The months before, the nearest first; those before the first camera and report are left out. */
static Json *earlier_json(ApiContext *api, int64_t from_us, int64_t count, GError **error)
{
    MonthSources sources = month_sources(api);
    g_autoptr(Json) list = json_array();
    for (int64_t i = 0; i < count; i++) {
        g_auto(Month) month = {.to_us = from_us};
        month.from_us = from_us = site_month_start_us(api->site, from_us - 1);
        if (!month_figures(&sources, &month, error))
            return NULL;
        if (month.cameras->len > 0 || month.reports.told > 0)
            json_array_append_new(list, brief_json(api, &month));
    }
    return g_steal_pointer(&list);
}

/* The same month of the year before, in short; null: there was no camera and no report. */
static Json *year_before_json(ApiContext *api, int64_t from_us, GError **error)
{
    MonthSources sources = month_sources(api);
    g_auto(Month) month = {.from_us = from_us};
    for (int i = 0; i < 12; i++) {
        month.to_us = month.from_us;
        month.from_us = site_month_start_us(api->site, month.from_us - 1);
    }
    if (!month_figures(&sources, &month, error))
        return NULL;
    return month.cameras->len > 0 || month.reports.told > 0 ? brief_json(api, &month) : json_null();
}

static bool read_month(ApiCall *call, Month *month, GError **error)
{
    if (!call->api->archive) {
        err_set(error, ERR_UNAVAILABLE, "no server is running");
        return false;
    }
    MonthSources sources = month_sources(call->api);
    return month_span(call->api->site, call->params[0], clock_now_us(), &month->from_us,
                      &month->to_us, error) &&
           month_figures(&sources, month, error);
}

bool month_get(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    g_auto(Month) month = {0};
    g_auto(MonthLooks) looks;
    month_looks_init(&looks);
    MarkCounts marks;
    int64_t earlier = EARLIER_DEFAULT;
    if (!call_query_int(call, "earlier", 0, EARLIER_MOST, &earlier, error) ||
        !read_month(call, &month, error) ||
        !month_looks(api->audit, month.from_us, month.to_us, &looks, error) ||
        !audit_marks_count(api, month.from_us, month.to_us, &marks, error))
        return false;
    g_autoptr(Json) before = earlier_json(api, month.from_us, earlier, error);
    g_autoptr(Json) year = before ? year_before_json(api, month.from_us, error) : NULL;
    g_autoptr(Json) criteria =
        year ? criteria_of_month(api, call->params[0], &month, &looks, error) : NULL;
    if (!criteria)
        return false;
    g_autofree char *site = site_name(api->site);
    Json *json = json_pack("{s:s, s:s, s:o, s:o, s:b}", "month", call->params[0], "site", site,
                           "from", json_time(month.from_us), "to", json_time(month.to_us), "over",
                           site_month_start_us(api->site, clock_now_us()) > month.from_us);
    json_object_set_new(json, "reports", reports_json(&month.reports));
    json_object_set_new(json, "cases", cases_json(&month.cases));
    json_object_set_new(json, "cameras", cameras_json(api, &month));
    json_object_set_new(json, "looks", month_looks_json(&looks));
    json_object_set_new(json, "marks",
                        json_pack("{s:i, s:i, s:i}", "found", (int)marks.found, "misuse",
                                  (int)marks.misuse, "explained", (int)marks.explained));
    json_object_set(json, "earlier", before);
    json_object_set(json, "year_before", year);
    json_object_set(json, "criteria", criteria);
    return call_json(call, 200, json);
}

/* ---- as a table ---- */

static void add_line(GString *text, const char *figure, const char *of, int64_t value)
{
    csv_cell(text, figure);
    g_string_append_c(text, ',');
    csv_cell(text, of);
    g_string_append_printf(text, ",%" G_GINT64_FORMAT "\r\n", value);
}

static void add_counts(GString *text, const char *figure, GHashTable *counts)
{
    GHashTableIter iter;
    void *name, *count;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &name, &count))
        add_line(text, figure, name, GPOINTER_TO_UINT(count));
}

static void add_wait(GString *text, const char *figure, GArray *waits)
{
    MonthWait wait = month_wait(waits);
    add_line(text, figure, "count", wait.count);
    add_line(text, figure, "median-s", wait.median_us / SECOND_US);
    add_line(text, figure, "nine-of-ten-s", wait.nine_of_ten_us / SECOND_US);
}

static void add_reports(GString *text, const MonthReports *reports)
{
    add_line(text, "reports", "told", reports->told);
    add_line(text, "reports", "answered", reports->answered);
    add_line(text, "reports", "rejected", reports->rejected);
    add_line(text, "reports", "joined", reports->joined);
    for (unsigned i = 0; report_kinds[i]; i++)
        add_line(text, "reports-of-kind", report_kinds[i], reports->kinds[i]);
    add_counts(text, "reports-of-village", reports->villages);
    for (unsigned i = 0; i < MONTH_HOURS; i++) {
        char hour[8];
        g_snprintf(hour, sizeof hour, "%02u", i);
        add_line(text, "reports-at-hour", hour, reports->hours[i]);
    }
    add_wait(text, "until-taken", reports->taken_us);
    add_wait(text, "until-answered", reports->answered_us);
}

static void add_cases(GString *text, const MonthCases *cases)
{
    add_line(text, "cases", "opened", cases->opened);
    add_line(text, "cases", "decided", cases->decided);
    add_line(text, "cases", "cleared", cases->cleared);
    add_line(text, "cases", "closed", cases->closed);
    add_counts(text, "cases-of-outcome", cases->outcomes);
    add_wait(text, "until-footage", cases->footage_us);
    add_wait(text, "until-closed", cases->resolved_us);
}

static void add_cameras(GString *text, ApiContext *api, const Month *month)
{
    for (guint i = 0; i < month->cameras->len; i++) {
        const MonthCamera *camera = &g_array_index(month->cameras, MonthCamera, i);
        g_autoptr(CameraRow) row = site_camera_known(api->site, &camera->camera);
        const char *name = row ? row->name : "";
        add_line(text, "camera-recorded-s", name, camera->recorded_us / SECOND_US);
        add_line(text, "camera-missing-s", name, camera->missing_us / SECOND_US);
    }
}

static void add_looks(GString *text, const MonthLooks *looks)
{
    add_line(text, "looks", "replays", looks->replays);
    add_line(text, "looks", "copies", looks->copies);
    add_line(text, "looks", "packages", looks->packages);
    add_line(text, "looks", "requests", looks->requests);
    add_line(text, "looks", "unmasked", looks->unmasked);
    add_line(text, "looks", "refused", looks->refused);
    add_counts(text, "looks-for-reason", looks->reasons);
}

static void add_marks(GString *text, const MarkCounts *marks)
{
    add_line(text, "marks", "found", marks->found);
    add_line(text, "marks", "misuse", marks->misuse);
    add_line(text, "marks", "explained", marks->explained);
}

/* As "1.5", by the criterion's own words. */
static void add_number(GString *text, const char *figure, const char *of, const Json *value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    if (json_is_null(value))
        return;
    g_ascii_formatd(number, sizeof number, "%.1f", json_number_value(value));
    csv_cell(text, figure);
    g_string_append_c(text, ',');
    csv_cell(text, of);
    g_string_append_printf(text, ",%s\r\n", number);
}

static bool add_criteria(GString *text, ApiContext *api, const char *name, const Month *month,
                         const MonthLooks *looks, GError **error)
{
    g_autoptr(Json) list = criteria_of_month(api, name, month, looks, error);
    for (size_t i = 0; list && i < json_array_size(list); i++) {
        const Json *one = json_array_get(list, i), *met = json_object_get(one, "met");
        const char *of = json_string_value(json_object_get(one, "text"));
        add_number(text, "criterion-value", of, json_object_get(one, "value"));
        add_number(text, "criterion-threshold", of, json_object_get(one, "threshold"));
        if (!json_is_null(met))
            add_line(text, "criterion-met", of, json_is_true(met));
    }
    return list != NULL;
}

/* Of cameras whose reports whoever asks may see. */
static bool add_compared(GString *text, const ApiCall *call, const Month *month, GError **error)
{
    ApiContext *api = call->api;
    g_auto(Incidents) incidents = {0};
    g_autoptr(GPtrArray) rows = site_camera_list(api->site);
    if (!incidents_gather(api->catalog, api->site, month->to_us, &incidents, error))
        return false;
    for (guint i = 0; i < rows->len; i++) {
        PlacePoint at;
        const CameraRow *row = rows->pdata[i];
        if (!call_may(call, ACTION_REPORTS, row) || row->created_us >= month->to_us ||
            !incident_location(api->site, &row->location, &at))
            continue;
        const BeforeAfter found =
            before_after(&incidents, at, MONTH_NEAR_M, row->created_us, month->to_us);
        add_line(text, "camera-compared-days", row->name, found.span_us / DAY_US);
        add_line(text, "camera-before", row->name, found.before);
        add_line(text, "camera-after", row->name, found.after);
    }
    return true;
}

bool month_get_csv(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    g_auto(Month) month = {0};
    g_auto(MonthLooks) looks;
    MarkCounts marks;
    month_looks_init(&looks);
    if (!read_month(call, &month, error) ||
        !month_looks(api->audit, month.from_us, month.to_us, &looks, error) ||
        !audit_marks_count(api, month.from_us, month.to_us, &marks, error))
        return false;
    g_autoptr(GString) text = g_string_new("\xef\xbb\xbf\"figure\",\"of\",\"value\"\r\n");
    add_reports(text, &month.reports);
    add_cases(text, &month.cases);
    add_cameras(text, api, &month);
    add_looks(text, &looks);
    add_marks(text, &marks);
    if (!add_compared(text, call, &month, error) ||
        !add_criteria(text, api, call->params[0], &month, &looks, error))
        return false;
    call->response->status = 200;
    call->response->type = "text/csv; charset=utf-8";
    call->response->bytes = buffer_copy(text->str, text->len);
    call_header(call, "content-disposition",
                g_strdup_printf("attachment; filename=\"vonglau-%s.csv\"", call->params[0]));
    return true;
}
