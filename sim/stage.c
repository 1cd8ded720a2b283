#include "stage.h"

#include "picture.h"

#include <math.h>
#include <stdlib.h>

enum {
    LEAVES = 60, /* clusters of them in a crown */
    CELL_COLUMNS = 32,
    CELL_ROWS = 18,
    CELLS = CELL_COLUMNS * CELL_ROWS,
    COVER_EVERY = 3, /* pictures: five are looked at a second */
};

double lens_scale(const Lens *lens, double z)
{
    return lens->focal_px / z;
}

double lens_x(const Lens *lens, double x, double z)
{
    return lens->centre_px + x * lens_scale(lens, z);
}

double lens_y(const Lens *lens, double z)
{
    return lens->horizon_px + lens->height_m * lens_scale(lens, z);
}

void lens_quad(const Lens *lens, cairo_t *cr, const double corners[8])
{
    for (const double *corner = corners; corner < corners + 8; corner += 2)
        cairo_line_to(cr, lens_x(lens, corner[0], corner[1]), lens_y(lens, corner[1]));
    cairo_close_path(cr);
}

static double progress_of(const Actor *actor, double time_s)
{
    return (time_s - actor->from_s) / (actor->to_s - actor->from_s);
}

static double depth_at(const Actor *actor, double time_s)
{
    return actor->from_z + (actor->to_z - actor->from_z) * progress_of(actor, time_s);
}

static double side_at(const Actor *actor, double time_s)
{
    double x = actor->from_x + (actor->to_x - actor->from_x) * progress_of(actor, time_s);
    if (actor->role == ROLE_FIGHTER) /* pushed to and fro */
        x += 0.30 * sin(2 * M_PI * 0.9 * time_s) + 0.12 * sin(2 * M_PI * 2.3 * time_s);
    return x;
}

static double length_of(const Actor *actor)
{
    return hypot(actor->to_x - actor->from_x, actor->to_z - actor->from_z);
}

static void draw_figure(const Stage *stage, cairo_t *cr, const Actor *actor, double time_s)
{
    const Look *look = &stage->looks[actor->look];
    const double facing = actor->to_x >= actor->from_x ? 1 : -1;
    const double way = length_of(actor) * progress_of(actor, time_s);
    const bool along = fabs(actor->to_z - actor->from_z) > fabs(actor->to_x - actor->from_x);
    switch (actor->role) {
    case ROLE_PERSON:
        figure_person(cr, look, POSE_WALK, facing, way / 1.3);
        break;
    case ROLE_FIGHTER:
        figure_person(cr, look, POSE_FIGHT, facing, time_s * 1.7 + actor->look * 0.4);
        break;
    case ROLE_LYING:
        figure_person(cr, look, POSE_LYING, facing, time_s * 0.8);
        break;
    case ROLE_DOG:
        figure_dog(cr, look->shirt, facing, way / 0.7);
        break;
    default:
        figure_motorbike(cr, look, along, along ? actor->from_z - actor->to_z : facing, way / 1.9);
        if (stage->night && (!along || actor->to_z < actor->from_z))
            figure_glow(cr, along ? 0 : 0.62 * facing, -0.9, 2.6, 0.9);
        break;
    }
}

/* Draws one figure where it is at `time_s`, in the pixels of the lens. */
static void place_actor(const Stage *stage, cairo_t *cr, const Actor *actor, double time_s)
{
    const double z = depth_at(actor, time_s);
    const double scale = lens_scale(stage->lens, z);
    cairo_save(cr);
    cairo_translate(cr, lens_x(stage->lens, side_at(actor, time_s), z), lens_y(stage->lens, z));
    cairo_scale(cr, scale, scale);
    draw_figure(stage, cr, actor, time_s);
    cairo_restore(cr);
}

static void draw_actor(const Stage *stage, Canvas *canvas, const Actor *actor, double time_s)
{
    const double z = depth_at(actor, time_s);
    const double scale = lens_scale(stage->lens, z);
    const double x = lens_x(stage->lens, side_at(actor, time_s), z);
    const double y = lens_y(stage->lens, z);
    const double half = stage->night && actor->role == ROLE_MOTORBIKE ? 3.4 : 1.3;
    canvas_touch(canvas, x - half * scale, y - (half + 0.9) * scale, 2 * half * scale,
                 (1.6 * half + 0.9) * scale);
    place_actor(stage, canvas_cairo(canvas), actor, time_s);
}

typedef struct Entry {
    const Actor *actor;
    double depth;
} Entry;

static int farthest_first(const void *a, const void *b)
{
    const double depth_a = ((const Entry *)a)->depth, depth_b = ((const Entry *)b)->depth;
    return depth_a < depth_b ? 1 : depth_a > depth_b ? -1 : 0;
}

void stage_draw(const Stage *stage, Canvas *canvas, double time_s)
{
    g_autofree Entry *seen = g_new(Entry, stage->actors);
    size_t count = 0;
    for (size_t i = 0; i < stage->actors; i++) {
        const Actor *actor = &stage->cast[i];
        if (time_s >= actor->from_s && time_s < actor->to_s)
            seen[count++] = (Entry){actor, depth_at(actor, time_s)};
    }
    qsort(seen, count, sizeof *seen, farthest_first);
    for (size_t i = 0; i < count; i++)
        draw_actor(stage, canvas, seen[i].actor, time_s);
}

/* The rectangle that holds the figure at both ends of its way, in parts of the picture. */
static Json *where(const Lens *lens, const Actor *actor)
{
    double left = 1, top = 1, right = 0, bottom = 0;
    for (int end = 0; end < 2; end++) {
        const double z = end ? actor->to_z : actor->from_z;
        const double x = lens_x(lens, end ? actor->to_x : actor->from_x, z);
        const double y = lens_y(lens, z), scale = lens_scale(lens, z);
        left = fmin(left, (x - scale) / MAIN_WIDTH);
        right = fmax(right, (x + scale) / MAIN_WIDTH);
        top = fmin(top, (y - 1.8 * scale) / MAIN_HEIGHT);
        bottom = fmax(bottom, y / MAIN_HEIGHT);
    }
    left = CLAMP(left, 0, 1), top = CLAMP(top, 0, 1);
    return json_pack("[f,f,f,f]", left, top, CLAMP(right, left, 1) - left,
                     CLAMP(bottom, top, 1) - top);
}

static Json *happening(const Stage *stage, const Actor *actor, const char *what)
{
    return json_pack("{s:s, s:f, s:f, s:i, s:i, s:o}", "what", what, "from_s", actor->from_s,
                     "to_s", actor->to_s, "from_picture", (int)(actor->from_s * FPS), "to_picture",
                     (int)(actor->to_s * FPS), "where", where(stage->lens, actor));
}

/* A fighter with one listed before who fights at the same time is part of the same scuffle. */
static bool is_told_already(const Stage *stage, size_t index)
{
    const Actor *actor = &stage->cast[index];
    for (size_t i = 0; actor->role == ROLE_FIGHTER && i < index; i++)
        if (stage->cast[i].role == ROLE_FIGHTER && stage->cast[i].from_s < actor->to_s &&
            actor->from_s < stage->cast[i].to_s)
            return true;
    return false;
}

static const char *const WHAT[ROLES] = {"person", "scuffle", "person-lying", "motorbike", "dog"};

Json *stage_truth(const Stage *stage)
{
    Json *list = json_array();
    for (size_t i = 0; i < stage->actors; i++)
        if (!is_told_already(stage, i))
            json_array_append_new(list,
                                  happening(stage, &stage->cast[i], WHAT[stage->cast[i].role]));
    return list;
}

enum { COVER_WIDTH = MAIN_WIDTH / 6, COVER_HEIGHT = MAIN_HEIGHT / 6 };

/* Raises `percent` to the parts of each cell that the figure covers at `time_s`. Light that it
 * throws is no figure, nor is its shadow, which is drawn half transparent. */
static void cover_at(const Stage *stage, cairo_surface_t *surface, const Actor *actor,
                     double time_s, int percent[CELLS])
{
    Stage day = *stage;
    day.night = false;
    cairo_t *cr = cairo_create(surface);
    cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
    cairo_paint(cr);
    cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
    cairo_scale(cr, (double)COVER_WIDTH / MAIN_WIDTH, (double)COVER_HEIGHT / MAIN_HEIGHT);
    place_actor(&day, cr, actor, time_s);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    const uint8_t *rows = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    int covered[CELLS] = {0};
    for (int y = 0; y < COVER_HEIGHT; y++)
        for (int x = 0; x < COVER_WIDTH; x++)
            covered[y * CELL_ROWS / COVER_HEIGHT * CELL_COLUMNS + x * CELL_COLUMNS / COVER_WIDTH] +=
                rows[y * stride + x] > 127;
    for (int i = 0; i < CELLS; i++)
        percent[i] = MAX(percent[i], covered[i] * 100 * CELLS / (COVER_WIDTH * COVER_HEIGHT));
}

static Json *cover_of(const Stage *stage, cairo_surface_t *surface, size_t index, int second)
{
    const Actor *actor = &stage->cast[index];
    int percent[CELLS] = {0};
    for (int i = 0; i < FPS; i += COVER_EVERY) {
        const double time_s = second + (double)i / FPS;
        if (time_s >= actor->from_s && time_s < actor->to_s)
            cover_at(stage, surface, actor, time_s, percent);
    }
    Json *cells = json_array();
    for (int i = 0; i < CELLS; i++)
        if (percent[i] > 0)
            json_array_append_new(cells, json_pack("[i,i]", i, percent[i]));
    return json_pack("{s:i, s:s, s:o}", "figure", (int)index, "what", WHAT[actor->role], "cells",
                     cells);
}

Json *stage_cover(const Stage *stage, int second)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_A8, COVER_WIDTH, COVER_HEIGHT);
    Json *list = json_array();
    for (size_t i = 0; i < stage->actors; i++)
        if (stage->cast[i].from_s < second + 1 && stage->cast[i].to_s > second)
            json_array_append_new(list, cover_of(stage, surface, i, second));
    cairo_surface_destroy(surface);
    return list;
}

void stage_crown(Canvas *canvas, double x, double y, double radius, double time_s, Paint leaf)
{
    cairo_t *cr = canvas_cairo(canvas);
    canvas_touch(canvas, x - radius * 1.4, y - radius * 1.3, radius * 2.8, radius * 2.6);
    for (int i = 0; i < LEAVES; i++) {
        const double turn = i * 2.399963; /* the golden angle spreads evenly */
        const double away = radius * 0.95 * sqrt((i + 0.5) / LEAVES);
        const double sway =
            radius * 0.06 * (sin(1.9 * time_s + x * 0.01 + i * 0.35) + sin(3.1 * time_s + i));
        const double shade = 0.75 + 0.35 * ((i * 7) % 5) / 5.0;
        cairo_set_source_rgb(cr, leaf.r * shade, leaf.g * shade, leaf.b * shade);
        cairo_arc(cr, x + away * cos(turn) + sway, y + away * sin(turn) * 0.8 + sway * 0.3,
                  radius * 0.20, 0, 2 * M_PI);
        cairo_fill(cr);
    }
}
