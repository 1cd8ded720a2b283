/* arrivals.c — who else saw this: the other cameras that whoever asks may replay, in the order of
 * casework/arrivals.h, with what footage there is of the time in question. */
#include "http/api/handlers.h"

#include "archive/coverage.h"
#include "casework/arrivals.h"
#include "config/site.h"
#include "http/api/camera_json.h"

#include <math.h>
#include <string.h>

/* A location at 0, 0 was given no place. */
static ArrivalPlace place_of(const ApiCall *call, const CameraRow *camera)
{
    ArrivalPlace place = {.camera = camera->id, .name = camera->name};
    g_autoptr(LocationRow) location = site_location_get(call->api->site, &camera->location);
    place.placed = location && (location->latitude != 0 || location->longitude != 0);
    if (place.placed)
        place.at = (PlacePoint){location->latitude, location->longitude};
    return place;
}

/* By whom, which way and from which moment. */
typedef struct Asked {
    int64_t at_us;
    JourneyBy by;
    bool back;
} Asked;

static bool read_query(const ApiCall *call, Asked *asked, GError **error)
{
    const char *by = call_query(call, "by"), *way = call_query(call, "way");
    if (!call_query_time(call, "at", true, &asked->at_us, error))
        return false;
    if (asked->at_us < 0 || asked->at_us > clock_now_us() + MINUTE_US)
        return err_set(error, ERR_INVALID, "‘at’ must lie between 1970 and now");
    if (by && !journey_by_parse(by, &asked->by))
        return err_set(error, ERR_INVALID, "‘by’ must be walking, riding or unknown");
    asked->back = way && strcmp(way, "back") == 0;
    return !way || asked->back || strcmp(way, "on") == 0 ||
           err_set(error, ERR_INVALID, "‘way’ must be on or back");
}

/* Gaps of the times in question that are known by now; NULL: the archive could not be asked, or
 * nothing is known of them yet. Returns owned. */
static Coverage *look(const ApiCall *call, const CameraRow *camera, const Arrival *arrival,
                      int64_t now_us)
{
    if (!call->api->archive || arrival->from_us >= now_us)
        return NULL;
    return archive_coverage(call->api->archive, &camera->id, STREAM_MAIN, arrival->from_us,
                            MIN(arrival->to_us, now_us), camera->created_us,
                            camera_gap_now(call->api, camera), NULL);
}

static const char *footage_text(const Coverage *coverage, const Arrival *arrival,
                                const CameraRow *camera, int64_t now_us)
{
    if (arrival->from_us >= now_us)
        return "not-yet";
    if (arrival->to_us <= camera->created_us)
        return "none";
    if (!coverage)
        return "unknown";
    if (coverage->spans->len == 0)
        return coverage->gaps->len ? "none" : "not-yet";
    return coverage->gaps->len || arrival->from_us < camera->created_us ? "partly" : "whole";
}

static Json *gaps_json(const Coverage *coverage)
{
    enum { GAPS_MOST = 20 };
    Json *gaps = json_array();
    for (guint i = 0; coverage && i < MIN(coverage->gaps->len, GAPS_MOST); i++) {
        const CoverageGap *gap = &g_array_index(coverage->gaps, CoverageGap, i);
        Json *json = json_pack("{s:s}", "cause", gap_cause_text(gap->cause));
        json_object_set_new(json, "from", json_time(gap->from_us));
        json_object_set_new(json, "to", json_time(gap->to_us));
        json_array_append_new(gaps, json);
    }
    return gaps;
}

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    const Arrival *arrival = (const Arrival *)((const GArray *)things)->data + i;
    g_autoptr(CameraRow) camera = site_camera_known(call->api->site, &arrival->camera);
    char id[UUID_TEXT];
    int64_t now_us = clock_now_us();
    g_autoptr(Coverage) coverage = camera ? look(call, camera, arrival, now_us) : NULL;
    const char *footage = camera ? footage_text(coverage, arrival, camera, now_us) : "unknown";
    Json *json = json_pack("{s:s, s:s, s:o}", "camera", uuid_text(&arrival->camera, id), "footage",
                           footage, "gaps", gaps_json(coverage));
    json_object_set_new(json, "distance_m",
                        arrival->placed ? json_real(round(arrival->distance_m)) : json_null());
    json_object_set_new(json, "from", json_time(arrival->from_us));
    json_object_set_new(json, "likely", json_time(arrival->likely_us));
    json_object_set_new(json, "to", json_time(arrival->to_us));
    return json;
}

bool camera_get_arrivals(ApiCall *call, GError **error)
{
    Uuid id;
    Asked asked = {0};
    if (!call_id(call, "camera", &id, error) || !read_query(call, &asked, error))
        return false;
    g_autoptr(CameraRow) from = site_camera_known(call->api->site, &id);
    if (!from)
        return err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", call->params[0]);
    g_autoptr(GPtrArray) rows = call_cameras(call);
    g_autoptr(GArray) places = g_array_new(false, false, sizeof(ArrivalPlace));
    for (guint i = 0; i < rows->len; i++) {
        if (!call_may(call, ACTION_REPLAY, rows->pdata[i]))
            continue;
        ArrivalPlace place = place_of(call, rows->pdata[i]);
        g_array_append_val(places, place);
    }
    ArrivalPlace start = place_of(call, from);
    g_autoptr(GArray) arrivals = arrivals_order(&start, asked.at_us, asked.by, asked.back,
                                                (const ArrivalPlace *)places->data, places->len);
    return call_list(call, arrivals->len, list_item, arrivals, error);
}
