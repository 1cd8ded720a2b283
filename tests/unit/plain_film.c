#include "plain_film.h"

#include "base/bytes.h"

#include <string.h>

static void begin(ByteWriter *to, const char *type, size_t *at)
{
    *at = to->size;
    write_u32(to, 0);
    write_bytes(to, type, 4);
}

static void end(ByteWriter *to, size_t at)
{
    patch_u32(to, at, (uint32_t)(to->size - at));
}

static size_t size_of(const AccessUnit *unit, const PlainFilm *recipe, unsigned n)
{
    return n == MAX(recipe->key, 1) ? unit->size : n;
}

static void put_handler(ByteWriter *to, const char *handler)
{
    size_t at;
    begin(to, "hdlr", &at);
    write_zeros(to, 8);
    write_bytes(to, handler, 4);
    write_zeros(to, 13);
    end(to, at);
}

static void put_coding(ByteWriter *to, const CodecParams *params)
{
    size_t description, entry, config;
    const bool h265 = params->codec == CODEC_H265;
    begin(to, "stsd", &description);
    write_u32(to, 0);
    write_u32(to, 1);
    begin(to, h265 ? "hvc1" : "avc1", &entry);
    write_zeros(to, 78);
    begin(to, h265 ? "hvcC" : "avcC", &config);
    write_bytes(to, params->config, params->config_bytes);
    end(to, config);
    end(to, entry);
    end(to, description);
}

static void put_tables(ByteWriter *to, const AccessUnit *unit, const PlainFilm *recipe,
                       uint64_t first_at)
{
    size_t at;
    const unsigned whole = recipe->count / recipe->each, rest = recipe->count % recipe->each;
    if (recipe->key > 0) {
        begin(to, "stss", &at);
        write_u32(to, 0);
        write_u32(to, 1);
        write_u32(to, recipe->key);
        end(to, at);
    }
    begin(to, "stsc", &at);
    write_u32(to, 0);
    write_u32(to, rest ? 2 : 1);
    const uint32_t runs[] = {1, recipe->each, 1, whole + 1, rest, 1};
    for (unsigned i = 0; i < (rest ? 6 : 3); i++)
        write_u32(to, runs[i]);
    end(to, at);
    begin(to, "stsz", &at);
    write_u32(to, 0);
    write_u32(to, 0);
    write_u32(to, recipe->count);
    for (unsigned n = 1; n <= recipe->count; n++)
        write_u32(to, (uint32_t)size_of(unit, recipe, n));
    end(to, at);
    begin(to, recipe->large ? "co64" : "stco", &at);
    write_u32(to, 0);
    write_u32(to, whole + (rest ? 1 : 0));
    for (unsigned n = 1; n <= recipe->count; n++) {
        if ((n - 1) % recipe->each == 0 && recipe->large)
            write_u64(to, first_at);
        else if ((n - 1) % recipe->each == 0)
            write_u32(to, (uint32_t)first_at);
        first_at += size_of(unit, recipe, n);
    }
    end(to, at);
}

static void put_track(ByteWriter *to, const AccessUnit *unit, const PlainFilm *recipe,
                      const char *handler, uint64_t first_at)
{
    size_t track, media, information, samples;
    begin(to, "trak", &track);
    begin(to, "mdia", &media);
    put_handler(to, handler);
    begin(to, "minf", &information);
    begin(to, "stbl", &samples);
    put_coding(to, unit->params);
    put_tables(to, unit, recipe, first_at);
    end(to, samples);
    end(to, information);
    end(to, media);
    end(to, track);
}

GByteArray *plain_film(const AccessUnit *unit, const PlainFilm *recipe)
{
    size_t at, movie;
    g_auto(ByteWriter) to = {0};
    begin(&to, "ftyp", &at);
    write_bytes(&to, "isom\0\0\0\0isomavc1", 16);
    end(&to, at);
    begin(&to, "mdat", &at);
    const uint64_t first_at = to.size;
    for (unsigned n = 1; n <= recipe->count; n++) {
        if (n == MAX(recipe->key, 1))
            write_bytes(&to, unit->data, unit->size);
        else
            memset(byte_writer_add(&to, n), (int)n, n);
    }
    end(&to, at);
    begin(&to, "moov", &movie);
    if (recipe->sound_first)
        put_track(&to, unit, recipe, "soun", 0);
    put_track(&to, unit, recipe, "vide", first_at);
    end(&to, movie);
    GByteArray *film = g_byte_array_new();
    return g_byte_array_append(film, to.data, (guint)to.size);
}
