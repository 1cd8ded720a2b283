#include "grain.h"

#include <glib.h>

enum { GRAIN_BYTES = 1 << 18 };

struct Grain {
    int8_t noise[GRAIN_BYTES];
};

/* A fixed generator (xorshift32): the same scene has the same bytes on every machine. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

Grain *grain_new(int strength)
{
    Grain *grain = g_new(Grain, 1);
    uint32_t state = 2463534242u;
    for (size_t i = 0; i < GRAIN_BYTES; i++) {
        int sum = 0; /* of four uniform numbers: nearly normal */
        for (int draw = 0; draw < 4; draw++)
            sum += (int)(next_random(&state) >> 24) - 128;
        grain->noise[i] = (int8_t)CLAMP(sum * strength / 148, -100, 100);
    }
    return grain;
}

static void row_add(uint8_t *row, const int8_t *noise, int width)
{
    for (int x = 0; x < width; x++) {
        int value = row[x] + noise[x];
        row[x] = (uint8_t)(value < 16 ? 16 : value > 235 ? 235 : value);
    }
}

void grain_add(const Grain *grain, uint32_t index, AVFrame *frame)
{
    uint32_t state = index * 2654435761u + 12345u;
    for (int y = 0; y < frame->height; y++) {
        uint32_t at = next_random(&state) % (uint32_t)(GRAIN_BYTES - frame->width);
        row_add(frame->data[0] + (ptrdiff_t)y * frame->linesize[0], grain->noise + at,
                frame->width);
    }
}
