/* A table of cameras as a spreadsheet saves it. */
#include "config/camera_list.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_auto(CameraList) list = {0};
    if (!camera_list_read((const char *)data, size, &list, &error)) {
        g_assert(error && error->message[0]);
        return 0;
    }
    for (guint i = 0; i < list.cameras->len; i++) {
        const ListedCamera *camera = list.cameras->pdata[i];
        g_assert(*camera->name && camera->line > 1 && camera->channel >= 1);
        g_assert(camera->url || camera->host);
    }
    return 0;
}
