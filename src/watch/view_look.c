#include "watch/view_look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLACK_MEAN = 32,
    BLACK_RANGE = 6,                     /* less than the grain of any sensor with light on it */
    BLACK_CELLS = VIEW_CELLS * 88 / 100, /* clock and name stay bright */
    DARK_MEAN = 32,
    NOISE_STEP = 12,
    FOCUS_LEAST = 12,
    LIGHT_CHANGE = 15,
};

bool view_is_black(const ViewSketch *now)
{
    int black = 0;
    for (int i = 0; i < VIEW_CELLS; i++)
        black += now->mean[i] <= BLACK_MEAN && now->range[i] <= BLACK_RANGE;
    return black >= BLACK_CELLS;
}

static int kept_of(const ViewEdges *reference, const ViewEdges *now, ViewLook *look)
{
    int kept = 0;
    look->structured = view_edges_fates(reference, now, look->fates);
    for (int i = 0; i < VIEW_CELLS; i++)
        kept += look->fates[i] == CELL_KEPT;
    return kept;
}

/* The light that fits best; the others are tried only when the last one does not fit well. */
static void choose_light(const ViewReference *reference, int last, ViewLook *look)
{
    double best = -1;
    for (int i = 0; i < reference->count && best < 0.7; i++) {
        const int at = (last + i) % reference->count;
        ViewLook tried = {0};
        const int kept = kept_of(&reference->lights[at].edges, &look->edges, &tried);
        const double part = tried.structured ? (double)kept / tried.structured : 0;
        if (part > best) {
            best = part;
            look->light = at;
            look->structured = tried.structured;
            memcpy(look->fates, tried.fates, sizeof tried.fates);
        }
    }
}

/* Whether the whole scene is lit differently: what is still in place changed its brightness. With
 * nothing in place a dark picture is a dark scene. */
static bool light_changed(const ViewLook *look, const uint8_t *was, const uint8_t *is)
{
    int change = 0, kept = 0;
    for (int i = 0; i < VIEW_CELLS; i++)
        if (look->fates[i] == CELL_KEPT) {
            change += abs(is[i] - was[i]);
            kept++;
        }
    return change >= LIGHT_CHANGE * kept;
}

static bool is_veiled(const ViewLight *light, const ViewSketch *now, int cell)
{
    const int sharp = view_sharpness(now->steepest[cell], now->range[cell]);
    return !sharp || (light->sharp[cell] && sharp < light->sharp[cell] / 2);
}

/* Cells that lie in the dark are not judged. */
static void count_fates(const ViewLight *light, const ViewSketch *now, const uint8_t *was,
                        ViewLook *look)
{
    const bool changed = light_changed(look, was, now->mean);
    int kept = 0, veiled = 0;
    for (int i = 0; i < VIEW_CELLS; i++) {
        if (look->fates[i] == CELL_LOST && changed && now->mean[i] < DARK_MEAN) {
            look->fates[i] = CELL_PLAIN;
            look->structured--;
        }
        kept += look->fates[i] == CELL_KEPT;
        veiled += look->fates[i] == CELL_LOST && is_veiled(light, now, i);
    }
    const double all = MAX(look->structured, 1);
    look->kept = kept / all;
    look->veiled = veiled / all;
}

static void measure_together(ViewLook *look)
{
    int pairs = 0, both = 0;
    for (int i = 0; i < VIEW_CELLS; i++) {
        if (look->fates[i] != CELL_KEPT)
            continue;
        const int beside[2] = {i % VIEW_ACROSS < VIEW_ACROSS - 1 ? i + 1 : -1,
                               i + VIEW_ACROSS < VIEW_CELLS ? i + VIEW_ACROSS : -1};
        for (int side = 0; side < 2; side++)
            if (beside[side] >= 0 && look->fates[beside[side]] != CELL_PLAIN) {
                pairs++;
                both += look->fates[beside[side]] == CELL_KEPT;
            }
    }
    look->together =
        pairs && look->kept < 1 ? ((double)both / pairs - look->kept) / (1 - look->kept) : 0;
}

static void measure_layout(const uint8_t *was, const uint8_t *is, ViewLook *look)
{
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < VIEW_CELLS; i++) {
        x += was[i];
        y += is[i];
        xx += was[i] * was[i];
        yy += is[i] * is[i];
        xy += was[i] * is[i];
    }
    const double n = VIEW_CELLS, spread_was = sqrt(MAX(xx / n - x * x / n / n, 0.01)),
                 spread_is = sqrt(MAX(yy / n - y * y / n / n, 0.01));
    look->layout = (xy / n - x * y / n / n) / (spread_was * spread_is);
    look->contrast = spread_is / spread_was;
}

static int compare_bytes(const void *a, const void *b)
{
    return *(const uint8_t *)a - *(const uint8_t *)b;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure_focus(const ViewLight *light, const ViewSketch *now, ViewLook *look)
{
    double ratios[VIEW_CELLS] = {0};
    size_t count = 0;
    for (int i = 0; i < VIEW_CELLS; i++) {
        const int sharp = view_sharpness(now->steepest[i], now->range[i]);
        if (look->fates[i] != CELL_PLAIN && light->sharp[i] && sharp)
            ratios[count++] = (double)sharp / light->sharp[i];
    }
    qsort(ratios, count, sizeof ratios[0], compare_doubles);
    look->focus = count >= FOCUS_LEAST ? ratios[count / 2] : -1;
    uint8_t steps[VIEW_CELLS];
    memcpy(steps, now->steepest, sizeof steps);
    qsort(steps, VIEW_CELLS, 1, compare_bytes);
    look->noisy = steps[VIEW_CELLS / 5] > NOISE_STEP;
}

static int median_sharp(const ViewLight *light)
{
    uint8_t sharp[VIEW_CELLS] = {0};
    size_t count = 0;
    for (int i = 0; i < VIEW_CELLS; i++)
        if (light->sharp[i])
            sharp[count++] = light->sharp[i];
    qsort(sharp, count, 1, compare_bytes);
    return count ? sharp[count / 2] : 0;
}

static void measure_busy(const ViewLight *light, const ViewSketch *now, ViewLook *look)
{
    CellFate fates[VIEW_CELLS];
    int busy = 0;
    view_edges_fates(&look->edges, &look->edges, fates);
    const int least = median_sharp(light) / 2;
    for (int i = 0; i < VIEW_CELLS; i++)
        busy += fates[i] != CELL_PLAIN && view_sharpness(now->steepest[i], now->range[i]) > least;
    look->busy = (double)busy / MAX(look->structured, 1);
}

void view_look(const ViewReference *reference, int light, const ViewSketch *now, ViewLook *look)
{
    view_edges_find(now->small, &look->edges);
    choose_light(reference, light, look);
    const ViewLight *fits = &reference->lights[look->light];
    uint8_t was[VIEW_CELLS];
    view_sketch_means(fits->small, was);
    count_fates(fits, now, was, look);
    if (look->kept < 0.5) { /* only a view that does not fit is asked further */
        measure_together(look);
        measure_busy(fits, now, look);
    }
    measure_layout(was, now->mean, look);
    measure_focus(fits, now, look);
}
