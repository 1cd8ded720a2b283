/* disturb.h — what befalls a camera's view, done to the brightness of its pictures. */
#pragma once

#include <stdint.h>

enum { DISTURB_WIDTH = 640, DISTURB_HEIGHT = 360, DISTURB_AREA = DISTURB_WIDTH * DISTURB_HEIGHT };

typedef struct Disturbance {
    const char *name;
    /* `in` is the picture, `held` the last one before it began; `second` counts from there. */
    void (*apply)(const uint8_t *in, const uint8_t *held, double strength, int second,
                  uint8_t *out);
    const char *expected; /* the verdict, or "" when none may be told */
    int seconds;          /* it lasts */
    double strengths[8];  /* up to the first 0 */
} Disturbance;

extern const Disturbance DISTURBANCES[];
extern const unsigned DISTURBANCES_COUNT;
