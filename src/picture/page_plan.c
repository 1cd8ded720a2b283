/* A plan: where cameras stand and look, with nothing of the ground. */
#include "picture/page_draw.h"

#include <math.h>

#define HEIGHT 300.0
#define INSET 46.0 /* what stands at the edge is seen with its wedge */
#define WEDGE_LEAST 20.0
#define WEDGE_MOST 120.0
#define DOT 3.2
#define SPAN_LEAST_M 60.0 /* what a plan of one place shows */

typedef struct Plan {
    Pages *pages;
    double east_m, north_m; /* of its middle */
    double scale;           /* points a metre */
    double x, y;            /* of its middle on the page */
} Plan;

static double radians(double degrees)
{
    return degrees * M_PI / 180;
}

static Plan fit(Pages *pages, const PagePlanCamera *cameras, unsigned count)
{
    double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
    for (unsigned i = 0; i < count; i++) {
        west = MIN(west, cameras[i].east_m);
        east = MAX(east, cameras[i].east_m);
        south = MIN(south, cameras[i].north_m);
        north = MAX(north, cameras[i].north_m);
    }
    double across = MAX(east - west, SPAN_LEAST_M), up = MAX(north - south, SPAN_LEAST_M);
    return (Plan){.pages = pages,
                  .east_m = (west + east) / 2,
                  .north_m = (south + north) / 2,
                  .scale = MIN((PAGE_INNER - 2 * INSET) / across, (HEIGHT - 2 * INSET) / up),
                  .x = PAGE_LEFT_EDGE + PAGE_INNER / 2,
                  .y = pages->y + HEIGHT / 2};
}

static double x_of(const Plan *plan, const PagePlanCamera *camera)
{
    return plan->x + (camera->east_m - plan->east_m) * plan->scale;
}

static double y_of(const Plan *plan, const PagePlanCamera *camera)
{
    return plan->y - (camera->north_m - plan->north_m) * plan->scale;
}

/* Whether it is as long as the camera reaches. */
static bool draw_wedge(const Plan *plan, const PagePlanCamera *camera)
{
    cairo_t *pen = plan->pages->pen;
    if (camera->fov_deg <= 0)
        return true;
    double reach = camera->reach_m * plan->scale;
    double length = CLAMP(reach, WEDGE_LEAST, WEDGE_MOST);
    double ahead = radians(camera->heading_deg - 90); /* Cairo's angles begin in the east */
    double half = radians(MIN(camera->fov_deg, 360) / 2);
    cairo_move_to(pen, x_of(plan, camera), y_of(plan, camera));
    cairo_arc(pen, x_of(plan, camera), y_of(plan, camera), length, ahead - half, ahead + half);
    cairo_close_path(pen);
    cairo_set_source_rgba(pen, 0.15, 0.35, 0.6, 0.18);
    cairo_fill_preserve(pen);
    cairo_set_source_rgb(pen, 0.15, 0.35, 0.6);
    cairo_set_line_width(pen, 0.6);
    cairo_stroke(pen);
    return fabs(reach - length) < 1;
}

/* Before the lens, so that cameras of one pole can be told apart; where one stands in the way of
 * an earlier one's, further out. */
static void draw_label(const Plan *plan, const PagePlanCamera *cameras, unsigned index)
{
    const PagePlanCamera *camera = &cameras[index];
    double ahead = radians(camera->fov_deg > 0 ? camera->heading_deg - 90 : 90);
    unsigned same = 0;
    for (unsigned i = 0; i < index; i++) {
        double apart = hypot(x_of(plan, &cameras[i]) - x_of(plan, camera),
                             y_of(plan, &cameras[i]) - y_of(plan, camera));
        double turned = fabs(remainder(cameras[i].heading_deg - camera->heading_deg, 360));
        same += apart < 12 && turned < 40;
    }
    g_autoptr(PangoLayout) label =
        page_layout(plan->pages, PAGE_STRONG, 40, PAGE_CENTRE, camera->label);
    double out = 14 + 15 * same;
    page_show(plan->pages, label, x_of(plan, camera) + cos(ahead) * out - 20,
              y_of(plan, camera) + sin(ahead) * out - page_layout_height(label) / 2);
}

static void draw_dot(const Plan *plan, const PagePlanCamera *camera)
{
    cairo_new_sub_path(plan->pages->pen);
    cairo_arc(plan->pages->pen, x_of(plan, camera), y_of(plan, camera), DOT, 0, 2 * M_PI);
    cairo_fill(plan->pages->pen);
}

/* A length that is easily read, about a fifth of the width. */
static double scale_length_m(const Plan *plan)
{
    static const double easy[] = {1, 2, 5, 10};
    double about = PAGE_INNER / 5 / plan->scale, ten = pow(10, floor(log10(about)));
    double length = ten;
    for (unsigned i = 0; i < G_N_ELEMENTS(easy); i++)
        if (easy[i] * ten <= about)
            length = easy[i] * ten;
    return length;
}

static void draw_scale(const Plan *plan, double bottom)
{
    cairo_t *pen = plan->pages->pen;
    double length_m = scale_length_m(plan), length = length_m * plan->scale;
    double x = PAGE_LEFT_EDGE + 12, y = bottom - 12;
    g_autofree char *text = length_m < 1000 ? g_strdup_printf("%.0f m", length_m)
                                            : g_strdup_printf("%.0f km", length_m / 1000);
    cairo_set_line_width(pen, 0.8);
    cairo_move_to(pen, x, y - 4);
    cairo_line_to(pen, x, y);
    cairo_line_to(pen, x + length, y);
    cairo_line_to(pen, x + length, y - 4);
    cairo_stroke(pen);
    g_autoptr(PangoLayout) label = page_layout(plan->pages, PAGE_SMALL, 80, PAGE_LEFT, text);
    page_show(plan->pages, label, x + 3, y - 15);
}

static void draw_north(const Plan *plan, const char *north)
{
    cairo_t *pen = plan->pages->pen;
    double x = PAGE_LEFT_EDGE + PAGE_INNER - 26, y = plan->pages->y + 14;
    cairo_move_to(pen, x, y);
    cairo_line_to(pen, x + 5, y + 18);
    cairo_line_to(pen, x, y + 14);
    cairo_line_to(pen, x - 5, y + 18);
    cairo_close_path(pen);
    cairo_fill(pen);
    g_autoptr(PangoLayout) label = page_layout(plan->pages, PAGE_SMALL, 50, PAGE_CENTRE, north);
    page_show(plan->pages, label, x - 25, y + 19);
}

bool page_plan(Pages *pages, const PagePlanCamera *cameras, unsigned count, const char *north)
{
    page_keep(pages, HEIGHT);
    Plan plan = fit(pages, cameras, count);
    bool to_scale = true;
    cairo_save(pages->pen);
    cairo_rectangle(pages->pen, PAGE_LEFT_EDGE, pages->y, PAGE_INNER, HEIGHT);
    cairo_clip(pages->pen);
    for (unsigned i = 0; i < count; i++)
        to_scale = draw_wedge(&plan, &cameras[i]) && to_scale;
    page_grey(pages, 0);
    for (unsigned i = 0; i < count; i++)
        draw_dot(&plan, &cameras[i]);
    for (unsigned i = 0; i < count; i++)
        draw_label(&plan, cameras, i);
    draw_scale(&plan, pages->y + HEIGHT);
    draw_north(&plan, north);
    cairo_restore(pages->pen);
    page_grey(pages, 0.45);
    cairo_set_line_width(pages->pen, 0.5);
    cairo_rectangle(pages->pen, PAGE_LEFT_EDGE, pages->y, PAGE_INNER, HEIGHT);
    cairo_stroke(pages->pen);
    page_grey(pages, 0);
    pages->y += HEIGHT + 6;
    return to_scale;
}
