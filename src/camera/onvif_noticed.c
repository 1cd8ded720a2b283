#include "camera/onvif_noticed.h"

static NoticedChange end(Noticed *noticed)
{
    noticed->open = false;
    return NOTICED_ENDS;
}

NoticedChange noticed_message(Noticed *noticed, bool active, bool initial, int64_t now_us)
{
    bool was = noticed->active, silent = initial && !noticed->known;
    noticed->known = true;
    noticed->active = active;
    if (!active)
        return noticed->open ? end(noticed) : NOTICED_NOTHING;
    noticed->said_us = now_us;
    if (was || silent || noticed->open)
        return NOTICED_NOTHING;
    noticed->open = true;
    noticed->begun_us = now_us;
    return NOTICED_BEGINS;
}

NoticedChange noticed_passed(Noticed *noticed, int64_t now_us)
{
    if (!noticed->open)
        return NOTICED_NOTHING;
    if (now_us - noticed->begun_us >= NOTICED_MOST_US)
        return end(noticed);
    if (now_us - noticed->said_us < NOTICED_HOLD_US)
        return NOTICED_NOTHING;
    noticed->active = false; /* it never says that it is over: the next word is a new motion */
    return end(noticed);
}
