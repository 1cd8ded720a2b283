/* A stream of packets. First byte: codec and fmtp; then for each packet: flags, time stamp step,
 * length, payload. */
#include "media/depay.h"
#include "media/flac.h"
#include "media/opus.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_frame(void *data, const DepayFrame *frame)
{
    const Codec *codec = data;
    if (*codec == CODEC_OPUS)
        g_assert(opus_packet_ticks(frame->data, frame->size) > 0);
    if (*codec == CODEC_PCMA || *codec == CODEC_PCMU)
        g_assert(flac_frame_samples(frame->data, frame->size) > 0);
    g_assert(frame->size > 0 && frame->size <= DEPAY_FRAME_BYTES_MAX + 4 * DEPAY_NALS_MAX);
    if (*codec != CODEC_H264 && *codec != CODEC_H265)
        return;
    NalReader reader = nal_reader(frame->data, frame->size);
    Nal nal;
    bool vcl = false;
    size_t used = 0;
    while (nal_next(&reader, &nal)) {
        vcl |= nal_is_vcl(*codec, nal.data);
        used += 4 + nal.size;
    }
    g_assert(vcl && used == frame->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Codec codecs[] = {CODEC_H264, CODEC_H265, CODEC_AAC, CODEC_PCMA},
                       simple[] = {CODEC_PCMA, CODEC_PCMU, CODEC_OPUS, CODEC_OPUS};
    static char *const fmtps[] = {
        "", "sprop-max-don-diff=1",
        "config=1588;auxiliarydatasizelength=8;randomaccessindication=1",
        "mode=AAC-lbr;ctsdeltalength=4;streamstateindication=3;sizelength=6"};
    if (size == 0)
        return 0;
    Codec codec = codecs[data[0] & 3];
    if (codec == CODEC_PCMA)
        codec = simple[data[0] >> 4 & 3];
    SdpMedia media = {.codec = codec,
                      .clock_hz = 8000,
                      .channels = 1,
                      .control = "",
                      .fmtp = fmtps[data[0] >> 2 & 3]};
    g_autoptr(Depay) depay = depay_new(codec, &media);
    uint32_t timestamp = 0;
    for (size_t at = 1; at + 3 <= size;) {
        uint8_t flags = data[at];
        timestamp += data[at + 1] & 3;
        size_t length = MIN((size_t)data[at + 2], size - at - 3);
        /* Exactly as long, so that the sanitizer sees a step too far. */
        g_autofree uint8_t *payload = g_memdup2(data + at + 3, length);
        RtpPacket packet = {.marker = flags & 1,
                            .timestamp = timestamp,
                            .payload = payload ? payload : (const uint8_t *)"",
                            .size = length};
        if (flags & 2)
            depay_lost(depay, 1);
        if ((flags & 0xfc) == 0xfc)
            depay_reset(depay);
        depay_packet(depay, &packet, check_frame, &codec);
        at += 3 + length;
    }
    depay_flush(depay, check_frame, &codec);
    depay_notes(depay);
    depay_fps(depay);
    return 0;
}
