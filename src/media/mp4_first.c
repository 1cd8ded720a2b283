#include "media/mp4_first.h"

#include "base/bytes.h"

#include <string.h>

enum {
    SAMPLE_ENTRY_BYTES = 78, /* of a VisualSampleEntry before its boxes, ISO 14496-12 §12.1.3 */
    TRACKS_MOST = 16,
};

bool mp4_box_head(const uint8_t *data, size_t size, uint64_t left, char type[5], unsigned *head,
                  uint64_t *bytes)
{
    ByteReader reader = byte_reader(data, size);
    *bytes = read_u32(&reader);
    const uint8_t *name = read_bytes(&reader, 4);
    if (!name)
        return false;
    memcpy(type, name, 4);
    type[4] = '\0';
    *head = 8;
    if (*bytes == 1) {
        *bytes = read_u64(&reader);
        *head = 16;
    } else if (*bytes == 0) {
        *bytes = left; /* to the end */
    }
    return !reader.failed && *bytes >= *head && *bytes <= left;
}

/* The body of the next box of this type, read past; the reader fails where there is none. */
static ByteReader find(ByteReader *inside, const char *wanted)
{
    while (!inside->failed && byte_reader_left(inside) > 0) {
        char type[5];
        unsigned head;
        uint64_t bytes;
        if (!mp4_box_head(inside->data + inside->at, byte_reader_left(inside),
                          byte_reader_left(inside), type, &head, &bytes))
            break;
        read_skip(inside, head);
        ByteReader body = read_sub(inside, (size_t)bytes - head);
        if (strcmp(type, wanted) == 0)
            return body;
    }
    return (ByteReader){.failed = true};
}

static ByteReader find_in(const ByteReader *box, const char *wanted)
{
    ByteReader inside = *box;
    return find(&inside, wanted);
}

/* A table of a track: behind version and flags. */
static ByteReader table(const ByteReader *samples, const char *name)
{
    ByteReader box = find_in(samples, name);
    read_skip(&box, 4);
    return box;
}

static bool read_coding(const ByteReader *samples, Mp4First *first)
{
    ByteReader entries = table(samples, "stsd");
    if (read_u32(&entries) < 1)
        return false;
    static const struct {
        const char *entry, *config;
        Codec codec;
    } kinds[] = {{"avc1", "avcC", CODEC_H264},
                 {"avc3", "avcC", CODEC_H264},
                 {"hvc1", "hvcC", CODEC_H265},
                 {"hev1", "hvcC", CODEC_H265}};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        ByteReader entry = find_in(&entries, kinds[i].entry);
        read_skip(&entry, SAMPLE_ENTRY_BYTES);
        if (entry.failed)
            continue;
        ByteReader from = read_sub(&entry, byte_reader_left(&entry));
        ByteReader config = find(&from, kinds[i].config);
        if (config.failed || byte_reader_left(&config) == 0)
            continue;
        first->codec = kinds[i].codec;
        first->config = config.data + config.at;
        first->config_bytes = byte_reader_left(&config);
        return true;
    }
    return false;
}

/* The number of the first key picture, from 1. Without a table each is one. */
static uint32_t first_key(const ByteReader *samples)
{
    ByteReader keys = table(samples, "stss");
    uint32_t count = read_u32(&keys), number = count > 0 ? read_u32(&keys) : 0;
    return keys.failed ? 1 : number;
}

/* Which chunk has the sample, and which is the first sample of that chunk; all from 1. */
static bool find_chunk(const ByteReader *samples, uint32_t number, uint64_t *chunk,
                       uint64_t *chunk_first)
{
    ByteReader runs = table(samples, "stsc");
    uint32_t count = read_u32(&runs);
    uint64_t from = read_u32(&runs), each = read_u32(&runs), at = 1;
    read_skip(&runs, 4);
    for (uint32_t i = 0; i < count && !runs.failed && from > 0 && each > 0; i++) {
        ByteReader ahead = runs;
        uint64_t next = i + 1 < count ? read_u32(&ahead) : UINT32_MAX;
        uint64_t wanted = (number - at) / each;
        if (next <= from)
            return false;
        if (wanted < next - from) {
            *chunk = from + wanted;
            *chunk_first = at + wanted * each;
            return true;
        }
        at += (next - from) * each;
        if (at > number)
            return false;
        runs = ahead;
        from = next;
        each = read_u32(&runs);
        read_skip(&runs, 4);
    }
    return false;
}

/* Where a chunk begins. */
static bool chunk_at(const ByteReader *samples, uint64_t chunk, uint64_t *at)
{
    ByteReader offsets = table(samples, "stco");
    const bool large = offsets.failed;
    if (large)
        offsets = table(samples, "co64");
    uint32_t count = read_u32(&offsets);
    if (offsets.failed || chunk < 1 || chunk > count)
        return false;
    read_skip(&offsets, (size_t)(chunk - 1) * (large ? 8 : 4));
    *at = large ? read_u64(&offsets) : read_u32(&offsets);
    return !offsets.failed;
}

/* The size of the sample, and of those of its chunk before it. */
static bool sizes_of(const ByteReader *samples, uint32_t number, uint64_t chunk_first,
                     uint64_t *before, uint32_t *bytes)
{
    ByteReader sizes = table(samples, "stsz");
    uint32_t same = read_u32(&sizes), count = read_u32(&sizes);
    if (sizes.failed || number > count)
        return false;
    *before = 0;
    *bytes = same;
    if (same > 0) {
        *before = (number - chunk_first) * (uint64_t)same;
        return true;
    }
    read_skip(&sizes, (size_t)(chunk_first - 1) * 4);
    for (uint64_t i = chunk_first; i < number && !sizes.failed; i++)
        *before += read_u32(&sizes);
    *bytes = read_u32(&sizes);
    return !sizes.failed && *bytes > 0;
}

static bool read_track(const ByteReader *track, Mp4First *first)
{
    uint64_t chunk = 0, chunk_first = 0, at = 0, before = 0;
    ByteReader media = find_in(track, "mdia");
    ByteReader kind = find_in(&media, "hdlr");
    read_skip(&kind, 8);
    const uint8_t *handler = read_bytes(&kind, 4);
    ByteReader information = find_in(&media, "minf");
    ByteReader samples = find_in(&information, "stbl");
    if (!handler || memcmp(handler, "vide", 4) != 0 || samples.failed ||
        !read_coding(&samples, first))
        return false;
    uint32_t number = first_key(&samples);
    if (number < 1 || !find_chunk(&samples, number, &chunk, &chunk_first) ||
        !chunk_at(&samples, chunk, &at) ||
        !sizes_of(&samples, number, chunk_first, &before, &first->bytes))
        return false;
    return !__builtin_add_overflow(at, before, &first->at);
}

bool mp4_first_picture(const uint8_t *movie, size_t size, Mp4First *first)
{
    ByteReader inside = byte_reader(movie, size);
    *first = (Mp4First){0};
    for (unsigned i = 0; i < TRACKS_MOST; i++) {
        ByteReader track = find(&inside, "trak");
        if (track.failed)
            return false;
        if (read_track(&track, first))
            return true;
    }
    return false;
}
