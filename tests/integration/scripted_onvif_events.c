#include "scripted_onvif_events.h"

#include "base/clock.h"
#include "base/time_text.h"

#include <stdlib.h>
#include <string.h>

enum { LIFE_S = 10 };

static void add_message(const OnvifScript *script, ScriptedEvents *events, const char *operation)
{
    g_string_append_printf(
        events->waiting,
        "<n:NotificationMessage xmlns:n=\"n\"><n:Topic Dialect=\"d\">tns1:%s</n:Topic><n:Message>"
        "<t:Message xmlns:t=\"t\" UtcTime=\"2000-01-01T00:00:00Z\" PropertyOperation=\"%s\">"
        "<t:Source><t:SimpleItem Name=\"VideoSourceConfigurationToken\" Value=\"V1\"/></t:Source>"
        "<t:Data><t:SimpleItem Name=\"Other\" Value=\"7\"/><t:SimpleItem Name=\"%s\" Value=\"%s\"/>"
        "</t:Data></t:Message></n:Message></n:NotificationMessage>",
        script->topic, operation, script->item, events->active ? "true" : "false");
}

void scripted_events_say(const OnvifScript *script, ScriptedEvents *events, bool active)
{
    events->active = active;
    add_message(script, events, "Changed");
}

static char *told_times(int64_t clock_s)
{
    char now[TIME_TEXT], end[TIME_TEXT];
    return g_strdup_printf("<b:CurrentTime xmlns:b=\"b\">%s</b:CurrentTime><b:TerminationTime "
                           "xmlns:b=\"b\">%s</b:TerminationTime>",
                           time_text(clock_s * SECOND_US, now),
                           time_text((clock_s + LIFE_S) * SECOND_US, end));
}

static char *make_point(const OnvifScript *script, ScriptedEvents *events, int64_t clock_s,
                        const char *point_url)
{
    g_autofree char *times = told_times(clock_s);
    events->point = ++events->made;
    events->ends_us = clock_mono_us() + LIFE_S * SECOND_US;
    g_string_truncate(events->waiting, 0);
    add_message(script, events, "Initialized");
    return g_strdup_printf(
        "<e:CreatePullPointSubscriptionResponse xmlns:e=\"e\"><e:SubscriptionReference><a:Address "
        "xmlns:a=\"a\">\n%s%u\n</a:Address></e:SubscriptionReference>%s"
        "</e:CreatePullPointSubscriptionResponse>",
        point_url, events->point, times);
}

static char *pull(const OnvifScript *script, ScriptedEvents *events, const char *request,
                  int64_t clock_s)
{
    g_autofree char *times = told_times(clock_s);
    int64_t now_us = clock_mono_us();
    events->pulls++;
    events->early += now_us - events->pulled_us < SECOND_US / 2;
    events->pulled_us = now_us;
    if (script->wants_time && strstr(request, "<Timeout>PT0S"))
        return NULL;
    char *told = g_strdup_printf("<e:PullMessagesResponse xmlns:e=\"e\">%s%s"
                                 "</e:PullMessagesResponse>",
                                 times, events->waiting->str);
    g_string_truncate(events->waiting, 0);
    return told;
}

char *scripted_onvif_events(const OnvifScript *script, ScriptedEvents *events, const char *request,
                            int64_t clock_s, const char *point_url)
{
    if (strstr(request, "<CreatePullPointSubscription "))
        return make_point(script, events, clock_s, point_url);
    unsigned point = (unsigned)strtoul(request + strcspn(request, "=") + 1, NULL, 10);
    if (point != events->point || clock_mono_us() > events->ends_us)
        return NULL;
    if (strstr(request, "<PullMessages "))
        return pull(script, events, request, clock_s);
    if (strstr(request, "<Renew ") && !script->renew_refused) {
        g_autofree char *times = told_times(clock_s);
        events->ends_us = clock_mono_us() + LIFE_S * SECOND_US;
        return g_strdup_printf("<RenewResponse>%s</RenewResponse>", times);
    }
    if (strstr(request, "<Unsubscribe ")) {
        events->point = 0;
        return g_strdup("<UnsubscribeResponse/>");
    }
    return NULL;
}
