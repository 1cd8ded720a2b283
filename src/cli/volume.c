#include "cli/volume.h"

#include "config/config.h"

#include <unistd.h>

GPtrArray *volume_paths(const DataFolder *folder, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Config) config = NULL;
    if (access(folder->config, F_OK) == 0 && !(config = config_read(folder->config, error)))
        return NULL;
    for (unsigned i = 0; config && i < config->storage.footage_count; i++)
        g_ptr_array_add(paths, g_strdup(config->storage.footage[i]));
    if (paths->len == 0)
        g_ptr_array_add(paths, g_strdup(folder->footage));
    return g_steal_pointer(&paths);
}
