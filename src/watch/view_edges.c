#include "watch/view_edges.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FLOOR = 5 * VIEW_LEVEL, /* a smaller step is noise */
    TILE = 10,              /* samples a side: the surroundings of an edge */
    TILES_ACROSS = VIEW_WIDTH / TILE,
    TILES_DOWN = VIEW_HEIGHT / TILE,
    LEAST_IN_CELL = 4,
    PARTS_ACROSS = 4,
    PARTS_DOWN = 3,
    LEAST_IN_PART = 40,
    PARTS_LEAST = 4,
};

/* What chance reaches neither in one score nor against the spread of all (docs/design/
 * camera-health.md). */
static const double FOUND_SCORE = 0.22, FOUND_DEVIATIONS = 5, PART_SCORE = 0.4,
                    PART_DEVIATIONS = 3.5;

static int step_across(const uint16_t *at)
{
    return abs(at[1] - at[-1]);
}

static int step_down(const uint16_t *at)
{
    return abs(at[VIEW_WIDTH] - at[-VIEW_WIDTH]);
}

/* Mean steps of the tiles. */
static void find_usual(const uint16_t *small, int usual[TILES_DOWN][TILES_ACROSS])
{
    memset(usual, 0, sizeof(int) * TILES_DOWN * TILES_ACROSS);
    for (int y = 1; y < VIEW_HEIGHT - 1; y++)
        for (int x = 1; x < VIEW_WIDTH - 1; x++) {
            const uint16_t *at = small + (size_t)y * VIEW_WIDTH + x;
            usual[y / TILE][x / TILE] += MAX(step_across(at), step_down(at));
        }
    for (int y = 0; y < TILES_DOWN; y++)
        for (int x = 0; x < TILES_ACROSS; x++)
            usual[y][x] /= TILE * TILE;
}

void view_edges_find(const uint16_t small[VIEW_AREA], ViewEdges *edges)
{
    int usual[TILES_DOWN][TILES_ACROSS];
    find_usual(small, usual);
    memset(edges, 0, sizeof *edges);
    for (int y = 1; y < VIEW_HEIGHT - 1; y++)
        for (int x = 1; x < VIEW_WIDTH - 1; x++) {
            const uint16_t *at = small + (size_t)y * VIEW_WIDTH + x;
            const int across = step_across(at), down = step_down(at);
            const int least = MAX(FLOOR, usual[y / TILE][x / TILE] * 3 / 2);
            if (MAX(across, down) >= least)
                edges->bits[across < down][y][x / 64] |= UINT64_C(1) << x % 64;
        }
}

/* `count` (at most 63) bits of a row from column `x` on, which lies inside. */
static uint64_t row_bits(const uint64_t row[VIEW_WORDS], int x, int count)
{
    uint64_t bits = row[x / 64] >> x % 64;
    if (x % 64 + count > 64)
        bits |= row[x / 64 + 1] << (64 - x % 64);
    return bits & ((UINT64_C(1) << count) - 1);
}

static CellFate cell_fate(const ViewEdges *reference, const ViewEdges *now, int x, int y)
{
    int wanted = 0, found = 0, here = 0;
    for (int plane = 0; plane < VIEW_PLANES; plane++)
        for (int row = y; row < y + VIEW_CELL; row++) {
            const uint64_t was = row_bits(reference->bits[plane][row], x, VIEW_CELL);
            const uint64_t is = row_bits(now->bits[plane][row], x, VIEW_CELL);
            wanted += __builtin_popcountll(was);
            here += __builtin_popcountll(is);
            found += __builtin_popcountll(was & is);
        }
    if (wanted < LEAST_IN_CELL)
        return CELL_PLAIN;
    /* As many as `here` would meet some by chance: what counts is what goes beyond. */
    const double chance = (double)here / (VIEW_CELL * VIEW_CELL * VIEW_PLANES);
    return found - chance * wanted >= 0.4 * wanted * (1 - chance) ? CELL_KEPT : CELL_LOST;
}

int view_edges_fates(const ViewEdges *reference, const ViewEdges *now, CellFate fates[VIEW_CELLS])
{
    int structured = 0;
    for (int i = 0; i < VIEW_CELLS; i++) {
        fates[i] =
            cell_fate(reference, now, i % VIEW_ACROSS * VIEW_CELL, i / VIEW_ACROSS * VIEW_CELL);
        structured += fates[i] != CELL_PLAIN;
    }
    return structured;
}

static void shift_row(const uint64_t in[VIEW_WORDS], int left, uint64_t out[VIEW_WORDS])
{
    for (int word = 0; word < VIEW_WORDS; word++) {
        const int from = word * 64 + left, at = from >= 0 ? from / 64 : -((63 - from) / 64);
        const int low = from - at * 64;
        const uint64_t first = at >= 0 && at < VIEW_WORDS ? in[at] : 0;
        const uint64_t next = at + 1 >= 0 && at + 1 < VIEW_WORDS ? in[at + 1] : 0;
        out[word] = low ? first >> low | next << (64 - low) : first;
    }
}

/* `now` moved left by some columns beside the part of the reference that is in both pictures then,
 * and how many edges both have above each row. */
typedef struct Overlay {
    ViewEdges was, is;
    int wanted[VIEW_HEIGHT + 1], here[VIEW_HEIGHT + 1];
    int columns;
} Overlay;

static void fill_columns(int from, int to, uint64_t out[VIEW_WORDS])
{
    memset(out, 0, sizeof(uint64_t) * VIEW_WORDS);
    for (int x = MAX(from, 0); x < MIN(to, VIEW_WIDTH); x++)
        out[x / 64] |= UINT64_C(1) << x % 64;
}

static void overlay_make(const ViewEdges *reference, const ViewEdges *now, int dx, Overlay *overlay)
{
    uint64_t inside[VIEW_WORDS];
    fill_columns(-dx, VIEW_WIDTH - dx, inside);
    overlay->columns = VIEW_WIDTH - abs(dx);
    overlay->wanted[0] = overlay->here[0] = 0;
    for (int y = 0; y < VIEW_HEIGHT; y++) {
        int wanted = 0, here = 0;
        for (int plane = 0; plane < VIEW_PLANES; plane++) {
            shift_row(now->bits[plane][y], dx, overlay->is.bits[plane][y]);
            for (int word = 0; word < VIEW_WORDS; word++) {
                const uint64_t was = reference->bits[plane][y][word] & inside[word];
                overlay->was.bits[plane][y][word] = was;
                wanted += __builtin_popcountll(was);
                here += __builtin_popcountll(overlay->is.bits[plane][y][word]);
            }
        }
        overlay->wanted[y + 1] = overlay->wanted[y] + wanted;
        overlay->here[y + 1] = overlay->here[y] + here;
    }
}

/* Part of the reference's edges found `dy` lower, beyond what chance gives; -1 where the overlap
 * holds fewer than `least` of them. */
static double overlay_score(const Overlay *overlay, int dy, int least)
{
    const int from = MAX(0, -dy), to = MIN(VIEW_HEIGHT, VIEW_HEIGHT - dy);
    const int wanted = overlay->wanted[to] - overlay->wanted[from];
    if (wanted < least)
        return -1;
    int found = 0;
    for (int plane = 0; plane < VIEW_PLANES; plane++)
        for (int y = from; y < to; y++)
            for (int word = 0; word < VIEW_WORDS; word++)
                found += __builtin_popcountll(overlay->was.bits[plane][y][word] &
                                              overlay->is.bits[plane][y + dy][word]);
    const double here = overlay->here[to + dy] - overlay->here[from + dy];
    const double chance = here / ((double)overlay->columns * (to - from) * VIEW_PLANES);
    return (found - chance * wanted) / (wanted * (1 - chance));
}

/* The best of the scores, and how far it stands out from the others. */
typedef struct Scores {
    ViewShift best;
    double sum, squares;
    int count;
} Scores;

static void scores_add(Scores *scores, const Overlay *overlay, int dx, int dy, int least)
{
    const double score = overlay_score(overlay, dy, least);
    if (score <= -1)
        return;
    scores->sum += score;
    scores->squares += score * score;
    scores->count++;
    if (scores->count == 1 || score > scores->best.score)
        scores->best = (ViewShift){.dx = dx, .dy = dy, .score = score};
}

static void scores_end(Scores *scores, double least_score, double least_deviations)
{
    if (scores->count < 9)
        return;
    const double mean = scores->sum / scores->count;
    const double deviation = sqrt(MAX(scores->squares / scores->count - mean * mean, 1e-6));
    scores->best.found = scores->best.score >= least_score &&
                         (scores->best.score - mean) / deviation >= least_deviations;
}

/* All shifts around (`x`, `y`) in steps of `step`. */
static void search_around(const ViewEdges *reference, const ViewEdges *now, int x, int y,
                          const int reach[2], int step, int least, Scores *scores)
{
    for (int dx = x - reach[0]; dx <= x + reach[0]; dx += step) {
        Overlay overlay;
        overlay_make(reference, now, dx, &overlay);
        for (int dy = y - reach[1]; dy <= y + reach[1]; dy += step)
            scores_add(scores, &overlay, dx, dy, least);
    }
}

static int edges_count(const ViewEdges *edges)
{
    int count = 0;
    for (int plane = 0; plane < VIEW_PLANES; plane++)
        for (int y = 0; y < VIEW_HEIGHT; y++)
            for (int word = 0; word < VIEW_WORDS; word++)
                count += __builtin_popcountll(edges->bits[plane][y][word]);
    return count;
}

ViewShift view_edges_search(const ViewEdges *reference, const ViewEdges *now)
{
    static const int FAR[2] = {VIEW_WIDTH / 2, VIEW_HEIGHT / 2 - 1}, NEAR[2] = {1, 1};
    const int least = MAX(40, edges_count(reference) / 5);
    Scores far = {0}, near = {0};
    search_around(reference, now, 0, 0, FAR, 2, least, &far);
    scores_end(&far, FOUND_SCORE, FOUND_DEVIATIONS);
    search_around(reference, now, far.best.dx, far.best.dy, NEAR, 1, least, &near);
    near.best.found = far.best.found;
    return near.count ? near.best : far.best;
}

/* Only the edges of one part. */
static void cut_part(const ViewEdges *whole, int part, ViewEdges *out)
{
    const int x = part % PARTS_ACROSS * (VIEW_WIDTH / PARTS_ACROSS);
    const int y = part / PARTS_ACROSS * (VIEW_HEIGHT / PARTS_DOWN);
    uint64_t columns[VIEW_WORDS];
    fill_columns(x, x + VIEW_WIDTH / PARTS_ACROSS, columns);
    memset(out, 0, sizeof *out);
    for (int plane = 0; plane < VIEW_PLANES; plane++)
        for (int row = y; row < y + VIEW_HEIGHT / PARTS_DOWN; row++)
            for (int word = 0; word < VIEW_WORDS; word++)
                out->bits[plane][row][word] = whole->bits[plane][row][word] & columns[word];
}

int view_edges_parts_moved(const ViewEdges *reference, const ViewEdges *now)
{
    static const int REACH[2] = {16, 12};
    int found = 0, moved = 0;
    for (int part = 0; part < PARTS_ACROSS * PARTS_DOWN; part++) {
        ViewEdges cut;
        cut_part(reference, part, &cut);
        const int wanted = edges_count(&cut);
        if (wanted < LEAST_IN_PART)
            continue;
        Scores scores = {0};
        search_around(&cut, now, 0, 0, REACH, 1, wanted * 2 / 3, &scores);
        scores_end(&scores, PART_SCORE, PART_DEVIATIONS);
        found += scores.best.found;
        moved +=
            scores.best.found && MAX(abs(scores.best.dx), abs(scores.best.dy)) >= VIEW_MOVED_LEAST;
    }
    return found >= PARTS_LEAST ? moved * 100 / found : 0;
}
