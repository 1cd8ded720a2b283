/* A site's own map. What is taken is what the app draws, in bounds; what is not is told. */
#include "config/site_map.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    SiteMapCount count;
    g_autoptr(Json) given = json_parse((const char *)data, size, NULL);
    if (!given)
        return 0;
    g_autoptr(Json) cleaned = site_map_clean(given, &count, &error);
    if (!cleaned) {
        g_assert(error && error->message[0] && g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert(!error && count.taken > 0);
    g_assert(json_array_size(json_object_get(cleaned, "features")) == count.taken);
    g_autoptr(Json) again = site_map_clean(cleaned, &count, NULL); /* it stays as it is */
    g_assert(again && count.left_out == 0 && json_equal(cleaned, again));
    return 0;
}
