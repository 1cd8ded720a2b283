/* scripted_onvif_events.h — the event service of a scripted device: one pull point, one thing it
 * notices. */
#pragma once

#include "scripted_onvif.h"

#include <glib.h>

typedef struct ScriptedEvents {
    unsigned point, made;  /* the pull point that holds (0: none), and how many were made */
    unsigned pulls, early; /* questions, and those within half a second of the one before */
    int64_t pulled_us, ends_us;
    bool active;
    GString *waiting; /* messages that nobody has pulled yet */
} ScriptedEvents;

/* The answer to a request to `path`, owned; NULL: a fault. `clock_s`: what the device's clock
 * shows; `point_url`: where its pull points are told to be. */
char *scripted_onvif_events(const OnvifScript *script, ScriptedEvents *events, const char *request,
                            int64_t clock_s, const char *point_url);

/* It has changed, or says once more how it stands. */
void scripted_events_say(const OnvifScript *script, ScriptedEvents *events, bool active);
