/* frames.h — what the tests of depay share: packets in, frames kept. */
#pragma once

#include "media/depay.h"
#include "unit.h"

#include <string.h>

enum { FRAMES_MAX = 64, FRAME_BYTES = 4096 };

typedef struct Frames {
    Depay *depay;
    uint16_t sequence;
    unsigned count;
    struct {
        size_t size;
        uint32_t timestamp;
        bool key, damaged, after_loss;
        const CodecParams *params; /* only to be compared */
        uint8_t data[FRAME_BYTES]; /* the beginning */
    } frame[FRAMES_MAX];
} Frames;

static inline void keep_frame(void *data, const DepayFrame *frame)
{
    Frames *frames = data;
    assert_true(frames->count < FRAMES_MAX);
    unsigned i = frames->count++;
    frames->frame[i].size = frame->size;
    frames->frame[i].timestamp = frame->timestamp;
    frames->frame[i].key = frame->key;
    frames->frame[i].damaged = frame->damaged;
    frames->frame[i].after_loss = frame->after_loss;
    frames->frame[i].params = depay_params(frames->depay);
    memcpy(frames->frame[i].data, frame->data, MIN(frame->size, (size_t)FRAME_BYTES));
}

static inline Frames *frames_new(Codec codec, const char *fmtp)
{
    SdpMedia media = {.codec = codec,
                      .kind = SDP_VIDEO,
                      .clock_hz = 90000,
                      .channels = 1,
                      .control = "",
                      .fmtp = (char *)fmtp};
    if (codec > CODEC_H265)
        media.kind = SDP_AUDIO, media.clock_hz = 8000;
    Frames *frames = g_new0(Frames, 1);
    frames->depay = depay_new(codec, &media);
    return frames;
}

static inline void frames_free(Frames *frames)
{
    depay_free(frames->depay);
    g_free(frames);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Frames, frames_free)

/* A copy of exactly `size` bytes goes in, so that the sanitizers see every step too far. */
static inline void feed(Frames *frames, uint32_t timestamp, bool marker, const void *data,
                        size_t size)
{
    g_autofree uint8_t *payload = g_memdup2(data, size);
    RtpPacket packet = {.payload_type = 96,
                        .marker = marker,
                        .sequence = frames->sequence++,
                        .timestamp = timestamp,
                        .payload = payload,
                        .size = size};
    depay_packet(frames->depay, &packet, keep_frame, frames);
}

#define FEED(frames, timestamp, marker, ...)                        \
    feed(frames, timestamp, marker, (const uint8_t[]){__VA_ARGS__}, \
         sizeof((const uint8_t[]){__VA_ARGS__}))

#define ASSERT_FRAME(frames, i, ...)                                                       \
    do {                                                                                   \
        assert_int_equal((frames)->frame[i].size, sizeof((const uint8_t[]){__VA_ARGS__})); \
        assert_memory_equal((frames)->frame[i].data, ((const uint8_t[]){__VA_ARGS__}),     \
                            sizeof((const uint8_t[]){__VA_ARGS__}));                       \
    } while (0)
