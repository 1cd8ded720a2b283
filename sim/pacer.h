/* pacer.h — the one thread that sends all pictures of prepared scenes, each when it is due. */
#pragma once

#include "stream.h"

typedef struct Pacer Pacer;

/* Borrows `streams` (of Stream), which do not change any more. */
Pacer *pacer_start(const GPtrArray *streams);
void pacer_stop(Pacer *pacer); /* joins; takes `pacer` */

/* A stream began to play: looks at once. Any thread. */
void pacer_wake(Pacer *pacer);
