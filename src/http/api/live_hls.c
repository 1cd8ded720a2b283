/* live_hls.c — live pictures as HLS, for browsers that can play them in no other way: a playlist of
 * what was recorded in the last seconds, and the parts that it names.
 *
 * Who may see live pictures and no older ones asks here: what is older than a moment is not there.
 */
#include "http/api/handlers.h"

#include "archive/archive.h"
#include "archive/part_h264.h"
#include "archive/segment_read.h"
#include "archive/segment_view.h"
#include "http/api/access.h"
#include "http/api/footage_find.h"
#include "http/api/masked.h"
#include "http/problem.h"
#include "live/live.h"
#include "live/recent.h"
#include "media/hls.h"

#include <inttypes.h>

/* How old what a playlist names may be, and what is handed out: a player takes its time between the
 * one and the other. */
#define SHOWN_US (20 * SECOND_US)
#define GIVEN_US (30 * SECOND_US)

/* Players give up on a playlist with less. */
enum { PARTS_LEAST = 2 };

/* Much more than a part of a few seconds has. */
#define PART_BYTES_MOST (UINT64_C(64) << 20)

/* Answers 409 where masks cover the camera for whoever asks: they get single pictures. */
static bool covered(ApiCall *call, const CameraRow *row, int64_t now_us)
{
    return masked_refused(call, masked_for(call, &row->id, now_us - GIVEN_US, now_us),
                          "look at single pictures");
}

static bool is_h265(const SegmentReader *reader)
{
    return part_h264_is_needed(reader);
}

/* "<day>/<stem>.mp4" is "live/<day>-<stem>.mp4" of the API. Returned owned. */
static char *uri_of(const char *file, uint64_t offset)
{
    return offset ? g_strdup_printf("live/%.10s-%s?part=%" PRIu64, file, file + 11, offset)
                  : g_strdup_printf("live/%.10s-%s", file, file + 11);
}

/* ---- the playlist ---- */

/* What is recorded of late and can be played to its end. */
typedef struct Found {
    GArray *parts; /* RecentPart */
    bool h265;
} Found;

static bool add_parts(Found *found, const ArchiveSegment *segment, int64_t from_us, int64_t to_us,
                      GError **error)
{
    g_autoptr(SegmentReader) reader = NULL;
    if (!segment_reader_try(segment->path, segment->open ? segment->bytes : 0, segment->from_us,
                            &reader, error))
        return false;
    g_autoptr(GArray) parts =
        reader ? segment_parts(reader, from_us, to_us, SEGMENT_PART_LEAST_US, error) : NULL;
    if (!parts)
        return !reader;
    found->h265 |= is_h265(reader);
    for (guint i = 0; i < parts->len; i++) {
        const SegmentPart *part = &g_array_index(parts, SegmentPart, i);
        if (segment->open && !part->whole) /* it grows on */
            continue;
        RecentPart recent = {.file = g_strdup(segment->file),
                             .offset = part->offset,
                             .time_us = part->time_us,
                             .duration_us = part->duration_us,
                             .joins = !part->gap_before};
        g_array_append_val(found->parts, recent);
    }
    return true;
}

static bool find(const ApiCall *call, const CameraRow *row, StreamKind kind, int64_t now_us,
                 Found *found, GError **error)
{
    const int64_t from_us = now_us - SHOWN_US;
    g_autoptr(GArray) segments =
        archive_segments(call->api->archive, &row->id, kind, from_us, now_us, error);
    for (guint i = 0; segments && i < segments->len; i++)
        if (!add_parts(found, &g_array_index(segments, ArchiveSegment, i), from_us, now_us, error))
            return false;
    return segments != NULL;
}

static Buffer *window_text(const GArray *shown, int64_t longest_us)
{
    g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(HlsPart));
    g_autoptr(GPtrArray) uris = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) text = g_string_new(NULL);
    const RecentPart *first = &g_array_index(shown, RecentPart, 0), *before = NULL;
    for (guint i = 0; i < shown->len; i++) {
        const RecentPart *part = &g_array_index(shown, RecentPart, i);
        char *uri = uri_of(part->file, part->offset), *init = uri_of(part->file, 0);
        g_ptr_array_add(uris, uri);
        g_ptr_array_add(uris, init);
        HlsPart told = {.uri = uri,
                        .init_uri = init,
                        .time_us = part->time_us,
                        .duration_us = part->duration_us,
                        .discontinuity = before && part->break_count != before->break_count};
        g_array_append_val(parts, told);
        before = part;
    }
    const HlsWindow window = {first->number, first->break_count, longest_us};
    hls_write_window(text, (const HlsPart *)parts->data, parts->len, &window);
    return buffer_copy(text->str, text->len);
}

bool live_playlist(ApiCall *call, GError **error)
{
    StreamKind kind;
    bool h264;
    int64_t longest_us;
    const int64_t now_us = clock_now_us();
    g_autoptr(CameraRow) row = footage_camera(call, error);
    if (!row || !footage_query_stream(call, &kind, error) ||
        !footage_query_h264(call, &h264, error))
        return false;
    if (covered(call, row, now_us))
        return true;
    Found found = {.parts = g_array_new(FALSE, TRUE, sizeof(RecentPart))};
    g_autoptr(GArray) owned = found.parts;
    g_array_set_clear_func(owned, recent_part_clear);
    if (!find(call, row, kind, now_us, &found, error))
        return false;
    g_autoptr(GArray) shown = recent_slide(live_recent(call->api->live), &row->id, kind, owned,
                                           now_us - SHOWN_US, now_us, &longest_us);
    if (shown->len < PARTS_LEAST)
        return err_set(error, ERR_UNAVAILABLE,
                       "nothing of camera ‘%s’ was recorded in the last seconds", row->name);
    if (h264 && found.h265) {
        problem_set(call->response, 422, "h265-only",
                    "this stream is H.265, and this way has no other");
        return true;
    }
    if (!access_span(call, &row->id, now_us - SHOWN_US, now_us))
        return true;
    call->response->status = 200;
    call->response->type = "application/vnd.apple.mpegurl";
    call->response->bytes = window_text(shown, longest_us);
    return true;
}

/* ---- what it names ---- */

/* The part that begins at `offset`, if it is new enough to be handed out. */
static bool find_part(const ArchiveSegment *segment, int64_t offset, int64_t now_us,
                      SegmentPart *part, GError **error)
{
    g_autoptr(SegmentReader) reader = segment_reader_open(
        segment->path, segment->open ? segment->bytes : 0, segment->from_us, error);
    g_autoptr(GArray) parts =
        reader ? segment_parts(reader, now_us - GIVEN_US, now_us, SEGMENT_PART_LEAST_US, error)
               : NULL;
    for (guint i = 0; parts && i < parts->len; i++) {
        *part = g_array_index(parts, SegmentPart, i);
        if (part->offset == (uint64_t)offset && part->bytes <= PART_BYTES_MOST &&
            (part->whole || !segment->open))
            return true;
    }
    return parts && err_set(error, ERR_NOT_FOUND, "no part of the last seconds begins there");
}

/* Pictures without sound, which is heard over the socket only, and by who may listen. */
static Buffer *part_bytes(const ArchiveSegment *segment, const SegmentPart *part, GError **error)
{
    g_autoptr(SegmentView) view =
        segment_view_open(segment->path, segment->open ? segment->bytes : 0, false, error);
    if (!view)
        return NULL;
    const int64_t offset = part ? (int64_t)part->offset : 0;
    const size_t size = part ? (size_t)part->bytes : (size_t)segment_view_init(view);
    if (offset + (int64_t)size > segment_view_size(view)) {
        err_set(error, ERR_NOT_FOUND, "that much of the segment is not there");
        return NULL;
    }
    Buffer *bytes = buffer_new(size);
    if (segment_view_read(view, offset, bytes->data, size, error))
        return bytes;
    buffer_unref(bytes);
    return NULL;
}

bool live_part(ApiCall *call, GError **error)
{
    int64_t offset = 0;
    SegmentPart part = {0};
    const int64_t now_us = clock_now_us();
    g_autoptr(GArray) list = NULL;
    g_autoptr(CameraRow) row = footage_camera(call, error);
    if (!row || !call_query_int(call, "part", 1, INT64_MAX, &offset, error))
        return false;
    if (covered(call, row, now_us))
        return true;
    const ArchiveSegment *segment = footage_named(call, row, &list, error);
    if (!segment)
        return false;
    if (segment->to_us < now_us - GIVEN_US)
        return err_set(error, ERR_NOT_FOUND, "that segment is not of the last seconds");
    if (offset && !find_part(segment, offset, now_us, &part, error))
        return false;
    if (!access_span(call, &row->id, now_us - GIVEN_US, now_us))
        return true;
    call->response->bytes = part_bytes(segment, offset ? &part : NULL, error);
    if (!call->response->bytes)
        return false;
    call->response->status = 200;
    call->response->type = "video/mp4";
    g_autoptr(AuditLook) look = offset ? call_look(call, "live", &row->id) : NULL;
    if (look)
        audit_look_seen(look, AUDIT_JOIN_NEAR, part.time_us, part.time_us + part.duration_us);
    return true;
}
