/* live.h — a camera whose pictures are drawn and encoded as they run, with the true time in them.
 *
 * 640×360 on both streams. Its thread draws only while someone watches; the time is in the picture
 * as text, and in the strip as milliseconds since the Unix epoch, modulo 2^32.
 */
#pragma once

#include "camera.h"

typedef struct LiveCamera LiveCamera;

/* Makes the streams of `camera` (borrowed) and begins. `start_us`: clock_mono_us() of picture 0;
 * `key_at`: which picture of each group is the key picture. */
LiveCamera *live_start(Camera *camera, int64_t start_us, uint32_t key_at, GError **error);
void live_stop(LiveCamera *live); /* joins; takes `live`, leaves the streams to the camera */
