#include "watch/motion_model.h"

#include "watch/motion_light.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

enum {
    ONE = 256, /* 1 level of brightness, in the fractions of the model */
    STEP_US = 200000,
    LAG = 3,              /* pictures back to compare with: a slow walker has left by then */
    LEAST_LEVELS = 6,     /* nothing fainter is seen */
    CHANGE_LEVELS = 5,    /* between pictures LAG apart */
    LEAST_NEIGHBOURS = 3, /* of the eight around a sample, so that streaks and specks don't count */
    LEAST_SAMPLES = 3,    /* of the 25 of a cell */
    RESTLESS_MOST = 40 * ONE,
    RESTLESS_BLIND = 16 * ONE,
    RISE = 18,
    FALL = 2,          /* a step of 200 ms; they balance when it strays in a tenth of the time */
    YOUNG_STEPS = 300, /* one minute of learning faster */
    LEARN_STEPS = 8,   /* after a change of all of the scene nothing is told for so long */
    DARK = 18,
    BRIGHT = 252,
    OTHER_LEVELS = 12, /* around the second brightness */
    OTHER_RISE = 32,   /* against a fall of 1: known when it is there in 3 % of the time */
    OTHER_KNOWN = 1000,
    OTHER_MOST = 3000,
    RAIN_SAMPLES = 240, /* lonely ones in a picture: then a mark must stand for two pictures */
    RAIN_NEIGHBOURS = 2,
    LONELY_ONE = 16,
    SPARSE_STEPS = 4,
    NEW_PERCENT = 6,      /* of the cells: nothing but light comes to so many places at once */
    CHANGED_PERCENT = 35, /* of the cells: more is no motion but another scene */
};

struct MotionModel {
    uint16_t back[SMALL_SAMPLES];     /* in ONE */
    uint16_t restless[SMALL_SAMPLES]; /* in ONE: strays less than that nine times in ten */
    uint8_t low[SMALL_SAMPLES], high[SMALL_SAMPLES]; /* of the background within one sample */
    uint8_t past[LAG][SMALL_SAMPLES];
    uint8_t strays[SMALL_SAMPLES];  /* levels outside low … high */
    uint8_t other[SMALL_SAMPLES];   /* a second brightness that comes again and again */
    uint16_t weight[SMALL_SAMPLES]; /* how often; OTHER_KNOWN and above: often */
    uint8_t stood[SMALL_SAMPLES];   /* 1: strayed in the picture before */
    bool before[GRID_CELLS];        /* cells found in it */
    int lonely; /* strays without company, in 1 / LONELY_ONE of a sample, smoothed */
    uint8_t marks[SMALL_SAMPLES]; /* 1: strays more than usual, and changes */
    int64_t steps;                /* pictures taken, in steps of 200 ms */
    int pictures;
    int learning; /* steps left in which nothing is told */
};

MotionModel *motion_model_new(void)
{
    return g_new0(MotionModel, 1);
}

void motion_model_free(MotionModel *model)
{
    g_free(model);
}

static void begin(MotionModel *model, const uint8_t *small)
{
    for (int i = 0; i < SMALL_SAMPLES; i++)
        model->back[i] = (uint16_t)(small[i] * ONE);
    for (int i = 0; i < LAG; i++)
        memcpy(model->past[i], small, SMALL_SAMPLES);
    model->learning = LEARN_STEPS;
}

static uint8_t least(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

static uint8_t most(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

/* Loops over all samples work in narrow types and on `restrict` rows of constant length, which
 * compilers turn into vectors at -O2; what is rare is left to loops of its own. */

static void range_of_rows(const uint8_t *restrict above, const uint8_t *restrict here,
                          const uint8_t *restrict below, uint8_t *restrict low,
                          uint8_t *restrict high)
{
    for (int x = 0; x < SMALL_WIDTH; x++) {
        low[x] = least(least(above[x], here[x]), below[x]);
        high[x] = most(most(above[x], here[x]), below[x]);
    }
}

/* `low` and `high` begin one sample before the row and end one after it. */
static void range_of_columns(const uint8_t *restrict low, const uint8_t *restrict high,
                             uint8_t *restrict row_low, uint8_t *restrict row_high)
{
    for (int x = 0; x < SMALL_WIDTH; x++) {
        row_low[x] = least(least(low[x], low[x + 1]), low[x + 2]);
        row_high[x] = most(most(high[x], high[x + 1]), high[x + 2]);
    }
}

static void levels_of(const uint16_t *restrict back, uint8_t *restrict levels)
{
    for (int i = 0; i < SMALL_SAMPLES; i++)
        levels[i] = (uint8_t)(back[i] / ONE);
}

/* The darkest and brightest of the background around each sample: what sways or shakes by less than
 * a sample stays between them. */
static void find_ranges(MotionModel *model)
{
    uint8_t levels[SMALL_SAMPLES], low[SMALL_WIDTH + 2], high[SMALL_WIDTH + 2];
    levels_of(model->back, levels);
    for (int y = 0; y < SMALL_HEIGHT; y++) {
        const int above = MAX(y - 1, 0) * SMALL_WIDTH, here = y * SMALL_WIDTH,
                  below = MIN(y + 1, SMALL_HEIGHT - 1) * SMALL_WIDTH;
        range_of_rows(levels + above, levels + here, levels + below, low + 1, high + 1);
        low[0] = low[1], low[SMALL_WIDTH + 1] = low[SMALL_WIDTH];
        high[0] = high[1], high[SMALL_WIDTH + 1] = high[SMALL_WIDTH];
        range_of_columns(low, high, model->low + here, model->high + here);
    }
}

/* A tree before the sky is dark and bright by turns: the second brightness of a sample is learnt
 * when it comes again and again, which passing things of many colours don't do. */
static bool is_other(MotionModel *model, int i, int level)
{
    const int apart = ABS(level - model->other[i]);
    if (apart < OTHER_LEVELS) {
        model->weight[i] = (uint16_t)MIN(model->weight[i] + OTHER_RISE, OTHER_MOST);
        model->other[i] = (uint8_t)((model->other[i] * 7 + level + 4) / 8);
        return model->weight[i] >= OTHER_KNOWN;
    }
    if (model->weight[i] < OTHER_RISE) {
        model->other[i] = (uint8_t)level;
        model->weight[i] = OTHER_RISE;
    }
    return false;
}

static bool rains(const MotionModel *model)
{
    return model->lonely > RAIN_SAMPLES * LONELY_ONE;
}

/* How far each sample strays, and whether it is farther than it usually does. */
static void find_strays(const MotionModel *restrict model, const uint8_t *restrict small,
                        uint8_t *restrict strays, uint8_t *restrict stands)
{
    const uint8_t *past = model->past[LAG - 1];
    for (int i = 0; i < SMALL_SAMPLES; i++) {
        const uint8_t level = small[i];
        const uint8_t under = (uint8_t)(most(model->low[i], level) - level);
        const uint8_t over = (uint8_t)(level - least(model->high[i], level));
        const uint8_t stray = most(under, over);
        const uint8_t change = (uint8_t)(most(level, past[i]) - least(level, past[i]));
        const uint8_t usual = (uint8_t)((uint16_t)(model->restless[i] * 3) / (2 * ONE));
        strays[i] = change >= CHANGE_LEVELS ? stray : 0;
        const uint8_t far = stray > (uint8_t)(LEAST_LEVELS + usual);
        const uint8_t changes = change > (uint8_t)(CHANGE_LEVELS + usual / 2);
        stands[i] = far & changes;
    }
}

static void fade_others(uint16_t *weight)
{
    for (int i = 0; i < SMALL_SAMPLES; i++)
        weight[i] = (uint16_t)(weight[i] - (weight[i] > 0));
}

/* Most samples have no mark: eight are passed over at once. */
enum { EIGHT = 8 };

static bool any_of(const uint8_t *bytes)
{
    uint64_t all;
    memcpy(&all, bytes, sizeof all);
    return all != 0;
}

static void leave_out_others(MotionModel *model, const uint8_t *small, uint8_t *stands)
{
    for (int at = 0; at < SMALL_SAMPLES; at += EIGHT)
        for (int i = at; i < at + EIGHT && any_of(stands + at); i++)
            if (stands[i] && is_other(model, i, small[i]))
                stands[i] = 0;
}

static void set_marks(const uint8_t *restrict stands, uint8_t once, uint8_t *restrict stood,
                      uint8_t *restrict marks)
{
    for (int i = 0; i < SMALL_SAMPLES; i++) {
        marks[i] = stands[i] & (once | stood[i]);
        stood[i] = stands[i];
    }
}

static void mark_samples(MotionModel *model, const uint8_t *small)
{
    uint8_t strays[SMALL_SAMPLES], stands[SMALL_SAMPLES];
    find_strays(model, small, strays, stands);
    memcpy(model->strays, strays, sizeof strays);
    fade_others(model->weight);
    leave_out_others(model, small, stands);
    set_marks(stands, !rains(model), model->stood, model->marks);
}

static int neighbours(const uint8_t *at)
{
    return at[-SMALL_WIDTH - 1] + at[-SMALL_WIDTH] + at[-SMALL_WIDTH + 1] + at[-1] + at[1] +
           at[SMALL_WIDTH - 1] + at[SMALL_WIDTH] + at[SMALL_WIDTH + 1];
}

static int lonely_of(const uint8_t *stood, int from, int to)
{
    int lonely = 0;
    for (int i = from; i < to; i++)
        lonely += stood[i] && neighbours(stood + i) < LEAST_NEIGHBOURS;
    return lonely;
}

/* Rain and noise change single samples all over the picture, a thing many side by side. */
static void count_lonely(MotionModel *model)
{
    enum { FROM = SMALL_WIDTH + 1, TO = SMALL_SAMPLES - SMALL_WIDTH - 1 };
    int lonely = 0;
    for (int at = SMALL_WIDTH; at < SMALL_SAMPLES - SMALL_WIDTH; at += EIGHT)
        if (any_of(model->stood + at))
            lonely += lonely_of(model->stood, MAX(at, FROM), MIN(at + EIGHT, TO));
    model->lonely += (lonely * LONELY_ONE - model->lonely) / 8;
}

/* How many samples of each cell of a row are marked and have marked neighbours; those at the edge
 * of the picture don't count. */
static void count_marks(const MotionModel *model, int row, int counts[GRID_COLUMNS])
{
    const int company = rains(model) ? RAIN_NEIGHBOURS : LEAST_NEIGHBOURS;
    const int from = MAX(row * CELL_SIDE, 1), to = MIN((row + 1) * CELL_SIDE, SMALL_HEIGHT - 1);
    memset(counts, 0, GRID_COLUMNS * sizeof *counts);
    for (int at = from * SMALL_WIDTH; at < to * SMALL_WIDTH; at += EIGHT)
        for (int i = at; i < at + EIGHT && any_of(model->marks + at); i++) {
            const int x = i % SMALL_WIDTH;
            const bool inside = x > 0 && x < SMALL_WIDTH - 1;
            counts[x / CELL_SIDE] +=
                model->marks[i] && inside && neighbours(model->marks + i) >= company;
        }
}

/* Light that came or went here is background from now on. */
static void take_light(MotionModel *model, const uint8_t *small, int column, int row)
{
    for (int y = row * CELL_SIDE; y < (row + 1) * CELL_SIDE; y++)
        for (int x = column * CELL_SIDE; x < (column + 1) * CELL_SIDE; x++) {
            const int i = y * SMALL_WIDTH + x;
            model->back[i] = (uint16_t)((model->back[i] + small[i] * ONE) / 2);
        }
}

static int find_cells(MotionModel *model, const uint8_t *small, MotionChange *change)
{
    int changed = 0;
    for (int row = 0; row < GRID_ROWS; row++) {
        int counts[GRID_COLUMNS];
        count_marks(model, row, counts);
        for (int column = 0; column < GRID_COLUMNS; column++) {
            bool *cell = &change->cells[row * GRID_COLUMNS + column];
            *cell = counts[column] >= LEAST_SAMPLES &&
                    motion_light_is_shape(model->back, small, column, row);
            changed += *cell;
            if (counts[column] >= LEAST_SAMPLES && !*cell)
                take_light(model, small, column, row);
        }
    }
    return changed;
}

static bool was_found_near(const MotionModel *model, int column, int row)
{
    for (int y = MAX(row - 1, 0); y <= MIN(row + 1, GRID_ROWS - 1); y++)
        for (int x = MAX(column - 1, 0); x <= MIN(column + 1, GRID_COLUMNS - 1); x++)
            if (model->before[y * GRID_COLUMNS + x])
                return true;
    return false;
}

/* Cells found far from all that were found in the picture before. */
static int new_cells(const MotionModel *model, const MotionChange *change)
{
    int count = 0;
    for (int i = 0; i < GRID_CELLS; i++)
        count += change->cells[i] && !was_found_near(model, i % GRID_COLUMNS, i / GRID_COLUMNS);
    return count;
}

/* Sums of the CELL_SIDE rows from `rows` on, column by column. */
static void add_rows(const uint8_t *restrict small, const uint16_t *restrict restless,
                     uint16_t *restrict light, uint16_t *restrict stray)
{
    for (int x = 0; x < SMALL_WIDTH; x++) {
        uint16_t sum = 0, restless_sum = 0; /* CELL_SIDE × RESTLESS_MOST has room */
        for (int y = 0; y < CELL_SIDE; y++) {
            sum = (uint16_t)(sum + small[y * SMALL_WIDTH + x]);
            restless_sum = (uint16_t)(restless_sum + restless[y * SMALL_WIDTH + x]);
        }
        light[x] = sum;
        stray[x] = restless_sum;
    }
}

static void find_blind(const MotionModel *model, const uint8_t *small, MotionChange *change)
{
    const int samples = CELL_SIDE * CELL_SIDE;
    for (int row = 0; row < GRID_ROWS; row++) {
        uint16_t light[SMALL_WIDTH], stray[SMALL_WIDTH];
        const int from = row * CELL_SIDE * SMALL_WIDTH;
        add_rows(small + from, model->restless + from, light, stray);
        for (int column = 0; column < GRID_COLUMNS; column++) {
            int light_sum = 0, stray_sum = 0;
            for (int x = column * CELL_SIDE; x < (column + 1) * CELL_SIDE; x++)
                light_sum += light[x], stray_sum += stray[x];
            change->blind[row * GRID_COLUMNS + column] = light_sum < DARK * samples ||
                                                         light_sum > BRIGHT * samples ||
                                                         stray_sum > RESTLESS_BLIND * samples;
        }
    }
}

/* `still` and `slow`: which part of what is apart is learnt where nothing strays, and where
 * something does. The products fit a float's 24 bits, so that nothing is rounded. */
static void learn_levels(uint16_t *restrict back, const uint8_t *restrict small, int most_apart,
                         float still, float slow)
{
    for (int i = 0; i < SMALL_SAMPLES; i++) {
        const int apart = small[i] * ONE - back[i];
        const float part = ABS(apart) < most_apart ? still : slow;
        back[i] = (uint16_t)(back[i] + (int)((float)apart * part));
    }
}

static void learn_restless(uint16_t *restrict restless, const uint8_t *restrict strays, int16_t up,
                           int16_t down)
{
    for (int i = 0; i < SMALL_SAMPLES; i++) {
        const int16_t now = (int16_t)restless[i];
        const int16_t drift = (int16_t)((int16_t)strays[i] > (int16_t)(now / ONE) ? up : down);
        const int16_t next = (int16_t)(now + drift);
        const int16_t least_next = (int16_t)(next > 0 ? next : 0);
        restless[i] = (uint16_t)(least_next < RESTLESS_MOST ? least_next : RESTLESS_MOST);
    }
}

/* What is seen where nothing strays becomes background within seconds, what stands there for long
 * within a minute. */
static void learn(MotionModel *model, const uint8_t *small, int steps)
{
    const bool young = model->steps<YOUNG_STEPS, anew = model->learning> 0;
    const int pace = anew ? 128 : young ? 16 : 8, slow = young ? 4 : 1, speed = young ? 4 : 1;
    learn_levels(model->back, small, anew ? INT_MAX : LEAST_LEVELS * ONE,
                 (float)MIN(pace * steps, ONE) / ONE, (float)MIN(slow * steps, ONE) / ONE);
    learn_restless(model->restless, model->strays, (int16_t)(RISE * speed * steps),
                   (int16_t)(-FALL * speed * steps));
}

static void keep_past(MotionModel *model, const uint8_t *small)
{
    memmove(model->past[1], model->past[0], (size_t)(LAG - 1) * SMALL_SAMPLES);
    memcpy(model->past[0], small, SMALL_SAMPLES);
}

void motion_model_picture(MotionModel *model, const uint8_t small[SMALL_SAMPLES],
                          int64_t elapsed_us, MotionChange *change)
{
    const int steps = (int)CLAMP((elapsed_us + STEP_US / 2) / STEP_US, 1, 25);
    if (model->pictures++ == 0)
        begin(model, small);
    motion_light_follow(model->back, model->past[0], LAG, small);
    find_ranges(model);
    mark_samples(model, small);
    count_lonely(model);
    const int changed = find_cells(model, small, change);
    /* Between two key pictures a thing may come from nowhere. */
    const int fresh = steps > SPARSE_STEPS ? NEW_PERCENT * 2 : NEW_PERCENT;
    if (model->learning == 0 && (changed * 100 > GRID_CELLS * CHANGED_PERCENT ||
                                 new_cells(model, change) * 100 > GRID_CELLS * fresh))
        begin(model, small);
    memcpy(model->before, change->cells, sizeof model->before);
    change->unsure = model->learning > 0;
    find_blind(model, small, change);
    learn(model, small, steps);
    model->learning = MAX(model->learning - steps, 0);
    model->steps += steps;
    keep_past(model, small);
}
