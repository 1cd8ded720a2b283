/* site.h — all that runs while the simulator serves: cameras, their sending, RTSP and HTTP. */
#pragma once

#include "camera.h"

typedef struct Site Site;

/* Starts everything on GLib's default main context. Borrows `options` and `plan`, whose scenes are
 * prepared. Returns owned, or NULL. */
Site *site_start(const Options *options, const CameraPlan *plan, GError **error);
void site_stop(Site *site); /* takes `site`; NULL is allowed */

int site_rtsp_port(const Site *site);
int site_http_port(const Site *site);
