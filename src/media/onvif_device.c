#include "media/onvif_device.h"

#include "base/clock.h"
#include "media/soap.h"

#include <string.h>

#define SCHEMA "http://www.onvif.org/ver10/schema"

/* Core specification §8.2.9: manual servers are told by kind. */
char *onvif_ask_ntp(const char *server)
{
    bool four = g_hostname_is_ip_address(server) && !strchr(server, ':'),
         six = g_hostname_is_ip_address(server) && !four;
    const char *type = four  ? "IPv4"
                       : six ? "IPv6"
                             : "DNS",
               *element = four  ? "IPv4Address"
                          : six ? "IPv6Address"
                                : "DNSname";
    g_autofree char *escaped = soap_escape(server);
    return g_strdup_printf("<SetNTP xmlns=\"" ONVIF_DEVICE_NS
                           "\"><FromDHCP>false</FromDHCP><NTPManual><Type xmlns=\"" SCHEMA
                           "\">%s</Type><%s xmlns=\"" SCHEMA "\">%s</%s></NTPManual></SetNTP>",
                           type, element, escaped, element);
}

static bool is(const XmlNode *content, const char *name)
{
    return content && strcmp(xml_name(content), name) == 0;
}

/* {Time{Hour, Minute, Second}, Date{Year, Month, Day}} as microseconds since 1970; 0: none. */
static int64_t read_moment(const XmlNode *node)
{
    gint year = (gint)xml_int(node, "Date/Year", 0), month = (gint)xml_int(node, "Date/Month", 0),
         day = (gint)xml_int(node, "Date/Day", 0);
    int64_t hour = xml_int(node, "Time/Hour", -1), minute = xml_int(node, "Time/Minute", -1),
            second = xml_int(node, "Time/Second", 0);
    if (year < 1970 || year > 2200 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60)
        return 0;
    g_autoptr(GDateTime) start = g_date_time_new_utc(year, month, day, 0, 0, 0);
    if (!start)
        return 0;
    return (g_date_time_to_unix(start) + hour * 3600 + minute * 60 + second) * SECOND_US;
}

bool onvif_clock_read(const XmlNode *content, OnvifClock *clock)
{
    *clock = (OnvifClock){0};
    const XmlNode *node = xml_at(content, "SystemDateAndTime");
    if (!is(content, "GetSystemDateAndTimeResponse") || !node)
        return false;
    clock->utc_us = read_moment(xml_at(node, "UTCDateTime"));
    clock->local_us = read_moment(xml_at(node, "LocalDateTime"));
    g_autofree char *type = xml_text(node, "DateTimeType");
    clock->ntp = type && g_ascii_strcasecmp(type, "NTP") == 0;
    return clock->utc_us || clock->local_us;
}

static void set(char **member, char *text)
{
    if (!text || !*text || *member)
        g_free(text);
    else
        *member = text;
}

static void read_service(const XmlNode *service, OnvifServices *services)
{
    const struct {
        const char *ns;
        char **into;
    } rows[] = {{"/ver10/media/wsdl", &services->media},
                {"/ver20/media/wsdl", &services->media2},
                {"/ver10/events/wsdl", &services->events},
                {"/ver20/ptz/wsdl", &services->ptz}};
    g_autofree char *ns = xml_text(service, "Namespace");
    for (size_t i = 0; ns && i < G_N_ELEMENTS(rows); i++)
        if (g_str_has_suffix(ns, rows[i].ns))
            set(rows[i].into, xml_text(service, "XAddr"));
}

bool onvif_services_read(const XmlNode *content, OnvifServices *services)
{
    *services = (OnvifServices){0};
    if (is(content, "GetServicesResponse")) {
        const XmlNode *service = xml_at(content, "Service");
        for (; service; service = xml_next(service))
            read_service(service, services);
        return true;
    }
    if (!is(content, "GetCapabilitiesResponse"))
        return false;
    const XmlNode *all = xml_at(content, "Capabilities");
    set(&services->media, xml_text(all, "Media/XAddr"));
    set(&services->media2, xml_text(all, "Extension/Media2/XAddr"));
    set(&services->events, xml_text(all, "Events/XAddr"));
    set(&services->ptz, xml_text(all, "PTZ/XAddr"));
    return true;
}

void onvif_services_clear(OnvifServices *services)
{
    g_free(services->media);
    g_free(services->media2);
    g_free(services->events);
    g_free(services->ptz);
    *services = (OnvifServices){0};
}

static char *text_or_empty(const XmlNode *node, const char *path)
{
    char *text = xml_text(node, path);
    return text ? text : g_strdup("");
}

bool onvif_device_read(const XmlNode *content, OnvifDevice *device)
{
    *device = (OnvifDevice){0};
    if (!is(content, "GetDeviceInformationResponse"))
        return false;
    *device = (OnvifDevice){text_or_empty(content, "Manufacturer"), text_or_empty(content, "Model"),
                            text_or_empty(content, "FirmwareVersion"),
                            text_or_empty(content, "SerialNumber")};
    return true;
}

void onvif_device_clear(OnvifDevice *device)
{
    g_free(device->make);
    g_free(device->model);
    g_free(device->firmware);
    g_free(device->serial);
    *device = (OnvifDevice){0};
}
