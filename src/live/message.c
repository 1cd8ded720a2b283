#include "live/message.h"

#include "base/bytes.h"
#include "media/fmp4_write.h"

#include <string.h>

void live_header_put(uint8_t to[LIVE_HEADER], const LiveHeader *header)
{
    to[0] = LIVE_VERSION;
    to[1] = (uint8_t)header->flags;
    put_u16(to + 2, LIVE_HEADER);
    put_u32(to + 4, header->stream);
    put_u64(to + 8, header->sequence);
    put_u64(to + 16, (uint64_t)header->capture_us);
}

Buffer *live_message_init(size_t head_room, const LiveHeader *header, Track track,
                          const CodecParams *params)
{
    g_auto(ByteWriter) init = {0};
    Fmp4Init what = {0};
    what.tracks[track] = params;
    fmp4_write_init(&init, &what);
    Buffer *message = buffer_new(head_room + LIVE_HEADER + init.size);
    live_header_put(message->data + head_room, header);
    memcpy(message->data + head_room + LIVE_HEADER, init.data, init.size);
    return message;
}

Buffer *live_message_unit(size_t head_room, const LiveHeader *header, const AccessUnit *unit,
                          uint32_t duration)
{
    Buffer *message = buffer_new(head_room + LIVE_HEADER + FMP4_PICTURE_HEAD + unit->size);
    uint8_t *at = message->data + head_room;
    live_header_put(at, header);
    Fmp4Sample sample = {.duration = duration, .size = (uint32_t)unit->size, .key = unit->key};
    fmp4_put_picture_head(at + LIVE_HEADER, (uint32_t)header->sequence + 1, unit->track,
                          (uint64_t)MAX(unit->pts, 0), &sample);
    memcpy(at + LIVE_HEADER + FMP4_PICTURE_HEAD, unit->data, unit->size);
    return message;
}

Buffer *live_message_filler(size_t head_room, size_t bytes)
{
    const LiveHeader header = {.flags = LIVE_FILLER};
    size_t body = bytes > LIVE_HEADER ? bytes - LIVE_HEADER : 0;
    Buffer *message = buffer_new(head_room + LIVE_HEADER + body);
    live_header_put(message->data + head_room, &header);
    memset(message->data + head_room + LIVE_HEADER, 0, body);
    return message;
}

Buffer *live_message_text(size_t head_room, Json *json)
{
    g_autoptr(Json) owned = json;
    g_autofree char *line = json_line(owned);
    size_t size = strlen(line);
    Buffer *message = buffer_new(head_room + size);
    memcpy(message->data + head_room, line, size);
    return message;
}
