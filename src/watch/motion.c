#include "watch/motion.h"

#include "watch/motion_model.h"

#include <glib.h>
#include <string.h>

enum {
    SECOND_US = 1000000,
    BRIDGE_US = 10 * SECOND_US, /* the longest time between two key pictures that is told as seen */
    FULL_PICTURES = 3,          /* in a second */
    MEMORY_US = 700000,         /* a change is believed when there was one near by so lately */
    SPARSE_US = 900000,         /* pictures farther apart are believed alone */
};

struct Motion {
    MotionReady ready;
    void *data;
    MotionModel *model;
    int64_t last_us;            /* of the newest picture; 0: none */
    int64_t lately[GRID_CELLS]; /* when the cell last changed */
    MotionSecond second;        /* the one under way */
    int pictures;               /* in it */
    bool any;
};

Motion *motion_new(MotionReady ready, void *data)
{
    Motion *motion = g_new0(Motion, 1);
    motion->ready = ready;
    motion->data = data;
    motion->model = motion_model_new();
    return motion;
}

void motion_free(Motion *motion)
{
    if (!motion)
        return;
    motion_model_free(motion->model);
    g_free(motion);
}

static void finish_second(Motion *motion)
{
    if (!motion->any)
        return;
    if (motion->second.seen == SEEN_UNSURE)
        memset(motion->second.moved, 0, GRID_BYTES);
    else
        motion->second.seen = motion->pictures >= FULL_PICTURES ? SEEN_FULL : SEEN_SPARSE;
    for (int i = 0; i < GRID_BYTES; i++)
        motion->second.blind[i] &= (uint8_t)~motion->second.moved[i];
    motion->ready(motion->data, &motion->second);
}

/* Seconds that passed between two pictures not far apart were watched by both. */
static void bridge(Motion *motion, int64_t from, int64_t to)
{
    MotionSecond between = motion->second;
    memset(between.moved, 0, GRID_BYTES);
    if (between.seen != SEEN_UNSURE)
        between.seen = SEEN_SPARSE;
    for (between.second = from; between.second < to; between.second++)
        motion->ready(motion->data, &between);
}

static void enter_second(Motion *motion, int64_t capture_us)
{
    const int64_t second = capture_us / SECOND_US;
    if (motion->any && motion->second.second == second)
        return;
    finish_second(motion);
    if (motion->any && capture_us - motion->last_us <= BRIDGE_US)
        bridge(motion, motion->second.second + 1, second);
    motion->second = (MotionSecond){.second = second};
    motion->pictures = 0;
    motion->any = true;
}

static bool was_near(const Motion *motion, int cell, int64_t since_us)
{
    const int column = cell % GRID_COLUMNS, row = cell / GRID_COLUMNS;
    for (int y = MAX(row - 1, 0); y <= MIN(row + 1, GRID_ROWS - 1); y++)
        for (int x = MAX(column - 1, 0); x <= MIN(column + 1, GRID_COLUMNS - 1); x++)
            if (motion->lately[y * GRID_COLUMNS + x] >= since_us)
                return true;
    return false;
}

static void add_change(Motion *motion, const MotionChange *change, int64_t capture_us)
{
    MotionSecond *second = &motion->second;
    const bool alone = capture_us - motion->last_us > SPARSE_US;
    for (int i = 0; i < GRID_CELLS; i++) {
        if (change->blind[i])
            grid_set(second->blind, i);
        if (change->cells[i] && (alone || was_near(motion, i, capture_us - MEMORY_US)))
            grid_set(second->moved, i);
    }
    for (int i = 0; i < GRID_CELLS; i++)
        if (change->cells[i])
            motion->lately[i] = capture_us;
    if (change->unsure)
        second->seen = SEEN_UNSURE;
}

static void begin_anew(Motion *motion)
{
    motion_model_free(motion->model);
    motion->model = motion_model_new();
    memset(motion->lately, 0, sizeof motion->lately);
    motion->last_us = 0;
    motion->any = false;
}

void motion_picture(Motion *motion, const LumaPicture *picture)
{
    uint8_t small[SMALL_SAMPLES];
    if (picture->capture_us < motion->last_us)
        begin_anew(motion);
    const int64_t elapsed_us = motion->last_us ? picture->capture_us - motion->last_us : 0;
    if ((motion->last_us && elapsed_us < MOTION_STEP_US) || !motion_scale(picture, small))
        return;
    enter_second(motion, picture->capture_us);
    MotionChange change;
    motion_model_picture(motion->model, small, elapsed_us, &change);
    add_change(motion, &change, picture->capture_us);
    motion->pictures++;
    motion->last_us = picture->capture_us;
}
