#include "disturb.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static uint32_t seed = 2463534242u;

static uint32_t draw(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static uint8_t level(double value)
{
    return (uint8_t)CLAMP(value, 0, 255);
}

/* Nearly normal, of deviation 1: the sum of four. */
static float normal(void)
{
    float sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (float)(draw() % 1024) / 1023.0f - 0.5f;
    return sum / 0.577f;
}

/* From a table that was drawn once, and is entered anywhere. */
static double grain(double deviation)
{
    static float table[1 << 20];
    static uint32_t at;
    if (at == 0)
        for (int i = 0; i < 1 << 20; i++)
            table[i] = normal();
    if (++at % 4096 == 0)
        at = draw() | 1;
    return (double)table[at % (1 << 20)] * deviation;
}

static void add_grain(uint8_t *out, double deviation)
{
    for (int i = 0; i < DISTURB_AREA; i++)
        out[i] = level(out[i] + grain(deviation));
}

/* A clock as cameras write it: blocks that change with the second. */
static void write_clock(uint8_t *out, int second)
{
    for (int digit = 0; digit < 16; digit++)
        for (int y = 10; y < 26; y++)
            for (int x = 0; x < 9; x++)
                out[y * DISTURB_WIDTH + 12 + digit * 11 + x] =
                    (second * (digit + 3) + x / 3 * y / 4) % 3 ? 235 : 16;
}

static int mirrored(int at, int size)
{
    at = at < 0 ? -at : at;
    at %= 2 * size;
    return at < size ? at : 2 * size - 1 - at;
}

static uint8_t pixel(const uint8_t *in, int x, int y)
{
    return in[mirrored(y, DISTURB_HEIGHT) * DISTURB_WIDTH + mirrored(x, DISTURB_WIDTH)];
}

static void go_black(const uint8_t *in, const uint8_t *held, double strength, int second,
                     uint8_t *out)
{
    memset(out, 16, DISTURB_AREA);
    write_clock(out, second);
}

static void go_dark(const uint8_t *in, const uint8_t *held, double strength, int second,
                    uint8_t *out)
{
    for (int i = 0; i < DISTURB_AREA; i++)
        out[i] = level(in[i] * strength / 100 + 14);
    add_grain(out, 5);
}

static void freeze(const uint8_t *in, const uint8_t *held, double strength, int second,
                   uint8_t *out)
{
    memcpy(out, held, DISTURB_AREA);
    write_clock(out, second);
}

static double hash_grid(int x, int y)
{
    uint32_t mixed = (uint32_t)x * 374761393u + (uint32_t)y * 668265263u;
    mixed = (mixed ^ mixed >> 13) * 1274126177u;
    return (mixed ^ mixed >> 16) % 256;
}

/* Cloth or a leaf close to the lens: large soft spots of `size` px. */
static double soft_texture(int x, int y, double size)
{
    const double u = x / size, v = y / size, s = u - floor(u), t = v - floor(v);
    const int i = (int)floor(u), j = (int)floor(v);
    const double a = s * s * (3 - 2 * s), b = t * t * (3 - 2 * t);
    return (hash_grid(i, j) * (1 - a) + hash_grid(i + 1, j) * a) * (1 - b) +
           (hash_grid(i, j + 1) * (1 - a) + hash_grid(i + 1, j + 1) * a) * b;
}

typedef double (*Stuff)(int x, int y);

static double grey_stuff(int x, int y)
{
    return 118;
}

static double cloth_stuff(int x, int y)
{
    return 70 + soft_texture(x, y, 40) * 0.5;
}

static double sharp_stuff(int x, int y)
{
    return 40 + hash_grid(x / 5, y / 5) * 0.7;
}

static void cover(const uint8_t *in, double percent, Stuff stuff, uint8_t *out)
{
    const double edge = percent / 100 * (DISTURB_WIDTH + 60);
    for (int y = 0; y < DISTURB_HEIGHT; y++)
        for (int x = 0; x < DISTURB_WIDTH; x++) {
            const int i = y * DISTURB_WIDTH + x;
            const double part = CLAMP((edge - x + 0.1 * (y - 180)) / 60, 0, 1);
            out[i] = level(in[i] * (1 - part) + stuff(x, y) * part + grain(1.5));
        }
}

static void cover_grey(const uint8_t *in, const uint8_t *held, double strength, int second,
                       uint8_t *out)
{
    cover(in, strength, grey_stuff, out);
}

static void cover_cloth(const uint8_t *in, const uint8_t *held, double strength, int second,
                        uint8_t *out)
{
    cover(in, strength, cloth_stuff, out);
}

static void cover_sharp(const uint8_t *in, const uint8_t *held, double strength, int second,
                        uint8_t *out)
{
    cover(in, strength, sharp_stuff, out);
}

/* A lorry stops for `strength` seconds of each minute before four fifths of the view. */
static void lorry(const uint8_t *in, const uint8_t *held, double strength, int second, uint8_t *out)
{
    memcpy(out, in, DISTURB_AREA);
    if (second % 60 < strength)
        cover(in, 80, second / 60 % 2 ? grey_stuff : sharp_stuff, out);
}

static void blur_line(double *line, int count, const double *weights, int reach)
{
    double was[DISTURB_WIDTH];
    memcpy(was, line, (size_t)count * sizeof *line);
    for (int i = 0; i < count; i++) {
        double sum = 0;
        for (int k = -reach; k <= reach; k++)
            sum += was[CLAMP(i + k, 0, count - 1)] * weights[ABS(k)];
        line[i] = sum;
    }
}

static void blur(const uint8_t *in, double sigma, uint8_t *out)
{
    double weights[64], sum = 0, line[DISTURB_WIDTH];
    const int reach = MIN(63, (int)ceil(3 * sigma));
    for (int k = 0; k <= reach; k++)
        sum += (weights[k] = exp(-k * k / (2 * sigma * sigma))) * (k ? 2 : 1);
    for (int k = 0; k <= reach; k++)
        weights[k] /= sum;
    static float between[DISTURB_AREA];
    for (int y = 0; y < DISTURB_HEIGHT; y++) {
        for (int x = 0; x < DISTURB_WIDTH; x++)
            line[x] = in[y * DISTURB_WIDTH + x];
        blur_line(line, DISTURB_WIDTH, weights, reach);
        for (int x = 0; x < DISTURB_WIDTH; x++)
            between[y * DISTURB_WIDTH + x] = (float)line[x];
    }
    for (int x = 0; x < DISTURB_WIDTH; x++) {
        for (int y = 0; y < DISTURB_HEIGHT; y++)
            line[y] = (double)between[y * DISTURB_WIDTH + x];
        blur_line(line, DISTURB_HEIGHT, weights, reach);
        for (int y = 0; y < DISTURB_HEIGHT; y++)
            out[y * DISTURB_WIDTH + x] = level(line[y]);
    }
}

static void defocus(const uint8_t *in, const uint8_t *held, double strength, int second,
                    uint8_t *out)
{
    blur(in, strength, out);
    add_grain(out, 1.5); /* the sensor's grain is behind the lens */
}

static void warp(const uint8_t *in, double degrees, double zoom, double dx, double dy, uint8_t *out)
{
    const double turn = degrees * G_PI / 180, c = cos(turn) / zoom, s = sin(turn) / zoom;
    for (int y = 0; y < DISTURB_HEIGHT; y++)
        for (int x = 0; x < DISTURB_WIDTH; x++) {
            const double u = x - DISTURB_WIDTH / 2.0, v = y - DISTURB_HEIGHT / 2.0;
            const double fx = c * u - s * v + DISTURB_WIDTH / 2.0 + dx * DISTURB_WIDTH;
            const double fy = s * u + c * v + DISTURB_HEIGHT / 2.0 + dy * DISTURB_HEIGHT;
            const int i = (int)floor(fx), j = (int)floor(fy);
            const double a = fx - i, b = fy - j;
            out[y * DISTURB_WIDTH + x] =
                level((pixel(in, i, j) * (1 - a) + pixel(in, i + 1, j) * a) * (1 - b) +
                      (pixel(in, i, j + 1) * (1 - a) + pixel(in, i + 1, j + 1) * a) * b + 0.5);
        }
}

static void shift_side(const uint8_t *in, const uint8_t *held, double strength, int second,
                       uint8_t *out)
{
    warp(in, 0, 1, strength / 100, 0, out);
}

static void shift_down(const uint8_t *in, const uint8_t *held, double strength, int second,
                       uint8_t *out)
{
    warp(in, 0, 1, strength / 300, strength / 100, out);
}

static void rotate(const uint8_t *in, const uint8_t *held, double strength, int second,
                   uint8_t *out)
{
    warp(in, strength, 1, 0, 0, out);
}

/* The pole is shaken by up to `strength` per cent for three seconds of each twenty. */
static void shake(const uint8_t *in, const uint8_t *held, double strength, int second, uint8_t *out)
{
    memcpy(out, in, DISTURB_AREA);
    if (second % 20 < 3)
        warp(in, 0, 1, grain(strength / 200), grain(strength / 200), out);
}

static double rim(int i)
{
    const double u = (i % DISTURB_WIDTH - 320) / 320.0, v = (i / DISTURB_WIDTH - 180) / 180.0;
    return exp(-(u * u + v * v) / 1.6);
}

/* Infrared and its lamp, at once: the sky black, leaves light, the rim dim, more grain. */
static void infrared(const uint8_t *in, const uint8_t *held, double strength, int second,
                     uint8_t *out)
{
    for (int i = 0; i < DISTURB_AREA; i++) {
        const double lit = in[i] > 190 ? 20 : 30 + 1.1 * fabs(in[i] - 90.0);
        out[i] = level(lit * rim(i));
    }
    add_grain(out, strength);
}

/* Dusk within a quarter of an hour, down to `strength` per cent with more grain. */
static void dusk(const uint8_t *in, const uint8_t *held, double strength, int second, uint8_t *out)
{
    const double gone = MIN(1, second / 900.0), part = 1 - gone * (1 - strength / 100);
    for (int i = 0; i < DISTURB_AREA; i++)
        out[i] = level((in[i] - 16) * part + 16);
    add_grain(out, 1 + 4 * gone);
}

/* Fog within a quarter of an hour, down to `strength` per cent of the contrast. */
static void fog(const uint8_t *in, const uint8_t *held, double strength, int second, uint8_t *out)
{
    const double part = 1 - MIN(1, second / 900.0) * (1 - strength / 100);
    for (int i = 0; i < DISTURB_AREA; i++)
        out[i] = level(in[i] * part + 170 * (1 - part));
    add_grain(out, 1);
}

static void rain(const uint8_t *in, const uint8_t *held, double strength, int second, uint8_t *out)
{
    for (int i = 0; i < DISTURB_AREA; i++)
        out[i] = level(in[i] * 0.7 + 40);
    for (int drop = 0; drop < (int)strength; drop++) {
        const int x = (int)(draw() % DISTURB_WIDTH), y = (int)(draw() % DISTURB_HEIGHT);
        const int length = 8 + (int)(draw() % 30);
        for (int k = 0; k < length && y + k < DISTURB_HEIGHT; k++) {
            const int at = (y + k) * DISTURB_WIDTH + MIN(x + k / 6, DISTURB_WIDTH - 1);
            out[at] = level(out[at] + 45);
        }
    }
    add_grain(out, 2);
}

/* Sun and cloud by turns, `strength` per cent brighter or darker at once. */
static void clouds(const uint8_t *in, const uint8_t *held, double strength, int second,
                   uint8_t *out)
{
    const double part = second / 45 % 2 ? 1 - strength / 100 : 1 + strength / 100;
    for (int i = 0; i < DISTURB_AREA; i++)
        out[i] = level(in[i] * part + grain(1));
}

/* Headlights by night: two glaring spots that pass in eight seconds of each fifteen. */
static void headlights(const uint8_t *in, const uint8_t *held, double strength, int second,
                       uint8_t *out)
{
    const double at = (second % 15) / 8.0 * 700 - 30;
    for (int y = 0; y < DISTURB_HEIGHT; y++)
        for (int x = 0; x < DISTURB_WIDTH; x++) {
            const double u = x - at, v = y - 230, glare = 230 * exp(-(u * u + v * v) / 9000);
            const int i = y * DISTURB_WIDTH + x;
            out[i] = level(in[i] * 0.5 + glare + grain(3));
        }
}

const Disturbance DISTURBANCES[] = {
    {"black", go_black, "black", 120, {1}},
    {"frozen, its clock runs", freeze, "frozen", 150, {1}},
    {"covered, grey, % of the width", cover_grey, "covered", 120, {60, 70, 80, 90, 100}},
    {"covered, cloth, %", cover_cloth, "covered", 120, {60, 70, 80, 90, 100}},
    {"covered, sharp pattern, %", cover_sharp, "covered", 120, {60, 70, 80, 90, 100}},
    {"out of focus, sigma px", defocus, "out of focus", 120, {1, 1.5, 2, 3, 4, 6, 8, 12}},
    {"shifted aside, % of the width", shift_side, "moved", 120, {3, 5, 10, 20, 30, 40, 50}},
    {"shifted down, % of the height", shift_down, "moved", 120, {5, 10, 20, 30, 40, 50}},
    {"turned, degrees", rotate, "moved", 120, {2, 3, 5, 10, 20, 45}},
    {"lorry before 80 %, s of each minute", lorry, "", 600, {5, 10}},
    {"pole shaken, %", shake, "", 600, {1, 3}},
    {"light of 10 % with grain", go_dark, "", 600, {10, 3}},
    {"infrared at once, grain", infrared, "", 600, {3, 6}},
    {"dusk, down to %", dusk, "", 1200, {50, 25, 12}},
    {"fog, contrast down to %", fog, "", 1200, {50, 25, 10}},
    {"rain, streaks", rain, "", 600, {200, 800, 2000}},
    {"sun and cloud, %", clouds, "", 600, {20, 40}},
    {"headlights by half the light", headlights, "", 600, {1}},
};
const unsigned DISTURBANCES_COUNT = G_N_ELEMENTS(DISTURBANCES);
