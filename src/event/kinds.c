#include "event/event.h"

#include <string.h>

static const struct {
    const char *text;
    bool trouble;
} kinds[EVENT_KINDS] = {
    [EVENT_NOT_RECORDED] = {"not-recorded", true},
    [EVENT_MOTION] = {"motion", false},
    [EVENT_BLACK] = {"black", true},
    [EVENT_FROZEN] = {"frozen", true},
    [EVENT_COVERED] = {"covered", true},
    [EVENT_OUT_OF_FOCUS] = {"out-of-focus", true},
    [EVENT_MOVED] = {"moved", true},
    [EVENT_TAMPER] = {"tamper", true},
    [EVENT_STORAGE] = {"storage", true},
    [EVENT_HELD] = {"held", true},
};

const char *event_kind_text(EventKind kind)
{
    return kinds[kind].text;
}

bool event_kind_parse(const char *text, EventKind *kind)
{
    for (int i = 0; i < EVENT_KINDS; i++)
        if (strcmp(kinds[i].text, text) == 0) {
            *kind = (EventKind)i;
            return true;
        }
    return false;
}

bool event_kind_is_trouble(EventKind kind)
{
    return kinds[kind].trouble;
}

bool event_mark_known(const char *text)
{
    static const char *const marks[] = {"", "seen", "real", "false-alarm", NULL};
    return g_strv_contains(marks, text);
}
