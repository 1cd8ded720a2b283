/* probe.h — a look at an address before it becomes a camera, for whatever route has one. */
#pragma once

#include "base/digest.h"
#include "camera/cameras.h"
#include "http/api/call.h"

/* How long one look may take. */
#define PROBE_US (10 * SECOND_US)

/* Each look keeps a thread of the pool: begin says ERR_UNAVAILABLE when there are as many as may
 * be, else end must follow. */
bool probe_begin(GError **error);
void probe_end(void);

/* Answers with what comes from there, or 422 and why nothing does; `masked`: without a picture.
 * Returns true. Blocks. */
bool probe_look(ApiCall *call, const CameraLook *asked, bool masked);
