/* auth.h — who may watch which camera: gst-rtsp-server has one keeper for all mount points, ours
 * asks the camera that is meant. */
#pragma once

#include "camera.h"

#include <gst/rtsp-server/rtsp-server.h>

/* Called for each request before its password is looked at; `camera` is NULL when the path names
 * none. Returning false ends the matter: the request is not answered. */
typedef bool (*AuthAdmit)(GstRTSPContext *context, Camera *camera);

/* Borrows `cameras`. Returns owned (g_object_unref). */
GstRTSPAuth *auth_new(GPtrArray *cameras, AuthAdmit admit);
