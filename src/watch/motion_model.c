#include "watch/motion_model.h"

#include "watch/motion_light.h"

#include <glib.h>
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

/* The darkest and brightest of the background around each sample: what sways or shakes by less than
 * a sample stays between them. */
static void find_ranges(MotionModel *model)
{
    uint8_t low[SMALL_SAMPLES], high[SMALL_SAMPLES];
    for (int y = 0; y < SMALL_HEIGHT; y++) {
        const int above = MAX(y - 1, 0) * SMALL_WIDTH,
                  below = MIN(y + 1, SMALL_HEIGHT - 1) * SMALL_WIDTH;
        for (int x = 0; x < SMALL_WIDTH; x++) {
            const uint8_t a = (uint8_t)(model->back[above + x] / ONE);
            const uint8_t b = (uint8_t)(model->back[y * SMALL_WIDTH + x] / ONE);
            const uint8_t c = (uint8_t)(model->back[below + x] / ONE);
            low[y * SMALL_WIDTH + x] = least(least(a, b), c);
            high[y * SMALL_WIDTH + x] = most(most(a, b), c);
        }
    }
    for (int y = 0; y < SMALL_HEIGHT; y++) {
        const int row = y * SMALL_WIDTH;
        for (int x = 0; x < SMALL_WIDTH; x++) {
            const int left = row + MAX(x - 1, 0), right = row + MIN(x + 1, SMALL_WIDTH - 1);
            model->low[row + x] = least(least(low[left], low[row + x]), low[right]);
            model->high[row + x] = most(most(high[left], high[row + x]), high[right]);
        }
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

static void mark_samples(MotionModel *model, const uint8_t *small)
{
    const uint8_t *past = model->past[LAG - 1];
    const bool twice = rains(model);
    for (int i = 0; i < SMALL_SAMPLES; i++) {
        const int under = model->low[i] - small[i], over = small[i] - model->high[i];
        const int stray = MAX(MAX(under, over), 0);
        const int change = small[i] > past[i] ? small[i] - past[i] : past[i] - small[i];
        const int usual = model->restless[i] * 3 / (2 * ONE);
        model->weight[i] = (uint16_t)(model->weight[i] - (model->weight[i] > 0));
        model->strays[i] = (uint8_t)(change >= CHANGE_LEVELS ? stray : 0);
        uint8_t stands = stray > LEAST_LEVELS + usual && change > CHANGE_LEVELS + usual / 2;
        if (stands && is_other(model, i, small[i]))
            stands = 0;
        model->marks[i] = stands && (!twice || model->stood[i]);
        model->stood[i] = stands;
    }
}

static int neighbours(const uint8_t *at)
{
    return at[-SMALL_WIDTH - 1] + at[-SMALL_WIDTH] + at[-SMALL_WIDTH + 1] + at[-1] + at[1] +
           at[SMALL_WIDTH - 1] + at[SMALL_WIDTH] + at[SMALL_WIDTH + 1];
}

/* Rain and noise change single samples all over the picture, a thing many side by side. */
static void count_lonely(MotionModel *model)
{
    int lonely = 0;
    for (int i = SMALL_WIDTH + 1; i < SMALL_SAMPLES - SMALL_WIDTH - 1; i++)
        lonely += model->stood[i] && neighbours(&model->stood[i]) < LEAST_NEIGHBOURS;
    model->lonely += (lonely * LONELY_ONE - model->lonely) / 8;
}

/* How many samples of the cell are marked and have marked neighbours; those at the edge of the
 * picture don't count. */
static int marked_in(const MotionModel *model, int column, int row)
{
    const int company = rains(model) ? RAIN_NEIGHBOURS : LEAST_NEIGHBOURS;
    int count = 0;
    for (int y = MAX(row * CELL_SIDE, 1); y < MIN((row + 1) * CELL_SIDE, SMALL_HEIGHT - 1); y++)
        for (int x = MAX(column * CELL_SIDE, 1); x < MIN((column + 1) * CELL_SIDE, SMALL_WIDTH - 1);
             x++) {
            const uint8_t *at = &model->marks[y * SMALL_WIDTH + x];
            count += *at && neighbours(at) >= company;
        }
    return count;
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
    for (int row = 0; row < GRID_ROWS; row++)
        for (int column = 0; column < GRID_COLUMNS; column++) {
            const int cell = row * GRID_COLUMNS + column;
            change->cells[cell] = false;
            if (marked_in(model, column, row) < LEAST_SAMPLES)
                continue;
            change->cells[cell] = motion_light_is_shape(model->back, small, column, row);
            changed += change->cells[cell];
            if (!change->cells[cell])
                take_light(model, small, column, row);
        }
    return changed;
}

/* Cells found far from all that were found in the picture before. */
static int new_cells(const MotionModel *model, const MotionChange *change)
{
    int count = 0;
    for (int row = 0; row < GRID_ROWS; row++)
        for (int column = 0; column < GRID_COLUMNS; column++) {
            bool near = false;
            for (int y = MAX(row - 1, 0); y <= MIN(row + 1, GRID_ROWS - 1); y++)
                for (int x = MAX(column - 1, 0); x <= MIN(column + 1, GRID_COLUMNS - 1); x++)
                    near = near || model->before[y * GRID_COLUMNS + x];
            count += change->cells[row * GRID_COLUMNS + column] && !near;
        }
    return count;
}

static void find_blind(const MotionModel *model, const uint8_t *small, MotionChange *change)
{
    for (int row = 0; row < GRID_ROWS; row++)
        for (int column = 0; column < GRID_COLUMNS; column++) {
            int light = 0, restless = 0;
            for (int y = row * CELL_SIDE; y < (row + 1) * CELL_SIDE; y++)
                for (int x = column * CELL_SIDE; x < (column + 1) * CELL_SIDE; x++) {
                    light += small[y * SMALL_WIDTH + x];
                    restless += model->restless[y * SMALL_WIDTH + x];
                }
            const int samples = CELL_SIDE * CELL_SIDE;
            change->blind[row * GRID_COLUMNS + column] = light < DARK * samples ||
                                                         light > BRIGHT * samples ||
                                                         restless > RESTLESS_BLIND * samples;
        }
}

/* What is seen where nothing strays becomes background within seconds, what stands there for long
 * within a minute. */
static void learn(MotionModel *model, const uint8_t *small, int steps)
{
    const int pace = model->learning > 0 ? 128 : model->steps < YOUNG_STEPS ? 16 : 8;
    const int slow = model->steps < YOUNG_STEPS ? 4 : 1;
    const int speed = model->steps < YOUNG_STEPS ? 4 : 1;
    for (int i = 0; i < SMALL_SAMPLES; i++) {
        const int apart = small[i] * ONE - model->back[i];
        const bool still = ABS(apart) < LEAST_LEVELS * ONE || model->learning > 0;
        const int part = MIN((still ? pace : slow) * steps, 256);
        model->back[i] = (uint16_t)(model->back[i] + apart * part / 256);
        const int restless = model->restless[i];
        const int drift = model->strays[i] * ONE > restless ? RISE : -FALL;
        model->restless[i] = (uint16_t)CLAMP(restless + drift * speed * steps, 0, RESTLESS_MOST);
    }
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
