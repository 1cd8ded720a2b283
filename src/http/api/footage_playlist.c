/* footage_playlist.c — what is played back as HLS: the parts of a span, in the files they stand in.
 *
 * Browsers that are fed by Media Source Extensions show a film only where it has all of its tracks,
 * and take no track up in the middle. So a playlist is of one kind: with sound up to where that
 * ends, where it ends itself, or without any, though there be some. For whoever puts silence into
 * holes it ends with the files that have a track of sound, or have none.
 */
#include "http/api/handlers.h"

#include "archive/archive.h"
#include "archive/part_h264.h"
#include "archive/segment_read.h"
#include "archive/segment_view.h"
#include "http/api/access.h"
#include "http/api/footage_find.h"
#include "http/api/masked.h"
#include "media/hls.h"

#include <inttypes.h>
#include <string.h>

#define PLAYLIST_MOST_US DAY_US

/* How a segment is asked for. */
typedef struct SegmentUri {
    const char *as;    /* the folder */
    const char *grant; /* the playlist's own; NULL: none */
    uint64_t offset;   /* of the part that is made; 0: the whole file */
    bool mute;         /* its sound is left out */
} SegmentUri;

/* "<day>/<stem>.mp4" is the segment "<day>-<stem>" of the API. Returns owned. */
static char *segment_uri(const char *file, const SegmentUri *how)
{
    GString *uri = g_string_new(NULL);
    g_string_append_printf(uri, "%s/%.10s-%s?", how->as, file, file + 11);
    if (how->offset)
        g_string_append_printf(uri, "part=%" PRIu64 "&", how->offset);
    if (how->mute)
        g_string_append(uri, "sound=no&");
    if (how->grant) {
        g_string_append(uri, "grant=");
        g_string_append_uri_escaped(uri, how->grant, NULL, FALSE);
        g_string_append_c(uri, '&');
    }
    g_string_truncate(uri, uri->len - 1);
    return g_string_free(uri, FALSE);
}

/* What a playlist is made of. */
typedef struct Listing {
    ApiCall *call;
    const Uuid *camera;
    GArray *parts;   /* HlsPart */
    GPtrArray *uris; /* owns their addresses */
    const char *grant;
    int64_t from_us, to_us;
    bool ended;
    bool h264; /* wanted in place of H.265; where masks cover something, it is made in any case */
    bool made; /* some of it is */
    bool may_listen;
    bool fills; /* holes in the sound are filled with silence by whoever asks */
    bool sound; /* it is a film with sound, as its first part is */
    bool cut;   /* its sound ends: another playlist goes on from here */
} Listing;

/* An address that lives as long as the listing; takes `uri`. */
static const char *keep_uri(Listing *listing, char *uri)
{
    g_ptr_array_add(listing->uris, uri);
    return uri;
}

/* `hls` is what it has in common with the other parts of its segment, `how` the way they are asked
 * for; `joins`: it goes on from the one before. */
static void add_part(Listing *listing, const ArchiveSegment *segment, const SegmentPart *part,
                     HlsPart hls, SegmentUri how, bool joins)
{
    hls.time_us = part->time_us;
    hls.duration_us = part->duration_us;
    hls.discontinuity = listing->parts->len > 0 && !joins;
    hls.offset = how.offset = part->offset;
    if (hls.init_uri)
        hls.uri = keep_uri(listing, segment_uri(segment->file, &how));
    else
        hls.bytes = part->bytes;
    g_array_append_val(listing->parts, hls);
}

static bool query_fills(const ApiCall *call, bool *fills, GError **error)
{
    const char *text = call_query(call, "holes");
    *fills = text != NULL;
    return !text || strcmp(text, "filled") == 0 ||
           err_set(error, ERR_INVALID, "‘holes’ must be filled, or left out");
}

/* Is there sound in the file that whoever asks may hear, and that browsers play? */
static bool may_sound(const Listing *listing, const SegmentReader *reader)
{
    const CodecParams *sound = segment_reader_init(reader)->tracks[TRACK_AUDIO];
    return sound && segment_view_plays(sound->codec) && listing->may_listen;
}

/* What players put in as silence (web/src/mp4/silence.ts). */
static bool is_filled(const Listing *listing, const SegmentReader *reader)
{
    const CodecParams *sound = segment_reader_init(reader)->tracks[TRACK_AUDIO];
    return listing->fills && sound && (sound->codec == CODEC_FLAC || sound->channels <= 2);
}

/* Appends the parts of one segment. */
static bool add_parts(Listing *listing, const ArchiveSegment *segment, GError **error)
{
    g_autoptr(SegmentReader) reader = NULL;
    if (!segment_reader_try(segment->path, segment->open ? segment->bytes : 0, segment->from_us,
                            &reader, error))
        return false;
    if (!reader)
        return true;
    g_autoptr(GArray) found =
        segment_parts(reader, listing->from_us, listing->to_us, SEGMENT_PART_LEAST_US, error);
    if (!found)
        return false;
    /* What stands in a playlist that will be loaded anew must not change. */
    if (!listing->ended && segment->open && found->len &&
        !g_array_index(found, SegmentPart, found->len - 1).whole)
        g_array_set_size(found, found->len - 1);
    g_autoptr(MaskSet) masks =
        masked_for(listing->call, listing->camera, segment->from_us, segment->to_us);
    bool made = masks || (listing->h264 && part_h264_is_needed(reader));
    bool has_sound = may_sound(listing, reader), filled = has_sound && is_filled(listing, reader);
    if (!listing->parts->len && found->len)
        listing->sound = has_sound && (filled || g_array_index(found, SegmentPart, 0).sound);
    const SegmentUri how = {.as = made ? "h264" : "segments",
                            .grant = listing->grant,
                            .mute = has_sound && !listing->sound};
    const char *uri = keep_uri(listing, segment_uri(segment->file, &how));
    const HlsPart shared = {.uri = uri,
                            .init_uri = made ? uri : NULL,
                            .init_bytes = segment_reader_init(reader)->bytes};
    listing->made |= made && found->len;
    for (guint i = 0; i < found->len && !listing->cut; i++) {
        const SegmentPart *part = &g_array_index(found, SegmentPart, i);
        listing->cut = listing->sound ? !(has_sound && (filled || part->sound))
                                      : filled; /* from here on there is sound */
        if (!listing->cut)
            add_part(listing, segment, part, shared, how, i > 0 && !part->gap_before);
    }
    return true;
}

static Buffer *playlist_text(const GArray *parts, bool ended)
{
    g_autoptr(GString) text = g_string_new(NULL);
    hls_write_playlist(text, (const HlsPart *)parts->data, parts->len, ended);
    return buffer_copy(text->str, text->len);
}

bool footage_playlist(ApiCall *call, GError **error)
{
    StreamKind kind;
    bool h264, fills;
    int64_t from_us, to_us, asked_us = 0;
    g_autoptr(CameraRow) row = footage_camera(call, error);
    if (!row || !footage_query_stream(call, &kind, error) ||
        !footage_query_h264(call, &h264, error) || !query_fills(call, &fills, error) ||
        !call_query_span(call, PLAYLIST_MOST_US, true, &from_us, &to_us, error) ||
        !call_query_time(call, "to", true, &asked_us, error))
        return false;
    g_autoptr(GArray) segments =
        archive_segments(call->api->archive, &row->id, kind, from_us, to_us, error);
    if (!segments)
        return false;
    if (segments->len && !access_span(call, &row->id, from_us, to_us))
        return true;
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(HlsPart));
    g_autoptr(GPtrArray) uris = g_ptr_array_new_with_free_func(g_free);
    Listing listing = {.call = call,
                       .camera = &row->id,
                       .parts = parts,
                       .uris = uris,
                       .grant = call_query(call, "grant"),
                       .from_us = from_us,
                       .to_us = to_us,
                       .ended = asked_us <= to_us,
                       .h264 = h264,
                       .fills = fills,
                       .may_listen = call_may(call, ACTION_LISTEN, row)};
    for (guint i = 0; i < segments->len && !listing.cut; i++)
        if (!add_parts(&listing, &g_array_index(segments, ArchiveSegment, i), error))
            return false;
    if (!parts->len)
        return err_set(error, ERR_NOT_FOUND, "camera ‘%s’ has no footage in that span", row->name);
    if (listing.made && !footage_is_made(call))
        return true;
    call->response->status = 200;
    call->response->type = "application/vnd.apple.mpegurl";
    call->response->bytes = playlist_text(parts, listing.ended || listing.cut);
    return true;
}
