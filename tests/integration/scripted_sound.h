/* scripted_sound.h — the sound of one connection of a scripted camera. */
#pragma once

#include "scripted_packet.h"

typedef struct ScriptSoundTrack {
    ScriptTrack track;
    uint64_t next; /* the next to be sent */
    unsigned since_play;
} ScriptSoundTrack;

/* From `us` after the camera was made on. */
void script_sound_begin(ScriptSoundTrack *track, const ScriptSound *sound, int64_t us);

/* Appends the bytes of all that are due `us` after the camera was made. */
void script_sound_write_due(ScriptSoundTrack *track, const ScriptSound *sound, int64_t us,
                            ByteWriter *bytes);
