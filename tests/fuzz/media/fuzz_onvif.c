/* An answer of an ONVIF device, over HTTP or in a datagram, and the addresses in it. */
#include "media/onvif_address.h"
#include "media/onvif_device.h"
#include "media/onvif_discovery.h"
#include "media/onvif_events.h"
#include "media/onvif_media.h"
#include "media/onvif_ptz.h"
#include "media/soap.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_address(const char *told)
{
    g_autoptr(OnvifAddress) device = onvif_address_parse("http://10.0.0.9:8000", NULL);
    g_autoptr(OnvifAddress) service = onvif_address_of_service(told, device);
    g_assert(!service || strcmp(service->host, "10.0.0.9") == 0);
    g_autofree char *stream = onvif_stream_address(told, device);
    g_assert(!stream || strstr(stream, "://10.0.0.9"));
    g_autoptr(OnvifAddress) own = onvif_address_parse(told, NULL);
    g_autofree char *text = own ? onvif_address_text(own) : NULL;
    g_assert(!text || !strpbrk(text, "\r\n "));
}

static void read_content(const XmlNode *content)
{
    OnvifClock clock;
    g_auto(OnvifServices) services = {0};
    g_auto(OnvifDevice) device = {0};
    const OnvifProfile *large, *small;
    onvif_clock_read(content, &clock);
    onvif_services_read(content, &services);
    onvif_device_read(content, &device);
    g_autoptr(GPtrArray) profiles = onvif_profiles_read(content);
    if (profiles) {
        g_assert(profiles->len <= ONVIF_PROFILES_MAX);
        onvif_propose(profiles, NULL, &large, &small);
        g_assert(!small || large);
    }
    g_autofree char *uri = onvif_uri_read(content);
    OnvifSubscription subscription;
    if (onvif_subscription_read(content, &subscription))
        g_assert(subscription.life_s > 0 && *subscription.address);
    g_free(subscription.address);
    g_autoptr(GPtrArray) messages = onvif_messages_read(content);
    g_assert(!messages || messages->len <= ONVIF_MESSAGES_MAX);
    bool moves, zooms, turns;
    onvif_nodes_read(content, &moves, &zooms, &turns);
    g_autoptr(GPtrArray) presets = onvif_presets_read(content);
    if (uri) {
        g_assert(strlen(uri) <= XML_TEXT_MAX && g_utf8_validate(uri, -1, NULL));
        read_address(uri);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(SoapAnswer) answer = {0};
    if (soap_read(data, size, &answer, NULL)) {
        g_assert(!answer.fault || !answer.content);
        read_content(answer.content);
    }
    g_autoptr(GPtrArray) matches = onvif_matches_read(data, size);
    g_assert(matches->len <= ONVIF_MATCHES_MAX);
    g_autofree char *text = g_strndup((const char *)data, MIN(size, 4096));
    read_address(text);
    return 0;
}
