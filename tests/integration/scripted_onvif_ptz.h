/* scripted_onvif_ptz.h — the PTZ service of a scripted device, which keeps what it was told. */
#pragma once

#include "scripted_onvif.h"

#include <glib.h>

/* The answer, owned; NULL: a fault. A line a command goes into `steps`. */
char *scripted_onvif_ptz(const OnvifScript *script, const char *request, GString *steps);
