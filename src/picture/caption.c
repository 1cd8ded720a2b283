#include "picture/caption.h"

#include <pango/pangocairo.h>
#include <stdbool.h>

/* Stacked marks of Vietnamese capitals need more than the line of a font has. */
#define LINE_OF_FONT 1.45
#define BASELINE 0.8
/* Of what is behind the letters so much stays, of 8. */
enum { BEHIND = 3, BLACK = 16, WHITE = 235 };

struct Caption {
    int height, most_width, pad;
    int width; /* of the strip */
    char *text;
    cairo_surface_t *mask;
    cairo_t *pen;
    PangoFontMap *fonts; /* its own: the default one belongs to a thread */
    PangoContext *context;
    PangoLayout *layout;
};

static void open_layout(Caption *caption)
{
    caption->fonts = pango_cairo_font_map_new();
    caption->context = pango_font_map_create_context(caption->fonts);
    caption->layout = pango_layout_new(caption->context);
    PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans, sans");
    pango_font_description_set_absolute_size(font, caption->height / LINE_OF_FONT * PANGO_SCALE);
    pango_layout_set_font_description(caption->layout, font);
    pango_font_description_free(font);
    pango_layout_set_single_paragraph_mode(caption->layout, true);
    pango_layout_set_ellipsize(caption->layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(caption->layout, (caption->most_width - 2 * caption->pad) * PANGO_SCALE);
}

Caption *caption_new(int height_px, int most_width_px)
{
    Caption *caption = g_new0(Caption, 1);
    caption->height = MAX(height_px, 1);
    caption->pad = MAX(caption->height / 4, 1);
    caption->most_width = MAX(most_width_px, 4 * caption->pad);
    caption->text = g_strdup("");
    caption->mask =
        cairo_image_surface_create(CAIRO_FORMAT_A8, caption->most_width, caption->height);
    caption->pen = cairo_create(caption->mask);
    open_layout(caption);
    return caption;
}

void caption_free(Caption *caption)
{
    if (!caption)
        return;
    g_object_unref(caption->layout);
    g_object_unref(caption->context);
    g_object_unref(caption->fonts);
    cairo_destroy(caption->pen);
    cairo_surface_destroy(caption->mask);
    g_free(caption->text);
    g_free(caption);
}

static void clear(const Caption *caption)
{
    cairo_set_operator(caption->pen, CAIRO_OPERATOR_CLEAR);
    cairo_paint(caption->pen);
    cairo_set_operator(caption->pen, CAIRO_OPERATOR_OVER);
}

void caption_set(Caption *caption, const char *text)
{
    int width;
    if (g_str_equal(text, caption->text))
        return;
    g_free(caption->text);
    caption->text = g_strdup(text);
    pango_layout_set_text(caption->layout, text, -1);
    pango_layout_get_pixel_size(caption->layout, &width, NULL);
    caption->width = *text ? MIN(width + 2 * caption->pad, caption->most_width) : 0;
    clear(caption);
    cairo_set_source_rgba(caption->pen, 1, 1, 1, 1);
    cairo_move_to(caption->pen, caption->pad,
                  caption->height * BASELINE -
                      (double)pango_layout_get_baseline(caption->layout) / PANGO_SCALE);
    pango_cairo_show_layout(caption->pen, caption->layout);
    cairo_surface_flush(caption->mask);
}

int caption_width(const Caption *caption)
{
    return caption->width;
}

static const uint8_t *row_of(const Caption *caption, int y)
{
    return cairo_image_surface_get_data(caption->mask) +
           (ptrdiff_t)y * cairo_image_surface_get_stride(caption->mask);
}

uint8_t caption_point(const Caption *caption, int x, int y)
{
    return x >= 0 && x < caption->width && y >= 0 && y < caption->height ? row_of(caption, y)[x]
                                                                         : 0;
}

static void burn_row(uint8_t *to, const uint8_t *letters, int count)
{
    for (int i = 0; i < count; i++) {
        int behind = BLACK + (MAX(to[i], BLACK) - BLACK) * BEHIND / 8;
        to[i] = (uint8_t)(behind + (WHITE - behind) * letters[i] / 255);
    }
}

void caption_burn(const Caption *caption, const CaptionPlane *to, int x, int y)
{
    int first = MAX(-x, 0), end = MIN(caption->width, to->width - x);
    if (cairo_surface_status(caption->mask) != CAIRO_STATUS_SUCCESS || end <= first)
        return;
    for (int row = MAX(-y, 0); row < MIN(caption->height, to->height - y); row++)
        burn_row(to->pixels + (ptrdiff_t)(y + row) * to->stride + x + first,
                 row_of(caption, row) + first, end - first);
}
