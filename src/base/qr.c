#include "base/qr.h"

#include <qrencode.h>

enum { QUIET = 4 };

/* A row's dark modules, joined to bars. */
static void draw_row(GString *svg, const QRcode *code, int y)
{
    const unsigned char *row = code->data + (size_t)y * (size_t)code->width;
    for (int x = 0; x < code->width; x++) {
        int from = x;
        while (x < code->width && row[x] & 1) /* the lowest bit is the colour (qrencode.h) */
            x++;
        if (x > from)
            g_string_append_printf(svg, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from,
                                   x - from);
    }
}

static QRcode *encode(const char *text)
{
    return QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
}

uint8_t *qr_modules(const char *text, int *width)
{
    QRcode *code = encode(text);
    if (!code)
        return NULL;
    size_t count = (size_t)code->width * (size_t)code->width;
    uint8_t *modules = g_new(uint8_t, count);
    for (size_t i = 0; i < count; i++)
        modules[i] = code->data[i] & 1;
    *width = code->width;
    QRcode_free(code);
    return modules;
}

char *qr_svg(const char *text)
{
    QRcode *code = encode(text);
    if (!code)
        return NULL;
    int size = code->width + 2 * QUIET;
    GString *svg = g_string_new(NULL);
    g_string_printf(svg,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                    "shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" "
                    "fill=\"#fff\"/><path d=\"",
                    size, size, size, size);
    for (int y = 0; y < code->width; y++)
        draw_row(svg, code, y);
    g_string_append(svg, "\"/></svg>");
    QRcode_free(code);
    return g_string_free(svg, FALSE);
}
