/* motion.c — when something moved in a part of the picture. */
#include "http/api/handlers.h"

#include "config/site.h"
#include "http/api/access.h"
#include "watch/motion_search.h"

#include <stdlib.h>
#include <string.h>

#define MOTION_MOST_US (400 * DAY_US)
enum {
    CORNERS_MOST = 64,
    SPANS_MOST = 10000,
    SPANS_DEFAULT = 1000,
    JOIN_S = 5,
    JOIN_MOST_S = 3600
};

/* "x,y,x,y…": no ‘;’, at which libwebsockets parts the query. Returns how many corners; -1 where it
 * makes no sense. */
static int parse_corners(const char *text, double corners[CORNERS_MOST][2])
{
    for (int i = 0; i < 2 * CORNERS_MOST; i++) {
        char *end;
        const double value = g_ascii_strtod(text, &end);
        if (end == text || !(value >= 0 && value <= 1))
            return -1;
        corners[i / 2][i % 2] = value;
        if (!*end)
            return i % 2 ? i / 2 + 1 : -1;
        if (*end != ',')
            return -1;
        text = end + 1;
    }
    return -1;
}

static bool query_region(const ApiCall *call, uint8_t region[GRID_BYTES], GError **error)
{
    const char *text = call_query(call, "region");
    if (!text) {
        memset(region, 0xff, GRID_BYTES);
        return true;
    }
    double corners[CORNERS_MOST][2];
    int count = parse_corners(text, corners);
    if (count < 2)
        return err_set(error, ERR_INVALID,
                       "‘region’ must be 2 to %d corners ‘x,y,x,y,…’, each from 0 to 1",
                       CORNERS_MOST);
    if (count == 2) { /* opposite corners */
        const double right = corners[1][0], bottom = corners[1][1];
        corners[1][0] = right, corners[1][1] = corners[0][1];
        corners[2][0] = right, corners[2][1] = bottom;
        corners[3][0] = corners[0][0], corners[3][1] = bottom;
        count = 4;
    }
    motion_region_polygon(corners, count, region);
    return true;
}

static bool query_span(const ApiCall *call, MotionQuery *query, int64_t *from, int64_t *to,
                       GError **error)
{
    int64_t from_us = 0, to_us = 0, join = JOIN_S, limit = SPANS_DEFAULT;
    if (!call_query_time(call, "from", true, &from_us, error) ||
        !call_query_time(call, "to", true, &to_us, error) ||
        !call_query_int(call, "join", 0, JOIN_MOST_S, &join, error) ||
        !call_query_int(call, "limit", 1, SPANS_MOST, &limit, error))
        return false;
    if (from_us < 0 || from_us >= to_us || to_us - from_us > MOTION_MOST_US)
        return err_set(error, ERR_INVALID, "‘from’ must be before ‘to’, by 400 days at most");
    query->from = from_us / SECOND_US;
    query->to = MAX((MIN(to_us, clock_now_us()) + SECOND_US - 1) / SECOND_US, query->from);
    query->join = (int)join;
    query->most = (guint)limit;
    *from = from_us;
    *to = to_us;
    return true;
}

static Json *spans_json(const GArray *spans)
{
    Json *list = json_array();
    for (guint i = 0; i < spans->len; i++) {
        const MotionSpan *span = &g_array_index(spans, MotionSpan, i);
        json_array_append_new(list,
                              json_pack("{s:o, s:o}", "from", json_time(span->from * SECOND_US),
                                        "to", json_time(span->to * SECOND_US)));
    }
    return list;
}

static Json *found_json(const MotionQuery *query, const MotionFound *found)
{
    int cells = 0;
    Json *blind = json_array();
    for (int i = 0; i < GRID_CELLS; i++) {
        cells += grid_has(query->region, i);
        if (found->blind[i])
            json_array_append_new(
                blind, json_pack("{s:i, s:I}", "cell", i, "seconds", (json_int_t)found->blind[i]));
    }
    return json_pack("{s:o, s:o, s:I, s:I, s:i, s:o, s:o}", "moved", spans_json(found->moved),
                     "unknown", spans_json(found->unknown), "seen_fully",
                     (json_int_t)found->seen_fully, "seen_sparsely",
                     (json_int_t)found->seen_sparsely, "cells", cells, "blind", blind, "next",
                     found->to < query->to ? json_time(found->to * SECOND_US) : json_null());
}

bool motion_get(ApiCall *call, GError **error)
{
    MotionQuery query = {0};
    int64_t from_us = 0, to_us = 0;
    if (!call_id(call, "camera", &query.camera, error))
        return false;
    if (!call->api->motion)
        return err_set(error, ERR_UNAVAILABLE, "motion is read by the running server only");
    g_autoptr(CameraRow) row = site_camera_known(call->api->site, &query.camera);
    if (!row)
        return err_set(error, ERR_NOT_FOUND, "there is no camera ‘%s’", call->params[0]);
    if (!query_region(call, query.region, error) ||
        !query_span(call, &query, &from_us, &to_us, error))
        return false;
    /* When people come and go is told for a reason, as what they do is shown. */
    if (!access_span(call, &query.camera, from_us, MIN(to_us, clock_now_us())))
        return true;
    g_autoptr(MotionFound) found = motion_search(call->api->motion, &query);
    call_audit_span(call, "motion", &query.camera, query.from * SECOND_US, query.to * SECOND_US);
    return call_json(call, 200, found_json(&query, found));
}
