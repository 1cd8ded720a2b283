/* sound.h — eight seconds of village sound, encoded once, that loop without a break. */
#pragma once

#include "media/access_unit.h"

typedef struct Sound {
    Codec codec; /* AAC, PCMA or PCMU */
    int rate_hz;
    int frame_samples;
    GPtrArray *frames;  /* of GBytes; in RTP's form */
    GByteArray *config; /* AudioSpecificConfig of AAC, else empty */
} Sound;

Sound *sound_new(Codec codec, GError **error);
void sound_free(Sound *sound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sound, sound_free)
