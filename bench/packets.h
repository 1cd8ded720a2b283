/* packets.h — a scene of the simulator as RTP packets in interleaved frames (RFC 2326 §10.12, RFC
 * 6184), made once: what differs between cameras is set into them before they are sent.
 */
#pragma once

#include "base/bytes.h"
#include "media/sim_sei.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_HEAD_BYTES = 4 + 12 }; /* interleaved frame and RTP */

/* The packets of one picture, without its mark's. */
typedef struct PicturePackets {
    ByteWriter bytes; /* may be written into: packet_number() */
    GArray *at;       /* size_t: where each begins */
    size_t mark_at;   /* bytes before it go out before the mark */
    guint before;     /* packets before it */
    uint64_t first;   /* packets of the scene before this picture, marks included */
    bool key;
} PicturePackets;

typedef struct ScenePackets {
    PicturePackets *pictures;
    uint32_t count;
    uint64_t packets; /* of one pass, marks included */
    char *sdp;
} ScenePackets;

/* From an H.264 file of the simulator's cache. Lives as long as the program; NULL when it is none.
 */
ScenePackets *packets_load(const char *path);

/* Sets what a camera counts itself into a packet. */
void packet_number(uint8_t *packet, uint16_t sequence, uint32_t timestamp, uint32_t ssrc);

/* The packet of a picture's mark; returns its size. */
size_t packet_of_mark(const SimSei *mark, uint8_t packet[PACKET_HEAD_BYTES + SIM_SEI_BYTES]);
