#include "motion.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static void add_mover(GArray *movers, int second, const Json *figure)
{
    Mover mover = {.second = second};
    const char *what = json_string_value(json_object_get(figure, "what"));
    g_strlcpy(mover.what, what ? what : "", sizeof mover.what);
    size_t i;
    Json *pair;
    json_array_foreach(json_object_get(figure, "cells"), i, pair)
    {
        const json_int_t cell = json_integer_value(json_array_get(pair, 0));
        if (cell >= 0 && cell < GRID_CELLS)
            mover.percent[cell] = (uint8_t)json_integer_value(json_array_get(pair, 1));
    }
    g_array_append_val(movers, mover);
}

GArray *truth_of_sim(const char *path)
{
    g_autoptr(Json) truth = json_load_file(path, 0, NULL);
    if (!truth)
        return NULL;
    GArray *movers = g_array_new(FALSE, FALSE, sizeof(Mover));
    size_t second, i;
    Json *figures, *figure;
    json_array_foreach(json_object_get(truth, "seconds"), second, figures)
        json_array_foreach(figures, i, figure) add_mover(movers, (int)second, figure);
    return movers;
}

typedef struct Area {
    char clip[64], what[24];
    int from, to;
    double left, top, right, bottom;
} Area;

static void add_area(GArray *movers, const Area *area)
{
    for (int second = area->from; second < area->to; second++) {
        Mover mover = {.second = second};
        g_strlcpy(mover.what, area->what, sizeof mover.what);
        for (int i = 0; i < GRID_CELLS; i++) {
            const double x = (i % GRID_COLUMNS + 0.5) / GRID_COLUMNS;
            const double y = ((int)(i / GRID_COLUMNS) + 0.5) / GRID_ROWS;
            if (x >= area->left && x <= area->right && y >= area->top && y <= area->bottom)
                mover.percent[i] = 100;
        }
        g_array_append_val(movers, mover);
    }
}

GArray *truth_of_areas(const char *path, const char *clip)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GArray *movers = g_array_new(FALSE, FALSE, sizeof(Mover));
    for (char **line = lines; *line; line++) {
        Area area;
        if (sscanf(*line, "%63[^,],%d,%d,%lf,%lf,%lf,%lf,%23s", area.clip, &area.from, &area.to,
                   &area.left, &area.top, &area.right, &area.bottom, area.what) == 8 &&
            strcmp(area.clip, clip) == 0)
            add_area(movers, &area);
    }
    return movers;
}
