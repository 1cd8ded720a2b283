/* paint_alley.h — a small alley, drawn for the very moment: what the live cameras see. */
#pragma once

#include <libavutil/frame.h>

typedef struct Alley Alley;

Alley *alley_new(void);
void alley_free(Alley *alley);

/* Fills `out` (640×360) with the alley as it is `time_s` seconds into its minute, which repeats. */
void alley_paint(Alley *alley, double time_s, AVFrame *out);
