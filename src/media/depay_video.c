#include "media/depay_video.h"

#include <string.h>

enum {
    LENGTH = 4,
    SPLIT_SEARCH_BYTES = 512, /* of a parameter set, for start codes that do not belong there */
};

void depay_video_init(DepayVideo *video, Codec codec, const SdpMedia *media)
{
    *video = (DepayVideo){.codec = codec, .sets = param_sets_new(codec)};
    g_auto(SdpSets) sets = {0};
    if (sdp_sets(media, &sets))
        for (size_t i = 0; i < sets.count; i++)
            param_sets_put(video->sets, &sets.sets[i], true);
    g_autofree char *don = sdp_fmtp(media, "sprop-max-don-diff");
    video->has_don = codec == CODEC_H265 && don && g_ascii_strtoull(don, NULL, 10) > 0;
}

void depay_video_clear(DepayVideo *video)
{
    param_sets_free(video->sets);
    byte_writer_free(&video->picture);
    byte_writer_free(&video->spare);
}

static void clear_picture(DepayVideo *video)
{
    byte_writer_clear(&video->picture);
    video->nal_count = 0;
    video->begun = video->fragment_open = video->has_vcl = video->key = false;
    video->damaged = video->doubtful = false;
    video->first = 0;
}

static void begin_picture(DepayVideo *video, uint32_t timestamp)
{
    clear_picture(video);
    video->timestamp = timestamp;
    video->begun = true;
    video->damaged = video->discarding; /* what was thrown away is missing in it */
    video->doubtful = video->left_out;
    video->discarding = video->left_out = false;
}

void depay_video_reset(DepayVideo *video)
{
    video->discarding = video->left_out = video->lost = video->closed_by_marker = false;
    clear_picture(video);
}

/* A picture too big, or slices whose picture has gone out without them. */
static void discard_picture(DepayVideo *video)
{
    clear_picture(video);
    video->begun = video->discarding = true;
}

/* Too big, or without an end: those behind it refer to what nobody has. */
static void leave_out(DepayVideo *video)
{
    video->notes |= DEPAY_FRAME_TOO_BIG;
    video->left_out = true;
    video->marker_seen = false; /* it cannot be relied on */
    discard_picture(video);
}

/* Behind a hole, nothing is missing of a picture that begins as others do: with the same kind of
 * unit, and with its first slice. */
static void judge_beginning(DepayVideo *video, const Nal *slice)
{
    uint8_t *usual = &video->usual[video->key];
    if (!video->doubtful)
        *usual = video->first;
    else if (!nal_starts_picture(video->codec, slice) || (*usual && *usual != video->first))
        video->damaged = true;
}

static void take_role(DepayVideo *video, const Nal *nal, bool whole)
{
    NalRole role = nal_role(video->codec, nal->data);
    if (!video->first)
        video->first = (uint8_t)(nal_type(video->codec, nal->data) + 1);
    bool is_set = role == NAL_VPS || role == NAL_SPS || role == NAL_PPS;
    if (is_set && whole) {
        param_sets_put(video->sets, nal, false);
    } else if (role >= NAL_SLICE && !video->has_vcl) {
        video->has_vcl = true;
        video->key = role == NAL_KEY;
        judge_beginning(video, nal);
        param_sets_picture(video->sets, nal);
        video->notes |= param_sets_alternate(video->sets) ? DEPAY_SETS_ALTERNATE : 0;
        video->notes |= param_sets_unknown(video->sets) ? DEPAY_SPS_UNKNOWN : 0;
    }
}

static void close_picture(DepayVideo *video, bool by_marker);

/* With neither marker nor time stamp to rely on, what can only stand before or at the start of a
 * picture begins the next one (ITU-T H.264 §7.4.1.2.3). */
static bool begins_next(const DepayVideo *video, const Nal *nal)
{
    NalRole role = nal_role(video->codec, nal->data);
    return nal_starts_picture(video->codec, nal) || (role >= NAL_VPS && role <= NAL_SEI);
}

/* Slices that go on with a picture already emitted by its marker: that marker lied. */
static bool is_leftover(const DepayVideo *video, const Nal *nal)
{
    return !video->has_vcl && video->closed_by_marker && !video->damaged && !video->doubtful &&
           video->timestamp == video->last_timestamp && nal_is_vcl(video->codec, nal->data) &&
           !nal_starts_picture(video->codec, nal);
}

/* Opens a NAL unit that begins like `nal`. False when it is not wanted. */
static bool open_nal(DepayVideo *video, const Nal *nal)
{
    if (!video->marker_seen && (video->has_vcl || video->discarding) && begins_next(video, nal)) {
        if (video->has_vcl)
            close_picture(video, false);
        begin_picture(video, video->timestamp);
    }
    if (!video->discarding && is_leftover(video, nal)) {
        video->marker_lies = true;
        video->notes |= DEPAY_MARKER_EARLY;
        discard_picture(video);
    }
    if (video->discarding)
        return false;
    if (video->nal_count == DEPAY_NALS_MAX) {
        leave_out(video);
        return false;
    }
    video->nal_at = video->picture.size;
    video->nal_count++;
    byte_writer_add(&video->picture, LENGTH);
    return true;
}

static void append(DepayVideo *video, const uint8_t *data, size_t size)
{
    if (video->discarding)
        return;
    if (size > DEPAY_FRAME_BYTES_MAX - MIN(video->picture.size, (size_t)DEPAY_FRAME_BYTES_MAX)) {
        leave_out(video);
        return;
    }
    write_bytes(&video->picture, data, size);
}

/* Writes the length of the open NAL unit. False when it is too short to be one. */
static bool close_nal(DepayVideo *video, Nal *nal)
{
    if (video->discarding)
        return false;
    size_t size = video->picture.size - video->nal_at - LENGTH;
    if (size < (video->codec == CODEC_H265 ? 2u : 1u)) {
        video->picture.size = video->nal_at;
        video->nal_count--;
        return false;
    }
    put_u32(video->picture.data + video->nal_at, (uint32_t)size);
    *nal = (Nal){video->picture.data + video->nal_at + LENGTH, size};
    return true;
}

/* Emulation prevention keeps start codes out of NAL units, so one inside means that the camera
 * sends a byte stream in their place. It is looked for where such cameras begin: in front, and
 * behind parameter sets (not SEI: some cameras forget the prevention there); once met, everywhere.
 */
static bool holds_start_codes(DepayVideo *video, const Nal *nal)
{
    if (!video->annexb) {
        NalRole role = nal_role(video->codec, nal->data);
        size_t size =
            role >= NAL_VPS && role <= NAL_SEI ? MIN(nal->size, (size_t)SPLIT_SEARCH_BYTES) : 0;
        video->annexb = nal_starts_annexb(nal->data, nal->size) ||
                        nal_find_start_code(nal->data, size, 0) < size;
        video->notes |= video->annexb ? DEPAY_ANNEXB : 0;
    }
    return video->annexb && nal_find_start_code(nal->data, nal->size, 0) < nal->size;
}

static void split_part(DepayVideo *video, const Nal *part, bool whole)
{
    Nal nal;
    if (!open_nal(video, part))
        return;
    append(video, part->data, part->size);
    if (close_nal(video, &nal))
        take_role(video, &nal, whole);
}

static void split_nal(DepayVideo *video, const Nal *nal, bool whole)
{
    byte_writer_clear(&video->spare);
    write_bytes(&video->spare, nal->data, nal->size);
    video->picture.size = video->nal_at;
    video->nal_count--;
    const uint8_t *data = video->spare.data;
    size_t size = video->spare.size;
    Nal part = {data, nal_find_start_code(data, size, 0)};
    while (part.size && data[part.size - 1] == 0) /* zero bytes belong to the start code */
        part.size--;
    if (part.size)
        split_part(video, &part, true);
    NalReader reader = nal_reader(data, size);
    while (nal_next_annexb(&reader, &part))
        split_part(video, &part, whole || reader.at < size);
}

/* The open NAL unit is complete, or, when not `whole`, its end is lost. */
static void finish_nal(DepayVideo *video, bool whole)
{
    Nal nal;
    video->fragment_open = false;
    if (!close_nal(video, &nal))
        return;
    if (holds_start_codes(video, &nal))
        split_nal(video, &nal, whole);
    else
        take_role(video, &nal, whole);
}

static void close_picture(DepayVideo *video, bool by_marker)
{
    if (video->fragment_open)
        finish_nal(video, false);
    video->closed_by_marker = by_marker;
    video->last_timestamp = video->timestamp;
    DepayFrame frame = {
        .data = video->picture.data,
        .size = video->picture.size,
        .timestamp = video->timestamp,
        .key = video->key,
        .damaged = video->damaged,
        .after_loss = video->doubtful && !video->damaged,
    };
    if (video->has_vcl)
        video->emit(video->emit_data, &frame);
    clear_picture(video);
}

void depay_video_lost(DepayVideo *video)
{
    video->lost = true;
}

void depay_video_flush(DepayVideo *video)
{
    if (!video->begun || !video->has_vcl || video->marker_seen)
        return;
    video->damaged |= video->fragment_open;
    close_picture(video, false);
}

void depay_video_begin(DepayVideo *video, uint32_t timestamp)
{
    bool next = video->begun && timestamp != video->timestamp;
    /* What was lost is of the picture that was begun, as far as anybody can tell. */
    video->damaged |= video->lost && video->has_vcl;
    if (video->fragment_open && (video->lost || next)) { /* its end will not come */
        video->damaged = true;
        finish_nal(video, false);
    }
    if (next && video->has_vcl) {
        if (!video->lost && !video->marker_lies)
            video->notes |= DEPAY_NO_MARKER;
        close_picture(video, false);
    } else if (next && video->discarding) { /* that picture is over; this one is whole */
        video->begun = video->discarding = false;
    } else if (next) {
        video->timestamp = timestamp; /* sets sent ahead of their picture */
    }
    if (!video->begun)
        begin_picture(video, timestamp);
    video->doubtful |= video->lost;
}

void depay_video_end(DepayVideo *video, bool marker)
{
    video->lost = false;
    if (!marker)
        return;
    video->marker_seen = true;
    if (video->fragment_open && !video->marker_lies) {
        video->notes |= DEPAY_BAD_FRAGMENTS;
        finish_nal(video, true);
    }
    if (video->marker_lies)
        return;
    if (video->has_vcl)
        close_picture(video, true);
    else if (video->discarding)
        video->begun = video->discarding = false; /* the next packet begins a picture */
    else if (video->picture.size)
        video->notes |= DEPAY_MARKER_EARLY;
}

void depay_video_nal(DepayVideo *video, const uint8_t *data, size_t size)
{
    if (size == 0)
        return;
    if (video->fragment_open) {
        video->notes |= DEPAY_BAD_FRAGMENTS;
        finish_nal(video, true);
    }
    if (!open_nal(video, &(Nal){data, size}))
        return;
    append(video, data, size);
    finish_nal(video, true);
}

void depay_video_fragment(DepayVideo *video, bool start, bool end, const uint8_t *header,
                          size_t header_size, const uint8_t *data, size_t size)
{
    if (start && video->fragment_open) {
        video->notes |= DEPAY_BAD_FRAGMENTS;
        finish_nal(video, true);
    }
    if (start) {
        uint8_t begin[3] = {header[0], header[header_size - 1], size ? data[0] : 0};
        if (header_size == 1)
            begin[1] = begin[2];
        if (!open_nal(video, &(Nal){begin, header_size + (size > 0)}))
            return;
        append(video, header, header_size);
        video->fragment_open = !video->discarding;
    } else if (!video->fragment_open) { /* its start was lost, or a marker stood within it */
        if (!video->damaged && !video->doubtful && video->closed_by_marker &&
            video->timestamp == video->last_timestamp) {
            video->marker_lies = true;
            video->notes |= DEPAY_MARKER_EARLY;
            discard_picture(video);
            return;
        }
        video->damaged = true;
        return;
    }
    append(video, data, size);
    if (end && video->fragment_open)
        finish_nal(video, true);
}
