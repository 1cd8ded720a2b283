#include "watch/daily.h"

#include "archive/coverage.h"
#include "catalog/settings.h"
#include "config/site_day.h"

#include <inttypes.h>

#define TOLD_SETTING "daily.told-until" /* microseconds since the Unix epoch */
enum { NAMED_MOST = 10 };

bool daily_is_due(Site *site, int64_t told_us, int64_t now_us, int64_t *from_us, int64_t *to_us)
{
    *to_us = site_day_start_us(site, now_us);
    *from_us = site_day_start_us(site, *to_us - 1);
    return told_us != 0 && told_us < *to_us && now_us >= *to_us + DAILY_AFTER_US;
}

static void add_seconds(Json *object, const char *name, int64_t span_us)
{
    double before = json_number_value(json_object_get(object, name));
    json_object_set_new(object, name, json_real(before + (double)span_us / 1e6));
}

/* Whole seconds are what a reader wants; sums are made of the exact ones. */
static void round_seconds(Json *object, const char *name)
{
    double value = json_number_value(json_object_get(object, name));
    json_object_set_new(object, name, json_integer((json_int_t)(value + 0.5)));
}

static Json *camera_report(const CameraRow *row, const Coverage *coverage)
{
    char id[UUID_TEXT];
    Json *report = json_pack("{s:s, s:s, s:f, s:f}", "camera", uuid_text(&row->id, id), "name",
                             row->name, "recorded_s", 0.0, "missing_s", 0.0);
    int64_t missing_us[GAP_CAUSES] = {0};
    for (guint i = 0; i < coverage->spans->len; i++) {
        const CoverageSpan *span = &g_array_index(coverage->spans, CoverageSpan, i);
        add_seconds(report, "recorded_s", span->to_us - span->from_us);
    }
    for (guint i = 0; i < coverage->gaps->len; i++) {
        const CoverageGap *gap = &g_array_index(coverage->gaps, CoverageGap, i);
        missing_us[gap->cause] += gap->to_us - gap->from_us;
        if (gap_cause_is_missing(gap->cause))
            add_seconds(report, "missing_s", gap->to_us - gap->from_us);
    }
    Json *causes = json_object();
    for (int i = 0; i < GAP_CAUSES; i++)
        if (missing_us[i] > 0)
            json_object_set_new(causes, gap_cause_text((GapCause)i),
                                json_integer((missing_us[i] + SECOND_US / 2) / SECOND_US));
    json_object_set_new(report, "causes", causes);
    return report;
}

Json *daily_report(Site *site, Archive *archive, int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(GPtrArray) rows = site_camera_list(site);
    g_autofree char *day = site_day_text(site, from_us);
    g_autoptr(Json) report = json_pack("{s:s, s:s, s:f, s:f}", "kind", "daily", "day", day,
                                       "recorded_s", 0.0, "missing_s", 0.0);
    Json *cameras = json_array();
    json_object_set_new(report, "from", json_time(from_us));
    json_object_set_new(report, "to", json_time(to_us));
    json_object_set_new(report, "cameras", cameras);
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        if (row->created_us >= to_us)
            continue;
        GapCause now_cause = row->paused ? GAP_PAUSED : GAP_CAMERA_OFFLINE;
        g_autoptr(Coverage) coverage = archive_coverage(archive, &row->id, STREAM_MAIN, from_us,
                                                        to_us, row->created_us, now_cause, error);
        if (!coverage)
            return NULL;
        Json *one = camera_report(row, coverage);
        static const char *const sums[] = {"recorded_s", "missing_s"};
        for (size_t k = 0; k < G_N_ELEMENTS(sums); k++) {
            double s = json_number_value(json_object_get(one, sums[k]));
            add_seconds(report, sums[k], (int64_t)(s * 1e6));
            round_seconds(one, sums[k]);
        }
        json_array_append_new(cameras, one);
    }
    round_seconds(report, "recorded_s");
    round_seconds(report, "missing_s");
    return g_steal_pointer(&report);
}

static int64_t whole(const Json *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void append_camera(GString *line, const Json *camera)
{
    const char *cause;
    Json *seconds;
    g_string_append_printf(line, "%s: %" PRId64 " s",
                           json_string_value(json_object_get(camera, "name")),
                           whole(camera, "missing_s"));
    json_object_foreach(json_object_get(camera, "causes"), cause, seconds)
        g_string_append_printf(line, " %s", cause);
}

char *daily_line(const Json *report)
{
    size_t i;
    unsigned lacking = 0;
    Json *camera;
    const Json *cameras = json_object_get(report, "cameras");
    g_autoptr(GString) names = g_string_new(NULL);
    json_array_foreach(cameras, i, camera)
    {
        if (whole(camera, "missing_s") == 0 || ++lacking > NAMED_MOST)
            continue;
        g_string_append(names, lacking > 1 ? "; " : "");
        append_camera(names, camera);
    }
    if (lacking > NAMED_MOST)
        g_string_append_printf(names, "; and %u more", lacking - NAMED_MOST);
    return g_strdup_printf(
        "day=%s cameras=%zu recorded_s=%" PRId64 " missing_s=%" PRId64 " lacking=%u missing=\"%s\"",
        json_string_value(json_object_get(report, "day")), json_array_size(cameras),
        whole(report, "recorded_s"), whole(report, "missing_s"), lacking, names->str);
}

bool daily_told_until(Catalog *catalog, int64_t *told_us, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(CatalogDb) db = catalog_read(catalog, error);
    if (!db || !settings_get(db, TOLD_SETTING, &text, error))
        return false;
    *told_us = text ? g_ascii_strtoll(text, NULL, 10) : 0;
    return true;
}

static bool put_told(CatalogDb *db, void *data, GError **error)
{
    g_autofree char *text = g_strdup_printf("%" PRId64, *(int64_t *)data);
    return settings_put(db, TOLD_SETTING, text, error);
}

bool daily_set_told(Catalog *catalog, int64_t told_us, GError **error)
{
    return catalog_write_wait(catalog, put_told, &told_us, error);
}
