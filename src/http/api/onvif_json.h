/* onvif_json.h — what ONVIF devices tell of themselves, as the API tells it. */
#pragma once

#include "base/json.h"
#include "camera/onvif_discover.h"
#include "camera/onvif_look.h"

Json *onvif_look_json(const OnvifLook *look); /* DeviceProbe of openapi.yaml; returns owned */

/* The stable word for why a look failed. A constant. */
const char *onvif_trouble(const GError *error);

Json *onvif_found_json(const OnvifFound *found); /* FoundDevice of openapi.yaml; returns owned */
