#include "media/onvif_events.h"

#include "base/time_text.h"
#include "media/soap.h"

#include <string.h>

#define ADDRESSING "http://www.w3.org/2005/08/addressing"
#define SECOND INT64_C(1000000)

enum { LIFE_LEAST_S = 10, LIFE_MOST_S = 3600, ITEMS_MOST = 32 };

/* ---- questions ---- */

char *onvif_ask_subscribe(void)
{
    return g_strdup_printf("<CreatePullPointSubscription xmlns=\"" ONVIF_EVENTS_NS
                           "\"><InitialTerminationTime>PT%dS</InitialTerminationTime>"
                           "</CreatePullPointSubscription>",
                           ONVIF_LIFE_S);
}

char *onvif_ask_pull(int timeout_s)
{
    return g_strdup_printf("<PullMessages xmlns=\"" ONVIF_EVENTS_NS
                           "\"><Timeout>PT%dS</Timeout><MessageLimit>%d</MessageLimit>"
                           "</PullMessages>",
                           timeout_s, ONVIF_MESSAGES_ASKED);
}

char *onvif_ask_renew(void)
{
    return g_strdup_printf("<Renew xmlns=\"" ONVIF_NOTIFY_NS
                           "\"><TerminationTime>PT%dS</TerminationTime></Renew>",
                           ONVIF_LIFE_S);
}

char *onvif_events_header(const char *action, const char *to)
{
    g_autofree char *escaped = soap_escape(to);
    return g_strdup_printf("<a:Action xmlns:a=\"" ADDRESSING "\" s:mustUnderstand=\"1\">%s"
                           "</a:Action><a:To xmlns:a=\"" ADDRESSING
                           "\" s:mustUnderstand=\"1\">%s</a:To>",
                           action, escaped);
}

/* ---- subscriptions ---- */

static bool is(const XmlNode *content, const char *name)
{
    return content && strcmp(xml_name(content), name) == 0;
}

static bool read_time(const XmlNode *content, const char *name, int64_t *time_us)
{
    g_autofree char *text = xml_text(content, name);
    return text && time_parse(text, time_us);
}

/* Both times are the device's own: its clock may be off. */
static int life_of(const XmlNode *content)
{
    int64_t now_us = 0, end_us = 0;
    if (!read_time(content, "CurrentTime", &now_us) ||
        !read_time(content, "TerminationTime", &end_us))
        return ONVIF_LIFE_S;
    int64_t life_s = end_us / SECOND - now_us / SECOND;
    return (int)CLAMP(life_s, LIFE_LEAST_S, LIFE_MOST_S);
}

bool onvif_subscription_read(const XmlNode *content, OnvifSubscription *subscription)
{
    *subscription = (OnvifSubscription){0};
    if (!is(content, "CreatePullPointSubscriptionResponse"))
        return false;
    char *address = xml_text(content, "SubscriptionReference/Address");
    if (!address || !*address) {
        g_free(address);
        return false;
    }
    *subscription = (OnvifSubscription){address, life_of(content)};
    return true;
}

int onvif_renewed_read(const XmlNode *content)
{
    return life_of(content);
}

/* ---- messages ---- */

void onvif_message_free(OnvifMessage *message)
{
    g_free(message->source);
    g_free(message);
}

/* tns1:RuleEngine/CellMotionDetector/Motion, tns1:VideoSource/MotionAlarm,
 * tns1:RuleEngine/TamperDetector/Tamper, tns1:VideoSource/GlobalSceneChange/ImagingService … */
static bool read_kind(const XmlNode *notification, OnvifNoticed *kind)
{
    g_autofree char *topic = xml_text(notification, "Topic");
    g_autofree char *lower = topic ? g_ascii_strdown(topic, -1) : NULL;
    if (!lower)
        return false;
    if (strstr(lower, "tamper") || strstr(lower, "globalscenechange"))
        *kind = ONVIF_TAMPER;
    else if (strstr(lower, "motion"))
        *kind = ONVIF_MOTION;
    else
        return false;
    return true;
}

static bool is_one_of(const char *text, const char *const *names)
{
    for (; *names; names++)
        if (g_ascii_strcasecmp(text, *names) == 0)
            return true;
    return false;
}

/* The value of the first item of `group` that has one of the names. Owned; NULL: none. */
static char *item_value(const XmlNode *message, const char *group, const char *const *names)
{
    const XmlNode *item = xml_at(xml_at(message, group), "SimpleItem");
    for (unsigned i = 0; item && i < ITEMS_MOST; i++, item = xml_next(item)) {
        g_autofree char *name = xml_attribute(item, "Name");
        if (name && is_one_of(name, names))
            return xml_attribute(item, "Value");
    }
    return NULL;
}

static OnvifMessage *read_message(const XmlNode *notification)
{
    static const char *const states[] = {"IsMotion", "State", "active", "IsTamper",
                                         "Motion",   "Value", NULL};
    static const char *const sources[] = {"VideoSourceConfigurationToken", "VideoSource",
                                          "VideoSourceToken", "Source", NULL};
    static const char *const yes[] = {"true", "1", "on", "active", NULL};
    OnvifNoticed kind;
    const XmlNode *message = xml_at(notification, "Message/Message");
    g_autofree char *value = item_value(message, "Data", states);
    if (!value || !read_kind(notification, &kind))
        return NULL;
    g_autofree char *operation = xml_attribute(message, "PropertyOperation");
    char *source = item_value(message, "Source", sources);
    OnvifMessage *read = g_new(OnvifMessage, 1);
    *read =
        (OnvifMessage){.kind = kind,
                       .active = is_one_of(value, yes),
                       .initial = operation && g_ascii_strcasecmp(operation, "Initialized") == 0,
                       .source = source ? source : g_strdup("")};
    return read;
}

/* The newest of those read that is about the same thing; NULL: none. */
static OnvifMessage *newest_like(const GPtrArray *messages, const OnvifMessage *message)
{
    for (guint i = messages->len; i-- > 0;) {
        OnvifMessage *known = messages->pdata[i];
        if (known->kind == message->kind && strcmp(known->source, message->source) == 0)
            return known;
    }
    return NULL;
}

/* What is said again is left out. Of more changes than there is room for the last one counts; what
 * is told for the first time has room beside them. */
static void add_message(GPtrArray *messages, OnvifMessage *message)
{
    OnvifMessage *known = newest_like(messages, message);
    bool room = messages->len < (known ? ONVIF_CHANGES_MAX : ONVIF_MESSAGES_MAX);
    if (room && !(known && known->active == message->active)) {
        g_ptr_array_add(messages, message);
        return;
    }
    if (known)
        known->active = message->active;
    onvif_message_free(message);
}

GPtrArray *onvif_messages_read(const XmlNode *content)
{
    if (!is(content, "PullMessagesResponse"))
        return NULL;
    GPtrArray *messages = g_ptr_array_new_with_free_func((GDestroyNotify)onvif_message_free);
    const XmlNode *notification = xml_at(content, "NotificationMessage");
    for (; notification; notification = xml_next(notification)) {
        OnvifMessage *message = read_message(notification);
        if (message)
            add_message(messages, message);
    }
    return messages;
}
