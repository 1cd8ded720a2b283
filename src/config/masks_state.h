/* masks_state.h — what the parts of masks.h share. Private to config/masks*.c. */
#pragma once

#include "base/turn.h"
#include "config/masks.h"

#include <pthread.h>

/* A lifting, and when it ends on the clock that nobody sets. */
typedef struct Lifting {
    LiftingRow *row;       /* owned */
    int64_t until_mono_us; /* 0: it does not run */
} Lifting;

struct Masks {
    Catalog *catalog;
    char *path; /* of masks.json; NULL: none */
    Turn change;
    pthread_mutex_t lock; /* of what follows */
    GPtrArray *rows;      /* MaskRow, owned, oldest first */
    GPtrArray *liftings;  /* Lifting, owned, oldest first */
    MasksListener listener;
    void *listener_data;
};

/* Tells the listener. Not under the lock. */
void masks_tell(Masks *masks, const Uuid *camera);

/* Writes masks.json anew. In a turn. */
void masks_write_file(Masks *masks);

/* Is a mask of the camera in force now? */
bool masks_any(Masks *masks, const Uuid *camera);

/* An account, and not the console or a token. ERR_DENIED. */
bool masks_check_person(const Uuid *by, GError **error);

void lifting_free(void *data);
