/* Where a webhook leads, as somebody types it: what is shown of it holds no secret. */
#include "config/webhook_address.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autofree char *place = webhook_address_place(text);
    if (!webhook_address_check(text, &error)) {
        g_assert(error && g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert(*place && !strchr(place, '@') && !strchr(place, '?') && !strchr(place, '#'));
    const char *host = strstr(place, "://");
    g_assert(host && !strchr(host + 3, '/'));
    g_assert(webhook_address_same_place(text, place));
    return 0;
}
