#include "media/depay.h"

#include "media/depay_aac.h"
#include "media/depay_video.h"
#include "media/g711.h"

static const struct {
    DepayNote note;
    const char *text;
} note_texts[DEPAY_NOTES] = {
    {DEPAY_NO_MARKER, "pictures end without an RTP marker; split by their time stamps"},
    {DEPAY_MARKER_EARLY,
     "RTP markers stand before the end of pictures; pictures were put together"},
    {DEPAY_FRAME_TOO_BIG, "a picture without an end was dropped after 8 MiB or 4096 parts"},
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
        struct {
            CodecParams *params; /* owned */
            bool lost;
        } g711;
    };
};

static bool is_video(Codec codec)
{
    return codec == CODEC_H264 || codec == CODEC_H265;
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
    else
        depay->g711.params = g711_params(codec, media->clock_hz, media->channels);
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
    else
        codec_params_unref(depay->g711.params);
    g_free(depay);
}

/* One sample of a channel is one byte, so any size will do. */
static void g711_packet(Depay *depay, const RtpPacket *packet, DepayEmit emit, void *data)
{
    DepayFrame frame = {packet->payload, packet->size, packet->timestamp, true, depay->g711.lost};
    if (frame.size == 0)
        return;
    depay->g711.lost = false;
    emit(data, &frame);
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
    } else {
        g711_packet(depay, packet, emit, data);
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
    else
        depay->g711.lost = true;
}

void depay_flush(Depay *depay, DepayEmit emit, void *data)
{
    if (!is_video(depay->codec))
        return;
    depay->video.emit = emit;
    depay->video.emit_data = data;
    depay_video_flush(&depay->video);
}

void depay_reset(Depay *depay)
{
    if (is_video(depay->codec))
        depay_video_reset(&depay->video);
    else if (depay->codec == CODEC_AAC)
        depay->aac.fragment_size = 0;
}

CodecParams *depay_params(const Depay *depay)
{
    if (is_video(depay->codec))
        return param_sets_params(depay->video.sets);
    return depay->codec == CODEC_AAC ? depay->aac.params : depay->g711.params;
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
    return depay->codec == CODEC_AAC ? depay->aac.notes : 0;
}

const char *depay_note_text(DepayNote note)
{
    for (unsigned i = 0; i < DEPAY_NOTES; i++)
        if (note_texts[i].note == note)
            return note_texts[i].text;
    return "";
}
