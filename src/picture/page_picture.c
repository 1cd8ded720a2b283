/* JPEGs and QR codes on a page. */
#include "base/bytes.h"
#include "base/qr.h"
#include "picture/page_draw.h"

#include <string.h>

#define BETWEEN 12.0
#define CODE_SIZE 104.0

/* ---- JPEG ---- */

/* Size of what libav_jpeg() made: it stands in the frame header (ITU-T T.81 §B.2.2). */
static bool jpeg_size(const Buffer *jpeg, int *width, int *height)
{
    for (size_t at = 2; at + 9 <= jpeg->size && jpeg->data[at] == 0xFF;
         at += 2 + get_u16(jpeg->data + at + 2)) {
        if (jpeg->data[at + 1] != 0xC0)
            continue;
        *height = get_u16(jpeg->data + at + 5);
        *width = get_u16(jpeg->data + at + 7);
        return *width > 0 && *height > 0;
    }
    return false;
}

/* An image that Cairo writes as the JPEG it was made from; its own pixels are not looked at. */
static cairo_surface_t *jpeg_surface(const Buffer *jpeg, int width, int height)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    uint8_t *copy = g_memdup2(jpeg->data, jpeg->size);
    if (cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, copy, jpeg->size, g_free, copy) !=
        CAIRO_STATUS_SUCCESS)
        g_free(copy);
    return image;
}

/* As large as fits, in the middle of the box. */
static void draw_jpeg(Pages *pages, const Buffer *jpeg, double x, double y, double width,
                      double height)
{
    int wide, high;
    if (!jpeg_size(jpeg, &wide, &high))
        return;
    cairo_surface_t *image = jpeg_surface(jpeg, wide, high);
    double scale = MIN(width / wide, height / high);
    cairo_save(pages->pen);
    cairo_translate(pages->pen, x + (width - wide * scale) / 2, y + (height - high * scale) / 2);
    cairo_scale(pages->pen, scale, scale);
    cairo_set_source_surface(pages->pen, image, 0, 0);
    cairo_paint(pages->pen);
    cairo_restore(pages->pen);
    cairo_surface_destroy(image);
}

/* Lines under a picture; their height. With `draw` they are drawn from `y` on. */
static double captions(Pages *pages, const PagePicture *picture, double x, double y, double width,
                       bool draw)
{
    double at = y + 3;
    for (unsigned i = 0; i < G_N_ELEMENTS(picture->captions) && picture->captions[i]; i++) {
        g_autoptr(PangoLayout) line =
            page_layout(pages, PAGE_SMALL, width, PAGE_LEFT, picture->captions[i]);
        if (draw)
            page_show(pages, line, x, at);
        at += page_layout_height(line);
    }
    return at - y;
}

static void draw_picture(Pages *pages, const PagePicture *picture, double x, double width,
                         double height)
{
    page_grey(pages, 0.88);
    cairo_rectangle(pages->pen, x, pages->y, width, height);
    cairo_fill(pages->pen);
    page_grey(pages, 0);
    draw_jpeg(pages, picture->jpeg, x, pages->y, width, height);
    captions(pages, picture, x, pages->y + height, width, true);
}

/* Height over width of the boxes of a row: of the tallest picture in it, but never a square. */
static double row_shape(const PagePicture *pictures, unsigned count)
{
    double shape = 9.0 / 16;
    for (unsigned i = 0; i < count; i++) {
        int width, height;
        if (jpeg_size(pictures[i].jpeg, &width, &height))
            shape = MAX(shape, MIN((double)height / width, 0.75));
    }
    return shape;
}

static void draw_pair(Pages *pages, const PagePicture *pictures, unsigned count)
{
    const double width = (PAGE_INNER - BETWEEN) / 2;
    double height = width * row_shape(pictures, count), below = 0;
    for (unsigned i = 0; i < count; i++)
        below = MAX(below, captions(pages, &pictures[i], 0, 0, width, false));
    page_keep(pages, height + below);
    for (unsigned i = 0; i < count; i++)
        draw_picture(pages, &pictures[i], PAGE_LEFT_EDGE + i * (width + BETWEEN), width, height);
    pages->y += height + below + 8;
}

void page_pictures(Pages *pages, const PagePicture *pictures, unsigned count)
{
    for (unsigned i = 0; i < count; i += 2)
        draw_pair(pages, pictures + i, MIN(count - i, 2));
}

/* ---- codes ---- */

static void draw_code(Pages *pages, const uint8_t *modules, int width, double x, double y)
{
    double module = CODE_SIZE / width;
    for (int row = 0; row < width; row++)
        for (int column = 0; column < width; column++)
            if (modules[row * width + column])
                cairo_rectangle(pages->pen, x + column * module, y + row * module, module, module);
    cairo_fill(pages->pen);
}

void page_code(Pages *pages, const char *code, const PageLine *lines)
{
    int width;
    g_autofree uint8_t *modules = qr_modules(code, &width);
    const double text_width = PAGE_INNER - (modules ? CODE_SIZE + 24 : 0);
    page_keep(pages, CODE_SIZE + 10);
    double top = pages->y, at = top;
    page_grey(pages, 0);
    for (; lines->text; lines++) {
        g_autoptr(PangoLayout) layout =
            page_layout(pages, lines->style, text_width, PAGE_LEFT, lines->text);
        page_show(pages, layout, PAGE_LEFT_EDGE, at);
        at += page_layout_height(layout) + 3;
    }
    if (modules)
        draw_code(pages, modules, width, PAGE_LEFT_EDGE + PAGE_INNER - CODE_SIZE - 4, top + 4);
    pages->y = MAX(at, modules ? top + CODE_SIZE + 12 : at) + 4;
}
