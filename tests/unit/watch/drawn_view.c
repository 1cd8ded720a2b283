#include "drawn_view.h"

#include <glib.h>
#include <string.h>

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Houses, windows, poles: 260 rectangles over twice the width and height of a picture. */
static void draw_houses(int dx, int dy, uint8_t out[DRAWN_AREA])
{
    uint32_t state = 88172645u;
    memset(out, 110, DRAWN_AREA);
    for (int i = 0; i < 260; i++) {
        const int x = (int)(next_random(&state) % (2 * DRAWN_WIDTH)) - DRAWN_WIDTH / 2 - dx;
        const int y = (int)(next_random(&state) % (2 * DRAWN_HEIGHT)) - DRAWN_HEIGHT / 2 - dy;
        const int width = 8 + (int)(next_random(&state) % 90);
        const int height = 8 + (int)(next_random(&state) % 70);
        const uint8_t level = (uint8_t)(30 + next_random(&state) % 190);
        const int left = CLAMP(x, 0, DRAWN_WIDTH), right = CLAMP(x + width, 0, DRAWN_WIDTH);
        for (int row = MAX(y, 0); row < MIN(y + height, DRAWN_HEIGHT); row++)
            memset(out + row * DRAWN_WIDTH + left, level, (size_t)(right - left));
    }
}

void draw_street(int dx, int dy, uint8_t out[DRAWN_AREA])
{
    static uint8_t drawn[DRAWN_AREA]; /* the last one: tests show it again and again */
    static int last_dx = -1, last_dy = -1;
    if (dx != last_dx || dy != last_dy)
        draw_houses(dx, dy, drawn);
    last_dx = dx;
    last_dy = dy;
    memcpy(out, drawn, DRAWN_AREA);
}

void draw_wall(int gate_x, uint8_t out[DRAWN_AREA])
{
    for (int y = 0; y < DRAWN_HEIGHT; y++)
        memset(out + y * DRAWN_WIDTH, y / 40 % 2 ? 90 : 140, DRAWN_WIDTH);
    for (int y = 60; y < 300; y++)
        for (int post = 0; post < 8; post++)
            memset(out + y * DRAWN_WIDTH + gate_x + post * post * 5, post % 2 ? 30 : 200,
                   (size_t)(4 + post * 5));
}

/* Grain that was drawn once, from another place each time. */
void draw_grain(int most, uint8_t out[DRAWN_AREA])
{
    static uint32_t state = 2463534242u;
    static uint8_t grain[2 * DRAWN_AREA];
    if (state == 2463534242u)
        for (int i = 0; i < 2 * DRAWN_AREA; i++)
            grain[i] = (uint8_t)(next_random(&state) >> 24);
    const uint8_t *from = grain + next_random(&state) % DRAWN_AREA;
    for (int i = 0; i < DRAWN_AREA; i++)
        out[i] = (uint8_t)CLAMP(out[i] + ((from[i] - 128) * most >> 7), 0, 255);
}

static void blur_line(uint8_t *line, int count, int stride, int reach)
{
    uint8_t was[DRAWN_WIDTH];
    for (int i = 0; i < count; i++)
        was[i] = line[i * stride];
    for (int i = 0; i < count; i++) {
        int sum = 0;
        for (int k = -reach; k <= reach; k++)
            sum += was[CLAMP(i + k, 0, count - 1)];
        line[i * stride] = (uint8_t)(sum / (2 * reach + 1));
    }
}

void draw_blur(int reach, uint8_t out[DRAWN_AREA])
{
    for (int pass = 0; pass < 2; pass++) {
        for (int y = 0; y < DRAWN_HEIGHT; y++)
            blur_line(out + y * DRAWN_WIDTH, DRAWN_WIDTH, 1, reach);
        for (int x = 0; x < DRAWN_WIDTH; x++)
            blur_line(out + x, DRAWN_HEIGHT, DRAWN_WIDTH, reach);
    }
}

void draw_cover(int to_x, uint8_t level, uint8_t out[DRAWN_AREA])
{
    for (int y = 0; y < DRAWN_HEIGHT; y++)
        memset(out + y * DRAWN_WIDTH, level, (size_t)to_x);
}

LumaPicture drawn_picture(const uint8_t pixels[DRAWN_AREA], int64_t at_us)
{
    return (LumaPicture){.pixels = pixels,
                         .width = DRAWN_WIDTH,
                         .height = DRAWN_HEIGHT,
                         .stride = DRAWN_WIDTH,
                         .capture_us = at_us,
                         .key = true};
}
