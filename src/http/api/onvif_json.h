/* onvif_json.h — what ONVIF devices tell of themselves, as the API tells it. */
#pragma once

#include "base/json.h"
#include "camera/onvif_discover.h"
#include "camera/onvif_look.h"

Json *onvif_look_json(const OnvifLook *look);    /* DeviceProbe of openapi.yaml; returns owned */
Json *onvif_found_json(const OnvifFound *found); /* FoundDevice of openapi.yaml; returns owned */
