#include "canvas.h"

#include "picture.h"

#include <math.h>
#include <string.h>

typedef struct Rectangle {
    int left, top, right, bottom; /* even */
} Rectangle;

struct Canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    uint8_t *backdrop; /* copy of the sealed surface */
    AVFrame *converted;
    GArray *touched; /* of Rectangle */
    int width, height, stride;
};

Canvas *canvas_new(int width, int height)
{
    Canvas *canvas = g_new0(Canvas, 1);
    canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    canvas->cairo = cairo_create(canvas->surface);
    canvas->converted = picture_new(width, height);
    canvas->touched = g_array_new(FALSE, FALSE, sizeof(Rectangle));
    canvas->width = width;
    canvas->height = height;
    canvas->stride = cairo_image_surface_get_stride(canvas->surface);
    return canvas;
}

void canvas_free(Canvas *canvas)
{
    cairo_destroy(canvas->cairo);
    cairo_surface_destroy(canvas->surface);
    g_free(canvas->backdrop);
    av_frame_free(&canvas->converted);
    g_array_unref(canvas->touched);
    g_free(canvas);
}

cairo_t *canvas_cairo(Canvas *canvas)
{
    return canvas->cairo;
}

/* ITU-R BT.709, limited range, in 1/65536. */
static inline uint8_t luma(uint32_t pixel)
{
    const uint32_t r = pixel >> 16 & 0xff, g = pixel >> 8 & 0xff, b = pixel & 0xff;
    return (uint8_t)((11966 * r + 40254 * g + 4064 * b + (16 << 16) + 32768) >> 16);
}

static void chroma(const uint32_t four[4], uint8_t *cb, uint8_t *cr)
{
    int r = 0, g = 0, b = 0;
    for (int i = 0; i < 4; i++) {
        r += (int)(four[i] >> 16 & 0xff);
        g += (int)(four[i] >> 8 & 0xff);
        b += (int)(four[i] & 0xff);
    }
    *cb = (uint8_t)((-6596 * r - 22189 * g + 28784 * b + (128 << 18) + 131072) >> 18);
    *cr = (uint8_t)((28784 * r - 26145 * g - 2639 * b + (128 << 18) + 131072) >> 18);
}

static void convert(const uint8_t *pixels, int stride, const Rectangle *area, AVFrame *out)
{
    for (int y = area->top; y < area->bottom; y += 2) {
        const uint32_t *upper = (const uint32_t *)(const void *)(pixels + (ptrdiff_t)y * stride);
        const uint32_t *lower =
            (const uint32_t *)(const void *)(pixels + (ptrdiff_t)(y + 1) * stride);
        uint8_t *y0 = out->data[0] + (ptrdiff_t)y * out->linesize[0];
        uint8_t *y1 = y0 + out->linesize[0];
        uint8_t *cb = out->data[1] + (ptrdiff_t)(y / 2) * out->linesize[1];
        uint8_t *cr = out->data[2] + (ptrdiff_t)(y / 2) * out->linesize[2];
        for (int x = area->left; x < area->right; x++) {
            y0[x] = luma(upper[x]);
            y1[x] = luma(lower[x]);
        }
        for (int x = area->left; x < area->right; x += 2) {
            const uint32_t four[] = {upper[x], upper[x + 1], lower[x], lower[x + 1]};
            chroma(four, &cb[x / 2], &cr[x / 2]);
        }
    }
}

void canvas_seal(Canvas *canvas)
{
    cairo_surface_flush(canvas->surface);
    const size_t size = (size_t)canvas->stride * (size_t)canvas->height;
    const uint8_t *pixels = cairo_image_surface_get_data(canvas->surface);
    canvas->backdrop = g_memdup2(pixels, size);
    const Rectangle all = {0, 0, canvas->width, canvas->height};
    convert(pixels, canvas->stride, &all, canvas->converted);
}

void canvas_touch(Canvas *canvas, double x, double y, double width, double height)
{
    const Rectangle area = {
        .left = (int)CLAMP(floor(x), 0, canvas->width) & ~1,
        .top = (int)CLAMP(floor(y), 0, canvas->height) & ~1,
        .right = ((int)CLAMP(ceil(x + width), 0, canvas->width) + 1) & ~1,
        .bottom = ((int)CLAMP(ceil(y + height), 0, canvas->height) + 1) & ~1,
    };
    if (area.left < area.right && area.top < area.bottom)
        g_array_append_val(canvas->touched, area);
}

static void restore(Canvas *canvas, const Rectangle *area)
{
    uint8_t *pixels = cairo_image_surface_get_data(canvas->surface);
    for (int y = area->top; y < area->bottom; y++) {
        const size_t at = (size_t)y * (size_t)canvas->stride + (size_t)area->left * 4;
        memcpy(pixels + at, canvas->backdrop + at, (size_t)(area->right - area->left) * 4);
    }
}

void canvas_take(Canvas *canvas, AVFrame *out)
{
    cairo_surface_flush(canvas->surface);
    av_frame_copy(out, canvas->converted);
    for (guint i = 0; i < canvas->touched->len; i++)
        convert(cairo_image_surface_get_data(canvas->surface), canvas->stride,
                &g_array_index(canvas->touched, Rectangle, i), out);
    for (guint i = 0; i < canvas->touched->len; i++)
        restore(canvas, &g_array_index(canvas->touched, Rectangle, i));
    g_array_set_size(canvas->touched, 0);
    cairo_surface_mark_dirty(canvas->surface);
}
