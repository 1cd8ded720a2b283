/* Bytes as a thumbnail file: what is listed lies in the file, in order, and can be read or is
 * damaged; and after the next append all of it is there, and the new one. */
#include "archive/thumb_file.h"
#include "base/digest.h"
#include "base/log.h"
#include "fuzz/memory_file.h"
#include "media/thumb_head.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fuzzing finds no CRC: each head that follows another gets the sum it should have. */
static void mend_sums(uint8_t *bytes, size_t size)
{
    for (size_t at = 0; size - at >= THUMB_HEAD_BYTES;) {
        ThumbHead head;
        uint32_t sum = GUINT32_TO_BE(crc32c(bytes + at, THUMB_HEAD_BYTES - 4));
        memcpy(bytes + at + THUMB_HEAD_BYTES - 4, &sum, sizeof sum);
        at += THUMB_HEAD_BYTES;
        if (!thumb_head_read(bytes + at - THUMB_HEAD_BYTES, &head) || head.bytes > size - at)
            return;
        at += head.bytes;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    log_set_level(LOG_ERROR);
    g_autofree uint8_t *bytes = g_memdup2(data + 1, size - 1);
    if (data[0] & 1)
        mend_sums(bytes, size - 1);
    const char *path = memory_file(bytes, size - 1);
    g_autoptr(GArray) entries = thumb_file_list(path, NULL);
    off_t end = 0;
    for (guint i = 0; i < entries->len; i++) {
        const ThumbEntry *entry = &g_array_index(entries, ThumbEntry, i);
        g_assert(entry->offset == end + THUMB_HEAD_BYTES && entry->bytes > 0);
        end = entry->offset + (off_t)entry->bytes;
        g_assert(end <= (off_t)(size - 1));
        g_autoptr(Buffer) jpeg = thumb_file_picture(path, entry, NULL);
        g_assert(!jpeg || jpeg->size == entry->bytes);
    }
    g_autoptr(Buffer) jpeg = buffer_copy("\xff\xd8 a picture", 12);
    g_assert(thumb_file_append(path, true, 7, jpeg, NULL));
    g_autoptr(GArray) after = thumb_file_list(path, NULL);
    g_assert(after->len == entries->len + 1 || after->len == entries->len);
    return 0;
}
