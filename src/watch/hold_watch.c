#include "watch/hold_watch.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>

#define LOOK_US (5 * MINUTE_US)

static bool is_due(HoldWatch *watch, Archive *archive)
{
    const int64_t mono_us = clock_mono_us();
    const unsigned holds = archive_figures(archive).holds;
    if (mono_us < watch->next_mono_us && holds == watch->holds)
        return false;
    watch->next_mono_us = mono_us + LOOK_US;
    watch->holds = holds;
    return true;
}

void hold_watch_look(HoldWatch *watch, Site *site, Archive *archive, Events *events)
{
    g_autoptr(GError) error = NULL;
    ArchiveHeld held;
    if (!is_due(watch, archive))
        return;
    if (!archive_held(archive, &held, &error)) {
        log_error("watch.holds", "cause=\"%s\"", error->message);
        return;
    }
    const int64_t asked = site_number(site, SITE_VALUE_HELD_ALARM_PERCENT);
    const double room = (double)MAX(held.room_bytes, held.held_bytes); /* a full disk has none */
    const double percent = 100.0 * (double)held.held_bytes / MAX(room, 1.0);
    const bool told = !uuid_is_nil(&watch->event);
    if (!told && percent >= (double)asked) {
        g_autofree char *detail =
            g_strdup_printf("holds keep %.0f %% of the room for footage (told from %" PRId64
                            " %% on): release what no case needs any more",
                            percent, asked);
        watch->event = events_begin(events, NULL, EVENT_HELD, clock_now_us(), detail);
    } else if (told && percent < (double)asked * 0.95) {
        events_end(events, &watch->event, clock_now_us());
        watch->event = (Uuid){0};
    }
}
