#include "scripted_packet.h"

enum { RTP_VERSION = 0x80, MARKER = 0x80, RTP_HEAD_BYTES = 12 };

static void clear_packet(void *packet)
{
    g_bytes_unref(((ScriptPacket *)packet)->payload);
}

GArray *script_packets_new(void)
{
    GArray *packets = g_array_new(FALSE, FALSE, sizeof(ScriptPacket));
    g_array_set_clear_func(packets, clear_packet);
    return packets;
}

void script_packet_add(GArray *packets, ScriptTrack *track, uint32_t timestamp, GBytes *payload)
{
    ScriptPacket packet = {.channel = track->channel,
                           .payload_type = track->payload_type,
                           .sequence = track->sequence++,
                           .timestamp = timestamp,
                           .ssrc = track->ssrc,
                           .payload = payload};
    g_array_append_val(packets, packet);
}

static void write_packet(ByteWriter *bytes, const ScriptPacket *packet)
{
    size_t size;
    const void *payload = g_bytes_get_data(packet->payload, &size);
    write_u8(bytes, '$');
    write_u8(bytes, packet->channel);
    write_u16(bytes, (uint16_t)(RTP_HEAD_BYTES + size));
    write_u8(bytes, RTP_VERSION);
    write_u8(bytes, (uint8_t)(packet->payload_type | (packet->marker ? MARKER : 0)));
    write_u16(bytes, packet->sequence);
    write_u32(bytes, packet->timestamp);
    write_u32(bytes, packet->ssrc);
    write_bytes(bytes, payload, size);
}

void script_packets_write(const GArray *packets, ByteWriter *bytes)
{
    for (guint i = 0; i < packets->len; i++)
        write_packet(bytes, &g_array_index(packets, ScriptPacket, i));
}
