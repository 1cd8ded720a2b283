/* audit_state.h — private to people/: what an Audit is made of. */
#pragma once

#include "base/queue.h"
#include "base/thread.h"
#include "ledger/chain.h"
#include "people/audit.h"

#include <pthread.h>

struct Audit {
    char *folder;
    Queue *notes;
    Thread *thread;
    Chain *chain;  /* the thread's */
    uint64_t lost; /* the thread's: entries dropped since the disk took the last ones */
    pthread_mutex_t lock;
    pthread_cond_t flushed;
};
