/* peer.h — a scripted camera on loopback: answers each request by what the test told it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct Peer Peer;

/* What to say to the n-th request of a connection that begins with `method`; rows are tried in
 * order, "" matches any. `answer` is sent as it is, with %u replaced by the CSeq; NULL hangs up. */
typedef struct PeerRow {
    const char *method;
    const char *answer;
    bool then_media; /* goes on with pictures, one each 40 ms, until the client leaves */
} PeerRow;

Peer *peer_new(const PeerRow *rows, unsigned count);
void peer_free(Peer *peer);
uint16_t peer_port(const Peer *peer);
unsigned peer_connections(Peer *peer);
/* How many requests held `text`. */
unsigned peer_heard(Peer *peer, const char *text);
/* While set, a playing connection sends nothing. */
void peer_stall(Peer *peer, bool stall);
/* From now on connections are taken, and ended without an answer. */
void peer_hang_up(Peer *peer);
/* From now on no picture can be decoded alone. */
void peer_send_no_keys(Peer *peer);
