/* A crossroads by day: houses and hills, motorbikes on both roads, people on foot, a dog, trees in
 * the wind — and a scuffle on the left pavement from 24 to 33 s of each loop. */
#include "canvas.h"
#include "grain.h"
#include "painter.h"
#include "stage.h"

#include <math.h>

enum { CROSSROADS_PICTURES = 48 * FPS };

static const Lens LENS = {.focal_px = 1250, .height_m = 6.5, .horizon_px = 250, .centre_px = 960};

static const Look LOOKS[] = {
    {{0.20, 0.35, 0.65}, {0.15, 0.15, 0.20}, {0.80, 0.60, 0.45}, false},
    {{0.75, 0.20, 0.20}, {0.20, 0.20, 0.22}, {0.78, 0.58, 0.44}, false},
    {{0.90, 0.90, 0.86}, {0.25, 0.28, 0.40}, {0.80, 0.62, 0.48}, false},
    {{0.48, 0.20, 0.45}, {0.12, 0.12, 0.14}, {0.80, 0.60, 0.46}, true},
    {{0.20, 0.50, 0.30}, {0.30, 0.26, 0.20}, {0.76, 0.56, 0.42}, false},
    {{0.95, 0.70, 0.20}, {0.18, 0.20, 0.30}, {0.82, 0.62, 0.48}, false},
    {{0.62, 0.45, 0.28}, {0.20, 0.20, 0.20}, {0.80, 0.60, 0.45}, false}, /* the dog's coat */
    {{0.10, 0.45, 0.48}, {0.10, 0.10, 0.12}, {0.80, 0.60, 0.46}, true},
};

static const Actor CAST[] = {
    {ROLE_MOTORBIKE, 0.5, 9.0, -27, 19, 27, 19, 0},
    {ROLE_MOTORBIKE, 4.0, 12.0, 27, 23, -27, 23, 1},
    {ROLE_MOTORBIKE, 9.0, 19.0, -2, 75, -2, 9, 2},
    {ROLE_MOTORBIKE, 14.0, 24.0, 2, 9, 2, 75, 5},
    {ROLE_MOTORBIKE, 17.0, 25.5, -27, 18.4, 27, 18.4, 4},
    {ROLE_MOTORBIKE, 26.0, 35.0, 27, 23.5, -27, 23.5, 0},
    {ROLE_MOTORBIKE, 29.0, 39.0, -2.2, 75, -2.2, 9, 5},
    {ROLE_MOTORBIKE, 37.0, 46.0, -27, 19, 27, 19, 2},
    {ROLE_MOTORBIKE, 39.0, 47.5, 2, 9, 2, 70, 1},
    {ROLE_PERSON, 0.0, 20.0, 6.2, 11, 6.2, 36, 3},
    {ROLE_PERSON, 3.0, 22.0, 19, 15, -5, 15, 7},
    {ROLE_PERSON, 22.0, 47.0, 5.6, 34, 5.6, 12, 2},
    {ROLE_PERSON, 26.0, 46.0, -18, 27, 8, 27, 3},
    {ROLE_DOG, 11.0, 21.0, 14, 13, -15, 14, 6},
    {ROLE_DOG, 34.0, 45.0, -16, 17, 14, 12.5, 6},
    /* Two come together, a third joins; one falls; two run away; the fallen one gets up. */
    {ROLE_PERSON, 15.0, 24.0, -18, 15, -7.8, 15, 0},
    {ROLE_PERSON, 14.0, 24.0, 4, 13, -6.8, 15, 1},
    {ROLE_PERSON, 17.0, 25.5, -18, 16.5, -7.6, 15.6, 4},
    {ROLE_FIGHTER, 24.0, 33.0, -7.8, 15, -7.6, 15, 0},
    {ROLE_FIGHTER, 24.0, 31.0, -6.8, 15, -7.0, 15, 1},
    {ROLE_FIGHTER, 25.5, 33.0, -7.6, 15.6, -7.4, 15.6, 4},
    {ROLE_LYING, 31.0, 38.0, -6.6, 14.6, -6.5, 14.6, 1},
    {ROLE_PERSON, 33.0, 38.0, -7.8, 15, -20, 16, 0},
    {ROLE_PERSON, 33.0, 40.0, -7.4, 15.6, 12, 16, 4},
    {ROLE_PERSON, 38.0, 47.5, -6.5, 14.6, -16, 13, 1},
};

static const Stage STAGE = {
    .lens = &LENS, .cast = CAST, .actors = G_N_ELEMENTS(CAST), .looks = LOOKS, .night = false};

typedef struct Crossroads {
    Canvas *canvas;
    Grain *grain;
} Crossroads;

static void fill_quad(cairo_t *cr, Paint paint, const double corners[8])
{
    paint_set(cr, paint);
    lens_quad(&LENS, cr, corners);
    cairo_fill(cr);
}

static void draw_sky(cairo_t *cr)
{
    cairo_pattern_t *sky = cairo_pattern_create_linear(0, 0, 0, LENS.horizon_px);
    cairo_pattern_add_color_stop_rgb(sky, 0, 0.55, 0.72, 0.90);
    cairo_pattern_add_color_stop_rgb(sky, 1, 0.88, 0.93, 0.96);
    cairo_set_source(cr, sky);
    cairo_paint(cr);
    cairo_pattern_destroy(sky);
    for (int range = 0; range < 3; range++) {
        cairo_set_source_rgb(cr, 0.48 - 0.13 * range, 0.62 - 0.10 * range, 0.66 - 0.22 * range);
        cairo_move_to(cr, 0, MAIN_HEIGHT);
        for (int x = 0; x <= MAIN_WIDTH; x += 20) {
            const double at = x * (0.0031 + 0.0009 * range) + range * 2.1;
            cairo_line_to(cr, x,
                          LENS.horizon_px - 95 + 42 * range - 45 * sin(at) * sin(at * 0.37) -
                              12 * sin(at * 3.1));
        }
        cairo_line_to(cr, MAIN_WIDTH, MAIN_HEIGHT);
        cairo_close_path(cr);
        cairo_fill(cr);
    }
}

static void draw_ground(cairo_t *cr)
{
    fill_quad(cr, (Paint){0.46, 0.55, 0.30},
              (const double[]){-400, 9, 400, 9, 400, 400, -400, 400});
    for (int strip = 0; strip < 6; strip++) /* rice fields */
        fill_quad(cr, (Paint){0.50 + 0.03 * (strip % 2), 0.64, 0.26},
                  (const double[]){-300, 60 + 12.0 * strip, 300, 60 + 12.0 * strip, 300,
                                   65 + 12.0 * strip, -300, 65 + 12.0 * strip});
    const Paint pavement = {0.66, 0.63, 0.58}, asphalt = {0.36, 0.36, 0.37};
    fill_quad(cr, pavement, (const double[]){-60, 13, 60, 13, 60, 29, -60, 29});
    fill_quad(cr, pavement, (const double[]){-7, 6, 7, 6, 7, 200, -7, 200});
    fill_quad(cr, asphalt, (const double[]){-60, 17, 60, 17, 60, 25, -60, 25});
    fill_quad(cr, asphalt, (const double[]){-4, 6, 4, 6, 4, 200, -4, 200});
    const Paint white = {0.86, 0.86, 0.84};
    for (int z = 29; z < 120; z += 5)
        fill_quad(cr, white, (const double[]){-0.08, z, 0.08, z, 0.08, z + 2, -0.08, z + 2});
    for (int x = -50; x < 50; x += 4)
        if (x < -6 || x > 5)
            fill_quad(cr, white, (const double[]){x, 20.92, x + 2, 20.92, x + 2, 21.08, x, 21.08});
    for (int i = 0; i < 9; i++) { /* the crossing */
        const double x = -3.6 + 0.9 * i;
        fill_quad(cr, white, (const double[]){x, 14, x + 0.45, 14, x + 0.45, 16.4, x, 16.4});
    }
}

typedef struct House {
    double left, right, z, height;
    Paint wall, roof;
    const char *sign;
} House;

static void draw_house(cairo_t *cr, const House *house)
{
    const double scale = lens_scale(&LENS, house->z);
    const double x = lens_x(&LENS, house->left, house->z), y = lens_y(&LENS, house->z);
    const double width = (house->right - house->left) * scale, height = house->height * scale;
    paint_set(cr, house->wall);
    cairo_rectangle(cr, x, y - height, width, height);
    cairo_fill(cr);
    paint_set(cr, house->roof);
    cairo_move_to(cr, x - 0.5 * scale, y - height);
    cairo_line_to(cr, x + width * 0.12, y - height - 1.6 * scale);
    cairo_line_to(cr, x + width * 0.88, y - height - 1.6 * scale);
    cairo_line_to(cr, x + width + 0.5 * scale, y - height);
    cairo_close_path(cr);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.25, 0.22, 0.20);
    cairo_rectangle(cr, x + width * 0.12, y - 2.2 * scale, width * 0.30, 2.2 * scale);
    cairo_rectangle(cr, x + width * 0.58, y - 2.1 * scale, width * 0.28, 1.2 * scale);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.12, 0.25, 0.55);
    cairo_rectangle(cr, x + width * 0.08, y - height + 0.1 * scale, width * 0.84, 0.8 * scale);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.98, 0.95, 0.80);
    cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cr, 0.6 * scale);
    cairo_move_to(cr, x + width * 0.14, y - height + 0.72 * scale);
    cairo_show_text(cr, house->sign);
}

static void draw_pole(cairo_t *cr, double x, double z)
{
    const double scale = lens_scale(&LENS, z), at = lens_x(&LENS, x, z), foot = lens_y(&LENS, z);
    cairo_set_source_rgb(cr, 0.50, 0.49, 0.47);
    cairo_rectangle(cr, at - 0.13 * scale, foot - 8 * scale, 0.26 * scale, 8 * scale);
    cairo_rectangle(cr, at - 0.9 * scale, foot - 7.6 * scale, 1.8 * scale, 0.15 * scale);
    cairo_fill(cr);
}

static void draw_trunk(cairo_t *cr, double x, double z, double height)
{
    const double scale = lens_scale(&LENS, z), at = lens_x(&LENS, x, z), foot = lens_y(&LENS, z);
    cairo_set_source_rgb(cr, 0.35, 0.26, 0.18);
    cairo_rectangle(cr, at - 0.18 * scale, foot - height * scale, 0.36 * scale, height * scale);
    cairo_fill(cr);
}

static const struct {
    double x, z, height, radius;
} TREES[] = {
    {-20.6, 28, 3.4, 2.0}, {21.5, 28, 3.2, 1.9}, {-9, 52, 3.6, 2.3}, {9.5, 13.4, 2.2, 1.4}};

static void draw_backdrop(cairo_t *cr)
{
    static const House HOUSES[] = {
        {-31, -21, 31, 3.6, {0.86, 0.78, 0.60}, {0.62, 0.25, 0.18}, "QUÁN PHỞ"},
        {-20, -10, 31, 4.2, {0.78, 0.84, 0.82}, {0.45, 0.50, 0.56}, "TẠP HÓA"},
        {10, 21, 31, 4.0, {0.90, 0.84, 0.66}, {0.58, 0.24, 0.18}, "SỬA XE MÁY"},
        {22, 32, 31, 3.6, {0.72, 0.80, 0.88}, {0.40, 0.42, 0.46}, "NHÀ THUỐC"},
    };
    draw_sky(cr);
    draw_ground(cr);
    for (size_t i = 0; i < G_N_ELEMENTS(HOUSES); i++)
        draw_house(cr, &HOUSES[i]);
    draw_pole(cr, -8.2, 28.6);
    draw_pole(cr, 7.5, 45);
    draw_pole(cr, 8, 16.2);
    for (size_t i = 0; i < G_N_ELEMENTS(TREES); i++)
        draw_trunk(cr, TREES[i].x, TREES[i].z, TREES[i].height);
}

static void *crossroads_open(const char *file, GError **error)
{
    Crossroads *scene = g_new(Crossroads, 1);
    scene->canvas = canvas_new(MAIN_WIDTH, MAIN_HEIGHT);
    scene->grain = grain_new(2);
    draw_backdrop(canvas_cairo(scene->canvas));
    canvas_seal(scene->canvas);
    return scene;
}

static void draw_flag(Canvas *canvas, double time_s)
{
    const double scale = lens_scale(&LENS, 30), x = lens_x(&LENS, -9.4, 30);
    const double top = lens_y(&LENS, 30) - 6.5 * scale, width = 2.1 * scale, height = 1.4 * scale;
    cairo_t *cr = canvas_cairo(canvas);
    canvas_touch(canvas, x - 4, top - height * 0.4, width + 12, 6.9 * scale);
    cairo_set_source_rgb(cr, 0.75, 0.75, 0.72);
    cairo_rectangle(cr, x - 3, top - 4, 4, 6.5 * scale);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.85, 0.10, 0.12);
    for (int edge = 0; edge < 2; edge++)
        for (int i = 0; i <= 12; i++) {
            const int step = edge ? 12 - i : i;
            const double wave = 0.08 * height * step / 4.0 * sin(5 * time_s - step * 0.6);
            cairo_line_to(cr, x + width * step / 12, top + wave + (edge ? height : 0));
        }
    cairo_close_path(cr);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.98, 0.85, 0.15);
    for (int point = 0; point < 10; point++) {
        const double radius = (point % 2 ? 0.15 : 0.38) * height,
                     turn = point * M_PI / 5 - M_PI / 2;
        cairo_line_to(cr, x + width / 2 + radius * cos(turn),
                      top + height / 2 + radius * sin(turn));
    }
    cairo_close_path(cr);
    cairo_fill(cr);
}

static bool crossroads_paint(void *data, uint32_t index, AVFrame *out, GError **error)
{
    Crossroads *scene = data;
    const double time_s = (double)index / FPS;
    draw_flag(scene->canvas, time_s);
    for (size_t i = 0; i < G_N_ELEMENTS(TREES); i++) {
        const double scale = lens_scale(&LENS, TREES[i].z);
        stage_crown(scene->canvas, lens_x(&LENS, TREES[i].x, TREES[i].z),
                    lens_y(&LENS, TREES[i].z) - (TREES[i].height + 0.6 * TREES[i].radius) * scale,
                    TREES[i].radius * scale, time_s, (Paint){0.20, 0.44, 0.16});
    }
    stage_draw(&STAGE, scene->canvas, time_s);
    canvas_take(scene->canvas, out);
    grain_add(scene->grain, index, out);
    return true;
}

static void crossroads_close(void *data)
{
    Crossroads *scene = data;
    canvas_free(scene->canvas);
    g_free(scene->grain);
    g_free(scene);
}

static Json *crossroads_truth(void)
{
    return stage_truth(&STAGE);
}

static Json *crossroads_cover(int second)
{
    return stage_cover(&STAGE, second);
}

const PainterKind PAINTER_CROSSROADS = {
    .name = "crossroads",
    .version = 1,
    .pictures = CROSSROADS_PICTURES,
    .open = crossroads_open,
    .paint = crossroads_paint,
    .close = crossroads_close,
    .truth = crossroads_truth,
    .cover = crossroads_cover,
};
