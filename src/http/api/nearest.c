/* nearest.c — the cameras nearest to a point, those that see it first. */
#include "http/api/handlers.h"

#include "config/site.h"
#include "http/api/camera_json.h"
#include "place/place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Near {
    const CameraRow *camera;
    double distance_m, bearing_deg;
    bool sees;
} Near;

/* "LAT,LON" of the query, in degrees. */
static bool read_point(const ApiCall *call, PlacePoint *point, GError **error)
{
    const char *text = call_query(call, "at");
    char *comma = NULL, *end = NULL;
    if (text) {
        point->latitude = g_ascii_strtod(text, &comma);
        if (comma > text && *comma == ',')
            point->longitude = g_ascii_strtod(comma + 1, &end);
    }
    if (end && end > comma + 1 && !*end && fabs(point->latitude) <= 90 &&
        fabs(point->longitude) <= 180)
        return true;
    return err_set(error, ERR_INVALID,
                   "the query needs ‘at’, a latitude and a longitude such as 21.4498,103.1512");
}

/* False: the camera has no place. A location at 0, 0 was given none. */
static bool measure(Site *site, const CameraRow *camera, PlacePoint point, Near *near)
{
    g_autoptr(LocationRow) location = site_location_get(site, &camera->location);
    if (!location || (location->latitude == 0 && location->longitude == 0))
        return false;
    const PlaceAim aim = {{location->latitude, location->longitude},
                          (double)camera->heading_deg,
                          (double)camera->fov_deg,
                          (double)camera->reach_m};
    *near = (Near){camera, place_distance_m(aim.at, point), place_bearing_deg(aim.at, point),
                   camera->fov_deg > 0 && place_sees(&aim, point)};
    return true;
}

static int by_use(const void *a, const void *b)
{
    const Near *left = a, *right = b;
    if (left->sees != right->sees)
        return left->sees ? -1 : 1;
    if (left->distance_m != right->distance_m)
        return left->distance_m < right->distance_m ? -1 : 1;
    return strcmp(left->camera->name, right->camera->name);
}

/* null: not known whether it sees the point, or what its pictures show there. */
static Json *detail_json(const ApiCall *call, const Near *near)
{
    CameraStatus status;
    if (!near->sees || !call->api->cameras ||
        !cameras_status(call->api->cameras, near->camera->id, &status) ||
        !status.streams[STREAM_MAIN].width || near->camera->fov_deg >= 180)
        return json_null();
    double pixels = place_pixels_a_metre(
        status.streams[STREAM_MAIN].width, (double)near->camera->fov_deg,
        place_slant_m(near->distance_m, (double)near->camera->height_cm / 100));
    return json_string(place_detail_text(place_detail(pixels)));
}

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    const Near *near = (const Near *)((const GArray *)things)->data + i;
    char id[UUID_TEXT];
    return json_pack("{s:s, s:f, s:f, s:o, s:o}", "camera", uuid_text(&near->camera->id, id),
                     "distance_m", round(near->distance_m * 10) / 10, "bearing_deg",
                     fmod(round(near->bearing_deg), 360), "sees",
                     near->camera->fov_deg ? json_boolean(near->sees) : json_null(), "shows",
                     detail_json(call, near));
}

bool cameras_nearest(ApiCall *call, GError **error)
{
    PlacePoint point = {0};
    if (!read_point(call, &point, error))
        return false;
    g_autoptr(GPtrArray) rows = call_cameras(call);
    g_autoptr(GArray) found = g_array_new(false, false, sizeof(Near));
    for (guint i = 0; i < rows->len; i++) {
        Near near;
        if (measure(call->api->site, rows->pdata[i], point, &near))
            g_array_append_val(found, near);
    }
    if (found->len)
        qsort(found->data, found->len, sizeof(Near), by_use);
    return call_list(call, found->len, list_item, found, error);
}
