/* hold_watch.h — holds outrank retention, so they may take the room that new footage needs: whoever
 * can let some go is told before it is so (EVENT_HELD).
 */
#pragma once

#include "archive/archive.h"
#include "config/site.h"
#include "event/event.h"

/* Zeroed to begin with. One caller at a time. */
typedef struct HoldWatch {
    Uuid event;           /* that goes on; nil: none does */
    unsigned holds;       /* at the last look */
    int64_t next_mono_us; /* the next look, unless their number changes */
} HoldWatch;

/* Looks every few minutes, and when holds came or went: the event begins when they take the part of
 * the room that the site is set to, and ends when they take a twentieth of it less. Blocking. */
void hold_watch_look(HoldWatch *watch, Site *site, Archive *archive, Events *events);
