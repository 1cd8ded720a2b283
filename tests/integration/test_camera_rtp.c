/* Cameras that break the rules of RTP, H.264 and the framing of RTSP (CAMERAS.md R1–R10, R16, S15,
 * S16, and the rows beside them), all recorded at once by one server. */
#include "camera_rows.h"
#include "media/nal.h"

#include <string.h>

enum {
    PLAY_MS = 18000,
    STRANGE_AT = 45, /* pictures after PLAY, when what happens once happens */
    STRANGE_EVERY = 45,
    FU_A = 28, /* RFC 6184 §5.8 */
    STAP_A = 24,
    MIDDLE_BYTES = 60000, /* of a fragment without an end */
    MIDDLES = 240,        /* of them in a picture: more than 12 MiB */
    LONG_GOP = 6 * SCRIPT_KEY_EVERY,
    FRAME_HEAD = 4,
    RTP_HEAD = 12,
};

static bool is_strange(const ScriptPicture *picture)
{
    return picture->since_play >= STRANGE_AT && picture->number % STRANGE_EVERY == 7;
}

/* ---- NAL units ---- */

static const uint8_t *bytes_at(const GPtrArray *list, guint i, size_t *size)
{
    return g_bytes_get_data(list->pdata[i], size);
}

static void replace(GPtrArray *nals, guint i, const void *data, size_t size)
{
    g_bytes_unref(nals->pdata[i]);
    nals->pdata[i] = g_bytes_new(data, size);
}

/* Made of the only slice: as if it began at another macroblock. Nobody decodes it here. */
static void add_second_slice(const ScriptPicture *picture, GPtrArray *nals)
{
    size_t size;
    const uint8_t *last = bytes_at(nals, nals->len - 1, &size);
    g_autofree uint8_t *slice = g_memdup2(last, size);
    slice[1] = 0x46;
    g_ptr_array_add(nals, g_bytes_new(slice, size));
}

static void delimit(const ScriptPicture *picture, GPtrArray *nals)
{
    add_second_slice(picture, nals);
    g_ptr_array_insert(nals, 0, g_bytes_new("\x09\xf0", 2));
}

/* The whole picture as one NAL unit with start codes in it (V380), or with one before each. */
static void join_by_start_codes(const ScriptPicture *picture, GPtrArray *nals)
{
    g_auto(ByteWriter) all = {0};
    for (guint i = 0; i < nals->len; i++) {
        size_t size;
        const uint8_t *nal = bytes_at(nals, i, &size);
        if (i)
            write_u32(&all, 1);
        write_bytes(&all, nal, size);
    }
    g_ptr_array_set_size(nals, 0);
    g_ptr_array_add(nals, g_bytes_new(all.data, all.size));
}

static void begin_with_start_codes(const ScriptPicture *picture, GPtrArray *nals)
{
    for (guint i = 0; i < nals->len; i++) {
        g_auto(ByteWriter) whole = {0};
        size_t size;
        const uint8_t *nal = bytes_at(nals, i, &size);
        write_u32(&whole, 1);
        write_bytes(&whole, nal, size);
        replace(nals, i, whole.data, whole.size);
    }
}

static void send_no_sets(const ScriptPicture *picture, GPtrArray *nals)
{
    if (picture->key)
        g_ptr_array_remove_range(nals, 0, 2);
}

static void send_a_broken_sps(const ScriptPicture *picture, GPtrArray *nals)
{
    static const uint8_t sps[] = {0x67, 0x64, 0x00, 0x28, 0, 0, 0x40};
    if (picture->key)
        replace(nals, 0, sps, sizeof sps);
}

static void alternate_sets(const ScriptPicture *picture, GPtrArray *nals)
{
    if (!picture->key || picture->number / SCRIPT_KEY_EVERY % 2)
        return;
    size_t size;
    const uint8_t *pps = bytes_at(nals, 1, &size);
    g_autofree uint8_t *other = g_memdup2(pps, size);
    other[size - 1] ^= 0x40;
    replace(nals, 1, other, size);
}

/* 176 × 144, by x264 */
static void change_size(const ScriptPicture *picture, GPtrArray *nals)
{
    static const uint8_t sps[] = {0x67, 0x42, 0xc0, 0x0c, 0xd9, 0x02, 0xc4, 0xec, 0x84};
    if (picture->key && picture->since_play >= STRANGE_AT)
        replace(nals, 0, sps, sizeof sps);
}

static void send_few_keys(const ScriptPicture *picture, GPtrArray *nals)
{
    if (!picture->key || picture->number % LONG_GOP == 0)
        return;
    send_no_sets(picture, nals);
    size_t size;
    const uint8_t *last = bytes_at(nals, nals->len - 1, &size);
    g_autofree uint8_t *slice = g_memdup2(last, size);
    slice[0] = 0x41;
    replace(nals, nals->len - 1, slice, size);
}

/* ---- packets ---- */

static ScriptPacket *packet_at(const GArray *packets, guint i)
{
    return &g_array_index(packets, ScriptPacket, i);
}

static unsigned type_of(const ScriptPacket *packet)
{
    return ((const uint8_t *)g_bytes_get_data(packet->payload, NULL))[0] & 31;
}

static void set_payload(ScriptPacket *packet, const void *data, size_t size)
{
    g_bytes_unref(packet->payload);
    packet->payload = g_bytes_new(data, size);
}

/* Numbers the packets anew after some were added or taken out. `next` belongs to the only camera
 * with this hook. */
static void number_anew(const ScriptPicture *picture, const GArray *packets, uint16_t *next)
{
    if (picture->since_play == 0)
        *next = packet_at(packets, 0)->sequence;
    for (guint i = 0; i < packets->len; i++)
        packet_at(packets, i)->sequence = (*next)++;
}

static void mark_nothing(const ScriptPicture *picture, GArray *packets)
{
    packet_at(packets, packets->len - 1)->marker = false;
}

static void mark_sets(const ScriptPicture *picture, GArray *packets)
{
    for (guint i = 0; i + 1 < packets->len; i++)
        packet_at(packets, i)->marker = type_of(packet_at(packets, i)) <= 8;
}

static void mark_each_slice(const ScriptPicture *picture, GArray *packets)
{
    for (guint i = 0; i < packets->len; i++) {
        size_t size;
        const uint8_t *data = g_bytes_get_data(packet_at(packets, i)->payload, &size);
        bool end = (data[0] & 31) == FU_A && (data[1] & 0x40);
        packet_at(packets, i)->marker |= end || (data[0] & 31) <= 5;
    }
}

/* Now and then a picture goes on and on. */
static void never_end(const ScriptPicture *picture, GArray *packets)
{
    static uint16_t next;
    if (is_strange(picture)) {
        static uint8_t middle[MIDDLE_BYTES] = {FU_A, 1};
        ScriptPacket last = *packet_at(packets, packets->len - 1);
        packet_at(packets, packets->len - 1)->marker = false;
        for (unsigned i = 0; i < MIDDLES; i++) {
            last.marker = false;
            last.payload = i ? g_bytes_new_static(middle, sizeof middle)
                             : g_bytes_new_static("\x1c\x81\x46", 3);
            g_array_append_val(packets, last);
        }
    }
    number_anew(picture, packets, &next);
}

/* Each small NAL unit as a fragment that is start and end. */
static void fragment_alone(const ScriptPicture *picture, GArray *packets)
{
    for (guint i = 0; i < packets->len; i++) {
        size_t size;
        const uint8_t *data = g_bytes_get_data(packet_at(packets, i)->payload, &size);
        if ((data[0] & 31) >= STAP_A)
            continue;
        g_auto(ByteWriter) payload = {0};
        write_u8(&payload, (uint8_t)((data[0] & 0xe0) | FU_A));
        write_u8(&payload, (uint8_t)(0xc0 | (data[0] & 31)));
        write_bytes(&payload, data + 1, size - 1);
        set_payload(packet_at(packets, i), payload.data, payload.size);
    }
}

/* An empty fragment between others, the reserved bit set, and another type on all but the first. */
static void fragment_badly(const ScriptPicture *picture, GArray *packets)
{
    static uint16_t next;
    for (guint i = packets->len; i-- > 0;) {
        ScriptPacket *packet = packet_at(packets, i);
        size_t size;
        const uint8_t *data = g_bytes_get_data(packet->payload, &size);
        if ((data[0] & 31) != FU_A)
            continue;
        g_autofree uint8_t *copy = g_memdup2(data, size);
        bool start = copy[1] & 0x80;
        copy[1] = (uint8_t)((copy[1] & 0xc0) | 0x20 | (start ? copy[1] & 31 : 1));
        set_payload(packet, copy, size);
        ScriptPacket empty = *packet;
        uint8_t head[2] = {copy[0], (uint8_t)(copy[1] & 0x3f)};
        empty.marker = false;
        empty.payload = g_bytes_new(head, sizeof head);
        if (!start)
            g_array_insert_val(packets, i, empty);
        else
            g_bytes_unref(empty.payload);
    }
    number_anew(picture, packets, &next);
}

/* What is small and stands before the slices, in one packet. */
static void aggregate(const ScriptPicture *picture, GArray *packets, uint16_t *next)
{
    g_auto(ByteWriter) payload = {0};
    write_u8(&payload, 0x60 | STAP_A);
    guint count = 0;
    while (type_of(packet_at(packets, count)) > 5 && type_of(packet_at(packets, count)) < STAP_A) {
        size_t size;
        const uint8_t *data = g_bytes_get_data(packet_at(packets, count)->payload, &size);
        write_u16(&payload, (uint16_t)size);
        write_bytes(&payload, data, size);
        count++;
    }
    set_payload(packet_at(packets, 0), payload.data, payload.size);
    if (count > 1)
        g_array_remove_range(packets, 1, count - 1);
    number_anew(picture, packets, next);
}

static void aggregate_mixed(const ScriptPicture *picture, GArray *packets)
{
    static uint16_t next;
    aggregate(picture, packets, &next);
}

static void aggregate_in_mode_0(const ScriptPicture *picture, GArray *packets)
{
    static uint16_t next;
    aggregate(picture, packets, &next);
}

/* Between ours: packets of another type, and of another source with just our numbers. */
static void mix_in_others(const ScriptPicture *picture, GArray *packets)
{
    for (guint i = packets->len; i-- > 0;) {
        ScriptPacket geovision = *packet_at(packets, i), leak = geovision;
        geovision.payload_type = 50;
        geovision.sequence = (uint16_t)(picture->number * 3);
        geovision.payload = g_bytes_new("GEO", 3);
        leak.ssrc ^= 0x5a5a5a5a;
        leak.payload = g_bytes_new("\x41\x9a\x02\x03", 4);
        g_array_insert_val(packets, i + 1, geovision);
        g_array_insert_val(packets, i, leak);
    }
}

/* ---- bytes ---- */

/* Padding and a header extension, as ONVIF replay has them. */
static void pad_and_extend(const ScriptPicture *picture, ByteWriter *bytes)
{
    static const uint8_t extension[] = {0xab, 0xac, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    g_auto(ByteWriter) out = {0};
    for (size_t at = 0; at < bytes->size;) {
        const uint8_t *frame = bytes->data + at;
        size_t size = get_u16(frame + 2);
        write_bytes(&out, frame, 2);
        write_u16(&out, (uint16_t)(size + sizeof extension + 4));
        write_u8(&out, frame[FRAME_HEAD] | 0x30);
        write_bytes(&out, frame + FRAME_HEAD + 1, RTP_HEAD - 1);
        write_bytes(&out, extension, sizeof extension);
        write_bytes(&out, frame + FRAME_HEAD + RTP_HEAD, size - RTP_HEAD);
        write_u32(&out, 4);
        at += FRAME_HEAD + size;
    }
    byte_writer_clear(bytes);
    write_bytes(bytes, out.data, out.size);
}

static void write_frame(ByteWriter *bytes, uint8_t channel, const void *data, size_t size)
{
    write_u8(bytes, '$');
    write_u8(bytes, channel);
    write_u16(bytes, (uint16_t)size);
    write_bytes(bytes, data, size);
}

/* A sender report that is none, one cut short, one of nothing, a BYE; on both channels. */
static void send_bad_rtcp(const ScriptPicture *picture, ByteWriter *bytes)
{
    static const uint8_t sdes_first[] = {0x81, 202, 0, 2, 1, 2, 3, 4, 1, 0, 0, 0},
                         cut[] = {0x80, 200, 0, 6, 1, 2, 3, 4, 0xff, 0xff},
                         too_long[] = {0x80, 200, 0xff, 0xff, 1, 2, 3, 4, 0, 0, 0, 0},
                         bye[] = {0x81, 203, 0, 1, 1, 2, 3, 4}, empty[1] = {0};
    for (uint8_t channel = 0; channel < 2; channel++) {
        write_frame(bytes, channel, sdes_first, sizeof sdes_first);
        write_frame(bytes, channel, cut, sizeof cut);
        write_frame(bytes, channel, too_long, sizeof too_long);
        write_frame(bytes, channel, bye, sizeof bye);
        write_frame(bytes, channel, empty, 0);
    }
}

static void take_out(ByteWriter *bytes, size_t from, size_t size)
{
    memmove(bytes->data + from, bytes->data + from + size, bytes->size - from - size);
    bytes->size -= size;
}

/* A write that the socket took in part, and the camera does not go on where it ended. */
static void skip_part(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (is_strange(picture))
        take_out(bytes, bytes->size / 3, bytes->size / 3);
}

static void repeat_part(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (!is_strange(picture))
        return;
    size_t from = bytes->size / 3, size = bytes->size / 2;
    g_autofree uint8_t *again = g_memdup2(bytes->data + from, bytes->size - from);
    size_t again_size = bytes->size - from;
    bytes->size = from + size;
    write_bytes(bytes, again, again_size);
}

/* For three seconds nothing but the rest of something: as of a window that was full. */
static void tear_for_long(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->since_play < STRANGE_AT || picture->since_play >= 2 * STRANGE_AT)
        return;
    take_out(bytes, 0, bytes->size / 2);
}

static void fall_silent(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->connection == 0 && picture->since_play >= STRANGE_AT)
        byte_writer_clear(bytes);
}

static void report_without_pictures(const ScriptPicture *picture, ByteWriter *bytes)
{
    static const uint8_t report[28] = {0x80, 200, 0, 6};
    if (picture->connection != 0 || picture->since_play < STRANGE_AT)
        return;
    byte_writer_clear(bytes);
    write_frame(bytes, 1, report, sizeof report);
}

/* ---- rows ---- */

#define SDP_OF(fmtp)                                                                 \
    "v=0\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n" fmtp \
    "a=control:track1\r\n"

static const CameraRow rows[] = {
    {"R1-none",
     "there is never a marker",
     {.packets = mark_nothing},
     .note = "pictures end without an RTP marker"},
    {"R2-sets",
     "markers stand on parameter sets and SEI",
     {.packets = mark_sets},
     .note = "RTP markers stand before"},
    {"R2-slices",
     "a marker stands on each slice",
     {.nals = add_second_slice, .packets = mark_each_slice},
     .note = "RTP markers stand before"},
    {"R3-endless",
     "now and then a picture has no end",
     {.packets = never_end},
     .note = "pictures of more than 12 MiB",
     .lost_least = 4,
     .lost_most = 8},
    {"R4-joined",
     "a picture is one unit with start codes in it",
     {.nals = join_by_start_codes},
     .note = "start codes stand inside"},
    {"R4-prefixed",
     "each unit begins with a start code",
     {.nals = begin_with_start_codes},
     .note = "start codes stand inside"},
    {"R5-alone",
     "fragments are start and end in one",
     {.packets = fragment_alone},
     .note = "fragments are marked against"},
    {"R5-bad",
     "fragments are empty, of other types, with the reserved bit",
     {.packets = fragment_badly},
     .note = "fragments are marked against"},
    {"R6-mixed",
     "aggregates, delimiters and several slices",
     {.nals = delimit, .packets = aggregate_mixed},
     .slices = 2},
    {"R7-no-sets", "key pictures come without parameter sets", {.nals = send_no_sets}},
    {"R8-sps",
     "the SPS cannot be understood",
     {.nals = send_a_broken_sps, .sdp = SDP_OF("")},
     .note = "the sequence parameter set",
     .codec = "H.264",
     .member = "width",
     .least = 0,
     .most = 0},
    {"R9-flip",
     "two parameter sets alternate",
     {.nals = alternate_sets},
     .note = "parameter sets change",
     .files_least = 2},
    {"R9-size",
     "the size changes in the middle",
     {.nals = change_size},
     .codec = "H.264",
     .files_least = 2,
     .member = "width",
     .least = 176,
     .most = 176},
    {"R10-smart",
     "a key picture each 6 s only",
     {.nals = send_few_keys},
     .late_most = LONG_GOP,
     .member = "key_interval_ms",
     .least = 5500,
     .most = 6500},
    {"R16-others",
     "other payload types, and another source in the channel",
     {.packets = mix_in_others}},
    {"R16-padding", "padding and header extensions", {.bytes = pad_and_extend}},
    {"mode0",
     "packetization-mode=0, yet fragments and aggregates",
     {.packets = aggregate_in_mode_0,
      .sdp = SDP_OF("a=fmtp:96 packetization-mode=0;sprop-parameter-sets=%s\r\n")}},
    {"rtcp-bad", "RTCP is malformed, on both channels, with BYE", {.bytes = send_bad_rtcp}},
    {"S15-skip",
     "part of what is written is left out",
     {.bytes = skip_part},
     .lost_least = 1,
     .lost_most = 10},
    {"S16-repeat",
     "part of what is written comes twice",
     {.bytes = repeat_part},
     .lost_least = 0,
     .lost_most = 10},
    {"S15-long",
     "framing is torn for three seconds",
     {.bytes = tear_for_long},
     .lost_least = 40,
     .lost_most = 50,
     .gap = "network-stall",
     .gap_least_ms = 2500,
     .gap_most_ms = 3500},
    {"half-open",
     "half-open TCP: the camera falls silent and keeps the connection",
     {.bytes = fall_silent},
     .gap = "network-stall",
     .gap_least_ms = 4500,
     .gap_most_ms = 8000,
     .connections = 2},
    {"only-rtcp",
     "only reports come, no pictures any more",
     {.bytes = report_without_pictures},
     .gap = "network-stall",
     .gap_least_ms = 4500,
     .gap_most_ms = 8000,
     .connections = 2,
     .lost_least = 60,
     .lost_most = 100},
};

int main(int argc, char **argv)
{
    return camera_rows_run("cameras and RTP", rows, G_N_ELEMENTS(rows), PLAY_MS,
                           argc > 1 ? argv[1] : NULL);
}
