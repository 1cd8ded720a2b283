/* month_places.c — what happened where, against what cameras see: for who may see all reports. */
#include "base/time_text.h"
#include "casework/before_after.h"
#include "casework/month_figures.h"
#include "catalog/segments.h"
#include "config/site_day.h"
#include "http/api/handlers.h"
#include "http/api/month_json.h"
#include "place/risk.h"

#include <math.h>
#include <string.h>

enum {
    BACK_DEFAULT = 12,
    BACK_MOST = 36,
    RADIUS_LEAST_M = 20,
    RADIUS_MOST_M = 1000,
    PROPOSALS = 5,
    SPOTS_MOST = 500
};

/* What one more camera would be like: four million pixels, a lens of 4 mm on a third of an inch. */
static const RiskView next_camera = {
    {.fov_deg = 84, .reach_m = 60}, .width_px = 2560, .height_m = 5};

typedef struct Asked {
    int64_t from_us, to_us, radius_m;
    PlaceDetail least;
} Asked;

/* A camera whose place and view are known. */
typedef struct Standing {
    const CameraRow *row; /* borrowed */
    RiskView view;
} Standing;

static bool read_least(const ApiCall *call, PlaceDetail *least, GError **error)
{
    const char *text = call_query(call, "least");
    *least = PLACE_OBSERVE;
    if (!text)
        return true;
    for (PlaceDetail detail = PLACE_DETECT; detail <= PLACE_IDENTIFY; detail++)
        if (strcmp(place_detail_text(detail), text) == 0) {
            *least = detail;
            return true;
        }
    return err_set(error, ERR_INVALID,
                   "‘least’ knows no ‘%.40s’; it is detect, observe, recognise or identify", text);
}

static bool read_asked(const ApiCall *call, Asked *asked, GError **error)
{
    int64_t months = BACK_DEFAULT;
    Site *site = call->api->site;
    asked->radius_m = MONTH_NEAR_M;
    if (!read_least(call, &asked->least, error) ||
        !call_query_int(call, "months", 1, BACK_MOST, &months, error) ||
        !call_query_int(call, "radius_m", RADIUS_LEAST_M, RADIUS_MOST_M, &asked->radius_m, error) ||
        !month_span(site, call->params[0], clock_now_us(), &asked->from_us, &asked->to_us, error))
        return false;
    while (--months > 0)
        asked->from_us = site_month_start_us(site, asked->from_us - 1);
    return true;
}

/* ---- cameras ---- */

/* False: where it is, or where it looks, is not known. */
static bool stand(const ApiCall *call, CatalogDb *db, const CameraRow *row, Standing *standing)
{
    *standing = (Standing){.row = row};
    RiskView *view = &standing->view;
    if (!incident_location(call->api->site, &row->location, &view->aim.at) || row->fov_deg == 0)
        return false;
    view->aim.heading_deg = (double)row->heading_deg;
    view->aim.fov_deg = (double)row->fov_deg;
    view->aim.reach_m = (double)row->reach_m;
    view->height_m = (double)row->height_cm / 100;
    view->width_px = segments_newest_width(db, &row->id);
    return true;
}

static Json *unknown_json(const CameraRow *row)
{
    char id[UUID_TEXT];
    return json_pack("{s:s, s:s}", "camera", uuid_text(&row->id, id), "name", row->name);
}

static Json *standing_json(const Standing *standing, PlaceDetail least)
{
    const RiskView *view = &standing->view;
    bool by_pixels = place_reach_m(view->width_px, view->aim.fov_deg, 1) > 0;
    Json *json = unknown_json(standing->row);
    json_object_set_new(json, "latitude", json_real(view->aim.at.latitude));
    json_object_set_new(json, "longitude", json_real(view->aim.at.longitude));
    json_object_set_new(json, "heading_deg", json_integer(standing->row->heading_deg));
    json_object_set_new(json, "fov_deg", json_integer(standing->row->fov_deg));
    json_object_set_new(json, "reach_m", json_real(round(risk_reach_m(view, least) * 10) / 10));
    json_object_set_new(json, "by_pixels", json_boolean(by_pixels));
    return json;
}

/* ---- risk spots ---- */

static Json *spots_json(const GArray *spots)
{
    Json *list = json_array();
    for (guint i = 0; i < MIN(spots->len, SPOTS_MOST); i++) {
        const RiskSpot *spot = &g_array_index(spots, RiskSpot, i);
        json_array_append_new(list, json_pack("{s:f, s:f, s:i, s:i}", "latitude", spot->at.latitude,
                                              "longitude", spot->at.longitude, "incidents",
                                              (int)spot->incidents, "unseen", (int)spot->unseen));
    }
    return list;
}

static Json *proposals_json(const GArray *proposals)
{
    Json *list = json_array();
    for (guint i = 0; i < proposals->len; i++) {
        const RiskProposal *one = &g_array_index(proposals, RiskProposal, i);
        json_array_append_new(list, json_pack("{s:f, s:f, s:f, s:i}", "latitude", one->at.latitude,
                                              "longitude", one->at.longitude, "heading_deg",
                                              one->heading_deg, "sees", (int)one->sees));
    }
    return list;
}

static Json *next_json(PlaceDetail least)
{
    return json_pack("{s:f, s:f, s:f, s:f}", "width_px", next_camera.width_px, "fov_deg",
                     next_camera.aim.fov_deg, "height_m", next_camera.height_m, "reach_m",
                     round(risk_reach_m(&next_camera, least) * 10) / 10);
}

/* Of the span that was asked for. */
static GArray *places_of(const Incidents *incidents, const Asked *asked)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(PlacePoint));
    for (guint i = 0; i < incidents->list->len; i++) {
        const Incident *incident = &g_array_index(incidents->list, Incident, i);
        if (incident->told_us >= asked->from_us)
            g_array_append_val(places, incident->at);
    }
    return places;
}

static int unplaced_of(const Incidents *incidents, const Asked *asked)
{
    int count = 0;
    for (guint i = 0; i < incidents->unplaced->len; i++)
        count += g_array_index(incidents->unplaced, int64_t, i) >= asked->from_us;
    return count;
}

static void set_risk(Json *json, const Asked *asked, const Incidents *incidents,
                     const GArray *standing)
{
    g_autoptr(GArray) places = places_of(incidents, asked);
    g_autoptr(GArray) views = g_array_new(FALSE, FALSE, sizeof(RiskView));
    for (guint i = 0; i < standing->len; i++)
        g_array_append_val(views, g_array_index(standing, Standing, i).view);
    const RiskQuestion question = {(const PlacePoint *)(const void *)places->data,
                                   places->len,
                                   (const RiskView *)(const void *)views->data,
                                   views->len,
                                   asked->least,
                                   next_camera,
                                   PROPOSALS};
    g_auto(RiskMap) map = {0};
    risk_map(&question, &map);
    json_object_set_new(json, "least", json_string(place_detail_text(asked->least)));
    json_object_set_new(json, "incidents", json_integer(map.incidents));
    json_object_set_new(json, "unseen", json_integer(map.unseen));
    json_object_set_new(json, "far", json_integer(map.far));
    json_object_set_new(json, "unplaced", json_integer(unplaced_of(incidents, asked)));
    json_object_set_new(json, "left_out", json_integer(incidents->left_out));
    json_object_set_new(json, "spots", spots_json(map.spots));
    json_object_set_new(json, "proposals", proposals_json(map.proposals));
    json_object_set_new(json, "next", next_json(asked->least));
}

/* ---- before it stood, and after ---- */

static Json *compared_json(const Asked *asked, const Incidents *incidents, const CameraRow *row,
                           PlacePoint at)
{
    BeforeAfter found =
        before_after(incidents, at, (double)asked->radius_m, row->created_us, asked->to_us);
    Json *json = unknown_json(row);
    json_object_set_new(json, "since", json_time(row->created_us));
    json_object_set_new(json, "days", json_integer(found.span_us / DAY_US));
    json_object_set_new(json, "before", json_integer(found.before));
    json_object_set_new(json, "after", json_integer(found.after));
    json_object_set_new(json, "verdict", json_string(before_after_text(found.verdict)));
    return json;
}

bool month_get_places(ApiCall *call, GError **error)
{
    Asked asked = {0};
    g_auto(Incidents) incidents = {0};
    g_autoptr(GPtrArray) rows = call_cameras(call);
    g_autoptr(GArray) standing = g_array_new(FALSE, FALSE, sizeof(Standing));
    if (!read_asked(call, &asked, error) ||
        !incidents_gather(call->api->catalog, call->api->site, asked.to_us, &incidents, error))
        return false;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    if (!db)
        return false;
    Json *json = json_pack("{s:o, s:o, s:i}", "from", json_time(asked.from_us), "to",
                           json_time(asked.to_us), "radius_m", (int)asked.radius_m);
    Json *cameras = json_array(), *unknown = json_array(), *compared = json_array();
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        Standing one;
        PlacePoint at;
        if (stand(call, db, row, &one)) {
            g_array_append_val(standing, one);
            json_array_append_new(cameras, standing_json(&one, asked.least));
        } else {
            json_array_append_new(unknown, unknown_json(row));
        }
        if (incident_location(call->api->site, &row->location, &at) &&
            row->created_us < asked.to_us)
            json_array_append_new(compared, compared_json(&asked, &incidents, row, at));
    }
    set_risk(json, &asked, &incidents, standing);
    json_object_set_new(json, "cameras", cameras);
    json_object_set_new(json, "not_counted", unknown);
    json_object_set_new(json, "compared", compared);
    return call_json(call, 200, json);
}
