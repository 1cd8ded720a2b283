/* A configuration file. What is taken keeps the bounds that config.h names; what is not is told
 * with its reason. */
#include "base/log.h"
#include "config/config.h"
#include "fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    log_set_level(LOG_ERROR);
    g_autoptr(Config) config = config_read(memory_file(data, size), &error);
    if (!config) {
        g_assert(error && error->message[0]);
        return 0;
    }
    g_assert(!error && config->server.listen);
    g_assert(config->storage.segment_minutes >= 1 && config->storage.segment_minutes <= 15);
    for (unsigned i = 0; i < config->cameras_count; i++)
        g_assert(config->cameras[i].name && config->cameras[i].url && config->cameras[i].line > 0);
    for (unsigned i = 0; i < config->locations_count; i++)
        g_assert(config->locations[i].name && config->locations[i].latitude <= 90);
    return 0;
}
