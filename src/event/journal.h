/* journal.h — private to event/: what the journal's files share. */
#pragma once

#include "base/queue.h"
#include "base/thread.h"
#include "event/event.h"

#include <pthread.h>
#include <stdatomic.h>

enum { EVENT_LISTENERS_MOST = 8 };

typedef struct Listener {
    EventListener tell;
    void *data;
} Listener;

struct Events {
    Catalog *catalog;
    char *folder;
    Queue *pictures; /* PictureNote *, of the thread */
    Thread *thread;
    atomic_bool closing;
    _Atomic int64_t picture_days; /* each round reads it anew */
    _Atomic int64_t due_us;       /* 0: not told yet */
    pthread_mutex_t lock;
    GHashTable *open;    /* Uuid in EventRow → EventRow; guarded by lock, as what follows */
    GHashTable *waiting; /* … for the catalog: the same */
    bool behind;         /* it did not take the newest */
    Listener listeners[EVENT_LISTENERS_MOST];
    unsigned listener_count;
};

EventRow *event_row_copy(const EventRow *row); /* returns owned */
void event_row_free_any(void *row);            /* event_row_free() for containers */

/* The newest of one event, begun or ended, goes to the catalog, now or later; takes `row`. */
void event_row_write(Events *events, EventRow *row);

/* Tries those again that could not be written. `wait`: returns when those handed over before are
 * through, too. Blocks. */
void event_rows_write_late(Events *events, bool wait);

/* At the end: tells of those that were never written. */
void event_rows_lose(Events *events);

/* Moves on what the catalog knows of all that are open; makes them there when it was made anew. */
void event_rows_still_open(Events *events);

/* The thread: writes pictures and what waits, moves the ends of open events on, tidies up. */
void event_pictures_main(void *data);
void event_picture_note_free(void *note);
