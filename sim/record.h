/* record.h — what one stream sent and when: the newest 72 minutes, in memory. Any thread. */
#pragma once

#include "base/json.h"

#include <stddef.h>

typedef struct Record Record;

typedef struct RecordEntry {
    uint64_t number; /* of the picture, from 0 at the camera's start */
    int64_t sent_us; /* wall clock, UTC */
    uint32_t loop;
    uint32_t bytes; /* of the access unit with its mark and its 4-byte lengths */
    bool key;
} RecordEntry;

Record *record_new(void);
void record_free(Record *record);
void record_add(Record *record, const RecordEntry *entry);

/* Entries with from_us <= sent_us < to_us, oldest first. Returns owned. */
Json *record_list(Record *record, int64_t from_us, int64_t to_us);
