/* rtsp.h — the RTSP side: gst-rtsp-server with two mount points a camera, its passwords, and
 * connections that break on command. Runs on the main context of GLib. */
#pragma once

#include "camera.h"
#include "pacer.h"

typedef struct Rtsp Rtsp;

/* Listens on `bind`:`port` (0: a free one). Borrows `cameras` (of Camera) and `pacer`. */
Rtsp *rtsp_start(const char *bind, int port, GPtrArray *cameras, Pacer *pacer, GError **error);
void rtsp_stop(Rtsp *rtsp); /* takes `rtsp` */
int rtsp_port(const Rtsp *rtsp);

/* Ends all connections of this camera without a word, as a cut cable does. */
void rtsp_disconnect(Rtsp *rtsp, const Camera *camera);
