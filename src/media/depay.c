#include "media/depay.h"

#include "media/depay_aac.h"
#include "media/depay_g711.h"
#include "media/depay_video.h"
#include "media/opus.h"

static const struct {
    DepayNote note;
    const char *text;
} note_texts[DEPAY_NOTES] = {
    {DEPAY_NO_MARKER, "pictures end without an RTP marker; split by their time stamps"},
    {DEPAY_MARKER_EARLY,
     "RTP markers stand before the end of pictures; pictures were put together"},
    {DEPAY_FRAME_TOO_BIG,
     "pictures of more than 12 MiB or 4096 parts, or without an end, were dropped"},
    {DEPAY_ANNEXB, "start codes stand inside RTP payloads; they were split"},
    {DEPAY_BAD_FRAGMENTS, "fragments are marked against the standard; they were put together"},
    {DEPAY_SETS_ALTERNATE,
     "parameter sets change all the time; the first ones are told in footage"},
    {DEPAY_UNKNOWN_PACKETS, "packets of an unknown kind were left out"},
    {DEPAY_SPS_UNKNOWN, "the sequence parameter set could not be understood; size unknown"},
    {DEPAY_ADTS, "ADTS headers stand inside audio packets; they were taken off"},
    {DEPAY_BAD_AUDIO, "audio packets that contradict themselves were left out"},
};

struct Depay {
    Codec codec;
    double sdp_fps;
    union {
        DepayVideo video;
        DepayAac aac;
        DepayG711 g711;
        struct {
            CodecParams *params; /* owned */
            unsigned notes;
        } opus;
    };
};

static bool is_video(Codec codec)
{
    return codec == CODEC_H264 || codec == CODEC_H265;
}

static bool is_g711(Codec codec)
{
    return codec == CODEC_PCMA || codec == CODEC_PCMU;
}

Depay *depay_new(Codec codec, const SdpMedia *media)
{
    if (codec == CODEC_NONE)
        return NULL;
    Depay *depay = g_new0(Depay, 1);
    depay->codec = codec;
    depay->sdp_fps = media->frame_rate;
    if (is_video(codec))
        depay_video_init(&depay->video, codec, media);
    else if (codec == CODEC_AAC)
        depay_aac_init(&depay->aac, media);
    else if (codec == CODEC_OPUS)
        depay->opus.params = opus_params(media->channels);
    else
        depay_g711_init(&depay->g711, codec, media);
    return depay;
}

void depay_free(Depay *depay)
{
    if (!depay)
        return;
    if (is_video(depay->codec))
        depay_video_clear(&depay->video);
    else if (depay->codec == CODEC_AAC)
        depay_aac_clear(&depay->aac);
    else if (depay->codec == CODEC_OPUS)
        codec_params_unref(depay->opus.params);
    else
        depay_g711_clear(&depay->g711);
    g_free(depay);
}

/* One RTP packet is one Opus packet (RFC 7587 §4.2), and can be decoded whatever was lost before.
 */
static void opus_packet(Depay *depay, const RtpPacket *packet, DepayEmit emit, void *data)
{
    DepayFrame frame = {
        .data = packet->payload, .size = packet->size, .timestamp = packet->timestamp, .key = true};
    if (opus_packet_ticks(frame.data, frame.size))
        emit(data, &frame);
    else if (frame.size)
        depay->opus.notes |= DEPAY_BAD_AUDIO;
}

void depay_packet(Depay *depay, const RtpPacket *packet, DepayEmit emit, void *data)
{
    if (is_video(depay->codec)) {
        depay->video.emit = emit;
        depay->video.emit_data = data;
        if (depay->codec == CODEC_H264)
            depay_h264_packet(&depay->video, packet);
        else
            depay_h265_packet(&depay->video, packet);
    } else if (depay->codec == CODEC_AAC) {
        depay_aac_packet(&depay->aac, packet, emit, data);
    } else if (depay->codec == CODEC_OPUS) {
        opus_packet(depay, packet, emit, data);
    } else {
        depay_g711_packet(&depay->g711, packet, emit, data);
    }
}

void depay_lost(Depay *depay, unsigned packets)
{
    if (packets == 0)
        return;
    if (is_video(depay->codec))
        depay_video_lost(&depay->video);
    else if (depay->codec == CODEC_AAC)
        depay_aac_lost(&depay->aac);
    else if (is_g711(depay->codec))
        depay->g711.lost = true;
}

void depay_flush(Depay *depay, DepayEmit emit, void *data)
{
    if (is_video(depay->codec)) {
        depay->video.emit = emit;
        depay->video.emit_data = data;
        depay_video_flush(&depay->video);
    } else if (is_g711(depay->codec)) {
        depay_g711_flush(&depay->g711, emit, data);
    }
}

void depay_reset(Depay *depay)
{
    if (is_video(depay->codec))
        depay_video_reset(&depay->video);
    else if (depay->codec == CODEC_AAC)
        depay_aac_lost(&depay->aac);
    else if (is_g711(depay->codec))
        depay_g711_reset(&depay->g711);
}

CodecParams *depay_params(const Depay *depay)
{
    if (is_video(depay->codec))
        return param_sets_params(depay->video.sets);
    if (depay->codec == CODEC_AAC)
        return depay->aac.params;
    return depay->codec == CODEC_OPUS ? depay->opus.params : depay->g711.params;
}

double depay_fps(const Depay *depay)
{
    double fps = is_video(depay->codec) ? param_sets_fps(depay->video.sets) : 0;
    return fps > 0 ? fps : depay->sdp_fps;
}

unsigned depay_notes(const Depay *depay)
{
    if (is_video(depay->codec))
        return depay->video.notes;
    if (depay->codec == CODEC_AAC)
        return depay->aac.notes;
    return depay->codec == CODEC_OPUS ? depay->opus.notes : 0;
}

const char *depay_note_text(DepayNote note)
{
    for (unsigned i = 0; i < DEPAY_NOTES; i++)
        if (note_texts[i].note == note)
            return note_texts[i].text;
    return "";
}
