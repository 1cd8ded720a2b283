/* footage.c — recorded pictures: where there are some, stills, clips, playlists. */
#include "http/api/handlers.h"

#include "archive/archive.h"
#include "archive/clip.h"
#include "archive/coverage.h"
#include "archive/segment_read.h"
#include "archive/thumbnails.h"
#include "base/time_text.h"
#include "camera/cameras.h"
#include "config/site.h"
#include "http/api/access.h"
#include "http/api/camera_json.h"
#include "http/api/footage_file.h"
#include "http/api/footage_find.h"
#include "http/api/masked.h"
#include "http/problem.h"
#include "picture/picture.h"

#define COVERAGE_MOST_US (400 * DAY_US)
#define CLIP_MOST_US DAY_US

/* --- coverage --- */

static Json *coverage_json(const Coverage *coverage)
{
    Json *spans = json_array(), *gaps = json_array();
    for (guint i = 0; i < coverage->spans->len; i++) {
        const CoverageSpan *span = &g_array_index(coverage->spans, CoverageSpan, i);
        json_array_append_new(spans, json_span(span->from_us, span->to_us));
    }
    for (guint i = 0; i < coverage->gaps->len; i++) {
        const CoverageGap *gap = &g_array_index(coverage->gaps, CoverageGap, i);
        Json *json = json_span(gap->from_us, gap->to_us);
        json_object_set_new(json, "cause", json_string(gap_cause_text(gap->cause)));
        json_array_append_new(gaps, json);
    }
    return json_pack("{s:o, s:o}", "spans", spans, "gaps", gaps);
}

bool footage_coverage(ApiCall *call, GError **error)
{
    g_autoptr(CameraRow) row = footage_camera(call, error);
    StreamKind kind;
    int64_t from_us = 0, to_us = 0;
    if (!row || !footage_query_stream(call, &kind, error) ||
        !call_query_time(call, "from", true, &from_us, error) ||
        !call_query_time(call, "to", true, &to_us, error))
        return false;
    if (from_us >= to_us || to_us - from_us > COVERAGE_MOST_US)
        return err_set(error, ERR_INVALID, "‘from’ must be before ‘to’, by 400 days at most");
    if (from_us >= clock_now_us()) /* the future: nothing is known of it */
        return call_json(call, 200, json_pack("{s:[], s:[]}", "spans", "gaps"));
    g_autoptr(Coverage) coverage =
        archive_coverage(call->api->archive, &row->id, kind, from_us, MIN(to_us, clock_now_us()),
                         row->created_us, camera_gap_now(call->api, row), error);
    return coverage && call_json(call, 200, coverage_json(coverage));
}

/* --- stills --- */

static AccessUnit *live_picture(ApiCall *call, const CameraRow *row, int64_t width_px,
                                GError **error)
{
    AccessUnit *unit = NULL;
    for (int i = 0; i < STREAM_KINDS && !unit && call->api->cameras; i++) {
        /* A small picture is decoded for less from the sub stream. */
        bool sub_first = width_px && width_px <= 640;
        StreamKind kind = (StreamKind)(sub_first ? STREAM_SUB - i : STREAM_MAIN + i);
        g_autoptr(Hub) hub = cameras_hub(call->api->cameras, row->id, kind);
        unit = hub ? hub_key_picture(hub) : NULL;
    }
    if (!unit)
        err_set(error, ERR_UNAVAILABLE, "camera ‘%s’ has sent no picture yet", row->name);
    return unit;
}

static AccessUnit *recorded_picture(ApiCall *call, const CameraRow *row, int64_t at_us,
                                    GError **error)
{
    g_autoptr(GArray) segments =
        archive_segments(call->api->archive, &row->id, STREAM_MAIN, at_us, at_us + 1, error);
    if (!segments)
        return NULL;
    if (!segments->len) {
        err_set(error, ERR_NOT_FOUND, "camera ‘%s’ has no footage of that moment", row->name);
        return NULL;
    }
    const ArchiveSegment *segment = &g_array_index(segments, ArchiveSegment, segments->len - 1);
    SegmentReader *reader = segment_reader_open(segment->path, segment->open ? segment->bytes : 0,
                                                segment->from_us, error);
    AccessUnit *unit = reader ? segment_key_picture(reader, at_us, error) : NULL;
    segment_reader_free(reader);
    return unit;
}

bool footage_snapshot(ApiCall *call, GError **error)
{
    int64_t at_us = 0, width_px = 0;
    g_autoptr(CameraRow) row = footage_camera(call, error);
    if (!row || !call_query_time(call, "at", false, &at_us, error) ||
        !call_query_int(call, "width", 16, PICTURE_MAX_PX, &width_px, error))
        return false;
    bool recorded = call_query(call, "at") != NULL;
    if (recorded && !call_may(call, ACTION_REPLAY, row)) {
        problem_set(call->response, 403, NULL, "the role ‘%s’ has no right to ‘%s’",
                    role_text(call->identity.role), action_text(ACTION_REPLAY));
        call_audit(call, "snapshot", call->params[0], NULL, "no-right");
        return true;
    }
    g_autoptr(AccessUnit) unit = recorded ? recorded_picture(call, row, at_us, error)
                                          : live_picture(call, row, width_px, error);
    if (!unit)
        return false;
    if (!recorded)
        access_open(call);
    else if (!access_span(call, &row->id, at_us, at_us))
        return true;
    g_autoptr(MaskSet) masks = masked_for(call, &row->id, unit->capture_us, unit->capture_us);
    if (!picture_jpeg_from_unit(unit, (int)width_px, masks, &call->response->bytes, error))
        return false;
    call->response->status = 200;
    call->response->type = "image/jpeg";
    char time[TIME_TEXT];
    call_header(call, "footage-time", g_strdup(time_text(unit->capture_us, time)));
    call_audit_span(call, recorded ? "snapshot" : "live-snapshot", &row->id, unit->capture_us,
                    unit->capture_us);
    return true;
}

/* --- thumbnails --- */

/* They are ten seconds apart; where one is missing, its neighbours are no picture of the moment. */
#define THUMBNAIL_NEAR_US (15 * SECOND_US)

bool footage_thumbnail(ApiCall *call, GError **error)
{
    int64_t at_us = 0, capture_us = 0;
    g_autoptr(CameraRow) row = footage_camera(call, error);
    if (!row || !call_query_time(call, "at", true, &at_us, error))
        return false;
    g_autoptr(Buffer) jpeg =
        thumbnail_get(call->api->archive, &row->id, at_us, THUMBNAIL_NEAR_US, &capture_us, error);
    if (!jpeg)
        return false;
    if (!access_span(call, &row->id, at_us, at_us))
        return true;
    g_autoptr(MaskSet) masks = masked_for(call, &row->id, capture_us, capture_us);
    if (!masks)
        call->response->bytes = g_steal_pointer(&jpeg);
    else if (!picture_jpeg_masked(jpeg->data, jpeg->size, masks, &call->response->bytes, error))
        return false;
    call->response->status = 200;
    call->response->type = "image/jpeg";
    char time[TIME_TEXT];
    call_header(call, "footage-time", g_strdup(time_text(capture_us, time)));
    g_autoptr(AuditLook) look = call_look(call, "thumbnail", &row->id);
    if (look)
        audit_look_seen(look, AUDIT_JOIN_ANY, capture_us, capture_us);
    return true;
}

/* --- clips --- */

static ClipPlan *plan(ApiCall *call, const CameraRow *row, StreamKind kind, int64_t from_us,
                      int64_t to_us, GError **error)
{
    g_autoptr(GArray) segments =
        archive_segments(call->api->archive, &row->id, kind, from_us - CLIP_LEAD_US, to_us, error);
    if (!segments)
        return NULL;
    if (!segments->len) {
        err_set(error, ERR_NOT_FOUND, "camera ‘%s’ has no footage in that span", row->name);
        return NULL;
    }
    const PlaceLens lens = camera_lens(row);
    return clip_plan_segments(segments, from_us, to_us, call_may(call, ACTION_LISTEN, row), &lens,
                              error);
}

bool footage_clip(ApiCall *call, GError **error)
{
    StreamKind kind;
    int64_t from_us, to_us;
    g_autoptr(CameraRow) row = footage_camera(call, error);
    if (!row || !footage_query_stream(call, &kind, error) ||
        !call_query_span(call, CLIP_MOST_US, false, &from_us, &to_us, error))
        return false;
    ClipPlan *clip = plan(call, row, kind, from_us, to_us, error);
    if (!clip)
        return false;
    if (!access_taken(call, &row->id, from_us, to_us) ||
        masked_refused(call, masked_leaving(call, &row->id, from_us, to_us),
                       "have a copy made by POST /exports")) {
        clip_plan_free(clip);
        return true;
    }
    unsigned gaps;
    clip_gaps(clip, &gaps);
    call_header(call, "footage-gaps", g_strdup_printf("%u", gaps));
    call_header(call, "content-disposition", footage_disposition(call, row, from_us));
    call_audit_span(call, "clip", &row->id, from_us, to_us);
    VirtualFile *file = footage_clip_file(clip);
    const MaskedFile of = {.camera = &row->id, .from_us = from_us, .to_us = to_us};
    return call_file(call, masked_guard(call, file, &of));
}
