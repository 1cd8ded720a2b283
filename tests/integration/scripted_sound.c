#include "scripted_sound.h"

#include "base/clock.h"

/* How many are complete by then. */
static uint64_t complete(const ScriptSound *sound, int64_t us)
{
    return (uint64_t)us * sound->clock_hz / SECOND_US / sound->ticks;
}

void script_sound_begin(ScriptSoundTrack *track, const ScriptSound *sound, int64_t us)
{
    track->next = complete(sound, us);
    track->since_play = 0;
}

static void write_one(ScriptSoundTrack *track, const ScriptSound *sound, ByteWriter *bytes)
{
    g_autoptr(GPtrArray) payloads = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(GArray) packets = script_packets_new();
    uint64_t number = track->next++;
    sound->payloads(number, payloads);
    track->track.payload_type = sound->payload_type;
    for (guint i = 0; i < payloads->len; i++)
        script_packet_add(packets, &track->track, (uint32_t)(number * sound->ticks),
                          g_bytes_ref(payloads->pdata[i]));
    if (packets->len)
        g_array_index(packets, ScriptPacket, packets->len - 1).marker = true;
    if (sound->packets)
        sound->packets(number, track->since_play, packets);
    track->since_play++;
    script_packets_write(packets, bytes);
}

void script_sound_write_due(ScriptSoundTrack *track, const ScriptSound *sound, int64_t us,
                            ByteWriter *bytes)
{
    for (uint64_t until = complete(sound, us); track->next < until;)
        write_one(track, sound, bytes);
}
