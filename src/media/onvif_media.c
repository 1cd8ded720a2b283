#include "media/onvif_media.h"

#include "media/soap.h"

#include <string.h>

static const char *const namespaces[] = {"http://www.onvif.org/ver10/media/wsdl",
                                         "http://www.onvif.org/ver20/media/wsdl"};

char *onvif_ask_profiles(OnvifMedia media)
{
    /* media2 leaves out the configurations that are not asked for */
    return g_strdup_printf("<GetProfiles xmlns=\"%s\">%s</GetProfiles>", namespaces[media],
                           media == ONVIF_MEDIA_2 ? "<Type>All</Type>" : "");
}

char *onvif_ask_stream(OnvifMedia media, const char *token)
{
    g_autofree char *escaped = soap_escape(token);
    if (media == ONVIF_MEDIA_2)
        return g_strdup_printf("<GetStreamUri xmlns=\"%s\"><Protocol>RTSP</Protocol>"
                               "<ProfileToken>%s</ProfileToken></GetStreamUri>",
                               namespaces[media], escaped);
    return g_strdup_printf(
        "<GetStreamUri xmlns=\"%s\"><StreamSetup>"
        "<Stream xmlns=\"http://www.onvif.org/ver10/schema\">RTP-Unicast</Stream>"
        "<Transport xmlns=\"http://www.onvif.org/ver10/schema\"><Protocol>RTSP</Protocol>"
        "</Transport></StreamSetup><ProfileToken>%s</ProfileToken></GetStreamUri>",
        namespaces[media], escaped);
}

char *onvif_ask_snapshot(OnvifMedia media, const char *token)
{
    g_autofree char *escaped = soap_escape(token);
    return g_strdup_printf(
        "<GetSnapshotUri xmlns=\"%s\"><ProfileToken>%s</ProfileToken></GetSnapshotUri>",
        namespaces[media], escaped);
}

static char *text_or_empty(const XmlNode *node, const char *path)
{
    char *text = xml_text(node, path);
    return text ? text : g_strdup("");
}

static double number(const XmlNode *node, const char *path)
{
    g_autofree char *text = text_or_empty(node, path);
    double value = g_ascii_strtod(text, NULL);
    return value > 0 && value < 1000 ? value : 0;
}

/* 0 is what cannot be. */
static int bounded(const XmlNode *node, const char *path, int most)
{
    int64_t value = xml_int(node, path, 0);
    return value > 0 && value <= most ? (int)value : 0;
}

static OnvifProfile *read_profile(const XmlNode *node)
{
    char *token = xml_attribute(node, "token");
    if (!token || !*token) {
        g_free(token);
        return NULL;
    }
    /* media: the configurations stand in the profile; media2: below Configurations */
    const XmlNode *two = xml_at(node, "Configurations");
    const XmlNode *video =
        two ? xml_at(two, "VideoEncoder") : xml_at(node, "VideoEncoderConfiguration");
    const XmlNode *source =
        two ? xml_at(two, "VideoSource") : xml_at(node, "VideoSourceConfiguration");
    char *source_config = source ? xml_attribute(source, "token") : NULL;
    OnvifProfile *profile = g_new(OnvifProfile, 1);
    *profile = (OnvifProfile){
        .token = token,
        .name = text_or_empty(node, "Name"),
        .source = text_or_empty(source, "SourceToken"),
        .source_config = source_config ? source_config : g_strdup(""),
        .encoding = text_or_empty(video, "Encoding"),
        .width = bounded(video, "Resolution/Width", 32768),
        .height = bounded(video, "Resolution/Height", 32768),
        .fps = number(video, "RateControl/FrameRateLimit"),
        .kbps = bounded(video, "RateControl/BitrateLimit", 10 * 1000 * 1000),
        .ptz = (two ? xml_at(two, "PTZ") : xml_at(node, "PTZConfiguration")) != NULL,
    };
    return profile;
}

GPtrArray *onvif_profiles_read(const XmlNode *content)
{
    if (!content || strcmp(xml_name(content), "GetProfilesResponse") != 0)
        return NULL;
    GPtrArray *profiles = g_ptr_array_new_with_free_func((GDestroyNotify)onvif_profile_free);
    const XmlNode *node = xml_at(content, "Profiles");
    for (; node && profiles->len < ONVIF_PROFILES_MAX; node = xml_next(node)) {
        OnvifProfile *profile = read_profile(node);
        if (profile)
            g_ptr_array_add(profiles, profile);
    }
    return profiles;
}

void onvif_profile_free(OnvifProfile *profile)
{
    g_free(profile->token);
    g_free(profile->name);
    g_free(profile->source);
    g_free(profile->source_config);
    g_free(profile->encoding);
    g_free(profile);
}

char *onvif_uri_read(const XmlNode *content)
{
    char *uri = xml_text(content, "MediaUri/Uri");
    if (!uri)
        uri = xml_text(content, "Uri");
    if (uri && !*uri)
        g_clear_pointer(&uri, g_free);
    return uri;
}

static int64_t area(const OnvifProfile *profile)
{
    return (int64_t)profile->width * profile->height;
}

void onvif_propose(const GPtrArray *profiles, const char *source, const OnvifProfile **main_stream,
                   const OnvifProfile **sub_stream)
{
    *main_stream = *sub_stream = NULL;
    const OnvifProfile *smallest = NULL;
    for (guint i = 0; i < profiles->len; i++) {
        const OnvifProfile *profile = profiles->pdata[i];
        bool recordable = g_ascii_strncasecmp(profile->encoding, "H26", 3) == 0;
        if (!recordable || (source && strcmp(source, profile->source) != 0))
            continue;
        if (!*main_stream || area(profile) > area(*main_stream))
            *main_stream = profile;
        if (area(profile) > 0 && (!smallest || area(profile) < area(smallest)))
            smallest = profile;
    }
    if (smallest && area(smallest) < area(*main_stream))
        *sub_stream = smallest;
}
