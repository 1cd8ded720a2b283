#include "media/sim_sei.h"

#include "base/bytes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    H264_SEI = 6,         /* ITU-T H.264 table 7-1 */
    H265_PREFIX_SEI = 39, /* ITU-T H.265 table 7-1 */
    USER_DATA_UNREGISTERED = 5,
    RBSP_STOP = 0x80,
    UUID_BYTES = 16,
};

/* b7a1f0d2-6c3e-4f58-9a47-3de1c05b8a64 */
static const uint8_t SIM_UUID[UUID_BYTES] = {0xb7, 0xa1, 0xf0, 0xd2, 0x6c, 0x3e, 0x4f, 0x58,
                                             0x9a, 0x47, 0x3d, 0xe1, 0xc0, 0x5b, 0x8a, 0x64};

size_t sim_sei_write(const SimSei *sei, Codec codec, uint8_t nal[SIM_SEI_BYTES])
{
    size_t at = 0;
    if (codec == CODEC_H265) {
        nal[at++] = H265_PREFIX_SEI << 1;
        nal[at++] = 1; /* layer 0, temporal id 0 */
    } else {
        nal[at++] = H264_SEI;
    }
    nal[at++] = USER_DATA_UNREGISTERED;
    uint8_t *payload_size = &nal[at++];
    memcpy(nal + at, SIM_UUID, UUID_BYTES);
    at += UUID_BYTES;
    int text =
        snprintf((char *)nal + at, SIM_SEI_BYTES - at - 1,
                 "cam=%s stream=%s loop=%" PRIu32 " number=%" PRIu64 " sent_us=%" PRId64,
                 sei->camera, stream_kind_text(sei->stream), sei->loop, sei->number, sei->sent_us);
    g_assert(text > 0 && (size_t)text < SIM_SEI_BYTES - at - 1);
    at += (size_t)text;
    *payload_size = (uint8_t)(UUID_BYTES + text);
    nal[at++] = RBSP_STOP;
    return at;
}

/* Goes past "name=number". */
static bool take_number(const char **text, const char *name, uint64_t most, uint64_t *number)
{
    size_t length = strlen(name);
    if (strncmp(*text, name, length) != 0 || !g_ascii_isdigit((*text)[length]))
        return false;
    char *end;
    errno = 0;
    *number = strtoull(*text + length, &end, 10);
    *text = end;
    return errno == 0 && *number <= most;
}

static bool text_parse(const char *text, SimSei *sei)
{
    char stream[8];
    int end = 0;
    uint64_t loop, sent_us;
    if (sscanf(text, "cam=%15[^ ] stream=%7s%n", sei->camera, stream, &end) != 2)
        return false;
    text += end;
    if (!take_number(&text, " loop=", UINT32_MAX, &loop) ||
        !take_number(&text, " number=", UINT64_MAX, &sei->number) ||
        !take_number(&text, " sent_us=", INT64_MAX, &sent_us) || *text)
        return false;
    sei->loop = (uint32_t)loop;
    sei->sent_us = (int64_t)sent_us;
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++)
        if (strcmp(stream, stream_kind_text(kind)) == 0) {
            sei->stream = kind;
            return true;
        }
    return false;
}

static bool nal_is_sei(Codec codec, ByteReader *nal)
{
    uint8_t first = read_u8(nal);
    if (codec != CODEC_H265)
        return (first & 0x1f) == H264_SEI;
    read_u8(nal);
    return (first >> 1 & 0x3f) == H265_PREFIX_SEI;
}

static bool nal_parse(Codec codec, const uint8_t *data, size_t size, SimSei *sei)
{
    ByteReader nal = byte_reader(data, size);
    if (!nal_is_sei(codec, &nal) || read_u8(&nal) != USER_DATA_UNREGISTERED)
        return false;
    size_t payload_size = read_u8(&nal);
    if (payload_size < UUID_BYTES || payload_size > SIM_SEI_BYTES)
        return false;
    const uint8_t *payload = read_bytes(&nal, payload_size);
    if (!payload || memcmp(payload, SIM_UUID, UUID_BYTES) != 0)
        return false;
    char text[SIM_SEI_BYTES + 1];
    memcpy(text, payload + UUID_BYTES, payload_size - UUID_BYTES);
    text[payload_size - UUID_BYTES] = '\0';
    return text_parse(text, sei);
}

/* Whether 4-byte lengths lead exactly to the end. A start code may look like a length, so the
 * whole access unit decides. */
static bool has_lengths(const uint8_t *data, size_t size)
{
    ByteReader unit = byte_reader(data, size);
    while (!unit.failed && byte_reader_left(&unit) > 0)
        read_skip(&unit, read_u32(&unit));
    return !unit.failed;
}

static bool lengths_parse(Codec codec, const uint8_t *data, size_t size, SimSei *sei)
{
    ByteReader unit = byte_reader(data, size);
    while (byte_reader_left(&unit) > 0) {
        ByteReader nal = read_sub(&unit, read_u32(&unit));
        if (nal_parse(codec, nal.data, nal.size, sei))
            return true;
    }
    return false;
}

static bool annex_b_parse(Codec codec, const uint8_t *data, size_t size, SimSei *sei)
{
    static const uint8_t START[] = {0, 0, 1};
    const uint8_t *end = data + size;
    const uint8_t *code = memmem(data, size, START, sizeof START);
    while (code) {
        const uint8_t *nal = code + sizeof START;
        code = memmem(nal, (size_t)(end - nal), START, sizeof START);
        if (nal_parse(codec, nal, (size_t)((code ? code : end) - nal), sei))
            return true;
    }
    return false;
}

bool sim_sei_parse(Codec codec, const uint8_t *data, size_t size, SimSei *sei)
{
    return has_lengths(data, size) ? lengths_parse(codec, data, size, sei)
                                   : annex_b_parse(codec, data, size, sei);
}
