#include "figures.h"

#include <math.h>

static const Paint RUBBER = {0.10, 0.10, 0.11}, METAL = {0.55, 0.56, 0.58}, LAMP = {1, 0.97, 0.85};
static const Paint STRAW = {0.88, 0.80, 0.58}, HELMET = {0.85, 0.15, 0.12};

void paint_set(cairo_t *cr, Paint paint)
{
    cairo_set_source_rgb(cr, paint.r, paint.g, paint.b);
}

static void line(cairo_t *cr, double x0, double y0, double x1, double y1, double width)
{
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cr, width);
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
    cairo_stroke(cr);
}

static void disc(cairo_t *cr, double x, double y, double radius)
{
    cairo_arc(cr, x, y, radius, 0, 2 * M_PI);
    cairo_fill(cr);
}

static void oval(cairo_t *cr, double x, double y, double width, double height)
{
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, width / 2, height / 2);
    cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(cr);
    cairo_fill(cr);
}

static void shadow(cairo_t *cr, double width)
{
    cairo_set_source_rgba(cr, 0, 0, 0, 0.30);
    oval(cr, 0.1, 0, width, width * 0.22);
}

/* Two strokes by way of a joint. */
static void limb(cairo_t *cr, double x0, double y0, double x1, double y1, double x2, double y2,
                 double width)
{
    line(cr, x0, y0, x1, y1, width);
    line(cr, x1, y1, x2, y2, width * 0.85);
}

static void head(cairo_t *cr, const Look *look, double x, double y, double facing)
{
    paint_set(cr, look->skin);
    disc(cr, x, y, 0.12);
    if (look->cone_hat) {
        paint_set(cr, STRAW);
        cairo_move_to(cr, x - 0.27, y - 0.03);
        cairo_line_to(cr, x, y - 0.25);
        cairo_line_to(cr, x + 0.27, y - 0.03);
        cairo_close_path(cr);
        cairo_fill(cr);
        return;
    }
    cairo_set_source_rgb(cr, 0.08, 0.07, 0.06);
    cairo_arc(cr, x - 0.02 * facing, y - 0.02, 0.125, M_PI, 2 * M_PI);
    cairo_fill(cr);
}

static void walker(cairo_t *cr, const Look *look, double facing, double phase, bool fights)
{
    const double swing = sin(2 * M_PI * phase);
    const double lean = fights ? 0.16 * facing + 0.06 * swing : 0.04 * facing;
    const double stride = fights ? 0.34 : 0.28 * swing;
    const double bob = 0.02 * fabs(swing);
    paint_set(cr, look->trousers);
    limb(cr, -0.05, -0.86, stride / 2 + 0.05 * facing, -0.45, stride, -0.04, 0.15);
    limb(cr, 0.05, -0.86, -stride / 2 + 0.05 * facing, -0.45, -stride, -0.04, 0.15);
    paint_set(cr, look->shirt);
    line(cr, 0, -0.90 - bob, lean, -1.32 - bob, 0.32);
    const double reach = fights ? 0.25 + 0.35 * fmax(0, swing) : 0.22 * swing;
    const double other = fights ? 0.25 + 0.35 * fmax(0, -swing) : -0.22 * swing;
    const double lift = fights ? -1.30 : -0.82;
    limb(cr, lean, -1.38 - bob, lean + (fights ? 0.18 * facing : -0.10), -1.10,
         lean + facing * reach, lift, 0.10);
    limb(cr, lean, -1.38 - bob, lean + (fights ? 0.12 * facing : 0.10), -1.12,
         lean + facing * other, lift + (fights ? 0.12 : 0), 0.10);
    head(cr, look, lean * 1.3, -1.60 - bob, facing);
}

static void lying(cairo_t *cr, const Look *look, double phase)
{
    const double twitch = 0.06 * sin(2 * M_PI * phase);
    paint_set(cr, look->trousers);
    limb(cr, 0.1, -0.14, 0.5, -0.28 + twitch, 0.85, -0.08, 0.15);
    limb(cr, 0.1, -0.14, 0.5, -0.12, 0.9, -0.06, 0.15);
    paint_set(cr, look->shirt);
    line(cr, 0.1, -0.16, -0.40, -0.18, 0.30);
    limb(cr, -0.35, -0.2, -0.2, -0.42 + twitch, -0.5, -0.45, 0.10);
    paint_set(cr, look->skin);
    disc(cr, -0.68, -0.16, 0.12);
}

void figure_person(cairo_t *cr, const Look *look, Pose pose, double facing, double phase)
{
    shadow(cr, pose == POSE_LYING ? 1.9 : 0.9);
    if (pose == POSE_LYING)
        lying(cr, look, phase);
    else
        walker(cr, look, facing, phase, pose == POSE_FIGHT);
}

static void wheel(cairo_t *cr, double x, double phase)
{
    paint_set(cr, RUBBER);
    cairo_set_line_width(cr, 0.09);
    cairo_arc(cr, x, -0.30, 0.26, 0, 2 * M_PI);
    cairo_stroke(cr);
    paint_set(cr, METAL);
    for (int spoke = 0; spoke < 3; spoke++) {
        const double turn = 2 * M_PI * phase + spoke * M_PI / 3;
        line(cr, x - 0.22 * cos(turn), -0.30 - 0.22 * sin(turn), x + 0.22 * cos(turn),
             -0.30 + 0.22 * sin(turn), 0.02);
    }
}

static void motorbike_side(cairo_t *cr, const Look *look, double facing, double phase)
{
    wheel(cr, -0.62 * facing, phase * facing);
    wheel(cr, 0.62 * facing, phase * facing);
    cairo_save(cr);
    cairo_scale(cr, facing, 1);
    cairo_set_source_rgb(cr, 0.16, 0.22, 0.42);
    cairo_move_to(cr, -0.80, -0.62);
    cairo_curve_to(cr, -0.5, -0.82, 0.0, -0.78, 0.10, -0.50);
    cairo_line_to(cr, 0.35, -0.45);
    cairo_line_to(cr, 0.50, -0.95);
    cairo_line_to(cr, 0.60, -0.92);
    cairo_line_to(cr, 0.52, -0.40);
    cairo_line_to(cr, 0.10, -0.30);
    cairo_line_to(cr, -0.55, -0.36);
    cairo_close_path(cr);
    cairo_fill(cr);
    paint_set(cr, METAL);
    line(cr, 0.55, -0.9, 0.62, -0.30, 0.05);
    line(cr, 0.38, -1.02, 0.55, -0.92, 0.05);
    paint_set(cr, look->trousers);
    limb(cr, -0.12, -0.86, 0.24, -0.80, 0.16, -0.40, 0.15);
    paint_set(cr, look->shirt);
    line(cr, -0.14, -0.92, -0.04, -1.30, 0.30);
    limb(cr, -0.02, -1.32, 0.16, -1.08, 0.40, -1.03, 0.10);
    paint_set(cr, look->skin);
    disc(cr, 0.02, -1.54, 0.11);
    paint_set(cr, HELMET);
    cairo_arc(cr, 0.01, -1.57, 0.15, M_PI, 2 * M_PI);
    cairo_fill(cr);
    paint_set(cr, LAMP);
    disc(cr, 0.60, -0.90, 0.06);
    cairo_restore(cr);
}

static void motorbike_along(cairo_t *cr, const Look *look, bool coming)
{
    paint_set(cr, RUBBER);
    line(cr, 0, -0.08, 0, -0.52, 0.13);
    cairo_set_source_rgb(cr, 0.16, 0.22, 0.42);
    line(cr, 0, -0.50, 0, -0.85, 0.26);
    paint_set(cr, look->trousers);
    line(cr, -0.20, -0.82, -0.24, -0.40, 0.15);
    line(cr, 0.20, -0.82, 0.24, -0.40, 0.15);
    paint_set(cr, look->shirt);
    line(cr, 0, -0.95, 0, -1.28, 0.40);
    limb(cr, -0.18, -1.32, -0.34, -1.12, -0.32, -0.98, 0.10);
    limb(cr, 0.18, -1.32, 0.34, -1.12, 0.32, -0.98, 0.10);
    paint_set(cr, METAL);
    line(cr, -0.36, -0.98, 0.36, -0.98, 0.05);
    paint_set(cr, look->skin);
    disc(cr, 0, -1.53, 0.11);
    paint_set(cr, HELMET);
    cairo_arc(cr, 0, -1.56, 0.15, coming ? M_PI : 0, coming ? 2 * M_PI : 4 * M_PI);
    cairo_fill(cr);
    if (coming)
        paint_set(cr, LAMP);
    else
        cairo_set_source_rgb(cr, 0.85, 0.1, 0.05);
    disc(cr, 0, -0.86, coming ? 0.09 : 0.06);
}

void figure_motorbike(cairo_t *cr, const Look *look, bool along, double facing, double phase)
{
    shadow(cr, along ? 0.9 : 2.1);
    if (along)
        motorbike_along(cr, look, facing > 0);
    else
        motorbike_side(cr, look, facing, phase);
}

void figure_dog(cairo_t *cr, Paint coat, double facing, double phase)
{
    shadow(cr, 0.9);
    cairo_save(cr);
    cairo_scale(cr, facing, 1);
    paint_set(cr, coat);
    for (int leg = 0; leg < 4; leg++) {
        const double swing = 0.12 * sin(2 * M_PI * phase + (leg % 2 ? M_PI : 0));
        const double x = leg < 2 ? -0.26 : 0.24;
        line(cr, x + 0.03 * (leg % 2), -0.32, x + swing, -0.03, 0.07);
    }
    oval(cr, 0, -0.40, 0.72, 0.26);
    line(cr, 0.28, -0.44, 0.42, -0.60, 0.12);
    oval(cr, 0.48, -0.62, 0.28, 0.17);
    line(cr, 0.42, -0.68, 0.40, -0.76, 0.05);
    line(cr, -0.34, -0.44, -0.52, -0.64 + 0.05 * sin(4 * M_PI * phase), 0.05);
    cairo_restore(cr);
}

void figure_glow(cairo_t *cr, double x, double y, double radius, double strength)
{
    cairo_pattern_t *light = cairo_pattern_create_radial(x, y, 0, x, y, radius);
    cairo_pattern_add_color_stop_rgba(light, 0, 1, 1, 0.95, strength);
    cairo_pattern_add_color_stop_rgba(light, 0.15, 1, 1, 0.9, strength * 0.6);
    cairo_pattern_add_color_stop_rgba(light, 1, 1, 1, 0.9, 0);
    cairo_set_source(cr, light);
    cairo_arc(cr, x, y, radius, 0, 2 * M_PI);
    cairo_fill(cr);
    cairo_pattern_destroy(light);
}
