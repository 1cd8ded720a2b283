#include "camera/onvif_look.h"

#include "base/clock.h"
#include "base/error.h"
#include "camera/onvif_client.h"
#include "camera/onvif_discover.h"
#include "media/onvif_media.h"

#include <string.h>

enum { CHANNELS_MOST = 64 };
#define UNICAST_US (SECOND_US)

bool onvif_look_takes(const char *text)
{
    return !strstr(text, "://") || g_ascii_strncasecmp(text, "http", 4) == 0;
}

static void clear_stream(OnvifStream *stream)
{
    g_free(stream->url);
    g_free(stream->encoding);
}

static void free_channel(void *data)
{
    OnvifChannel *channel = data;
    g_free(channel->profile);
    g_free(channel->source);
    g_free(channel->source_config);
    g_free(channel->name);
    g_free(channel->snapshot);
    clear_stream(&channel->main);
    clear_stream(&channel->sub);
    g_free(channel);
}

void onvif_look_clear(OnvifLook *look)
{
    g_free(look->address);
    g_free(look->ptz);
    g_free(look->events);
    onvif_device_clear(&look->device);
    if (look->channels)
        g_ptr_array_unref(look->channels);
    *look = (OnvifLook){0};
}

/* ---- finding the device service ---- */

/* A client that has met an ONVIF device at `address`; NULL with the reason. */
static OnvifClient *meet(const OnvifAddress *address, const char *user, const char *password,
                         int64_t deadline_us, GError **error)
{
    g_autoptr(OnvifClient) client = onvif_client_new(address, user, password, deadline_us);
    return onvif_client_connect(client, error) ? g_steal_pointer(&client) : NULL;
}

static OnvifClient *meet_where_it_tells(const OnvifAddress *address, const char *user,
                                        const char *password, int64_t deadline_us)
{
    g_autofree char *host = g_strconcat(address->host, "/32", NULL);
    g_autoptr(GPtrArray) found = onvif_discover(host, UNICAST_US, NULL);
    if (!found || found->len == 0)
        return NULL;
    const OnvifFound *device = found->pdata[0];
    g_autoptr(OnvifAddress) told = onvif_address_parse(device->address, NULL);
    return told ? meet(told, user, password, deadline_us, NULL) : NULL;
}

static OnvifClient *find(const OnvifAddress *address, const char *user, const char *password,
                         int64_t deadline_us, GError **error)
{
    static const uint16_t ports[] = {80, 8000, 2020, 8080};
    if (address->port || address->tls)
        return meet(address, user, password, deadline_us, error);
    g_autoptr(OnvifAddress) guess = onvif_address_copy(address);
    g_autoptr(GError) first = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(ports); i++) {
        g_autoptr(GError) trouble = NULL;
        guess->port = ports[i];
        OnvifClient *client = meet(guess, user, password, deadline_us, &trouble);
        if (client)
            return client;
        if (!first || trouble->code == ERR_PROTOCOL) {
            g_clear_error(&first);
            first = g_steal_pointer(&trouble);
        }
    }
    OnvifClient *client = meet_where_it_tells(address, user, password, deadline_us);
    if (!client)
        err_set(error, (ErrCode)first->code,
                "no ONVIF at %s (ports 80, 8000, 2020, 8080): %s; it may have to be switched on in "
                "the camera's own settings",
                address->host, first->message);
    return client;
}

/* ---- services ---- */

static OnvifAddress *at_device(const OnvifClient *client, const char *told)
{
    return told ? onvif_address_of_service(told, onvif_client_device(client)) : NULL;
}

static char *told_address(const OnvifClient *client, const char *told)
{
    g_autoptr(OnvifAddress) address = at_device(client, told);
    return address ? onvif_address_text(address) : NULL;
}

static void ask_services(OnvifClient *client, OnvifServices *services)
{
    static const char *const questions[] = {ONVIF_ASK_SERVICES, ONVIF_ASK_CAPABILITIES};
    for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_auto(SoapAnswer) answer = {0};
        if (onvif_client_ask(client, NULL, questions[i], &answer, NULL) &&
            onvif_services_read(answer.content, services) && (services->media || services->media2))
            return;
        onvif_services_clear(services);
    }
}

typedef struct Media {
    OnvifMedia kind;
    OnvifAddress *service; /* owned */
    GPtrArray *profiles;   /* OnvifProfile, owned */
} Media;

static void clear_media(Media *media)
{
    onvif_address_free(media->service);
    if (media->profiles)
        g_ptr_array_unref(media->profiles);
    *media = (Media){0};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Media, clear_media)

static bool has_video(const GPtrArray *profiles)
{
    const OnvifProfile *main_stream, *sub_stream;
    onvif_propose(profiles, NULL, &main_stream, &sub_stream);
    return main_stream != NULL;
}

/* `error` may hold the trouble of an earlier try; the last one is kept. */
static bool ask_profiles(OnvifClient *client, OnvifMedia kind, const char *told, Media *media,
                         GError **error)
{
    g_autofree char *question = onvif_ask_profiles(kind);
    g_autoptr(OnvifAddress) service = at_device(client, told);
    g_auto(SoapAnswer) answer = {0};
    if (!service)
        return false;
    g_clear_error(error);
    if (!onvif_client_ask(client, service, question, &answer, error))
        return false;
    g_autoptr(GPtrArray) profiles = onvif_profiles_read(answer.content);
    if (!profiles || !has_video(profiles))
        return err_set(error, ERR_UNSUPPORTED,
                       "the camera has no profile with H.264 or H.265 video; set one up in its "
                       "own settings");
    *media = (Media){kind, g_steal_pointer(&service), g_steal_pointer(&profiles)};
    return true;
}

/* Where the services were not told they are looked for at the usual places. */
static bool find_media(OnvifClient *client, const OnvifServices *services, Media *media,
                       GError **error)
{
    const struct {
        OnvifMedia kind;
        const char *told;
    } tries[] = {{ONVIF_MEDIA_2, services->media2},
                 {ONVIF_MEDIA_1, services->media},
                 {ONVIF_MEDIA_1, "/onvif/media_service"},
                 {ONVIF_MEDIA_1, "/onvif/media"}};
    size_t count = services->media ? 2 : G_N_ELEMENTS(tries);
    g_autoptr(GError) trouble = NULL;
    for (size_t i = 0; i < count; i++) {
        if (ask_profiles(client, tries[i].kind, tries[i].told, media, &trouble))
            return true;
        if (trouble && trouble->code == ERR_DENIED)
            break;
    }
    if (!trouble)
        return err_set(error, ERR_PROTOCOL, "the camera tells no address of its media service");
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

/* ---- streams ---- */

static char *ask_uri(OnvifClient *client, const Media *media, const char *question)
{
    g_auto(SoapAnswer) answer = {0};
    return onvif_client_ask(client, media->service, question, &answer, NULL)
               ? onvif_uri_read(answer.content)
               : NULL;
}

static void fill_stream(OnvifClient *client, const Media *media, const OnvifProfile *profile,
                        OnvifStream *stream)
{
    if (!profile)
        return;
    g_autofree char *question = onvif_ask_stream(media->kind, profile->token);
    g_autofree char *told = ask_uri(client, media, question);
    *stream =
        (OnvifStream){.url = told ? onvif_stream_address(told, onvif_client_device(client)) : NULL,
                      .encoding = g_strdup(profile->encoding),
                      .width = profile->width,
                      .height = profile->height,
                      .fps = profile->fps};
}

static char *ask_snapshot(OnvifClient *client, const Media *media, const OnvifProfile *profile)
{
    g_autofree char *question = onvif_ask_snapshot(media->kind, profile->token);
    g_autofree char *told = ask_uri(client, media, question);
    return told_address(client, told);
}

static void add_channel(OnvifClient *client, const Media *media, const char *source,
                        OnvifLook *look)
{
    const OnvifProfile *main_stream, *sub_stream;
    onvif_propose(media->profiles, source, &main_stream, &sub_stream);
    if (!main_stream)
        return;
    OnvifChannel *channel = g_new0(OnvifChannel, 1);
    channel->profile = g_strdup(main_stream->token);
    channel->source = g_strdup(main_stream->source);
    channel->source_config = g_strdup(main_stream->source_config);
    channel->name = g_strdup(main_stream->name);
    channel->ptz = main_stream->ptz || (sub_stream && sub_stream->ptz);
    fill_stream(client, media, main_stream, &channel->main);
    fill_stream(client, media, sub_stream, &channel->sub);
    channel->snapshot = ask_snapshot(client, media, main_stream);
    if (!channel->main.url && channel->sub.url) {
        clear_stream(&channel->main);
        channel->main = channel->sub;
        channel->sub = (OnvifStream){0};
    }
    if (channel->main.url)
        g_ptr_array_add(look->channels, channel);
    else
        free_channel(channel);
}

/* A channel for each source that profiles name, in their order. */
static void add_channels(OnvifClient *client, const Media *media, OnvifLook *look)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    look->channels = g_ptr_array_new_with_free_func(free_channel);
    g_assert(media->profiles);
    for (guint i = 0; i < media->profiles->len && look->channels->len < CHANNELS_MOST; i++) {
        const OnvifProfile *profile = media->profiles->pdata[i];
        if (g_hash_table_add(seen, profile->source))
            add_channel(client, media, profile->source, look);
    }
}

static void ask_device(OnvifClient *client, OnvifLook *look)
{
    g_auto(SoapAnswer) answer = {0};
    if (!onvif_client_ask(client, NULL, ONVIF_ASK_DEVICE, &answer, NULL) ||
        !onvif_device_read(answer.content, &look->device))
        look->device = (OnvifDevice){g_strdup(""), g_strdup(""), g_strdup(""), g_strdup("")};
}

bool onvif_look(const char *text, const char *user, const char *password, int64_t timeout_us,
                OnvifLook *look, GError **error)
{
    *look = (OnvifLook){0};
    g_autoptr(OnvifAddress) address = onvif_address_parse(text, error);
    if (!address)
        return false;
    g_autoptr(OnvifClient) client =
        find(address, user ? user : address->user, password ? password : address->password,
             clock_mono_us() + timeout_us, error);
    g_auto(OnvifServices) services = {0};
    g_auto(Media) media = {0};
    if (!client)
        return false;
    ask_services(client, &services);
    if (!find_media(client, &services, &media, error))
        return false;
    look->ptz = told_address(client, services.ptz);
    look->events = told_address(client, services.events);
    look->address = onvif_address_text(onvif_client_device(client));
    look->has_clock = onvif_client_clock(client, &look->clock_offset_us, &look->ntp);
    look->clock_doubt_us = onvif_client_clock_doubt_us(client);
    ask_device(client, look);
    add_channels(client, &media, look);
    if (look->channels->len > 0)
        return true;
    onvif_look_clear(look);
    return err_set(error, ERR_UNSUPPORTED, "the camera tells no stream addresses");
}
