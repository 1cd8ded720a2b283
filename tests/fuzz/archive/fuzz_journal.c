/* Bytes as a journal file, and as the name of a segment. A record that is taken is written and
 * read again as the same. */
#include "archive/journal.h"
#include "archive/journal_files.h"
#include "base/log.h"
#include "fuzz/memory_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fuzzing finds no CRC: the first byte says whether each record gets the one it should have. */
static void mend_sums(uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at + JOURNAL_RECORD_BYTES <= size; at += JOURNAL_RECORD_BYTES) {
        uint32_t sum = GUINT32_TO_BE(crc32c(bytes + at, JOURNAL_RECORD_BYTES - 4));
        memcpy(bytes + at + JOURNAL_RECORD_BYTES - 4, &sum, sizeof sum);
    }
}

static void check_record(const JournalRecord *record)
{
    uint8_t bytes[JOURNAL_RECORD_BYTES], twice[JOURNAL_RECORD_BYTES];
    JournalRecord again;
    journal_record_encode(record, bytes);
    g_assert(journal_record_decode(bytes, &again));
    journal_record_encode(&again, twice);
    g_assert(memcmp(bytes, twice, sizeof bytes) == 0);
    g_assert(segment_id_equal(&record->segment, &again.segment));
}

static void check_name(const uint8_t *data, size_t size)
{
    g_autofree char *name = g_strndup((const char *)data, size);
    SegmentId id = {0}, again = {0};
    if (!segment_file_parse(name, &id))
        return;
    g_autofree char *written = segment_file_name(&id);
    g_assert(segment_file_parse(written, &again) && segment_id_equal(&id, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    log_set_level(LOG_ERROR);
    check_name(data + 1, size - 1);
    g_autofree uint8_t *bytes = g_memdup2(data + 1, size - 1);
    if (data[0] & 1)
        mend_sums(bytes, size - 1);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JournalRecord));
    g_assert(journal_read_file(memory_file(bytes, size - 1), records, NULL));
    for (guint i = 0; i < records->len; i++)
        check_record(&g_array_index(records, JournalRecord, i));
    return 0;
}
