#include "clip.h"

#include "base/bytes.h"
#include "base/digest.h"
#include "base/file.h"
#include "parameter_sets.h"

#include <string.h>

/* A file: magic, CRC-32C of the rest, codec, width, height, units, bytes of config and data, then
 * those three. The number in the magic goes up when the layout changes. */
static const char MAGIC[8] = "vlclip1";
enum { HEADER_BYTES = 8 + 4 + 6 * 4 };

Clip *clip_new(Codec codec, int width, int height)
{
    Clip *clip = g_new(Clip, 1);
    *clip = (Clip){.codec = codec,
                   .width = width,
                   .height = height,
                   .units = g_array_new(FALSE, FALSE, sizeof(ClipUnit)),
                   .data = g_byte_array_new(),
                   .config = g_byte_array_new()};
    return clip;
}

void clip_free(Clip *clip)
{
    if (!clip)
        return;
    g_array_unref(clip->units);
    g_byte_array_unref(clip->data);
    g_byte_array_unref(clip->config);
    g_free(clip);
}

static void nal_append(Clip *clip, ClipUnit *unit, const uint8_t *nal, size_t size)
{
    uint8_t length[4];
    put_u32(length, (uint32_t)size);
    g_byte_array_append(clip->data, length, sizeof length);
    g_byte_array_append(clip->data, nal, (guint)size);
    unit->size += (uint32_t)(size + sizeof length);
}

void clip_add(Clip *clip, const uint8_t *annex_b, size_t size, bool key)
{
    ClipUnit unit = {.offset = clip->data->len, .key = key};
    bool slice_seen = false;
    NalWalk walk = nal_walk(annex_b, size);
    const uint8_t *nal;
    size_t nal_size;
    while ((nal = nal_next(&walk, &nal_size))) {
        if (!slice_seen && nal_is_slice(clip->codec, nal)) {
            slice_seen = true;
            unit.mark_at = unit.size;
        }
        nal_append(clip, &unit, nal, nal_size);
    }
    if (clip->config->len == 0)
        decoder_config_make(clip->codec, annex_b, size, clip->config);
    g_array_append_val(clip->units, unit);
}

void clip_join(Clip *clip, const Clip *next)
{
    const uint32_t base = clip->data->len;
    g_byte_array_append(clip->data, next->data->data, next->data->len);
    for (uint32_t i = 0; i < clip_count(next); i++) {
        ClipUnit unit = *clip_unit(next, i);
        unit.offset += base;
        g_array_append_val(clip->units, unit);
    }
}

Clip *clip_cut(const Clip *clip, uint32_t from, uint32_t count)
{
    Clip *cut = clip_new(clip->codec, clip->width, clip->height);
    g_byte_array_append(cut->config, clip->config->data, clip->config->len);
    for (uint32_t i = from; i < from + count; i++) {
        ClipUnit unit = *clip_unit(clip, i);
        const uint8_t *bytes = clip_bytes(clip, &unit);
        unit.offset = cut->data->len;
        g_byte_array_append(cut->data, bytes, unit.size);
        g_array_append_val(cut->units, unit);
    }
    return cut;
}

uint32_t clip_count(const Clip *clip)
{
    return clip->units->len;
}

const ClipUnit *clip_unit(const Clip *clip, uint32_t index)
{
    return &g_array_index(clip->units, ClipUnit, index);
}

const uint8_t *clip_bytes(const Clip *clip, const ClipUnit *unit)
{
    return clip->data->data + unit->offset;
}

bool clip_save(const Clip *clip, const char *path, GError **error)
{
    g_auto(ByteWriter) file = {0};
    write_bytes(&file, MAGIC, sizeof MAGIC);
    write_u32(&file, 0);
    write_u32(&file, clip->codec);
    write_u32(&file, (uint32_t)clip->width);
    write_u32(&file, (uint32_t)clip->height);
    write_u32(&file, clip->units->len);
    write_u32(&file, clip->config->len);
    write_u32(&file, clip->data->len);
    write_bytes(&file, clip->units->data, clip->units->len * sizeof(ClipUnit));
    write_bytes(&file, clip->config->data, clip->config->len);
    write_bytes(&file, clip->data->data, clip->data->len);
    patch_u32(&file, sizeof MAGIC, crc32c(file.data + 12, file.size - 12));
    return file_write_atomic(path, file.data, file.size, 0640, error);
}

static Clip *clip_parse(const uint8_t *data, size_t size)
{
    if (size < HEADER_BYTES || memcmp(data, MAGIC, sizeof MAGIC) != 0 ||
        get_u32(data + 8) != crc32c(data + 12, size - 12))
        return NULL;
    ByteReader file = byte_reader(data + 12, size - 12);
    Codec codec = read_u32(&file);
    int width = (int)read_u32(&file);
    int height = (int)read_u32(&file);
    uint32_t units = read_u32(&file);
    uint32_t config_bytes = read_u32(&file);
    uint32_t data_bytes = read_u32(&file);
    const uint8_t *unit_table = read_bytes(&file, units * sizeof(ClipUnit));
    const uint8_t *config = read_bytes(&file, config_bytes);
    const uint8_t *bytes = read_bytes(&file, data_bytes);
    if (file.failed)
        return NULL;
    Clip *clip = clip_new(codec, width, height);
    g_array_append_vals(clip->units, unit_table, units);
    g_byte_array_append(clip->config, config, config_bytes);
    g_byte_array_append(clip->data, bytes, data_bytes);
    return clip;
}

Clip *clip_load(const char *path)
{
    g_autofree char *data = NULL;
    gsize size = 0;
    if (!g_file_get_contents(path, &data, &size, NULL))
        return NULL;
    return clip_parse((const uint8_t *)data, size);
}
