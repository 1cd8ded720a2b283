#include "media/onvif_discovery.h"

#include "media/soap.h"

#include <string.h>

#define DISCOVERY "http://schemas.xmlsoap.org/ws/2005/04/discovery"
#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"

char *onvif_probe_write(const char *message_id, bool anything)
{
    g_autofree char *header = g_strdup_printf(
        "<a:MessageID xmlns:a=\"" ADDRESSING "\">%s</a:MessageID>"
        "<a:To xmlns:a=\"" ADDRESSING "\">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
        "<a:Action xmlns:a=\"" ADDRESSING "\">" DISCOVERY "/Probe</a:Action>",
        message_id);
    return soap_write(NULL, header,
                      anything ? "<d:Probe xmlns:d=\"" DISCOVERY "\"/>"
                               : "<d:Probe xmlns:d=\"" DISCOVERY "\"><d:Types "
                                 "xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\">"
                                 "dn:NetworkVideoTransmitter</d:Types></d:Probe>");
}

void onvif_match_free(OnvifMatch *match)
{
    g_free(match->endpoint);
    g_free(match->address);
    g_free(match->make);
    g_free(match->model);
    g_free(match->name);
    g_free(match->location);
    g_free(match);
}

static void replace(char **text, char *with)
{
    g_free(*text);
    *text = with;
}

/* onvif://www.onvif.org/name/C%E1%BB%95ng%20ch%E1%BB%A3 (ONVIF Core §7.3.3.2) */
static bool read_scope(OnvifMatch *match, const char *scope)
{
    const struct {
        const char *word;
        char **into;
    } kinds[] = {{"name/", &match->name},
                 {"hardware/", &match->model},
                 {"mfr/", &match->make},
                 {"manufacturer/", &match->make},
                 {"location/", &match->location}};
    const char *host = "onvif://www.onvif.org/";
    if (g_ascii_strncasecmp(scope, host, strlen(host)) != 0)
        return false;
    scope += strlen(host);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        size_t size = strlen(kinds[i].word);
        if (g_ascii_strncasecmp(scope, kinds[i].word, size) != 0 || **kinds[i].into)
            continue;
        g_autofree char *plain = g_uri_unescape_string(scope + size, "\r\n\t\033");
        if (plain && g_utf8_validate(plain, -1, NULL))
            replace(kinds[i].into, g_steal_pointer(&plain));
    }
    return true;
}

static bool read_scopes(OnvifMatch *match, const XmlNode *node)
{
    bool onvif = false;
    g_autofree char *text = xml_text(node, "Scopes");
    g_auto(GStrv) scopes = g_strsplit(text ? text : "", " ", 64);
    for (char **scope = scopes; *scope; scope++)
        onvif = read_scope(match, *scope) || onvif;
    return onvif;
}

/* IPv4 before IPv6, as people know them by that; else the first. */
static void read_addresses(OnvifMatch *match, const XmlNode *node)
{
    g_autofree char *text = xml_text(node, "XAddrs");
    g_auto(GStrv) addresses = g_strsplit(text ? text : "", " ", 16);
    for (char **address = addresses; *address; address++) {
        bool http = g_ascii_strncasecmp(*address, "http://", 7) == 0 ||
                    g_ascii_strncasecmp(*address, "https://", 8) == 0;
        bool six = strstr(*address, "//[") != NULL;
        if (http && (!*match->address || (strstr(match->address, "//[") && !six)))
            replace(&match->address, g_strdup(*address));
    }
}

static OnvifMatch *read_match(const XmlNode *node)
{
    OnvifMatch *match = g_new(OnvifMatch, 1);
    *match = (OnvifMatch){g_strdup(""), g_strdup(""), g_strdup(""),
                          g_strdup(""), g_strdup(""), g_strdup("")};
    char *endpoint = xml_text(node, "EndpointReference/Address");
    if (endpoint)
        replace(&match->endpoint, endpoint);
    read_addresses(match, node);
    g_autofree char *types = xml_text(node, "Types");
    bool onvif = read_scopes(match, node);
    if (*match->address && (onvif || strstr(match->address, "/onvif/") ||
                            (types && (strstr(types, "NetworkVideo") || strstr(types, ":Device")))))
        return match;
    onvif_match_free(match);
    return NULL;
}

GPtrArray *onvif_matches_read(const void *data, size_t size)
{
    GPtrArray *matches = g_ptr_array_new_with_free_func((GDestroyNotify)onvif_match_free);
    g_auto(SoapAnswer) answer = {0};
    if (!soap_read(data, size, &answer, NULL) || !answer.content ||
        strcmp(xml_name(answer.content), "ProbeMatches") != 0)
        return matches;
    const XmlNode *node = xml_at(answer.content, "ProbeMatch");
    for (; node && matches->len < ONVIF_MATCHES_MAX; node = xml_next(node)) {
        OnvifMatch *match = read_match(node);
        if (match)
            g_ptr_array_add(matches, match);
    }
    return matches;
}
