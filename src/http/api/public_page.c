#include "http/api/public_page.h"

#include "base/time_text.h"
#include "config/site.h"
#include "http/api/audit_marks.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "http/api/month_json.h"

#include <pthread.h>
#include <string.h>

struct PublicPage {
    pthread_mutex_t lock;   /* of what follows */
    pthread_mutex_t making; /* one makes it while others wait, or take the one before */
    Json *answer;           /* NULL: there is none yet */
    int64_t made_us;        /* monotonic */
};

PublicPage *public_page_new(void)
{
    PublicPage *page = g_new0(PublicPage, 1);
    pthread_mutex_init(&page->lock, NULL);
    pthread_mutex_init(&page->making, NULL);
    return page;
}

void public_page_free(PublicPage *page)
{
    if (!page)
        return;
    json_decref(page->answer);
    pthread_mutex_destroy(&page->making);
    pthread_mutex_destroy(&page->lock);
    g_free(page);
}

/* ---- how it is made ---- */

static int cameras_at(const GPtrArray *cameras, const Uuid *location)
{
    int count = 0;
    for (guint i = 0; i < cameras->len; i++)
        count += uuid_equal(&((const CameraRow *)cameras->pdata[i])->location, location);
    return count;
}

/* Places with cameras, by name. */
static Json *places_json(Site *site, const GPtrArray *cameras)
{
    Json *list = json_array();
    g_autoptr(GPtrArray) rows = site_location_list(site);
    for (guint i = 0; i < rows->len; i++) {
        const LocationRow *row = rows->pdata[i];
        int count = cameras_at(cameras, &row->id);
        if (count > 0)
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:i}", "name", row->name, "village",
                                            row->village ? row->village : "", "cameras", count));
    }
    return list;
}

static void set_rules(Json *json, Site *site)
{
    g_autofree char *contact = site_value(site, SITE_VALUE_PUBLIC_CONTACT);
    json_object_set_new(json, "retention_days",
                        json_integer(site_number(site, SITE_VALUE_RETENTION_DAYS)));
    json_object_set_new(json, "reason_after_s", json_integer(site_reason(site).after_s));
    json_object_set_new(json, "contact", json_string(contact));
}

static void set_cameras(Json *json, ApiContext *api)
{
    unsigned wanted = 0, recording = 0;
    g_autoptr(GPtrArray) cameras = site_camera_list(api->site);
    g_autofree char *places = site_value(api->site, SITE_VALUE_PUBLIC_LOCATIONS);
    count_recording(api, cameras, &wanted, &recording);
    json_object_set_new(
        json, "cameras",
        json_pack("{s:i, s:i}", "count", (int)cameras->len, "recording", (int)recording));
    if (strcmp(places, "names") == 0)
        json_object_set_new(json, "places", places_json(api->site, cameras));
}

static bool set_figures(Json *json, ApiContext *api, GError **error)
{
    g_auto(Month) month = {.to_us = clock_now_us()};
    g_auto(MonthLooks) looks;
    MarkCounts marks = {0};
    month_looks_init(&looks);
    month.from_us = month.to_us - PUBLIC_PAGE_SPAN_US;
    MonthSources sources = month_sources(api);
    if (!month_figures(&sources, &month, error) ||
        !month_looks(api->audit, month.from_us, month.to_us, &looks, error) ||
        !audit_marks_judged(api, month.from_us, month.to_us, &marks, error))
        return false;
    json_object_set_new(json, "from", json_time(month.from_us));
    json_object_set_new(json, "to", json_time(month.to_us));
    json_object_set_new(json, "uptime", month_uptime_json(&month));
    json_object_set_new(json, "looks", month_looks_json(&looks));
    json_object_set_new(json, "misuse", json_integer(marks.misuse));
    json_object_set_new(json, "reports",
                        json_pack("{s:i, s:i, s:o}", "told", (int)month.reports.told, "answered",
                                  (int)month.reports.answered, "answer",
                                  month_wait_json(month.reports.answered_us)));
    return true;
}

static Json *make(ApiContext *api, GError **error)
{
    g_autofree char *name = site_name(api->site), *language = site_language(api->site),
                    *zone = site_time_zone(api->site);
    g_autoptr(Json) json =
        json_pack("{s:s, s:s, s:s}", "site", name, "language", language, "time_zone", zone);
    set_cameras(json, api);
    set_rules(json, api->site);
    return set_figures(json, api, error) ? g_steal_pointer(&json) : NULL;
}

/* ---- the one that is kept ---- */

/* A copy of what is kept, of that age at most; NULL: there is none. */
static Json *kept(PublicPage *page, int64_t age_most_us)
{
    pthread_mutex_lock(&page->lock);
    bool good = page->answer && clock_mono_us() - page->made_us < age_most_us;
    Json *copy = good ? json_deep_copy(page->answer) : NULL;
    pthread_mutex_unlock(&page->lock);
    return copy;
}

static void keep(PublicPage *page, Json *answer)
{
    pthread_mutex_lock(&page->lock);
    json_decref(page->answer);
    page->answer = json_deep_copy(answer);
    page->made_us = clock_mono_us();
    pthread_mutex_unlock(&page->lock);
}

Json *public_page_get(PublicPage *page, ApiContext *api, GError **error)
{
    Json *answer = kept(page, PUBLIC_PAGE_KEEP_US);
    if (answer)
        return answer;
    if (pthread_mutex_trylock(&page->making) != 0) {
        if ((answer = kept(page, INT64_MAX)))
            return answer;
        pthread_mutex_lock(&page->making); /* the first one ever: whoever makes it is soon done */
    }
    if (!(answer = kept(page, PUBLIC_PAGE_KEEP_US)) && (answer = make(api, error)))
        keep(page, answer);
    pthread_mutex_unlock(&page->making);
    return answer;
}

bool public_page_show(ApiCall *call, GError **error)
{
    if (!call->api->archive || !call->api->public_page)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    Json *answer = public_page_get(call->api->public_page, call->api, error);
    return answer && call_json(call, 200, answer);
}
