#include "camera/rtp_track.h"

#include "camera/rtp_rival.h"
#include "media/rtp_reorder.h"

#include <sodium.h>

enum {
    DOUBT_PACKETS = 64, /* of another source, while ours has given no key picture … */
    DOUBT_MOST = 1024,  /* … twice as many each time, so that a long one can be given */
    /* of ours, before another source takes its place: more than two reads in batches are apart */
    SILENT_LEAST_US = 500 * 1000,
    SILENT_MOST_US = 4 * 1000 * 1000,
};

struct RtpTrack {
    Track kind;
    int payload_type, newest_type; /* as described; of the newest packet */
    Depay *depay;
    RtpReorder *reorder; /* NULL: they come in order */
    RtpSequence sequence;
    RtcpReport report;
    uint32_t ssrc;
    bool has_ssrc;
    bool proven; /* it has given what can be decoded */
    RtpRival *rival;
    int64_t heard_us; /* arrival of our newest packet */
    int64_t pause_us; /* between two of ours; a long one is remembered for some more pauses */
    unsigned doubt;   /* packets */
    int64_t last_sr_us;
    uint32_t timestamp;            /* of the packet in work */
    int64_t arrival_us, before_us; /* of it, and of the one before it */
    RtpTrackEvents events;
    void *data;
};

RtpTrack *rtp_track_new(Track kind, const SdpMedia *media, const RtpTrackEvents *events, void *data)
{
    RtpTrack *track = g_new0(RtpTrack, 1);
    *track = (RtpTrack){.kind = kind,
                        .payload_type = media->payload_type,
                        .newest_type = media->payload_type,
                        .depay = depay_new(media->codec, media),
                        .rival = rtp_rival_new(),
                        .doubt = DOUBT_PACKETS,
                        .events = *events,
                        .data = data};
    track->report.own_ssrc = randombytes_random();
    return track;
}

void rtp_track_free(RtpTrack *track)
{
    if (!track)
        return;
    depay_free(track->depay);
    rtp_reorder_free(track->reorder);
    rtp_rival_free(track->rival);
    g_free(track);
}

static void emit(void *data, const DepayFrame *frame)
{
    RtpTrack *track = data;
    track->proven |= frame->key && !frame->damaged;
    /* A picture without a marker comes out with the first packet of the next one. */
    bool ended_before = track->kind == TRACK_VIDEO && frame->timestamp != track->timestamp;
    track->events.frame(track->data, track->kind, frame, depay_params(track->depay),
                        ended_before ? track->before_us : track->arrival_us);
}

/* `late`: what came of the source before it was heard is missing in its first picture. */
static void begin_anew(RtpTrack *track, bool late)
{
    depay_reset(track->depay);
    if (late)
        depay_lost(track->depay, 1);
    track->events.restarted(track->data, track->kind);
}

/* Nothing overtakes within a connection: a number behind, but a stamp ahead, is the camera's that
 * has begun to number anew. Nothing is known to be missing. */
static bool is_numbered_anew(RtpTrack *track, const RtpPacket *packet)
{
    if (track->reorder || (int32_t)(packet->timestamp - track->timestamp) <= 0)
        return false;
    unsigned missing;
    track->sequence = (RtpSequence){.lost = track->sequence.lost};
    rtp_sequence_add(&track->sequence, packet->sequence, &missing);
    return true;
}

/* Returns false for a packet that is not to be used. */
static bool take_in_order(RtpTrack *track, const RtpPacket *packet)
{
    unsigned missing;
    switch (rtp_sequence_add(&track->sequence, packet->sequence, &missing)) {
    case RTP_LATE:
        return is_numbered_anew(track, packet);
    case RTP_HOLE:
        depay_lost(track->depay, missing);
        return true;
    case RTP_RESTART:
        begin_anew(track, true);
        track->ssrc = packet->ssrc;
        return true;
    case RTP_NEXT:
        break;
    }
    return true;
}

static void take(RtpTrack *track, const RtpPacket *packet, int64_t arrival_us)
{
    if (!take_in_order(track, packet))
        return;
    track->before_us = track->arrival_us;
    track->arrival_us = arrival_us;
    track->timestamp = packet->timestamp;
    depay_packet(track->depay, packet, emit, track);
}

static void take_next(void *data, const uint8_t *bytes, size_t size, int64_t arrival_us)
{
    RtpPacket packet;
    if (rtp_parse(bytes, size, &packet))
        take(data, &packet, arrival_us);
}

static void take_ours(RtpTrack *track, const RtpPacket *packet, const uint8_t *data, size_t size,
                      int64_t arrival_us)
{
    int64_t pause_us = track->has_ssrc ? arrival_us - track->heard_us : 0;
    track->ssrc = packet->ssrc;
    track->has_ssrc = true;
    track->heard_us = arrival_us;
    if (pause_us > 0) /* those of one read tell nothing of pauses */
        track->pause_us = MAX(pause_us, track->pause_us - track->pause_us / 64);
    if (track->reorder)
        rtp_reorder_add(track->reorder, packet->sequence, data, size, arrival_us);
    else
        take(track, packet, arrival_us);
}

static void take_kept(void *data, const uint8_t *bytes, size_t size, int64_t arrival_us)
{
    RtpPacket packet;
    if (rtp_parse(bytes, size, &packet))
        take_ours(data, &packet, bytes, size, arrival_us);
}

/* Some cameras leak another session's packets into the channel (CAMERAS.md R16), maybe before the
 * first of ours: one that gives no key picture is doubted. Only when a proven one has fallen
 * silent, for longer than it usually does, has another one taken its place. */
static bool has_taken_over(const RtpTrack *track, int64_t arrival_us)
{
    int64_t silent_us = CLAMP(2 * track->pause_us, SILENT_LEAST_US, SILENT_MOST_US);
    unsigned kept = rtp_rival_count(track->rival);
    return (!track->proven && kept >= track->doubt) ||
           (kept >= 2 && arrival_us - track->heard_us >= silent_us);
}

static void change_source(RtpTrack *track)
{
    track->sequence = (RtpSequence){.lost = track->sequence.lost}; /* its numbers jump, too */
    if (track->reorder)
        rtp_reorder_reset(track->reorder);
    begin_anew(track, !track->proven || rtp_rival_torn(track->rival));
    track->doubt = track->proven ? DOUBT_PACKETS : MIN(2 * track->doubt, DOUBT_MOST);
    track->proven = false;
    rtp_rival_give(track->rival, take_kept, track);
}

void rtp_track_packet(RtpTrack *track, const uint8_t *data, size_t size, int64_t arrival_us)
{
    RtpPacket packet;
    if (!rtp_parse(data, size, &packet))
        return;
    track->newest_type = packet.payload_type;
    if (packet.payload_type != track->payload_type)
        return;
    if (track->has_ssrc && packet.ssrc != track->ssrc) {
        rtp_rival_keep(track->rival, &packet, data, size, arrival_us);
        if (has_taken_over(track, arrival_us))
            change_source(track);
        return;
    }
    if (track->proven)
        rtp_rival_forget(track->rival);
    take_ours(track, &packet, data, size, arrival_us);
}

void rtp_track_reorder(RtpTrack *track)
{
    if (!track->reorder)
        track->reorder = rtp_reorder_new(take_next, track);
}

int64_t rtp_track_waits_until_us(const RtpTrack *track)
{
    return track->reorder ? rtp_reorder_until_us(track->reorder) : INT64_MAX;
}

void rtp_track_give_up(RtpTrack *track, int64_t now_us)
{
    if (track->reorder)
        rtp_reorder_give_up(track->reorder, now_us);
}

void rtp_track_flush(RtpTrack *track)
{
    if (track->reorder)
        rtp_reorder_flush(track->reorder);
    depay_flush(track->depay, emit, track);
}

void rtp_track_rtcp(RtpTrack *track, const uint8_t *data, size_t size, int64_t now_us)
{
    RtcpInfo info;
    if (!rtcp_parse(data, size, &info) || !info.sender_report)
        return;
    track->report.last_sr_ntp = info.ntp;
    track->last_sr_us = now_us;
}

size_t rtp_track_report(RtpTrack *track, int64_t now_us, uint8_t out[RTCP_REPORT_BYTES_MAX])
{
    if (!track->has_ssrc)
        return 0;
    track->report.source_ssrc = track->ssrc;
    track->report.since_sr_us = now_us - track->last_sr_us;
    return rtcp_report_write(&track->report, &track->sequence, "vonglau", out);
}

char *rtp_track_other_type(const RtpTrack *track)
{
    if (!track || track->has_ssrc || track->newest_type == track->payload_type)
        return NULL; /* others may come beside ours */
    return g_strdup_printf("the camera sends packets of payload type %d, where its description "
                           "says %d; restart it, and look for newer firmware",
                           track->newest_type, track->payload_type);
}

uint64_t rtp_track_lost(const RtpTrack *track)
{
    return track ? track->sequence.lost : 0;
}

unsigned rtp_track_notes(const RtpTrack *track)
{
    return track ? depay_notes(track->depay) : 0;
}

double rtp_track_fps(const RtpTrack *track)
{
    return track ? depay_fps(track->depay) : 0;
}
