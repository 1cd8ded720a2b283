/* footage_segments.c — files of footage as playlists name them: as they are, and part by part made
 * into H.264. */
#include "http/api/handlers.h"

#include "archive/segment_read.h"
#include "http/api/access.h"
#include "http/api/footage_file.h"
#include "http/api/footage_find.h"
#include "http/api/masked.h"
#include "live/live.h"
#include "live/replay.h"

#include <string.h>

/* Without its sound where whoever asks may not hear it, or a playlist wants none. */
static bool read_listen(ApiCall *call, const CameraRow *row, bool *listen, GError **error)
{
    const char *sound = call_query(call, "sound");
    if (sound && strcmp(sound, "no") != 0)
        return err_set(error, ERR_INVALID, "‘sound’ must be no, or left out");
    *listen = !sound && call_may(call, ACTION_LISTEN, row);
    return true;
}

bool footage_segment(ApiCall *call, GError **error)
{
    g_autoptr(CameraRow) row = footage_camera(call, error);
    g_autoptr(GArray) list = NULL;
    bool listen = false;
    const ArchiveSegment *segment = row ? footage_named(call, row, &list, error) : NULL;
    if (!segment || !read_listen(call, row, &listen, error))
        return false;
    if (!access_file(call, &row->id, segment->from_us, segment->to_us) ||
        masked_refused(call, masked_for(call, &row->id, segment->from_us, segment->to_us),
                       "load the playlist anew"))
        return true;
    FootageLook look = {call_look(call, "replay", &row->id), segment->from_us, segment->to_us};
    VirtualFile *bytes =
        footage_segment_file(segment->path, segment->file, segment->bytes, listen, look, error);
    const MaskedFile of = {
        .camera = &row->id, .from_us = segment->from_us, .to_us = segment->to_us};
    return bytes && call_file(call, masked_guard(call, bytes, &of));
}

/* --- made into H.264 --- */

/* What of a file is asked for. */
typedef struct Wish {
    bool init;      /* its init part */
    int64_t offset; /* else the part that begins there */
    bool key_only, listen;
} Wish;

static bool read_wish(const ApiCall *call, Wish *wish, GError **error)
{
    const char *pictures = call_query(call, "pictures");
    wish->init = !call_query(call, "part");
    wish->key_only = pictures != NULL;
    if (pictures && strcmp(pictures, "key") != 0)
        return err_set(error, ERR_INVALID, "‘pictures’ must be key, or left out");
    return call_query_int(call, "part", 1, INT64_MAX, &wish->offset, error);
}

/* The part that begins at `offset`, as the playlist was cut. */
static bool find_part(SegmentReader *reader, int64_t offset, SegmentPart *part, GError **error)
{
    g_autoptr(GArray) parts =
        segment_parts(reader, INT64_MIN, INT64_MAX, SEGMENT_PART_LEAST_US, error);
    for (guint i = 0; parts && i < parts->len; i++) {
        *part = g_array_index(parts, SegmentPart, i);
        if (part->offset == (uint64_t)offset)
            return true;
    }
    return parts && err_set(error, ERR_NOT_FOUND, "no part of this segment begins there");
}

/* Answers with what is made, and tells the look at it. */
static bool answer_made(ApiCall *call, const CameraRow *row, const char *file,
                        const PartH264 *wanted, GError **error)
{
    const SegmentPart *part = wanted->part;
    Buffer *bytes = replay_part(live_replay(call->api->live), file, wanted, error);
    if (!bytes)
        return false;
    call->response->status = 200;
    call->response->type = "video/mp4";
    call->response->bytes = bytes;
    g_autoptr(AuditLook) look = part ? call_look(call, "replay", &row->id) : NULL;
    if (look)
        audit_look_seen(look, wanted->key_only ? AUDIT_JOIN_ANY : AUDIT_JOIN_NEAR, part->time_us,
                        part->time_us + (wanted->key_only ? 0 : part->duration_us));
    return true;
}

bool footage_h264(ApiCall *call, GError **error)
{
    Wish wish = {0};
    SegmentPart part = {0};
    g_autoptr(GArray) list = NULL;
    g_autoptr(CameraRow) row = footage_camera(call, error);
    if (!row || !read_wish(call, &wish, error) || !read_listen(call, row, &wish.listen, error))
        return false;
    const ArchiveSegment *segment = footage_named(call, row, &list, error);
    if (!segment)
        return false;
    g_autoptr(SegmentReader) reader = segment_reader_open(
        segment->path, segment->open ? segment->bytes : 0, segment->from_us, error);
    if (!reader)
        return false;
    /* What covers any of the segment covers all of it: as the playlist was made. */
    g_autoptr(MaskSet) masks = masked_for(call, &row->id, segment->from_us, segment->to_us);
    if (!masks && !part_h264_is_needed(reader))
        return err_set(error, ERR_NOT_FOUND, "the segment ‘%.80s’ has no H.265", call->params[1]);
    if (!wish.init && !find_part(reader, wish.offset, &part, error))
        return false;
    int64_t from_us = wish.init ? segment->from_us : part.time_us;
    int64_t to_us = wish.init ? segment->to_us : part.time_us + part.duration_us;
    if (!access_file(call, &row->id, from_us, to_us) || !footage_may_make(call, &row->id))
        return true;
    const PartH264 wanted = {.reader = reader,
                             .part = wish.init ? NULL : &part,
                             .sound = wish.listen,
                             .masks = masks,
                             .key_only = wish.key_only};
    return answer_made(call, row, segment->path, &wanted, error);
}
