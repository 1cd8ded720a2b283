#include "camera/onvif_point.h"

#include "base/clock.h"
#include "base/error.h"
#include "media/onvif_events.h"

enum { PULL_SLOW_S = 1 };
#define ANSWER_US (5 * SECOND_US)
#define GOODBYE_US (SECOND_US / 2)

struct OnvifPoint {
    OnvifAccess *access;   /* owned; of one of the device's cameras */
    OnvifClient *client;   /* owned; NULL: not met */
    OnvifAddress *address; /* owned; of the pull point; NULL: none */
    int life_s, pull_s;
    bool fresh; /* nothing was pulled by this pull point yet */
    int64_t renew_us;
};

OnvifPoint *onvif_point_new(const OnvifAccess *access)
{
    OnvifPoint *point = g_new0(OnvifPoint, 1);
    point->access = onvif_access_copy(access);
    return point;
}

static void drop(OnvifPoint *point)
{
    g_clear_pointer(&point->address, onvif_address_free);
    g_clear_pointer(&point->client, onvif_client_free);
}

void onvif_point_free(OnvifPoint *point)
{
    if (!point)
        return;
    drop(point);
    onvif_access_free(point->access);
    g_free(point);
}

const OnvifAccess *onvif_point_access(const OnvifPoint *point)
{
    return point->access;
}

static bool ask(OnvifPoint *point, const OnvifAddress *to, const char *action, const char *body,
                SoapAnswer *answer, GError **error)
{
    g_autofree char *address = onvif_address_text(to);
    g_autofree char *header = onvif_events_header(action, address);
    onvif_client_set_header(point->client, header);
    bool answered = onvif_client_ask(point->client, to, body, answer, error);
    onvif_client_set_header(point->client, NULL);
    return answered;
}

static bool meet(OnvifPoint *point, GError **error)
{
    if (!point->client)
        point->client = onvif_access_open(point->access, ANSWER_US, error);
    if (point->client)
        onvif_client_until(point->client, clock_mono_us() + ANSWER_US);
    return point->client != NULL;
}

static bool subscribe(OnvifPoint *point, GError **error)
{
    g_autoptr(OnvifAddress) service = onvif_address_parse(point->access->events, error);
    g_autofree char *question = onvif_ask_subscribe();
    g_auto(SoapAnswer) answer = {0};
    OnvifSubscription made = {0};
    if (!service || !ask(point, service, ONVIF_SUBSCRIBE_ACTION, question, &answer, error))
        return false;
    if (onvif_subscription_read(answer.content, &made))
        point->address = onvif_address_of_service(made.address, onvif_client_device(point->client));
    g_free(made.address);
    if (!point->address)
        return err_set(error, ERR_PROTOCOL, "the camera tells no address of its pull point");
    point->life_s = made.life_s;
    point->fresh = true;
    point->renew_us = clock_mono_us() + point->life_s * SECOND_US / 2;
    return true;
}

/* What is refused is made anew. */
static void renew(OnvifPoint *point)
{
    g_autofree char *question = onvif_ask_renew();
    g_auto(SoapAnswer) answer = {0};
    if (!ask(point, point->address, ONVIF_RENEW_ACTION, question, &answer, NULL)) {
        g_clear_pointer(&point->address, onvif_address_free);
        return;
    }
    point->life_s = onvif_renewed_read(answer.content);
    point->renew_us = clock_mono_us() + point->life_s * SECOND_US / 2;
}

static GPtrArray *pull(OnvifPoint *point, GError **error)
{
    g_autofree char *question = onvif_ask_pull(point->pull_s);
    g_auto(SoapAnswer) answer = {0};
    if (!ask(point, point->address, ONVIF_PULL_ACTION, question, &answer, error))
        return NULL;
    point->fresh = false;
    GPtrArray *messages = onvif_messages_read(answer.content);
    return messages ? messages : g_ptr_array_new();
}

/* A pull point that is not known any more (the device has started anew) is made anew at once. One
 * that refuses the very first question may want to be given time to answer. */
static bool forgot(OnvifPoint *point, const GError *error)
{
    if (error->code != ERR_UNSUPPORTED || (point->fresh && point->pull_s == PULL_SLOW_S))
        return false;
    if (point->fresh)
        point->pull_s = PULL_SLOW_S;
    g_clear_pointer(&point->address, onvif_address_free);
    return true;
}

GPtrArray *onvif_point_pull(OnvifPoint *point, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    if (point->address && clock_mono_us() >= point->renew_us && meet(point, NULL))
        renew(point);
    bool ready = meet(point, &trouble) && (point->address || subscribe(point, &trouble));
    GPtrArray *messages = ready ? pull(point, &trouble) : NULL;
    if (messages || (ready && forgot(point, trouble)))
        return messages;
    drop(point);
    g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

void onvif_point_give_back(OnvifPoint *point)
{
    g_auto(SoapAnswer) answer = {0};
    if (!point->address)
        return;
    onvif_client_until(point->client, clock_mono_us() + GOODBYE_US);
    ask(point, point->address, ONVIF_UNSUBSCRIBE_ACTION, ONVIF_ASK_UNSUBSCRIBE, &answer, NULL);
    g_clear_pointer(&point->address, onvif_address_free);
}
