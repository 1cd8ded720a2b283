#include "http/api/footage_find.h"

#include "base/time_text.h"
#include "config/site.h"
#include "http/problem.h"
#include "live/live.h"
#include "live/replay.h"

#include <string.h>

CameraRow *footage_camera(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "camera", &id, error))
        return NULL;
    if (!call->api->archive) {
        err_set(error, ERR_UNAVAILABLE, "footage is read by the running server only");
        return NULL;
    }
    CameraRow *row = site_camera_known(call->api->site, &id);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "there is no camera ‘%s’", call->params[0]);
    return row;
}

bool footage_query_stream(const ApiCall *call, StreamKind *kind, GError **error)
{
    const char *text = call_query(call, "stream");
    *kind = STREAM_MAIN;
    for (int i = 0; text && i < STREAM_KINDS; i++)
        if (strcmp(text, stream_kind_text((StreamKind)i)) == 0) {
            *kind = (StreamKind)i;
            return true;
        }
    return !text || err_set(error, ERR_INVALID, "‘stream’ must be main or sub");
}

bool footage_query_h264(const ApiCall *call, bool *h264, GError **error)
{
    const char *text = call_query(call, "codec");
    *h264 = text != NULL;
    return !text || strcmp(text, "h264") == 0 ||
           err_set(error, ERR_INVALID, "‘codec’ must be h264, or left out");
}

/* When the segment began, by its name "<day>-HHMMSS.mmmZ-<stream>[-n]". */
static bool parse_name(const char *name, int64_t *time_us, StreamKind *kind)
{
    char text[TIME_TEXT];
    if (strlen(name) < 26 || strspn(name, "0123456789-.Zmainsub") != strlen(name))
        return false;
    g_snprintf(text, sizeof text, "%.10sT%.2s:%.2s:%.7s", name, name + 11, name + 13, name + 15);
    *kind = strncmp(name + 22, "-sub", 4) == 0 ? STREAM_SUB : STREAM_MAIN;
    return name[10] == '-' && time_parse(text, time_us);
}

const ArchiveSegment *footage_named(ApiCall *call, const CameraRow *row, GArray **list,
                                    GError **error)
{
    int64_t time_us;
    StreamKind kind;
    const char *name = call->params[1];
    if (!parse_name(name, &time_us, &kind)) {
        err_set(error, ERR_NOT_FOUND, "there is no segment ‘%.80s’", name);
        return NULL;
    }
    *list = archive_segments(call->api->archive, &row->id, kind, time_us - MINUTE_US,
                             time_us + MINUTE_US, error);
    g_autofree char *file = g_strdup_printf("%.10s/%s.mp4", name, name + 11);
    for (guint i = 0; *list && i < (*list)->len; i++) {
        const ArchiveSegment *segment = &g_array_index(*list, ArchiveSegment, i);
        if (strcmp(segment->file, file) == 0)
            return segment;
    }
    if (*list)
        err_set(error, ERR_NOT_FOUND, "there is no segment ‘%.80s’", name);
    return NULL;
}

bool footage_is_made(ApiCall *call)
{
    if (replay_on(live_replay(call->api->live)))
        return true;
    problem_set(call->response, 422, "transcoding-off",
                "this footage is H.265, and this server makes no H.264 of it");
    return false;
}

bool footage_may_make(ApiCall *call, const Uuid *camera)
{
    const Uuid who = call_maker(call);
    if (!footage_is_made(call))
        return false;
    if (replay_place(live_replay(call->api->live), &who, camera))
        return true;
    problem_set(call->response, 503, "transcoding-limit",
                "this footage is H.265, and H.264 is made for as many viewers as may be: it comes "
                "when another one ends");
    call_header(call, "retry-after", g_strdup("10"));
    return false;
}
