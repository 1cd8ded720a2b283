#include "cli/volume.h"

#include "config/config.h"

#include <unistd.h>

char *volume_path(const DataFolder *folder, GError **error)
{
    if (access(folder->config, F_OK) != 0)
        return g_strdup(folder->footage);
    g_autoptr(Config) config = config_read(folder->config, error);
    if (!config)
        return NULL;
    return g_strdup(config->storage.footage_count ? config->storage.footage[0] : folder->footage);
}
