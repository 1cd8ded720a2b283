#include "watch/outage.h"

#include <glib.h>

static void note_progress(Outage *outage, int64_t mono_us, int64_t newest_us)
{
    if (outage->watched && outage->newest_us == newest_us)
        return;
    outage->watched = true;
    outage->newest_us = newest_us;
    outage->moved_us = mono_us;
}

static OutageTurn begin(Outage *outage, int64_t mono_us)
{
    bool again = outage->ended_once && mono_us - outage->ended_us < OUTAGE_CALM_US;
    outage->on = true;
    outage->good_us = 0;
    outage->steady_us =
        again ? MIN(outage->steady_us * 2, OUTAGE_STEADY_MOST_US) : OUTAGE_STEADY_US;
    return OUTAGE_BEGINS;
}

static OutageTurn go_on(Outage *outage, int64_t mono_us)
{
    if (mono_us - outage->moved_us > OUTAGE_FRESH_US) {
        outage->good_us = 0;
        return OUTAGE_SAME;
    }
    if (outage->good_us == 0) {
        outage->good_us = mono_us;
        outage->back_us = outage->newest_us;
    }
    if (mono_us - outage->good_us < outage->steady_us)
        return OUTAGE_SAME;
    outage->on = false;
    outage->ended_once = true;
    outage->ended_us = mono_us;
    return OUTAGE_ENDS;
}

OutageTurn outage_look(Outage *outage, int64_t late_us, int64_t mono_us, int64_t newest_us)
{
    note_progress(outage, mono_us, newest_us);
    if (outage->on)
        return go_on(outage, mono_us);
    return mono_us - outage->moved_us > late_us ? begin(outage, mono_us) : OUTAGE_SAME;
}

void outage_excuse(Outage *outage, int64_t mono_us, int64_t newest_us)
{
    note_progress(outage, mono_us, newest_us);
    outage->moved_us = mono_us;
}
