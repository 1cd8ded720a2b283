/* The first bytes of a file that somebody sent. */
#include "media/file_kind.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree uint8_t *exact = g_memdup2(data, size);
    FileKind kind = file_kind(exact ? exact : (const uint8_t *)"", size);
    g_assert(kind < FILE_KINDS);
    if (kind == FILE_UNKNOWN)
        return 0;
    g_assert(file_kind_of_type(file_kind_type(kind)) == kind);
    g_assert(size >= 3 && data[0] != '<'); /* never a page */
    return 0;
}
