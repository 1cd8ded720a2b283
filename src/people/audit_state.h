/* audit_state.h — private to people/: what an Audit is made of. */
#pragma once

#include "base/queue.h"
#include "base/thread.h"
#include "ledger/chain.h"
#include "people/audit.h"
#include "people/audit_looks.h"
#include "people/audit_refusals.h"

#include <pthread.h>
#include <stdatomic.h>

/* An entry on its way, a piece of a look, or somebody who waits until those before it are on disk.
 */
typedef struct Note {
    GString *fields; /* of an entry */
    Look *look;      /* a piece of one */
    bool flush;      /* somebody's, on their stack */
    int64_t time_us;
    GError *error;
    bool done; /* under the audit's lock */
} Note;

/* Does a result with this name mean “refused”? */
bool audit_tells_refusal(const char *result);

struct Audit {
    char *folder;
    Queue *notes;
    Thread *thread;
    Chain *chain; /* the thread's */
    Looks *looks; /* the thread's */
    Refusals *refusals;
    atomic_bool closing;
    uint64_t lost;     /* the thread's: entries dropped since the disk took the last ones */
    int64_t synced_us; /* the thread's: when it last wrote */
    pthread_mutex_t lock;
    pthread_cond_t flushed;
};
