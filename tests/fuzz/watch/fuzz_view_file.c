/* Bytes as a camera's reference view. One that is taken is written as the same bytes, and a view
 * can be searched in it. */
#include "watch/view_look.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ViewReference reference;
    if (!view_reference_read(data, size, &reference))
        return 0;
    g_auto(ByteWriter) again = {0};
    view_reference_write(&reference, &again);
    g_assert(again.size == size && memcmp(again.data, data, size) == 0);
    if (reference.count == 0)
        return 0;
    static ViewSketch now;
    static ViewLook look;
    memcpy(now.small, reference.lights[reference.count - 1].small, sizeof now.small);
    memcpy(now.range, data, MIN(size, sizeof now.range));
    view_sketch_means(now.small, now.mean);
    view_look(&reference, 0, &now, &look);
    g_assert(look.kept >= 0 && look.kept + look.veiled <= 1.0001);
    return 0;
}
