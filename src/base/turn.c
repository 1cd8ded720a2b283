#include "base/turn.h"

void turn_init(Turn *turn)
{
    pthread_mutex_init(&turn->lock, NULL);
    pthread_cond_init(&turn->over, NULL);
    turn->taken = false;
}

void turn_clear(Turn *turn)
{
    pthread_cond_destroy(&turn->over);
    pthread_mutex_destroy(&turn->lock);
}

void turn_begin(Turn *turn)
{
    pthread_mutex_lock(&turn->lock);
    while (turn->taken)
        pthread_cond_wait(&turn->over, &turn->lock);
    turn->taken = true;
    pthread_mutex_unlock(&turn->lock);
}

void turn_end(Turn *turn)
{
    pthread_mutex_lock(&turn->lock);
    turn->taken = false;
    pthread_cond_signal(&turn->over);
    pthread_mutex_unlock(&turn->lock);
}
