#include "media/access_unit.h"

#include <string.h>

const char *stream_kind_text(StreamKind kind)
{
    return kind == STREAM_SUB ? "sub" : "main";
}

const char *codec_text(Codec codec)
{
    static const char *const texts[] = {
        [CODEC_NONE] = "none", [CODEC_H264] = "H.264",       [CODEC_H265] = "H.265",
        [CODEC_AAC] = "AAC",   [CODEC_PCMA] = "G.711 A-law", [CODEC_PCMU] = "G.711 µ-law",
        [CODEC_OPUS] = "Opus", [CODEC_FLAC] = "FLAC",
    };
    return texts[codec];
}

CodecParams *codec_params_new(Codec codec, uint32_t timescale, const void *config,
                              size_t config_bytes)
{
    CodecParams *params = g_malloc0(sizeof *params + config_bytes);
    atomic_init(&params->refs, 1);
    params->codec = codec;
    params->timescale = timescale;
    params->config_bytes = config_bytes;
    if (config_bytes)
        memcpy(params->config, config, config_bytes);
    return params;
}

CodecParams *codec_params_ref(CodecParams *params)
{
    atomic_fetch_add_explicit(&params->refs, 1, memory_order_relaxed);
    return params;
}

void codec_params_unref(CodecParams *params)
{
    if (params && atomic_fetch_sub_explicit(&params->refs, 1, memory_order_acq_rel) == 1)
        g_free(params);
}

bool codec_params_equal(const CodecParams *a, const CodecParams *b)
{
    if (a == b)
        return true;
    return a && b && a->codec == b->codec && a->timescale == b->timescale &&
           a->channels == b->channels && a->config_bytes == b->config_bytes &&
           memcmp(a->config, b->config, a->config_bytes) == 0;
}

AccessUnit *access_unit_new(CodecParams *params, Track track, size_t size)
{
    AccessUnit *unit = g_malloc(sizeof *unit + size);
    *unit = (AccessUnit){.track = track, .params = codec_params_ref(params), .size = size};
    atomic_init(&unit->refs, 1);
    return unit;
}

AccessUnit *access_unit_ref(AccessUnit *unit)
{
    atomic_fetch_add_explicit(&unit->refs, 1, memory_order_relaxed);
    return unit;
}

void access_unit_unref(AccessUnit *unit)
{
    /* Release what this thread read; acquire what the others did before the memory goes. */
    if (unit && atomic_fetch_sub_explicit(&unit->refs, 1, memory_order_acq_rel) == 1) {
        codec_params_unref(unit->params);
        g_free(unit);
    }
}
