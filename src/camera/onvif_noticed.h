/* onvif_noticed.h — from what a device says to events: edges, once each.
 *
 * Firmware repeats how things stand, forgets to say that a motion is over, or says for hours that
 * it goes on. So an event begins at a change only — how it stands when a pull point is made is one
 * where it stood otherwise before, and none where that was not known; it ends when the device says
 * so, NOTICED_HOLD_US after it was last said to go on, and NOTICED_MOST_US after its beginning in
 * any case — then the next one begins only after the device has said that it was over. Pure; one
 * thread at a time.
 */
#pragma once

#include "base/clock.h"
#include "media/onvif_events.h"

#define NOTICED_HOLD_US (5 * MINUTE_US)
#define NOTICED_MOST_US (15 * MINUTE_US)

typedef enum NoticedChange { NOTICED_NOTHING, NOTICED_BEGINS, NOTICED_ENDS } NoticedChange;

/* How one thing of one camera stands. Zero-initialise. */
typedef struct Noticed {
    bool known;       /* it was said before how it stands */
    bool active;      /* as the device said last */
    bool open;        /* an event goes on */
    int64_t begun_us; /* of it */
    int64_t said_us;  /* when it was last said to be active */
} Noticed;

NoticedChange noticed_message(Noticed *noticed, bool active, bool initial, int64_t now_us);

/* To be asked now and then: has an event gone on for too long? */
NoticedChange noticed_passed(Noticed *noticed, int64_t now_us);
