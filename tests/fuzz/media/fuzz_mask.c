/* Bytes as shapes of privacy masks: what is taken is written again the same, covers itself, and is
 * covered by the whole picture; each of its corners is covered when it is painted. */
#include "media/mask.h"
#include "picture/masker.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 320, HEIGHT = 180 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_painted(const MaskShape *shape)
{
    g_autoptr(MaskSet) masks = mask_set_new(shape, 1);
    g_autoptr(Masker) masker = masker_new(masks);
    for (unsigned i = 0; i < shape->count; i++) {
        int x = (int)(shape->points[i].x * (WIDTH - 1) / MASK_WHOLE);
        int y = (int)(shape->points[i].y * (HEIGHT - 1) / MASK_WHOLE);
        if (!masker_covers(masker, WIDTH, HEIGHT, x, y))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MaskShape shape;
    const MaskShape whole = {4,
                             {{0, 0}, {MASK_WHOLE, 0}, {MASK_WHOLE, MASK_WHOLE}, {0, MASK_WHOLE}}};
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!mask_shape_parse(text, &shape))
        return 0;
    if (!mask_shape_covers(&shape, &shape) || !mask_shape_covers(&whole, &shape))
        abort();
    check_painted(&shape);
    MaskShape again;
    g_autofree char *written = mask_shape_text(&shape);
    if (!mask_shape_parse(written, &again) || again.count != shape.count ||
        memcmp(again.points, shape.points, shape.count * sizeof *shape.points) != 0)
        abort();
    return 0;
}
