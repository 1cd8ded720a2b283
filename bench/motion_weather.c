#include "motion.h"

#include <math.h>
#include <string.h>

enum { SWITCH_S = 12, STREAKS = 160 };

static uint32_t dice(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static double normal(uint32_t *state)
{
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (double)(dice(state) >> 8) / (1 << 24);
    return (sum - 2) * sqrt(3.0);
}

static uint8_t clip(double value)
{
    return (uint8_t)CLAMP(value, 0, 255);
}

static bool is_on(int number, double fps)
{
    return (int)(number / fps) / SWITCH_S % 2;
}

static void dim(uint8_t *pixels, int width, int height, int number, double fps)
{
    for (int i = 0; is_on(number, fps) && i < width * height; i++)
        pixels[i] = clip(16 + (pixels[i] - 16) * 0.6);
}

static void lamp(uint8_t *pixels, int width, int height, int number, double fps)
{
    for (int y = 0; is_on(number, fps) && y < height; y++)
        for (int x = 0; x < width; x++) {
            const double away = hypot((x - width * 0.25) / width, (y - height * 0.4) / width);
            const double more = 1 + 0.7 * exp(-away * away * 18);
            pixels[y * width + x] = clip(16 + (pixels[y * width + x] - 16) * more);
        }
}

static void infrared(uint8_t *pixels, int width, int height, int number, double fps)
{
    uint32_t state = 77777 + (uint32_t)number * 7919;
    for (int y = 0; is_on(number, fps) && y < height; y++)
        for (int x = 0; x < width; x++) {
            const double away = hypot((x - width * 0.5) / width, (y - height * 0.5) / width);
            const double other = 255 * pow(pixels[y * width + x] / 255.0, 0.6);
            pixels[y * width + x] = clip(other * (1.1 - 1.3 * away) + 6 * normal(&state));
        }
}

static void rain(uint8_t *pixels, int width, int height, int number, double fps)
{
    uint32_t state = 4242 + (uint32_t)number * 104729;
    for (int i = 0; i < STREAKS; i++) {
        const int x0 = (int)(dice(&state) % (uint32_t)width);
        const int y0 = (int)(dice(&state) % (uint32_t)height);
        const int length = 10 + (int)(dice(&state) % 25), wide = 1 + (int)(dice(&state) % 2);
        const int more = 20 + (int)(dice(&state) % 40);
        for (int y = y0; y < MIN(y0 + length, height); y++)
            for (int x = x0 + (y - y0) / 6; x < MIN(x0 + (y - y0) / 6 + wide, width); x++)
                pixels[y * width + x] = clip(pixels[y * width + x] + more);
    }
}

/* Leaves of 7 px in three greys. */
static double leaf(double x, double y)
{
    const uint32_t at =
        (uint32_t)(int)floor(x / 7) * 73856093u ^ (uint32_t)(int)floor(y / 7) * 19349663u;
    return 40 + (at >> 7) % 3 * 40;
}

static void sway(uint8_t *pixels, int width, int height, int number, double fps)
{
    const double time_s = number / fps;
    for (int y = 0; y < height / 2; y++)
        for (int x = 0; x < width / 2; x++) {
            const double gust = 0.6 + 0.4 * sin(time_s * 0.23);
            const double shift =
                gust * (4 * sin(time_s * 2.1 + x * 0.03) + 2 * sin(time_s * 5.3 + y * 0.05));
            pixels[y * width + x] = clip(leaf(x + shift, y + shift * 0.4));
        }
}

static void noise(uint8_t *pixels, int width, int height, int number, double fps)
{
    uint32_t state = 99 + (uint32_t)number * 15485863;
    for (int i = 0; i < width * height; i++)
        pixels[i] = clip(pixels[i] + 8 * normal(&state));
}

static void shake(uint8_t *pixels, int width, int height, int number, double fps)
{
    uint32_t state = 31 + (uint32_t)number * 32452843;
    dice(&state);
    const int dx = (int)(dice(&state) % 7) - 3, dy = (int)(dice(&state) % 7) - 3;
    g_autofree uint8_t *copy = g_memdup2(pixels, (gsize)width * (gsize)height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            pixels[y * width + x] =
                copy[CLAMP(y + dy, 0, height - 1) * width + CLAMP(x + dx, 0, width - 1)];
}

static const struct {
    const char *name;
    void (*make)(uint8_t *pixels, int width, int height, int number, double fps);
} KINDS[WEATHERS] = {
    [WEATHER_NONE] = {"none", NULL},    [WEATHER_LIGHT] = {"light", dim},
    [WEATHER_LAMP] = {"lamp", lamp},    [WEATHER_INFRARED] = {"infrared", infrared},
    [WEATHER_RAIN] = {"rain", rain},    [WEATHER_SWAY] = {"sway", sway},
    [WEATHER_NOISE] = {"noise", noise}, [WEATHER_SHAKE] = {"shake", shake},
};

Weather weather_named(const char *name)
{
    Weather weather = WEATHER_NONE;
    while (weather < WEATHERS && strcmp(KINDS[weather].name, name) != 0)
        weather++;
    return weather;
}

void weather_make(Weather weather, uint8_t *pixels, int width, int height, int number, double fps)
{
    if (KINDS[weather].make)
        KINDS[weather].make(pixels, width, height, number, fps);
}
