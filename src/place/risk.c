#include "place/risk.h"

#include "place/risk_choose.h"
#include "place/risk_ground.h"

#include <math.h>
#include <stdint.h>

double risk_reach_m(const RiskView *view, PlaceDetail least)
{
    double slant_m = place_reach_m(view->width_px, view->aim.fov_deg, place_detail_pixels(least));
    return slant_m > 0 ? MIN(view->aim.reach_m, place_ground_m(slant_m, view->height_m))
                       : view->aim.reach_m;
}

/* ---- what is seen ---- */

static void look(const RiskGround *ground, const RiskView *view, PlaceDetail least, GArray *points)
{
    const RiskPoint at = risk_ground_point(ground, view->aim.at);
    const double heading = view->aim.heading_deg * M_PI / 180, reach = risk_reach_m(view, least);
    const double east = sin(heading), north = cos(heading);
    const double edge = cos(MIN(view->aim.fov_deg / 2, 180) * M_PI / 180);
    for (guint i = 0; i < points->len; i++) {
        RiskPoint *point = &g_array_index(points, RiskPoint, i);
        double x = point->east_m - at.east_m, y = point->north_m - at.north_m;
        double square = x * x + y * y;
        if (point->seen || square > reach * reach)
            continue;
        /* at its own place it is not the heading that counts, as in place_sees() */
        point->seen = square < 1 || x * east + y * north >= edge * sqrt(square);
    }
}

/* ---- side by side ---- */

typedef struct Cell {
    int64_t key;
    guint point;
} Cell;

static int by_key(const void *a, const void *b)
{
    int64_t first = ((const Cell *)a)->key, second = ((const Cell *)b)->key;
    return (first > second) - (first < second);
}

static int by_unseen(const void *a, const void *b)
{
    const RiskSpot *first = a, *second = b;
    if (first->unseen != second->unseen)
        return first->unseen < second->unseen ? 1 : -1;
    if (first->incidents != second->incidents)
        return first->incidents < second->incidents ? 1 : -1;
    return (first->at.latitude < second->at.latitude) - (first->at.latitude > second->at.latitude);
}

static GArray *cells_of(const GArray *points)
{
    GArray *cells = g_array_sized_new(FALSE, FALSE, sizeof(Cell), points->len);
    for (guint i = 0; i < points->len; i++) {
        const RiskPoint *point = &g_array_index(points, RiskPoint, i);
        Cell cell = {(int64_t)floor(point->east_m / RISK_CELL_M) * 65536 +
                         (int64_t)floor(point->north_m / RISK_CELL_M),
                     i};
        g_array_append_val(cells, cell);
    }
    g_array_sort(cells, by_key);
    return cells;
}

static void gather(const RiskGround *ground, const GArray *points, GArray *spots)
{
    g_autoptr(GArray) cells = cells_of(points);
    for (guint i = 0, next; i < cells->len; i = next) {
        RiskSpot spot = {0};
        double east = 0, north = 0;
        int64_t key = g_array_index(cells, Cell, i).key;
        for (next = i; next < cells->len && g_array_index(cells, Cell, next).key == key; next++) {
            const RiskPoint *point =
                &g_array_index(points, RiskPoint, g_array_index(cells, Cell, next).point);
            east += point->east_m;
            north += point->north_m;
            spot.incidents++;
            spot.unseen += !point->seen;
        }
        spot.at = risk_ground_place(ground, east / spot.incidents, north / spot.incidents);
        g_array_append_val(spots, spot);
    }
    g_array_sort(spots, by_unseen);
}

void risk_map(const RiskQuestion *question, RiskMap *map)
{
    RiskGround ground = risk_ground(question->incidents, question->incident_count);
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(RiskPoint));
    *map = (RiskMap){.spots = g_array_new(FALSE, FALSE, sizeof(RiskSpot)),
                     .proposals = g_array_new(FALSE, FALSE, sizeof(RiskProposal))};
    for (size_t i = 0; i < question->incident_count; i++) {
        RiskPoint point = risk_ground_point(&ground, question->incidents[i]);
        if (hypot(point.east_m, point.north_m) <= RISK_FAR_M)
            g_array_append_val(points, point);
        else
            map->far++;
    }
    map->incidents = points->len;
    for (size_t i = 0; i < question->view_count; i++)
        look(&ground, &question->views[i], question->least, points);
    for (guint i = 0; i < points->len; i++)
        map->unseen += !g_array_index(points, RiskPoint, i).seen;
    gather(&ground, points, map->spots);
    risk_choose(&ground, question, points, map->proposals);
}

void risk_map_clear(RiskMap *map)
{
    g_clear_pointer(&map->spots, g_array_unref);
    g_clear_pointer(&map->proposals, g_array_unref);
}
