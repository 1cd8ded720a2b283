/* catalog_state.h — private to catalog/: what an open catalog is made of. */
#pragma once

#include "base/queue.h"
#include "base/thread.h"
#include "catalog/db.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum { READERS = 4 };

struct Catalog {
    char *path;
    CatalogDb *writing; /* the writer thread's; NULL: could not be opened after it was mended */
    Queue *writes;
    Thread *writer;
    pthread_mutex_t lock; /* readers, changing, Write.finished */
    pthread_cond_t changed;
    CatalogDb *idle[READERS];
    unsigned idle_count;
    unsigned open_readers;
    bool changing; /* the file is being replaced: no reader is opened */

    const CatalogSource *sources; /* borrowed */
    size_t source_count;
    _Atomic bool damaged; /* found by a reader */
    atomic_bool failing;  /* the last group of writes was not stored */
    dev_t device;         /* of the file that is open; writer thread */
    ino_t inode;
    int64_t next_try_us; /* monotonic; writer thread */
};
