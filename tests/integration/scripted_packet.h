/* scripted_packet.h — how a scripted camera makes packets of payloads, and bytes of packets. */
#pragma once

#include "scripted_camera.h"

/* What goes on from picture to picture, or sound to sound, within a connection. */
typedef struct ScriptTrack {
    const char *camera;
    uint8_t channel, payload_type;
    uint16_t sequence;
    uint32_t ssrc;
} ScriptTrack;

/* Of ScriptPacket. Returns owned. */
GArray *script_packets_new(void);

/* Takes `payload`. */
void script_packet_add(GArray *packets, ScriptTrack *track, uint32_t timestamp, GBytes *payload);

/* RTP (RFC 3550 §5.1) behind the heads of interleaved frames (RFC 2326 §10.12). */
void script_packets_write(const GArray *packets, ByteWriter *bytes);
