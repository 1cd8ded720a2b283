/* The gate of a culture house by night, as an infrared camera sees it: grey, grainy, bright in the
 * middle; moths, a branch in the wind, headlights, a dog — and a scuffle at the gate from 26 to 34
 * s of each loop. */
#include "canvas.h"
#include "grain.h"
#include "painter.h"
#include "stage.h"

#include <math.h>
#include <string.h>

enum { GATE_PICTURES = 48 * FPS, MOTHS = 7 };

static const Lens LENS = {.focal_px = 1350, .height_m = 4.2, .horizon_px = 330, .centre_px = 960};
static const double WALL_Z = 16;

#define GREY(v)       \
    {                 \
        (v), (v), (v) \
    }
static const Look LOOKS[] = {
    {GREY(0.78), GREY(0.35), GREY(0.92), false}, {GREY(0.55), GREY(0.28), GREY(0.90), false},
    {GREY(0.88), GREY(0.45), GREY(0.92), false}, {GREY(0.66), GREY(0.50), GREY(0.90), true},
    {GREY(0.62), GREY(0.62), GREY(0.62), false}, /* the dog's coat */
};

static const Actor CAST[] = {
    {ROLE_PERSON, 1.0, 14.0, -9, 11, 6, 10.5, 0},
    {ROLE_MOTORBIKE, 6.0, 14.0, 16, 12.6, -16, 12.6, 1},
    {ROLE_DOG, 12.0, 20.0, -9, 9.6, 9, 10, 4},
    {ROLE_MOTORBIKE, 18.0, 26.0, -16, 11.4, 16, 11.4, 0},
    {ROLE_PERSON, 17.0, 26.0, -9, 13, -0.9, 14.2, 0},
    {ROLE_PERSON, 19.0, 26.0, 9, 12.4, 0.3, 14.2, 1},
    {ROLE_FIGHTER, 26.0, 34.0, -0.9, 14.2, -0.7, 14.2, 0},
    {ROLE_FIGHTER, 26.0, 32.0, 0.3, 14.2, 0.1, 14.2, 1},
    {ROLE_LYING, 32.0, 39.0, 0.7, 13.6, 0.8, 13.6, 1},
    {ROLE_PERSON, 34.0, 38.0, -0.9, 14.2, -11, 12, 0},
    {ROLE_PERSON, 35.0, 40.0, 10, 13, 1.8, 13.4, 3},
    {ROLE_PERSON, 40.0, 47.5, 1.8, 13.4, 10.5, 12, 3},
    {ROLE_PERSON, 39.0, 47.5, 0.8, 13.6, 10, 11.2, 1},
    {ROLE_MOTORBIKE, 40.0, 47.5, 16, 12.8, -16, 12.8, 2},
};

static const Stage STAGE = {
    .lens = &LENS, .cast = CAST, .actors = G_N_ELEMENTS(CAST), .looks = LOOKS, .night = true};

typedef struct Gate {
    Canvas *canvas;
    Grain *grain;
} Gate;

static void set_grey(cairo_t *cr, double grey)
{
    cairo_set_source_rgb(cr, grey, grey, grey);
}

/* A box that stands on the ground at the wall. */
static void draw_upright(cairo_t *cr, double left, double right, double z, double height,
                         double grey)
{
    const double scale = lens_scale(&LENS, z), x = lens_x(&LENS, left, z), y = lens_y(&LENS, z);
    set_grey(cr, grey);
    cairo_rectangle(cr, x, y - height * scale, (right - left) * scale, height * scale);
    cairo_fill(cr);
}

static void draw_ground(cairo_t *cr)
{
    set_grey(cr, 0.10);
    cairo_paint(cr);
    set_grey(cr, 0.40);
    lens_quad(&LENS, cr, (const double[]){-80, 5, 80, 5, 80, 60, -80, 60});
    cairo_fill(cr);
    set_grey(cr, 0.47);
    lens_quad(&LENS, cr, (const double[]){-80, 9.2, 80, 9.2, 80, 13.4, -80, 13.4});
    cairo_fill(cr);
    lens_quad(&LENS, cr, (const double[]){-2, 13.4, 2, 13.4, 2, 40, -2, 40});
    cairo_fill(cr);
}

static void draw_sign(cairo_t *cr)
{
    const double scale = lens_scale(&LENS, WALL_Z);
    const double x = lens_x(&LENS, -3.4, WALL_Z), y = lens_y(&LENS, WALL_Z) - 4.3 * scale;
    set_grey(cr, 0.72);
    cairo_rectangle(cr, x, y, 6.8 * scale, 0.95 * scale);
    cairo_fill(cr);
    set_grey(cr, 0.12);
    cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cr, 0.40 * scale);
    cairo_move_to(cr, x + 0.25 * scale, y + 0.63 * scale);
    cairo_show_text(cr, "NHÀ VĂN HÓA BẢN PHĂNG");
}

static void draw_gate(cairo_t *cr)
{
    draw_upright(cr, -9, 9, 30, 4.2, 0.26);
    draw_upright(cr, -1.2, 1.2, 29.9, 2.4, 0.12);
    draw_upright(cr, -40, -2.6, WALL_Z, 2.0, 0.50);
    draw_upright(cr, 2.6, 40, WALL_Z, 2.0, 0.50);
    for (int block = -20; block < 20; block++)
        if (block < -2 || block > 1)
            draw_upright(cr, block * 2.0, block * 2.0 + 0.08, WALL_Z - 0.02, 2.0, 0.40);
    for (int bar = -12; bar <= 12; bar++)
        draw_upright(cr, bar * 0.2 - 0.03, bar * 0.2 + 0.03, WALL_Z, 1.9, 0.62);
    draw_upright(cr, -3.2, -2.4, WALL_Z - 0.1, 3.3, 0.66);
    draw_upright(cr, 2.4, 3.2, WALL_Z - 0.1, 3.3, 0.66);
    draw_sign(cr);
}

/* The lamp of the camera reaches the middle best and the far not at all. */
static void draw_falloff(cairo_t *cr)
{
    cairo_pattern_t *dark = cairo_pattern_create_radial(960, 640, 150, 960, 600, 1150);
    cairo_pattern_add_color_stop_rgba(dark, 0, 0, 0, 0, 0);
    cairo_pattern_add_color_stop_rgba(dark, 0.6, 0, 0, 0, 0.45);
    cairo_pattern_add_color_stop_rgba(dark, 1, 0, 0, 0, 0.88);
    cairo_set_source(cr, dark);
    cairo_paint(cr);
    cairo_pattern_destroy(dark);
}

static void *gate_open(const char *file, GError **error)
{
    Gate *scene = g_new(Gate, 1);
    scene->canvas = canvas_new(MAIN_WIDTH, MAIN_HEIGHT);
    scene->grain = grain_new(4);
    cairo_t *cr = canvas_cairo(scene->canvas);
    draw_ground(cr);
    draw_gate(cr);
    draw_falloff(cr);
    canvas_seal(scene->canvas);
    return scene;
}

static void draw_moths(Canvas *canvas, double time_s)
{
    cairo_t *cr = canvas_cairo(canvas);
    for (int i = 0; i < MOTHS; i++) {
        const double x = 960 + 700 * sin(0.43 * time_s + 1.7 * i) + 130 * sin(2.9 * time_s + i * i);
        const double y = 420 + 260 * sin(0.61 * time_s + 2.3 * i) + 80 * cos(3.7 * time_s + i);
        const double radius = 3 + i % 3 * 2.5;
        canvas_touch(canvas, x - radius - 2, y - radius - 2, 2 * radius + 4, 2 * radius + 4);
        cairo_set_source_rgba(cr, 1, 1, 1, 0.55);
        cairo_arc(cr, x, y, radius, 0, 2 * M_PI);
        cairo_fill(cr);
    }
}

static bool gate_paint(void *data, uint32_t index, AVFrame *out, GError **error)
{
    Gate *scene = data;
    const double time_s = (double)index / FPS;
    stage_draw(&STAGE, scene->canvas, time_s);
    stage_crown(scene->canvas, 1660, 170, 230, time_s, (Paint)GREY(0.42));
    stage_crown(scene->canvas, 250, 330, 130, time_s, (Paint)GREY(0.24));
    draw_moths(scene->canvas, time_s);
    canvas_take(scene->canvas, out);
    for (int plane = 1; plane < 3; plane++)
        memset(out->data[plane], 128, (size_t)out->linesize[plane] * (size_t)out->height / 2);
    grain_add(scene->grain, index, out);
    return true;
}

static void gate_close(void *data)
{
    Gate *scene = data;
    canvas_free(scene->canvas);
    g_free(scene->grain);
    g_free(scene);
}

static Json *gate_truth(void)
{
    return stage_truth(&STAGE);
}

static Json *gate_cover(int second)
{
    return stage_cover(&STAGE, second);
}

const PainterKind PAINTER_GATE = {
    .name = "gate",
    .version = 1,
    .pictures = GATE_PICTURES,
    .open = gate_open,
    .paint = gate_paint,
    .close = gate_close,
    .truth = gate_truth,
    .cover = gate_cover,
};
