/* onvif_ptz.h — moving a camera by ONVIF: the PTZ service (PTZ specification, ver20).
 *
 * Bodies of requests, and readers of the first element of an answer's body. Speeds are from -1 to
 * 1. What is not moved is left out of a request: devices that can only zoom refuse the rest.
 */
#pragma once

#include "media/xml.h"

#include <stdbool.h>

enum { ONVIF_PRESETS_MAX = 256 };

#define ONVIF_PTZ_NS "http://www.onvif.org/ver20/ptz/wsdl"
#define ONVIF_ASK_NODES "<GetNodes xmlns=\"" ONVIF_PTZ_NS "\"/>"

/* What the nodes of a device can do at a speed. A device that tells no spaces is taken to do both.
 * `*turns`: one says that it pans or tilts, by speed or otherwise. False when it has no node. */
bool onvif_nodes_read(const XmlNode *content, bool *moves, bool *zooms, bool *turns);

/* Returned owned. `timeout_s`: after which the device stops by itself. */
char *onvif_ask_move(const char *profile, double pan, double tilt, double zoom, int timeout_s);
char *onvif_ask_stop(const char *profile);
char *onvif_ask_presets(const char *profile);
char *onvif_ask_preset(const char *profile, const char *preset); /* to go there */

typedef struct OnvifPreset {
    char *token, *name; /* owned; name "" when not told */
} OnvifPreset;
void onvif_preset_free(OnvifPreset *preset);

/* Array of OnvifPreset, owned; NULL when the answer is another one. */
GPtrArray *onvif_presets_read(const XmlNode *content);
