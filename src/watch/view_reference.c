#include "watch/view_reference.h"

#include <string.h>

static const char MAGIC[4] = {'V', 'L', 'V', '1'};

enum { SLOW = 24 };

uint8_t view_sharpness(uint8_t steepest, uint8_t range)
{
    return range < VIEW_CLEAR_RANGE ? 0 : (uint8_t)(steepest * 255 / range);
}

void view_light_start(ViewLight *light, const ViewSketch *sketch, int64_t at_us)
{
    light->seen_us = at_us;
    memcpy(light->small, sketch->small, sizeof light->small);
    for (int i = 0; i < VIEW_CELLS; i++)
        light->sharp[i] = view_sharpness(sketch->steepest[i], sketch->range[i]);
    view_light_settle(light);
}

static void follow_cell(ViewLight *light, const ViewSketch *sketch, int cell, int part)
{
    const int left = cell % VIEW_ACROSS * VIEW_CELL, top = cell / VIEW_ACROSS * VIEW_CELL;
    for (int y = top; y < top + VIEW_CELL; y++)
        for (int x = left; x < left + VIEW_CELL; x++) {
            uint16_t *mean = &light->small[y * VIEW_WIDTH + x];
            *mean = (uint16_t)(*mean + (sketch->small[y * VIEW_WIDTH + x] - *mean) / part);
        }
    const int is = view_sharpness(sketch->steepest[cell], sketch->range[cell]);
    const int was = light->sharp[cell];
    if (is)
        light->sharp[cell] = (uint8_t)(was ? was + (is - was) / MIN(part, 8) : is);
}

void view_light_follow(ViewLight *light, const ViewSketch *sketch, const CellFate *fates, int part)
{
    for (int i = 0; i < VIEW_CELLS; i++)
        follow_cell(light, sketch, i, fates && fates[i] == CELL_LOST ? part * SLOW : part);
}

void view_light_settle(ViewLight *light)
{
    view_edges_find(light->small, &light->edges);
}

int view_reference_add(ViewReference *reference, const ViewLight *light)
{
    int at = 0;
    for (int i = 1; i < reference->count; i++)
        if (reference->lights[i].seen_us < reference->lights[at].seen_us)
            at = i;
    if (reference->count < VIEW_LIGHTS)
        at = reference->count++;
    reference->lights[at] = *light;
    return at;
}

void view_reference_write(const ViewReference *reference, ByteWriter *out)
{
    write_bytes(out, MAGIC, sizeof MAGIC);
    write_u8(out, (uint8_t)reference->count);
    for (int i = 0; i < reference->count; i++) {
        const ViewLight *light = &reference->lights[i];
        write_u64(out, (uint64_t)light->seen_us);
        for (int at = 0; at < VIEW_AREA; at++)
            write_u8(out, (uint8_t)(light->small[at] / VIEW_LEVEL));
        write_bytes(out, light->sharp, sizeof light->sharp);
    }
}

bool view_reference_read(const uint8_t *data, size_t bytes, ViewReference *reference)
{
    ByteReader reader = byte_reader(data, bytes);
    const uint8_t *magic = read_bytes(&reader, sizeof MAGIC);
    reference->count = read_u8(&reader);
    if (!magic || memcmp(magic, MAGIC, sizeof MAGIC) != 0 || reference->count > VIEW_LIGHTS)
        return false;
    for (int i = 0; i < reference->count; i++) {
        ViewLight *light = &reference->lights[i];
        light->seen_us = (int64_t)read_u64(&reader);
        const uint8_t *small = read_bytes(&reader, VIEW_AREA);
        const uint8_t *sharp = read_bytes(&reader, VIEW_CELLS);
        if (!small || !sharp)
            return false;
        for (int at = 0; at < VIEW_AREA; at++)
            light->small[at] = (uint16_t)(small[at] * VIEW_LEVEL + VIEW_LEVEL / 2);
        memcpy(light->sharp, sharp, VIEW_CELLS);
        view_light_settle(light);
    }
    return !reader.failed && byte_reader_left(&reader) == 0;
}
