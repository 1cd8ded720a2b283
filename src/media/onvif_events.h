/* onvif_events.h — what a device notices by itself: pull points (Core specification §9, WS-Base
 * Notification).
 *
 * Bodies of requests, and readers of the first element of an answer's body. Firmware agrees neither
 * on topics nor on names of values, so a topic is known by its words and a value by a list of
 * names.
 */
#pragma once

#include "media/xml.h"

#include <stdbool.h>

enum {
    ONVIF_MESSAGES_ASKED = 64, /* at once; some send all they have */
    ONVIF_CHANGES_MAX = 256,
    ONVIF_MESSAGES_MAX = 512,
    ONVIF_LIFE_S = 120,
};

#define ONVIF_EVENTS_NS "http://www.onvif.org/ver10/events/wsdl"
#define ONVIF_NOTIFY_NS "http://docs.oasis-open.org/wsn/b-2"

#define ONVIF_SUBSCRIBE_ACTION ONVIF_EVENTS_NS "/EventPortType/CreatePullPointSubscriptionRequest"
#define ONVIF_PULL_ACTION ONVIF_EVENTS_NS "/PullPointSubscription/PullMessagesRequest"
#define ONVIF_RENEW_ACTION "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest"
#define ONVIF_UNSUBSCRIBE_ACTION \
    "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest"

#define ONVIF_ASK_UNSUBSCRIBE "<Unsubscribe xmlns=\"" ONVIF_NOTIFY_NS "\"/>"

/* Returned owned. */
char *onvif_ask_subscribe(void);
char *onvif_ask_pull(int timeout_s);
char *onvif_ask_renew(void);

/* The header that names `action` and the address it goes to (WS-Addressing 1.0). Returned owned. */
char *onvif_events_header(const char *action, const char *to);

typedef struct OnvifSubscription {
    char *address; /* owned; as it is told */
    int life_s;    /* by the device's own clock */
} OnvifSubscription;

/* False when the answer is another one, or tells no address. */
bool onvif_subscription_read(const XmlNode *content, OnvifSubscription *subscription);

/* How long a renewed subscription lives; as asked for where it is not told. */
int onvif_renewed_read(const XmlNode *content);

typedef enum OnvifNoticed { ONVIF_MOTION, ONVIF_TAMPER, ONVIF_NOTICED } OnvifNoticed;

typedef struct OnvifMessage {
    OnvifNoticed kind;
    bool active;
    bool initial; /* how it stands, not that it changed */
    char *source; /* owned; token of the lens or of its configuration; "" when not told */
} OnvifMessage;
void onvif_message_free(OnvifMessage *message);

/* Array of OnvifMessage, owned, in their order, without those of other kinds and those that say
 * again what the one before them said; NULL when the answer is another one. Of more than
 * ONVIF_CHANGES_MAX some changes are left out, but not how things stand at last. */
GPtrArray *onvif_messages_read(const XmlNode *content);
