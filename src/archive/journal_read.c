#include "archive/journal.h"
#include "archive/journal_files.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <string.h>

/* Where the members of a record stand; journal.h shows the whole. */
enum {
    AT_TYPE = 4,
    AT_STREAM = 5,
    AT_FLAGS = 6,
    AT_CAUSE = 7,
    AT_CAMERA = 8,
    AT_START = 24,
    AT_COPY = 32,
    AT_PICTURES = 36,
    AT_OFFSET = 40,
    AT_BYTES = 48,
    AT_FROM = 56,
    AT_TO = 64,
    AT_HASH = 72,
    AT_CRC = 124,
    FLAG_KEY = 1,
    JOURNAL_FILE_MOST = 64 << 20, /* far above what the writer lets one grow to */
};

static const char magic[4] = {'V', 'L', 'J', '1'};

void journal_record_encode(const JournalRecord *record, uint8_t bytes[JOURNAL_RECORD_BYTES])
{
    memset(bytes, 0, JOURNAL_RECORD_BYTES);
    memcpy(bytes, magic, sizeof magic);
    bytes[AT_TYPE] = (uint8_t)record->type;
    bytes[AT_STREAM] = (uint8_t)record->segment.stream;
    bytes[AT_FLAGS] = record->key ? FLAG_KEY : 0;
    bytes[AT_CAUSE] = (uint8_t)record->cause;
    memcpy(bytes + AT_CAMERA, record->segment.camera.bytes, sizeof record->segment.camera.bytes);
    put_u64(bytes + AT_START, (uint64_t)record->segment.start_us);
    put_u32(bytes + AT_COPY, record->segment.copy);
    put_u32(bytes + AT_PICTURES, record->pictures);
    put_u64(bytes + AT_OFFSET, record->offset);
    put_u32(bytes + AT_BYTES, record->bytes);
    put_u64(bytes + AT_FROM, (uint64_t)record->from_us);
    put_u64(bytes + AT_TO, (uint64_t)record->to_us);
    memcpy(bytes + AT_HASH, record->hash, SHA256_BYTES);
    put_u32(bytes + AT_CRC, crc32c(bytes, AT_CRC));
}

bool journal_record_decode(const uint8_t bytes[JOURNAL_RECORD_BYTES], JournalRecord *record)
{
    if (memcmp(bytes, magic, sizeof magic) != 0 || get_u32(bytes + AT_CRC) != crc32c(bytes, AT_CRC))
        return false;
    if (bytes[AT_TYPE] < JOURNAL_INIT || bytes[AT_TYPE] > JOURNAL_GAP ||
        bytes[AT_STREAM] >= STREAM_KINDS || bytes[AT_CAUSE] >= GAP_CAUSES)
        return false;
    *record = (JournalRecord){
        .type = bytes[AT_TYPE],
        .segment = {.stream = bytes[AT_STREAM],
                    .start_us = (int64_t)get_u64(bytes + AT_START),
                    .copy = get_u32(bytes + AT_COPY)},
        .key = bytes[AT_FLAGS] & FLAG_KEY,
        .cause = bytes[AT_CAUSE],
        .pictures = get_u32(bytes + AT_PICTURES),
        .offset = get_u64(bytes + AT_OFFSET),
        .bytes = get_u32(bytes + AT_BYTES),
        .from_us = (int64_t)get_u64(bytes + AT_FROM),
        .to_us = (int64_t)get_u64(bytes + AT_TO),
    };
    memcpy(record->segment.camera.bytes, bytes + AT_CAMERA, sizeof record->segment.camera.bytes);
    memcpy(record->hash, bytes + AT_HASH, SHA256_BYTES);
    return true;
}

char *journal_folder(const char *volume_path)
{
    return g_build_filename(volume_path, "journal", NULL);
}

char *journal_file_path(const char *volume_path, uint64_t number)
{
    return g_strdup_printf("%s/journal/%010" G_GUINT64_FORMAT ".journal", volume_path, number);
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return first < second ? -1 : first > second;
}

GArray *journal_numbers(const char *volume_path, GError **error)
{
    g_autofree char *folder = journal_folder(volume_path);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    GError *trouble = NULL;
    g_autoptr(GDir) names = g_dir_open(folder, 0, &trouble);
    if (!names) {
        bool none = g_error_matches(trouble, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        if (!none)
            err_set(error, ERR_IO, "%s", trouble->message);
        g_error_free(trouble);
        return none ? g_steal_pointer(&numbers) : NULL;
    }
    const char *name;
    while ((name = g_dir_read_name(names))) {
        char *end;
        uint64_t number = g_ascii_strtoull(name, &end, 10);
        if (end - name == 10 && strcmp(end, ".journal") == 0)
            g_array_append_val(numbers, number);
    }
    g_array_sort(numbers, compare_numbers);
    return g_steal_pointer(&numbers);
}

bool journal_read_file(const char *path, GArray *records, GError **error)
{
    size_t size;
    g_autofree char *data = file_read(path, JOURNAL_FILE_MOST, &size, error);
    if (!data)
        return false;
    for (size_t at = 0; at + JOURNAL_RECORD_BYTES <= size; at += JOURNAL_RECORD_BYTES) {
        JournalRecord record;
        if (journal_record_decode((const uint8_t *)data + at, &record))
            g_array_append_val(records, record);
    }
    return true;
}

GArray *journal_load(const char *volume_path, GError **error)
{
    g_autoptr(GArray) numbers = journal_numbers(volume_path, error);
    if (!numbers)
        return NULL;
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JournalRecord));
    for (guint i = 0; i < numbers->len; i++) {
        g_autofree char *path = journal_file_path(volume_path, g_array_index(numbers, uint64_t, i));
        GError *trouble = NULL;
        if (journal_read_file(path, records, &trouble))
            continue;
        /* A file that went since it was listed held nothing that is still needed. */
        if (!g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, trouble);
            return NULL;
        }
        g_error_free(trouble);
    }
    return g_steal_pointer(&records);
}
