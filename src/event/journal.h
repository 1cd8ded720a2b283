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
    pthread_mutex_t lock;
    GHashTable *open;                         /* Uuid in EventRow → EventRow; guarded by lock */
    Listener listeners[EVENT_LISTENERS_MOST]; /* guarded by lock */
    unsigned listener_count;
};

/* The thread: writes pictures, moves the ends of open events on, tidies up. */
void event_pictures_main(void *data);
void event_picture_note_free(void *note);
