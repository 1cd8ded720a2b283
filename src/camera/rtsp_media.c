#include "camera/rtsp_media.h"

#include "base/clock.h"

/* What the callbacks of a track's ports are given. */
typedef struct Line {
    RtspMedia *media;
    Track track;
    RtpTrack *rtp;   /* NULL: not played */
    RtpUdp *udp;     /* NULL: by the connection */
    uint8_t channel; /* of RTP; RTCP is the next one */
} Line;

struct RtspMedia {
    Ingest *ingest;
    RtpTrackEvents events;
    void (*ready)(void *data);
    void *data;
    Line lines[TRACKS];
    LoopTimer *holes; /* a packet has waited long enough for the one before it */
    bool playing;
};

static void ready(void *data)
{
    const Line *line = data;
    line->media->ready(line->media->data);
}

static void on_rtp(void *data, const uint8_t *bytes, size_t size, int64_t arrival_us)
{
    const Line *line = data;
    if (line->rtp)
        rtp_track_packet(line->rtp, bytes, size, arrival_us);
}

static void on_rtcp(void *data, const uint8_t *bytes, size_t size)
{
    const Line *line = data;
    if (line->rtp)
        rtp_track_rtcp(line->rtp, bytes, size, clock_mono_us());
}

static void give_up_holes(void *data)
{
    RtspMedia *media = data;
    int64_t now_us = clock_now_us(), until_us = INT64_MAX;
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        RtpTrack *rtp = media->lines[track].rtp;
        if (!rtp)
            continue;
        rtp_track_give_up(rtp, now_us);
        until_us = MIN(until_us, rtp_track_waits_until_us(rtp));
    }
    loop_timer_set(media->holes,
                   until_us == INT64_MAX ? 0 : clock_mono_us() + MAX(until_us - now_us, 0) + 1000);
}

RtspMedia *rtsp_media_new(Ingest *ingest, const RtpTrackEvents *events,
                          void (*on_ready)(void *data), void *data)
{
    RtspMedia *media = g_new0(RtspMedia, 1);
    *media = (RtspMedia){.ingest = ingest, .events = *events, .ready = on_ready, .data = data};
    media->holes = loop_timer_new(ingest->loop, give_up_holes, media);
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        media->lines[track] = (Line){.media = media, .track = track};
    return media;
}

void rtsp_media_free(RtspMedia *media)
{
    if (!media)
        return;
    rtsp_media_close_udp(media);
    loop_timer_free(media->holes);
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        rtp_track_free(media->lines[track].rtp);
    g_free(media);
}

/* ---- ports ---- */

bool rtsp_media_open_udp(RtspMedia *media, int fd, uint16_t ports[TRACKS])
{
    static const RtpUdpEvents events = {ready, on_rtp, on_rtcp};
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        Line *line = &media->lines[track];
        line->udp = rtp_udp_open(media->ingest, fd, &events, line);
        if (!line->udp) {
            rtsp_media_close_udp(media);
            return false;
        }
        ports[track] = rtp_udp_port(line->udp);
    }
    return true;
}

void rtsp_media_close_udp(RtspMedia *media)
{
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        g_clear_pointer(&media->lines[track].udp, rtp_udp_free);
}

void rtsp_media_expect(RtspMedia *media, const RtspDialogue *dialogue)
{
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        int rtp_port, rtcp_port;
        rtsp_dialogue_server_ports(dialogue, track, &rtp_port, &rtcp_port);
        if (media->lines[track].udp)
            rtp_udp_expect(media->lines[track].udp, rtp_port, rtcp_port);
    }
}

/* ---- playing ---- */

static void begin_line(Line *line, const SdpMedia *described)
{
    line->rtp = rtp_track_new(line->track, described, &line->media->events, line->media->data);
    if (!line->udp)
        return;
    rtp_track_reorder(line->rtp);
    rtp_udp_begin(line->udp);
}

void rtsp_media_begin(RtspMedia *media, const RtspDialogue *dialogue, RtspFraming *framing)
{
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        Line *line = &media->lines[track];
        const SdpMedia *described = rtsp_dialogue_media(dialogue, track, &line->channel);
        /* The camera may have answered otherwise than it was asked. */
        if (!described || !rtsp_dialogue_udp(dialogue, track))
            g_clear_pointer(&line->udp, rtp_udp_free);
        if (!described)
            continue;
        begin_line(line, described);
        if (line->udp)
            continue;
        rtsp_framing_allow(framing, line->channel);
        rtsp_framing_allow(framing, (uint8_t)(line->channel + 1));
    }
    media->playing = true;
}

bool rtsp_media_udp(const RtspMedia *media)
{
    return media->playing && media->lines[TRACK_VIDEO].udp;
}

bool rtsp_media_silent(const RtspMedia *media)
{
    return rtsp_media_udp(media) && rtp_udp_datagrams(media->lines[TRACK_VIDEO].udp) == 0;
}

void rtsp_media_frame(RtspMedia *media, const RtspItem *item, int64_t arrival_us)
{
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        const Line *line = &media->lines[track];
        if (!line->rtp || line->udp) /* a leftover of another session (CAMERAS.md S14) */
            continue;
        if (item->channel == line->channel)
            rtp_track_packet(line->rtp, item->data, item->size, arrival_us);
        else if (item->channel == line->channel + 1)
            rtp_track_rtcp(line->rtp, item->data, item->size, clock_mono_us());
    }
}

size_t rtsp_media_read(RtspMedia *media)
{
    size_t bytes = 0;
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        if (media->lines[track].udp)
            bytes += rtp_udp_read(media->lines[track].udp);
    give_up_holes(media);
    return bytes;
}

bool rtsp_media_wait(RtspMedia *media, bool coarse)
{
    bool done = true;
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        if (media->lines[track].udp)
            done = rtp_udp_wait(media->lines[track].udp, coarse) && done;
    return done;
}

void rtsp_media_report(RtspMedia *media, ByteWriter *out)
{
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        const Line *line = &media->lines[track];
        uint8_t report[RTCP_REPORT_BYTES_MAX];
        size_t size = line->rtp ? rtp_track_report(line->rtp, clock_mono_us(), report) : 0;
        if (size && line->udp) {
            rtp_udp_report(line->udp, report, size);
        } else if (size) {
            write_u8(out, '$');
            write_u8(out, (uint8_t)(line->channel + 1));
            write_u16(out, (uint16_t)size);
            write_bytes(out, report, size);
        }
    }
}

void rtsp_media_flush(RtspMedia *media)
{
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        if (media->lines[track].rtp)
            rtp_track_flush(media->lines[track].rtp);
    loop_timer_set(media->holes, 0);
}

unsigned rtsp_media_notes(const RtspMedia *media)
{
    unsigned notes = 0;
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        notes |= rtp_track_notes(media->lines[track].rtp);
    return notes;
}

const RtpTrack *rtsp_media_track(const RtspMedia *media, Track track)
{
    return media->lines[track].rtp;
}
