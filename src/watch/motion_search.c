#include "watch/motion_search.h"

#include <string.h>

enum { WORDS = GRID_BYTES / 8 };

typedef struct Search {
    const MotionQuery *query;
    MotionFound *found;
    int64_t at; /* all before it is told */
    uint64_t region[WORDS];
    bool full;
} Search;

void motion_found_free(MotionFound *found)
{
    if (!found)
        return;
    g_array_unref(found->moved);
    g_array_unref(found->unknown);
    g_array_unref(found->partly);
    g_free(found);
}

/* Lengthens the last span, or begins one. */
static void add_span(Search *search, GArray *spans, int64_t from, int64_t to, int join)
{
    MotionSpan *last = spans->len ? &g_array_index(spans, MotionSpan, spans->len - 1) : NULL;
    if (last && from - last->to <= join) {
        last->to = to;
        return;
    }
    if (spans->len >= search->query->most) {
        search->full = true;
        return;
    }
    g_array_append_val(spans, ((MotionSpan){from, to}));
}

static void load(uint64_t words[WORDS], const uint8_t grid[GRID_BYTES])
{
    memcpy(words, grid, GRID_BYTES);
}

static void count_blind(Search *search, const MotionSecond *second, int64_t count)
{
    for (int cell = 0; cell < GRID_CELLS; cell++)
        if (grid_has(second->blind, cell) && grid_has(search->query->region, cell))
            search->found->blind[cell] += count;
}

static void count_moved(Search *search, const MotionSecond *second, int64_t count)
{
    for (int cell = 0; cell < GRID_CELLS; cell++)
        if (grid_has(second->moved, cell) && grid_has(search->query->region, cell))
            search->found->moved_in[cell] += count;
}

/* Seconds alike; those before search->at were told already. */
static void on_run(void *data, const MotionRun *run)
{
    Search *search = data;
    MotionFound *found = search->found;
    const int64_t from = MAX(run->second.second, search->at);
    const int64_t to = MIN(run->second.second + run->count, search->query->to);
    if (from >= to || search->full)
        return;
    if (from > search->at)
        add_span(search, found->unknown, search->at, from, 0);
    uint64_t moved[WORDS], blind[WORDS];
    load(moved, run->second.moved);
    load(blind, run->second.blind);
    bool any = false, sees = false, some_blind = false;
    for (int i = 0; i < WORDS; i++) {
        any = any || (moved[i] & search->region[i]);
        sees = sees || (search->region[i] & ~blind[i]);
        some_blind = some_blind || (search->region[i] & blind[i]);
    }
    const bool watched = run->second.seen == SEEN_FULL || run->second.seen == SEEN_SPARSE;
    if (!watched || (!sees && !any))
        add_span(search, found->unknown, from, to, 0);
    else if (any)
        add_span(search, found->moved, from, to, search->query->join);
    if (watched && some_blind && (sees || any))
        add_span(search, found->partly, from, to, 0);
    if (search->full)
        return;
    if (watched && any)
        count_moved(search, &run->second, to - from);
    *(run->second.seen == SEEN_FULL ? &found->seen_fully : &found->seen_sparsely) +=
        watched ? to - from : 0;
    if (watched && some_blind)
        count_blind(search, &run->second, to - from);
    search->at = to;
}

MotionFound *motion_search(MotionStore *store, const MotionQuery *query)
{
    MotionFound *found = g_new0(MotionFound, 1);
    found->moved = g_array_new(FALSE, FALSE, sizeof(MotionSpan));
    found->unknown = g_array_new(FALSE, FALSE, sizeof(MotionSpan));
    found->partly = g_array_new(FALSE, FALSE, sizeof(MotionSpan));
    Search search = {.query = query, .found = found, .at = query->from};
    load(search.region, query->region);
    for (int64_t day = query->from / MOTION_DAY_S; day * MOTION_DAY_S < query->to && !search.full;
         day++)
        motion_store_read(store, &query->camera, day, on_run, &search);
    if (!search.full && search.at < query->to)
        add_span(&search, found->unknown, search.at, query->to, 0);
    found->to = search.full ? search.at : query->to;
    return found;
}

/* Even-odd rule. */
static bool is_inside(const double (*corners)[2], int count, double x, double y)
{
    bool inside = false;
    for (int i = 0, before = count - 1; i < count; before = i++) {
        const double *a = corners[i], *b = corners[before];
        if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0])
            inside = !inside;
    }
    return inside;
}

void motion_region_polygon(const double (*corners)[2], int count, uint8_t region[GRID_BYTES])
{
    memset(region, 0, GRID_BYTES);
    bool any = false;
    for (int cell = 0; cell < GRID_CELLS; cell++) {
        const int column = cell % GRID_COLUMNS, row = cell / GRID_COLUMNS;
        if (is_inside(corners, count, (column + 0.5) / GRID_COLUMNS, (row + 0.5) / GRID_ROWS)) {
            grid_set(region, cell);
            any = true;
        }
    }
    for (int i = 0; !any && i < count; i++) {
        const int column = CLAMP((int)(corners[i][0] * GRID_COLUMNS), 0, GRID_COLUMNS - 1);
        const int row = CLAMP((int)(corners[i][1] * GRID_ROWS), 0, GRID_ROWS - 1);
        grid_set(region, row * GRID_COLUMNS + column);
    }
}
