/* bench-motion — how often motion is found where it is, and where it is not, and what a picture
 * costs.
 *
 *   ffmpeg -i CLIP -vf fps=5,scale=640:360,format=gray -f rawvideo - | bench-motion [--sim FILE |
 *   --areas FILE --clip NAME] [--weather KIND] [--loops N] [--warm SECONDS] [--fps N] [--pictures
 * FILE]
 *
 * Reads grey pictures of 640 × 360 from standard input, plays them `loops` times, and writes one
 * line of JSON. What is counted how: docs/design/motion.md. */
#include "motion.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 640, HEIGHT = 360, PIXELS = WIDTH * HEIGHT, CELL_HIT = 30, OBJECT_HIT = 10 };

typedef struct Options {
    char *sim, *areas, *clip, *weather, *show;
    int loops, warm, every;
    double fps;
} Options;

typedef struct Count {
    int objects, objects_hit;
    int cells, cells_hit;
    int quiet, quiet_moved; /* cell-seconds */
    int seconds, unsure, blind;
} Count;

typedef struct Trial {
    const Options *options;
    const GArray *movers; /* of Mover */
    int clip_seconds;
    Count count;
    GHashTable *by_what; /* char * → int[2]: seconds, hit */
} Trial;

/* The simulator writes a caption into the top left corner and a number along the lower edge of
 * every picture: no scene, and left out. */
static bool is_sign(const Trial *trial, int cell)
{
    const int row = cell / GRID_COLUMNS;
    return trial->options->sim && (row < 2 || row == GRID_ROWS - 1) &&
           (row == GRID_ROWS - 1 || cell % GRID_COLUMNS < 16);
}

static bool is_near(const Mover *mover, int cell)
{
    const int column = cell % GRID_COLUMNS, row = cell / GRID_COLUMNS;
    for (int y = MAX(row - 1, 0); y <= MIN(row + 1, GRID_ROWS - 1); y++)
        for (int x = MAX(column - 1, 0); x <= MIN(column + 1, GRID_COLUMNS - 1); x++)
            if (mover->percent[y * GRID_COLUMNS + x] > 0)
                return true;
    return false;
}

static void count_mover(Trial *trial, const Mover *mover, const MotionSecond *second)
{
    bool shown = false, hit = false;
    for (int i = 0; i < GRID_CELLS; i++) {
        if (is_sign(trial, i) || mover->percent[i] < OBJECT_HIT)
            continue;
        shown = true;
        hit = hit || grid_has(second->moved, i);
        if (mover->percent[i] >= CELL_HIT) {
            trial->count.cells++;
            trial->count.cells_hit += grid_has(second->moved, i);
        }
    }
    trial->count.objects += shown;
    trial->count.objects_hit += shown && hit;
    int *what = g_hash_table_lookup(trial->by_what, mover->what);
    if (!what) {
        what = g_new0(int, 2);
        g_hash_table_insert(trial->by_what, g_strdup(mover->what), what);
    }
    what[0] += shown;
    what[1] += shown && hit;
}

/* A cell is quiet when nothing that moves is in it or beside it from the second before to the one
 * after. */
static void count_quiet(Trial *trial, int at, const MotionSecond *second)
{
    bool busy[GRID_CELLS] = {false};
    for (guint i = 0; i < trial->movers->len; i++) {
        const Mover *mover = &g_array_index(trial->movers, Mover, i);
        const int apart = ABS(mover->second - at);
        if (apart > 1 && apart != trial->clip_seconds - 1)
            continue;
        for (int cell = 0; cell < GRID_CELLS; cell++)
            busy[cell] = busy[cell] || is_near(mover, cell);
    }
    for (int i = 0; i < GRID_CELLS; i++) {
        if (busy[i] || is_sign(trial, i))
            continue;
        trial->count.quiet++;
        trial->count.quiet_moved += grid_has(second->moved, i);
        if (trial->options->show && grid_has(second->moved, i))
            fprintf(stderr, "false: %d: %d,%d\n", at, i % GRID_COLUMNS, i / GRID_COLUMNS);
    }
}

static void on_second(void *data, const MotionSecond *second)
{
    Trial *trial = data;
    if (second->second < trial->options->warm)
        return;
    const int at = (int)(second->second % trial->clip_seconds);
    trial->count.seconds++;
    trial->count.unsure += second->seen == SEEN_UNSURE;
    for (int i = 0; i < GRID_CELLS; i++)
        trial->count.blind += grid_has(second->blind, i) && !is_sign(trial, i);
    if (second->seen == SEEN_UNSURE)
        return;
    for (guint i = 0; i < trial->movers->len; i++) {
        const Mover *mover = &g_array_index(trial->movers, Mover, i);
        if (mover->second == at)
            count_mover(trial, mover, second);
    }
    count_quiet(trial, at, second);
}

static GByteArray *read_all(void)
{
    GByteArray *all = g_byte_array_new();
    g_autofree uint8_t *picture = g_malloc(PIXELS);
    while (fread(picture, 1, PIXELS, stdin) == PIXELS)
        g_byte_array_append(all, picture, PIXELS);
    return all;
}

static int64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Returns what a picture costs, µs. */
static double play(Trial *trial, const GByteArray *pictures, Weather weather)
{
    const int count = (int)(pictures->len / PIXELS);
    g_autofree uint8_t *pixels = g_malloc(PIXELS);
    Motion *motion = motion_new(on_second, trial);
    int64_t spent_ns = 0;
    for (int i = 0; i < count * trial->options->loops; i += trial->options->every) {
        memcpy(pixels, pictures->data + (size_t)(i % count) * PIXELS, PIXELS);
        weather_make(weather, pixels, WIDTH, HEIGHT, i, trial->options->fps);
        const LumaPicture picture = {.pixels = pixels,
                                     .width = WIDTH,
                                     .height = HEIGHT,
                                     .stride = WIDTH,
                                     .capture_us = (int64_t)(i * 1e6 / trial->options->fps) + 1};
        const int64_t start_ns = cpu_ns();
        motion_picture(motion, &picture);
        spent_ns += cpu_ns() - start_ns;
    }
    motion_free(motion);
    return (double)spent_ns / 1e3 / (count * trial->options->loops) * trial->options->every;
}

static double percent(int part, int whole)
{
    return whole ? 100.0 * part / whole : 0;
}

static void print(const Trial *trial, double picture_us)
{
    const Count *count = &trial->count;
    g_autoptr(Json) kinds = json_object();
    GHashTableIter iter;
    gpointer what, pair;
    g_hash_table_iter_init(&iter, trial->by_what);
    while (g_hash_table_iter_next(&iter, &what, &pair))
        json_object_set_new(kinds, what,
                            json_pack("{s:i,s:f}", "seconds", ((int *)pair)[0], "hit_percent",
                                      percent(((int *)pair)[1], ((int *)pair)[0])));
    const double watched_h = (count->seconds - count->unsure) / 3600.0;
    g_autoptr(Json) line = json_pack(
        "{s:s,s:i,s:f,s:f,s:i,s:f,s:i,s:f,s:f,s:f,s:f,s:O}", "weather", trial->options->weather,
        "seconds", count->seconds, "unsure_percent", percent(count->unsure, count->seconds),
        "blind_cells", count->seconds ? (double)count->blind / count->seconds : 0.0, "objects",
        count->objects, "object_hit_percent", percent(count->objects_hit, count->objects), "cells",
        count->cells, "cell_hit_percent", percent(count->cells_hit, count->cells), "false_per_hour",
        watched_h > 0 ? count->quiet_moved / watched_h : 0.0, "false_percent",
        percent(count->quiet_moved, count->quiet), "picture_us", picture_us, "kinds", kinds);
    g_autofree char *text = json_dumps(line, JSON_REAL_PRECISION(4));
    puts(text);
}

static bool parse(Options *options, int *argc, char ***argv)
{
    *options = (Options){.loops = 1, .fps = 5, .every = 1};
    const GOptionEntry entries[] = {
        {"sim", 0, 0, G_OPTION_ARG_FILENAME, &options->sim, "Truth by vonglau-sim --truth", "FILE"},
        {"areas", 0, 0, G_OPTION_ARG_FILENAME, &options->areas, "Truth marked by hand", "FILE"},
        {"clip", 0, 0, G_OPTION_ARG_STRING, &options->clip, "Which clip of --areas", "NAME"},
        {"weather", 0, 0, G_OPTION_ARG_STRING, &options->weather, "What is made over it", "KIND"},
        {"loops", 0, 0, G_OPTION_ARG_INT, &options->loops, "How often it is played", "N"},
        {"warm", 0, 0, G_OPTION_ARG_INT, &options->warm, "Not counted at the start", "SECONDS"},
        {"every", 0, 0, G_OPTION_ARG_INT, &options->every, "Only each Nth picture", "N"},
        {"fps", 0, 0, G_OPTION_ARG_DOUBLE, &options->fps, "Pictures a second", "N"},
        {"show", 0, 0, G_OPTION_ARG_STRING, &options->show, "Names false cells", "WHAT"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    const bool ok = g_option_context_parse(context, argc, argv, NULL) && *argc == 1;
    if (!options->weather)
        options->weather = g_strdup("none");
    return ok && options->loops > 0 && options->every > 0 && options->fps > 0;
}

int main(int argc, char **argv)
{
    Options options;
    if (!parse(&options, &argc, &argv) || weather_named(options.weather) == WEATHERS) {
        fputs("bench-motion: bad usage, see the first lines of bench/motion.c\n", stderr);
        return 2;
    }
    g_autoptr(GArray) movers = options.sim     ? truth_of_sim(options.sim)
                               : options.areas ? truth_of_areas(options.areas, options.clip)
                                               : g_array_new(FALSE, FALSE, sizeof(Mover));
    g_autoptr(GByteArray) pictures = read_all();
    const int seconds = (int)(pictures->len / PIXELS / options.fps);
    if (!movers || seconds == 0) {
        fputs("bench-motion: no truth or no pictures\n", stderr);
        return 1;
    }
    g_autoptr(GHashTable) by_what = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Trial trial = {&options, movers, seconds, {0}, by_what};
    const double picture_us = play(&trial, pictures, weather_named(options.weather));
    print(&trial, picture_us);
    return 0;
}
