/* turn.h — one at a time, for work that takes its time.
 *
 * A lock must not be held over disk, database or callbacks, yet some changes have to follow each
 * other as a whole: those take a turn, in which they may block, and lock their data for moments.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

typedef struct Turn {
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool taken;
} Turn;

void turn_init(Turn *turn);
void turn_clear(Turn *turn); /* nobody has it or waits for it */
void turn_begin(Turn *turn); /* waits until nobody has it */
void turn_end(Turn *turn);   /* on the thread that began */
