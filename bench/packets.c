#include "packets.h"

#include "../sim/clip.h"

#include <string.h>

enum { PAYLOAD_BYTES = 1400, PAYLOAD_TYPE = 96, FU_A = 28 };

static void write_head(uint8_t *packet, size_t payload)
{
    memset(packet, 0, PACKET_HEAD_BYTES);
    packet[0] = '$';
    put_u16(packet + 2, (uint16_t)(12 + payload));
    packet[4] = 2 << 6;
    packet[5] = PAYLOAD_TYPE;
}

static uint8_t *packet_begin(PicturePackets *packets, size_t payload)
{
    size_t at = packets->bytes.size;
    g_array_append_val(packets->at, at);
    uint8_t *packet = byte_writer_add(&packets->bytes, PACKET_HEAD_BYTES + payload);
    write_head(packet, payload);
    return packet + PACKET_HEAD_BYTES;
}

/* One NAL unit, in fragments where it is long (RFC 6184 §5.6, §5.8). */
static void add_nal(PicturePackets *packets, const uint8_t *nal, size_t size)
{
    if (size <= PAYLOAD_BYTES) {
        memcpy(packet_begin(packets, size), nal, size);
        return;
    }
    for (size_t at = 1, part; at < size; at += part) {
        part = MIN(size - at, (size_t)PAYLOAD_BYTES - 2);
        uint8_t *payload = packet_begin(packets, part + 2);
        payload[0] = (uint8_t)((nal[0] & 0xe0) | FU_A);
        payload[1] = (uint8_t)((nal[0] & 0x1f) | (at == 1) << 7 | (at + part == size) << 6);
        memcpy(payload + 2, nal + at, part);
    }
}

static void make_packets(PicturePackets *packets, const Clip *clip, const ClipUnit *unit)
{
    *packets = (PicturePackets){.at = g_array_new(FALSE, FALSE, sizeof(size_t)), .key = unit->key};
    ByteReader reader = byte_reader(clip_bytes(clip, unit), unit->size);
    while (byte_reader_left(&reader) > 0) {
        if (reader.at == unit->mark_at) {
            packets->mark_at = packets->bytes.size;
            packets->before = packets->at->len;
        }
        ByteReader nal = read_sub(&reader, read_u32(&reader));
        add_nal(packets, nal.data, nal.size);
    }
    size_t last = g_array_index(packets->at, size_t, packets->at->len - 1);
    packets->bytes.data[last + 5] |= 0x80; /* marker */
}

/* Parameter sets of an avcC body, as "sprop-parameter-sets" gives them (RFC 6184 §8.1). */
static char *parameter_sets(const GByteArray *config)
{
    ByteReader reader = byte_reader(config->data, config->len);
    read_skip(&reader, 5);
    GString *sets = g_string_new(NULL);
    for (int kind = 0; kind < 2; kind++)
        for (unsigned left = read_u8(&reader) & 0x1f; left > 0; left--) {
            ByteReader set = read_sub(&reader, read_u16(&reader));
            g_autofree char *text = g_base64_encode(set.data, set.size);
            g_string_append_printf(sets, "%s%s", sets->len ? "," : "", text);
        }
    return g_string_free(sets, FALSE);
}

ScenePackets *packets_load(const char *path)
{
    g_autoptr(Clip) clip = clip_load(path);
    if (!clip || clip->codec != CODEC_H264)
        return NULL;
    ScenePackets *scene = g_new0(ScenePackets, 1);
    scene->count = clip_count(clip);
    scene->pictures = g_new0(PicturePackets, scene->count);
    for (uint32_t i = 0; i < scene->count; i++) {
        make_packets(&scene->pictures[i], clip, clip_unit(clip, i));
        scene->pictures[i].first = scene->packets;
        scene->packets += scene->pictures[i].at->len + 1;
    }
    g_autofree char *sets = parameter_sets(clip->config);
    scene->sdp = g_strdup_printf("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                                 "m=video 0 RTP/AVP %d\r\na=rtpmap:%d H264/90000\r\n"
                                 "a=fmtp:%d packetization-mode=1;sprop-parameter-sets=%s\r\n"
                                 "a=control:track0\r\n",
                                 PAYLOAD_TYPE, PAYLOAD_TYPE, PAYLOAD_TYPE, sets);
    return scene;
}

void packet_number(uint8_t *packet, uint16_t sequence, uint32_t timestamp, uint32_t ssrc)
{
    put_u16(packet + 6, sequence);
    put_u32(packet + 8, timestamp);
    put_u32(packet + 12, ssrc);
}

size_t packet_of_mark(const SimSei *mark, uint8_t packet[PACKET_HEAD_BYTES + SIM_SEI_BYTES])
{
    size_t size = sim_sei_write(mark, CODEC_H264, packet + PACKET_HEAD_BYTES);
    write_head(packet, size);
    return PACKET_HEAD_BYTES + size;
}
