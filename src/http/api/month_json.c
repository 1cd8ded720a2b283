#include "http/api/month_json.h"

#include "base/time_text.h"
#include "http/api/camera_json.h"

#include <string.h>

static GapCause now_cause(void *data, const CameraRow *camera)
{
    return camera_gap_now(data, camera);
}

MonthSources month_sources(ApiContext *api)
{
    return (MonthSources){api->catalog, api->site, api->archive, now_cause, api};
}

Json *month_seconds_json(int64_t span_us)
{
    return json_integer((span_us + SECOND_US / 2) / SECOND_US);
}

Json *month_wait_json(GArray *waits)
{
    MonthWait wait = month_wait(waits);
    Json *json = json_pack("{s:i}", "count", (int)wait.count);
    if (wait.count > 0) {
        json_object_set_new(json, "median_s", month_seconds_json(wait.median_us));
        json_object_set_new(json, "nine_of_ten_s", month_seconds_json(wait.nine_of_ten_us));
    }
    return json;
}

static int by_count(const void *a, const void *b, void *data)
{
    GHashTable *counts = data;
    const char *first = *(char *const *)a, *second = *(char *const *)b;
    guint ones = GPOINTER_TO_UINT(g_hash_table_lookup(counts, first));
    guint others = GPOINTER_TO_UINT(g_hash_table_lookup(counts, second));
    return ones == others ? strcmp(first, second) : ones < others ? 1 : -1;
}

/* [{`member`: name, count}], the most first. */
Json *month_counts_json(GHashTable *counts, const char *member)
{
    guint count;
    g_autofree char **names = (char **)g_hash_table_get_keys_as_array(counts, &count);
    g_qsort_with_data(names, (gint)count, sizeof *names, by_count, counts);
    Json *list = json_array();
    for (guint i = 0; i < count; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:i}", member, names[i], "count",
                            (int)GPOINTER_TO_UINT(g_hash_table_lookup(counts, names[i]))));
    return list;
}

Json *month_uptime_json(const Month *month)
{
    int64_t recorded_us = 0, missing_us = 0;
    for (guint i = 0; i < month->cameras->len; i++) {
        const MonthCamera *camera = &g_array_index(month->cameras, MonthCamera, i);
        recorded_us += camera->recorded_us;
        missing_us += camera->missing_us;
    }
    return json_pack("{s:i, s:o, s:o}", "count", (int)month->cameras->len, "recorded_s",
                     month_seconds_json(recorded_us), "missing_s", month_seconds_json(missing_us));
}

Json *month_looks_json(const MonthLooks *looks)
{
    Json *json = json_pack("{s:i, s:i, s:i, s:i}", "replays", (int)looks->replays, "copies",
                           (int)looks->copies, "packages", (int)looks->packages, "refused",
                           (int)looks->refused);
    json_object_set_new(json, "requests", json_integer(looks->requests));
    json_object_set_new(json, "unmasked", json_integer(looks->unmasked));
    json_object_set_new(json, "reasons", month_counts_json(looks->reasons, "reason"));
    return json;
}
