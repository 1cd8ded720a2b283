/* message.h — what goes over the wire to viewers (docs/reference/live.md), each made once.
 *
 * A message is a Buffer: `head_room` bytes for the transport, then the message.
 */
#pragma once

#include "base/buffer.h"
#include "base/json.h"
#include "media/access_unit.h"

enum { LIVE_HEADER = 24, LIVE_VERSION = 1 };

typedef enum LiveFlag {
    LIVE_KEY = 1,
    LIVE_INIT = 2,
    LIVE_DISCONTINUITY = 4,
    LIVE_AUDIO = 8,
    LIVE_FILLER = 16, /* says nothing */
} LiveFlag;

typedef struct LiveHeader {
    unsigned flags;
    uint32_t stream;
    uint64_t sequence;
    int64_t capture_us;
} LiveHeader;

void live_header_put(uint8_t to[LIVE_HEADER], const LiveHeader *header);

/* `ftyp moov` of one track. Returns owned. */
Buffer *live_message_init(size_t head_room, const LiveHeader *header, Track track,
                          const CodecParams *params);

/* `moof mdat` of one unit; `duration` in ticks of its timescale. Returns owned. */
Buffer *live_message_unit(size_t head_room, const LiveHeader *header, const AccessUnit *unit,
                          uint32_t duration);

/* So many bytes that say nothing. Returns owned. */
Buffer *live_message_filler(size_t head_room, size_t bytes);

/* Takes `json`. Returns owned. */
Buffer *live_message_text(size_t head_room, Json *json);
