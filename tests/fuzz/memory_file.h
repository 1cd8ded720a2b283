/* memory_file.h — fuzzed bytes as a file in memory: a disk would be the slowest part. Its path is
 * no link, for some readers follow none.
 */
#pragma once

#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static char memory_file_path[] = "/dev/shm/vonglau-fuzz-XXXXXX";

static inline void memory_file_remove(void)
{
    unlink(memory_file_path);
}

/* One file a program, anew with each call. Returns its path, borrowed. */
static inline const char *memory_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0) {
        fd = mkostemp(memory_file_path, O_CLOEXEC);
        atexit(memory_file_remove);
    }
    g_assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    return memory_file_path;
}
