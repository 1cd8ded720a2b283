#include "paint_alley.h"

#include "picture.h"
#include "stage.h"

#include <math.h>

static const double ALLEY_LOOP_S = 40;

static const Lens LENS = {.focal_px = 430, .height_m = 3.0, .horizon_px = 110, .centre_px = 320};

static const Look LOOKS[] = {
    {{0.20, 0.40, 0.70}, {0.15, 0.15, 0.20}, {0.80, 0.60, 0.45}, false},
    {{0.80, 0.30, 0.25}, {0.20, 0.20, 0.22}, {0.78, 0.58, 0.44}, true},
    {{0.90, 0.88, 0.80}, {0.25, 0.28, 0.40}, {0.80, 0.62, 0.48}, false},
    {{0.50, 0.38, 0.26}, {0.20, 0.20, 0.20}, {0.80, 0.60, 0.45}, false}, /* the dog's coat */
};

static const Actor CAST[] = {
    {ROLE_PERSON, 0, 17, -1.2, 6, -1.0, 28, 1},     {ROLE_MOTORBIKE, 6, 13, 0.8, 40, 0.6, 4.6, 0},
    {ROLE_DOG, 12, 19, 5, 8, -5, 8.5, 3},           {ROLE_PERSON, 16, 34, 1.2, 28, 1.0, 5, 2},
    {ROLE_MOTORBIKE, 22, 30, 0.9, 4.6, 0.8, 45, 2}, {ROLE_PERSON, 26, 36, -6, 9.5, 6, 9.5, 0},
};

static const Stage STAGE = {
    .lens = &LENS, .cast = CAST, .actors = G_N_ELEMENTS(CAST), .looks = LOOKS, .night = false};

struct Alley {
    Canvas *canvas;
};

static void fill_quad(cairo_t *cr, Paint paint, const double corners[8])
{
    paint_set(cr, paint);
    lens_quad(&LENS, cr, corners);
    cairo_fill(cr);
}

/* One long wall beside the alley, from near to far. */
static void draw_wall(cairo_t *cr, double x, double height, Paint paint)
{
    const double near = 3.5, far = 60;
    paint_set(cr, paint);
    cairo_move_to(cr, lens_x(&LENS, x, near), lens_y(&LENS, near));
    cairo_line_to(cr, lens_x(&LENS, x, far), lens_y(&LENS, far));
    cairo_line_to(cr, lens_x(&LENS, x, far), lens_y(&LENS, far) - height * lens_scale(&LENS, far));
    cairo_line_to(cr, lens_x(&LENS, x, near),
                  lens_y(&LENS, near) - height * lens_scale(&LENS, near));
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void draw_backdrop(cairo_t *cr)
{
    cairo_set_source_rgb(cr, 0.78, 0.86, 0.92);
    cairo_paint(cr);
    fill_quad(cr, (Paint){0.50, 0.56, 0.36}, (const double[]){-90, 3, 90, 3, 90, 300, -90, 300});
    fill_quad(cr, (Paint){0.62, 0.60, 0.56}, (const double[]){-2, 3, 2, 3, 2, 80, -2, 80});
    draw_wall(cr, -3.2, 2.2, (Paint){0.80, 0.70, 0.52});
    cairo_set_source_rgb(cr, 0.35, 0.26, 0.18);
    cairo_rectangle(cr, 554, 90, 12, 90);
    cairo_fill(cr);
    draw_wall(cr, 3.4, 1.8, (Paint){0.70, 0.74, 0.72});
}

Alley *alley_new(void)
{
    Alley *alley = g_new(Alley, 1);
    alley->canvas = canvas_new(SUB_WIDTH, SUB_HEIGHT);
    draw_backdrop(canvas_cairo(alley->canvas));
    canvas_seal(alley->canvas);
    return alley;
}

void alley_free(Alley *alley)
{
    canvas_free(alley->canvas);
    g_free(alley);
}

void alley_paint(Alley *alley, double time_s, AVFrame *out)
{
    stage_crown(alley->canvas, 560, 90, 55, time_s, (Paint){0.22, 0.46, 0.18});
    stage_draw(&STAGE, alley->canvas, fmod(time_s, ALLEY_LOOP_S));
    canvas_take(alley->canvas, out);
}
