/* audio_frame.h — how long a frame of sound lasts. */
#pragma once

#include "media/access_unit.h"

/* In ticks of `params`, by the frame's own bytes; at least 1, whatever they are. */
uint32_t audio_frame_ticks(const CodecParams *params, const uint8_t *data, size_t size);
