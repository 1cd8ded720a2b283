#include "media/thumb_head.h"

#include "base/bytes.h"
#include "base/digest.h"

#include <string.h>

static const uint8_t mark[4] = {'V', 'L', 'T', '1'};
enum { SUMMED_BYTES = THUMB_HEAD_BYTES - 4 };

void thumb_head_write(const ThumbHead *head, uint8_t bytes[THUMB_HEAD_BYTES])
{
    memcpy(bytes, mark, sizeof mark);
    put_u32(bytes + 4, head->bytes);
    put_u64(bytes + 8, (uint64_t)head->capture_us);
    put_u32(bytes + 16, head->sum);
    put_u32(bytes + SUMMED_BYTES, crc32c(bytes, SUMMED_BYTES));
}

bool thumb_head_read(const uint8_t bytes[THUMB_HEAD_BYTES], ThumbHead *head)
{
    if (memcmp(bytes, mark, sizeof mark) != 0 ||
        get_u32(bytes + SUMMED_BYTES) != crc32c(bytes, SUMMED_BYTES))
        return false;
    *head = (ThumbHead){.capture_us = (int64_t)get_u64(bytes + 8),
                        .bytes = get_u32(bytes + 4),
                        .sum = get_u32(bytes + 16)};
    return head->bytes > 0 && head->bytes <= THUMB_MOST_BYTES;
}
