/* Bytes as a day of motion. What is taken lies within the day; with the bytes after the whole part
 * cut off, the same is taken again. */
#include "base/digest.h"
#include "watch/motion_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DAY = 20000, BLOCK_HEADER_BYTES = 6 };

static void on_run(void *data, const MotionRun *run)
{
    g_assert(run->count >= 1 && run->second.second >= (int64_t)DAY * MOTION_DAY_S);
    g_assert(run->second.second + run->count <= (int64_t)(DAY + 1) * MOTION_DAY_S);
    *(int64_t *)data += run->count;
}

/* Fuzzing finds no CRC: the first byte says whether each block gets the one it should have. */
static void mend_sums(uint8_t *bytes, size_t size)
{
    size_t at = MOTION_FILE_HEADER_BYTES;
    while (at + BLOCK_HEADER_BYTES + 4 <= size) {
        const size_t block = BLOCK_HEADER_BYTES + (size_t)(bytes[at + 4] << 8 | bytes[at + 5]);
        if (at + block + 4 > size)
            return;
        const uint32_t sum = GUINT32_TO_BE(crc32c(bytes + at, block));
        memcpy(bytes + at + block, &sum, sizeof sum);
        at += block + 4;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    g_autofree uint8_t *bytes = g_memdup2(data + 1, size - 1);
    if (data[0] & 1)
        mend_sums(bytes, size - 1);
    int64_t seconds = 0, again = 0;
    const size_t whole = motion_file_read(bytes, size - 1, DAY, on_run, &seconds);
    g_assert(whole <= size - 1);
    g_assert(motion_file_read(bytes, whole, DAY, on_run, &again) == whole);
    g_assert(again <= seconds);
    return 0;
}
