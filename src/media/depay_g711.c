#include "media/depay_g711.h"

enum {
    BLOCK_MS = 64,  /* what a viewer waits for, and what a break can cut short */
    STRAY_MS = 100, /* stamps that are off by less still connect (Dahua's are not linear) */
    PART_VALUES = 512,
};

static uint32_t ticks(const DepayG711 *g711, unsigned ms)
{
    return (uint32_t)((uint64_t)g711->params->timescale * ms / 1000);
}

void depay_g711_init(DepayG711 *g711, Codec codec, const SdpMedia *media)
{
    bool mu_law = codec == CODEC_PCMU;
    unsigned block = (unsigned)((uint64_t)media->clock_hz * BLOCK_MS / 1000);
    *g711 = (DepayG711){.law = mu_law ? G711_MU_LAW : G711_A_LAW,
                        .channels = (unsigned)MAX(media->channels, 1),
                        .block_samples = CLAMP(block, FLAC_BLOCK_LEAST, FLAC_BLOCK_MOST)};
    g711->params = flac_params(media->clock_hz, MAX(media->channels, 1), g711->block_samples,
                               mu_law ? "G.711 mu-law" : "G.711 A-law");
}

void depay_g711_clear(DepayG711 *g711)
{
    flac_encoder_free(g711->encoder);
    codec_params_unref(g711->params);
}

static void take_frame(void *data, const uint8_t *frame, size_t size, uint32_t samples)
{
    DepayG711 *g711 = data;
    int32_t lag = (int32_t)(g711->packet - g711->stamp);
    DepayFrame out = {.data = frame,
                      .size = size,
                      .timestamp = g711->stamp,
                      .lag = (uint32_t)MAX(lag, 0),
                      .key = true};
    g711->emit(g711->emit_data, &out);
}

/* A part that lies within one block. */
static bool add_part(DepayG711 *g711, const uint8_t *bytes, unsigned samples)
{
    int32_t values[PART_VALUES];
    for (unsigned i = 0; i < samples * g711->channels; i++)
        values[i] = g711_linear(g711->law, bytes[i]);
    return flac_encoder_add(g711->encoder, values, samples);
}

static bool add(DepayG711 *g711, const uint8_t *bytes, unsigned samples, uint32_t stamp)
{
    const unsigned part_most = PART_VALUES / g711->channels;
    while (samples) {
        bool begins = g711->held == 0 || g711->held == g711->block_samples;
        unsigned room = begins ? g711->block_samples : g711->block_samples - g711->held;
        unsigned part = MIN(MIN(samples, room), part_most);
        if (!add_part(g711, bytes, part)) /* a full block came out here */
            return false;
        if (begins)
            g711->stamp = stamp;
        g711->held = begins ? part : g711->held + part;
        bytes += (size_t)part * g711->channels;
        samples -= part;
        stamp += part;
    }
    return true;
}

static void start_anew(DepayG711 *g711)
{
    g_clear_pointer(&g711->encoder, flac_encoder_free);
    g711->held = 0;
}

static void end_block(DepayG711 *g711)
{
    bool ended = g711->held == 0 || flac_encoder_flush(g711->encoder);
    g711->held = 0;
    if (!ended)
        start_anew(g711);
}

/* Whether the packet goes on where the last one ended. */
static bool connects(const DepayG711 *g711, const RtpPacket *packet)
{
    int64_t off = (int32_t)(packet->timestamp - g711->next);
    return !g711->lost && ABS(off) <= ticks(g711, STRAY_MS);
}

void depay_g711_packet(DepayG711 *g711, const RtpPacket *packet, DepayEmit emit, void *data)
{
    unsigned samples = (unsigned)(packet->size / g711->channels);
    if (!g711->params || samples == 0)
        return;
    g711->emit = emit;
    g711->emit_data = data;
    if (!connects(g711, packet))
        end_block(g711);
    g711->lost = false;
    if (!g711->encoder)
        g711->encoder = flac_encoder_new(g711->params, g711->block_samples, take_frame, g711);
    g711->packet = packet->timestamp;
    if (!g711->encoder || !add(g711, packet->payload, samples, packet->timestamp))
        start_anew(g711);
    g711->next = packet->timestamp + samples;
}

void depay_g711_flush(DepayG711 *g711, DepayEmit emit, void *data)
{
    g711->emit = emit;
    g711->emit_data = data;
    end_block(g711);
}

void depay_g711_reset(DepayG711 *g711)
{
    start_anew(g711);
}
