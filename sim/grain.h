/* grain.h — the noise of a sensor, so that encoded pictures cost as many bits as real ones. */
#pragma once

#include <libavutil/frame.h>
#include <stdint.h>

typedef struct Grain Grain;

/* `strength`: standard deviation in luma steps, about. Returns owned (g_free). */
Grain *grain_new(int strength);

/* Adds other noise for each `index`, the same in every run. */
void grain_add(const Grain *grain, uint32_t index, AVFrame *frame);
