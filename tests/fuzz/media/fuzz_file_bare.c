/* A picture or film that somebody sent is laid bare: it keeps its kind, and to do it twice changes
 * nothing. */
#include "media/file_bare.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FileKind kind = file_kind(data, size);
    if (kind == FILE_UNKNOWN)
        return 0;
    g_autofree uint8_t *once = g_memdup2(data, size);
    file_bare(kind, once, size);
    g_assert(file_kind(once, size) == kind);
    g_autofree uint8_t *twice = g_memdup2(once, size);
    file_bare(kind, twice, size);
    g_assert(memcmp(once, twice, size) == 0);
    return 0;
}
