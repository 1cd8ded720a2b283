#include "record.h"

#include <glib.h>
#include <pthread.h>

enum { RECORD_ENTRIES = 1 << 16 }; /* 72 minutes at 15 a second */

typedef struct Packed {
    int64_t sent_us;
    uint32_t number, loop;
    uint32_t bytes_and_key; /* key in the lowest bit */
} Packed;

struct Record {
    pthread_mutex_t lock;
    uint64_t count;  /* entries ever added; the newest RECORD_ENTRIES are kept */
    Packed *entries; /* pages that were never written take no memory */
};

Record *record_new(void)
{
    Record *record = g_new0(Record, 1);
    pthread_mutex_init(&record->lock, NULL);
    record->entries = g_new0(Packed, RECORD_ENTRIES);
    return record;
}

void record_free(Record *record)
{
    pthread_mutex_destroy(&record->lock);
    g_free(record->entries);
    g_free(record);
}

void record_add(Record *record, const RecordEntry *entry)
{
    pthread_mutex_lock(&record->lock);
    record->entries[record->count++ % RECORD_ENTRIES] =
        (Packed){.sent_us = entry->sent_us,
                 .number = (uint32_t)entry->number, /* 9 years of pictures */
                 .loop = entry->loop,
                 .bytes_and_key = entry->bytes << 1 | entry->key};
    pthread_mutex_unlock(&record->lock);
}

Json *record_list(Record *record, int64_t from_us, int64_t to_us)
{
    Json *list = json_array();
    pthread_mutex_lock(&record->lock);
    uint64_t first = record->count > RECORD_ENTRIES ? record->count - RECORD_ENTRIES : 0;
    for (uint64_t i = first; i < record->count; i++) {
        const Packed *entry = &record->entries[i % RECORD_ENTRIES];
        if (entry->sent_us < from_us || entry->sent_us >= to_us)
            continue;
        json_array_append_new(
            list,
            json_pack("{s:I, s:I, s:I, s:b, s:I}", "number", (json_int_t)entry->number, "loop",
                      (json_int_t)entry->loop, "sent_us", (json_int_t)entry->sent_us, "key",
                      entry->bytes_and_key & 1, "bytes", (json_int_t)(entry->bytes_and_key >> 1)));
    }
    pthread_mutex_unlock(&record->lock);
    return list;
}
