/* onvif_device.h — the device service of ONVIF: clock, services, who it is (Core specification).
 *
 * The bodies of requests, and readers of the first element of an answer's body (soap_read()).
 * Readers take what they understand; what is not told stays NULL or 0.
 */
#pragma once

#include "media/xml.h"

#include <stdbool.h>

#define ONVIF_DEVICE_NS "http://www.onvif.org/ver10/device/wsdl"

#define ONVIF_ASK_CLOCK "<GetSystemDateAndTime xmlns=\"" ONVIF_DEVICE_NS "\"/>"
#define ONVIF_ASK_SERVICES                  \
    "<GetServices xmlns=\"" ONVIF_DEVICE_NS \
    "\"><IncludeCapability>false</IncludeCapability></GetServices>"
#define ONVIF_ASK_CAPABILITIES \
    "<GetCapabilities xmlns=\"" ONVIF_DEVICE_NS "\"><Category>All</Category></GetCapabilities>"
#define ONVIF_ASK_DEVICE "<GetDeviceInformation xmlns=\"" ONVIF_DEVICE_NS "\"/>"

#define ONVIF_ASK_CLOCK_BY_NTP                                                    \
    "<SetSystemDateAndTime xmlns=\"" ONVIF_DEVICE_NS                              \
    "\"><DateTimeType>NTP</DateTimeType><DaylightSavings>false</DaylightSavings>" \
    "</SetSystemDateAndTime>"

/* To take its time from this server: a name, or an IPv4 or IPv6 address. Returned owned. */
char *onvif_ask_ntp(const char *server);

/* What the clock of a device shows. */
typedef struct OnvifClock {
    int64_t utc_us;   /* what it tells to be UTC; 0: not told */
    int64_t local_us; /* what it tells to be its local time, read as if it were UTC; 0: not told */
    bool ntp;         /* set by NTP, as it says */
} OnvifClock;

/* False when no time is told. */
bool onvif_clock_read(const XmlNode *content, OnvifClock *clock);

/* Addresses of services as they are told. All owned; NULL: there is no such service. */
typedef struct OnvifServices {
    char *media;  /* profile S */
    char *media2; /* profile T */
    char *events;
    char *ptz;
} OnvifServices;

/* Reads the answer to GetServices or to GetCapabilities; false when it is neither. */
bool onvif_services_read(const XmlNode *content, OnvifServices *services);
void onvif_services_clear(OnvifServices *services);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OnvifServices, onvif_services_clear)

/* All owned; "" when not told. */
typedef struct OnvifDevice {
    char *make, *model, *firmware, *serial;
} OnvifDevice;
bool onvif_device_read(const XmlNode *content, OnvifDevice *device);
void onvif_device_clear(OnvifDevice *device);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OnvifDevice, onvif_device_clear)
