/* health — camera health measured: pictures of one camera from the standard input (640 × 360, a
 * byte a pixel, as `ffmpeg -f rawvideo -pix_fmt gray` writes them), undisturbed for a day and then
 * with each disturbance of disturb.c after five minutes of rest. Each picture read counts as one
 * second; at the end it begins again from the first.
 *
 *   ffmpeg -v error -i STREET.mp4 -vf fps=2,scale=640:360 -f rawvideo -pix_fmt gray - |
 *       build/bench/bench-health NAME [HOURS]
 *
 * Lines of tab-separated fields: camera, disturbance, strength, expected verdict, what was told
 * with its delay in seconds, "ok" or "MISSED" or "FALSE".
 */
#include "base/clock.h"
#include "disturb.h"
#include "watch/view_health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const TEXTS[VIEW_VERDICTS] = {"black", "frozen", "covered", "out of focus",
                                                 "moved"};

enum { LEARN_S = 200, REST_S = 20 };

typedef struct Footage {
    const char *name;
    GByteArray *bytes;
    int pictures;
} Footage;

static const uint8_t *footage_picture(const Footage *footage, int second)
{
    return footage->bytes->data + (size_t)(second % footage->pictures) * DISTURB_AREA;
}

static size_t show(ViewHealth *health, const uint8_t *pixels, int second, ViewChange *changes)
{
    const LumaPicture picture = {.pixels = pixels,
                                 .width = DISTURB_WIDTH,
                                 .height = DISTURB_HEIGHT,
                                 .stride = DISTURB_WIDTH,
                                 .capture_us = INT64_C(1795504060000000) + second * SECOND_US,
                                 .key = second % 2 == 0};
    return view_health_see(health, &picture, changes);
}

static void tell(GString *told, const ViewChange *change, int second)
{
    if (change->begins)
        g_string_append_printf(told, "%s%s %d s", told->len ? ", " : "", TEXTS[change->verdict],
                               second);
}

static void run_disturbance(const Footage *footage, const ViewReference *reference,
                            const Disturbance *kind, double strength)
{
    g_autoptr(ViewHealth) health = view_health_new(reference);
    g_autoptr(GString) told = g_string_new("");
    static uint8_t out[DISTURB_AREA];
    ViewChange changes[VIEW_VERDICTS];
    bool hit = false, other = false;
    for (int second = 0; second < REST_S; second++)
        show(health, footage_picture(footage, second), second, changes);
    for (int second = 0; second < kind->seconds; second++) {
        kind->apply(footage_picture(footage, REST_S + second), footage_picture(footage, REST_S - 1),
                    strength, second, out);
        const size_t count = show(health, out, REST_S + second, changes);
        for (size_t i = 0; i < count; i++) {
            tell(told, &changes[i], second);
            hit |= changes[i].begins && strcmp(TEXTS[changes[i].verdict], kind->expected) == 0;
            other |= changes[i].begins && strcmp(TEXTS[changes[i].verdict], kind->expected) != 0;
        }
    }
    printf("%s\t%s\t%g\t%s\t%s\t%s\n", footage->name, kind->name, strength, kind->expected,
           told->str,
           other                             ? "FALSE"
           : hit == (kind->expected[0] != 0) ? "ok"
                                             : "MISSED");
    fflush(stdout);
}

static void learn_reference(const Footage *footage, ViewReference *reference)
{
    g_autoptr(ViewHealth) health = view_health_new(NULL);
    ViewChange changes[VIEW_VERDICTS];
    unsigned version;
    for (int second = 0; second < LEARN_S; second++)
        show(health, footage_picture(footage, second), second, changes);
    *reference = *view_health_reference(health, &version);
}

static void run_hours(const Footage *footage, int hours)
{
    g_autoptr(ViewHealth) health = view_health_new(NULL);
    g_autoptr(GString) told = g_string_new("");
    ViewChange changes[VIEW_VERDICTS];
    const clock_t from = clock();
    for (int second = 0; second < hours * 3600; second++) {
        const size_t count = show(health, footage_picture(footage, second), second, changes);
        for (size_t i = 0; i < count; i++)
            tell(told, &changes[i], second);
    }
    const double spent_us = (double)(clock() - from) * (double)SECOND_US / CLOCKS_PER_SEC;
    printf("%s\tundisturbed, hours; %.0f us a picture\t%d\t\t%s\t%s\n", footage->name,
           spent_us / (hours * 3600.0), hours, told->str, told->len ? "FALSE" : "ok");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    Footage footage = {argc > 1 ? argv[1] : "camera", g_byte_array_new(), 0};
    static uint8_t buffer[DISTURB_AREA];
    while (fread(buffer, 1, sizeof buffer, stdin) == sizeof buffer) {
        g_byte_array_append(footage.bytes, buffer, sizeof buffer);
        footage.pictures++;
    }
    if (footage.pictures < 2) {
        fprintf(stderr, "bench-health: fewer than two pictures of 640 x 360 came in\n");
        return 1;
    }
    run_hours(&footage, argc > 2 ? atoi(argv[2]) : 24);
    static ViewReference reference;
    learn_reference(&footage, &reference);
    if (reference.count == 0)
        fprintf(stderr, "bench-health: %s has too little structure to be judged\n", footage.name);
    for (unsigned i = 0; i < DISTURBANCES_COUNT; i++)
        for (int k = 0; k < 8 && DISTURBANCES[i].strengths[k] > 0; k++)
            run_disturbance(&footage, &reference, &DISTURBANCES[i], DISTURBANCES[i].strengths[k]);
    g_byte_array_unref(footage.bytes);
    return 0;
}
