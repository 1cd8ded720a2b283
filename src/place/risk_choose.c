/* A grid of places around whatever is unseen, each with a score a heading. An incident adds to the
 * scores of all places and headings that would see it, and takes itself away again once something
 * chosen sees it: so a choice costs one pass over the scores, not one over all pairs. */
#include "place/risk_choose.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { HEADINGS = 16 };
#define STEP_DEG (360.0 / HEADINGS)
#define GRID_LEAST_M 2.0
#define GRID_A_REACH 2.0

typedef struct Site {
    int32_t east, north; /* of the grid */
    int32_t count[HEADINGS];
    float fit[HEADINGS]; /* of places that see as many, the one that has them in its middle wins */
} Site;

typedef struct Chooser {
    double grid_m, near_m, reach_m, half_deg;
    GArray *sites;      /* Site */
    GHashTable *places; /* of the grid → GUINT_TO_POINTER(number of the site + 1) */
} Chooser;

static Site *site_at(Chooser *chooser, int32_t east, int32_t north)
{
    void *key = GUINT_TO_POINTER(((guint)(east + 32768) << 16) | (guint)(north + 32768));
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(chooser->places, key));
    if (number == 0) {
        Site site = {.east = east, .north = north};
        g_array_append_val(chooser->sites, site);
        number = chooser->sites->len;
        g_hash_table_insert(chooser->places, key, GUINT_TO_POINTER(number));
    }
    return &g_array_index(chooser->sites, Site, number - 1);
}

/* How an incident lies from a site: away, and the headings from `from` to `to` by which it is seen,
 * of which those beyond HEADINGS are the first ones again. */
typedef struct Sight {
    double away_m, bearing_deg;
    int from, to;
} Sight;

/* False: too far, or too near. */
static bool sight(const Chooser *chooser, double east_m, double north_m, Sight *sight)
{
    double away_m = sqrt(east_m * east_m + north_m * north_m);
    if (away_m < chooser->near_m || away_m > chooser->reach_m)
        return false;
    double bearing = atan2(east_m, north_m) * 180 / M_PI;
    int from = (int)ceil((bearing - chooser->half_deg) / STEP_DEG);
    int to = (int)floor((bearing + chooser->half_deg) / STEP_DEG);
    *sight = (Sight){away_m, bearing, from, MIN(to, from + HEADINGS - 1)};
    return true;
}

static int heading_of(int number)
{
    return ((number % HEADINGS) + HEADINGS) % HEADINGS;
}

/* One incident more, or (−1) less. */
static void score(const Chooser *chooser, Site *site, const Sight *seen, int change)
{
    double middle = 2 - fabs(2 * seen->away_m / chooser->reach_m - 1);
    for (int i = seen->from; i <= seen->to; i++) {
        double off = fabs(seen->bearing_deg - i * STEP_DEG) / chooser->half_deg;
        site->count[heading_of(i)] += change;
        site->fit[heading_of(i)] += (float)(change * (middle - off));
    }
}

static void spread(Chooser *chooser, const RiskPoint *point, int change)
{
    Sight seen;
    int cells = (int)ceil(chooser->reach_m / chooser->grid_m);
    int32_t east = (int32_t)lround(point->east_m / chooser->grid_m);
    int32_t north = (int32_t)lround(point->north_m / chooser->grid_m);
    for (int32_t x = east - cells; x <= east + cells; x++)
        for (int32_t y = north - cells; y <= north + cells; y++)
            if (sight(chooser, point->east_m - x * chooser->grid_m,
                      point->north_m - y * chooser->grid_m, &seen))
                score(chooser, site_at(chooser, x, y), &seen, change);
}

/* The site and heading that see most; NULL: none sees what is worth a camera. */
static const Site *best(const Chooser *chooser, int *heading)
{
    const Site *found = NULL;
    for (guint i = 0; i < chooser->sites->len; i++) {
        const Site *site = &g_array_index(chooser->sites, Site, i);
        for (int h = 0; h < HEADINGS; h++) {
            int32_t most = found ? found->count[*heading] : RISK_WORTH;
            if (site->count[h] < most ||
                (site->count[h] == most && found && site->fit[h] <= found->fit[*heading]))
                continue;
            found = site;
            *heading = h;
        }
    }
    return found;
}

/* Does a camera at the site, looking by `heading`, see the point? */
static bool sees(const Chooser *chooser, const Site *site, int heading, const RiskPoint *point)
{
    Sight seen;
    return sight(chooser, point->east_m - site->east * chooser->grid_m,
                 point->north_m - site->north * chooser->grid_m, &seen) &&
           heading_of(heading - seen.from) <= seen.to - seen.from;
}

static void take(Chooser *chooser, const Site *chosen, int heading, GArray *points)
{
    const Site site = *chosen; /* the list of sites may move */
    for (guint i = 0; i < points->len; i++) {
        RiskPoint *point = &g_array_index(points, RiskPoint, i);
        if (point->seen || !sees(chooser, &site, heading, point))
            continue;
        point->seen = true;
        spread(chooser, point, -1);
    }
}

void risk_choose(const RiskGround *ground, const RiskQuestion *question, GArray *points,
                 GArray *proposals)
{
    double reach_m = risk_reach_m(&question->next, question->least);
    double half_deg = MIN(question->next.aim.fov_deg, 360) / 2;
    unsigned most = MIN(question->proposals, RISK_PROPOSALS_MOST);
    if (reach_m <= 0 || half_deg <= 0)
        return;
    g_autoptr(GArray) sites = g_array_new(FALSE, FALSE, sizeof(Site));
    g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
    /* what stands nearer to a mast than it is high is seen from above, if at all */
    Chooser chooser = {MAX(reach_m / GRID_A_REACH, GRID_LEAST_M),
                       MIN(question->next.height_m, reach_m / 2),
                       reach_m,
                       half_deg,
                       sites,
                       places};
    for (guint i = 0; most > 0 && i < points->len; i++)
        if (!g_array_index(points, RiskPoint, i).seen)
            spread(&chooser, &g_array_index(points, RiskPoint, i), 1);
    for (unsigned i = 0; i < most; i++) {
        int heading = 0;
        const Site *site = best(&chooser, &heading);
        if (!site)
            return;
        RiskProposal proposal = {
            risk_ground_place(ground, site->east * chooser.grid_m, site->north * chooser.grid_m),
            heading * STEP_DEG, (unsigned)site->count[heading]};
        g_array_append_val(proposals, proposal);
        take(&chooser, site, heading, points);
    }
}
