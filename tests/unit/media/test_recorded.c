/* Whole sessions as two servers sent them, played by a client of another make: what rtsp_message,
 * sdp, rtp and depay make of them together, however the bytes are cut. The counts to be met were
 * taken from the bytes by another program. */
#include "media/depay.h"
#include "media/media_data.h"
#include "media/rtcp.h"
#include "media/rtsp_auth.h"
#include "media/rtsp_header.h"
#include "unit.h"

#include <string.h>

typedef struct Recorded {
    const char *file, *server;
    RtspAuthKind auth;
    Codec codec[TRACKS];
    unsigned packets[TRACKS], frames[TRACKS], keys;
    int width, height, sample_rate_hz;
} Recorded;

/* The channels hold video and audio; all have 10 pictures a second. */
static const Recorded recorded[] = {
    {.file = "gst_h264.rtsp",
     .server = "GStreamer RTSP server",
     .auth = RTSP_AUTH_BASIC,
     .codec = {CODEC_H264, CODEC_FLAC},
     .packets = {36, 36},
     .frames = {14, 22},
     .keys = 2,
     .width = 176,
     .height = 120,
     .sample_rate_hz = 8000},
    {.file = "gst_h265.rtsp",
     .server = "GStreamer RTSP server",
     .auth = RTSP_AUTH_MD5,
     .codec = {CODEC_H265, CODEC_AAC},
     .packets = {64, 35},
     .frames = {22, 35},
     .keys = 3,
     .width = 176,
     .height = 120,
     .sample_rate_hz = 16000},
    {.file = "gortsplib_h264.rtsp",
     .server = "gortsplib",
     .auth = RTSP_AUTH_SHA256,
     .codec = {CODEC_H264, CODEC_AAC},
     .packets = {59, 15},
     .frames = {16, 75},
     .keys = 2,
     .width = 180,
     .height = 100,
     .sample_rate_hz = 44100},
    {.file = "gortsplib_h265.rtsp",
     .server = "gortsplib",
     .auth = RTSP_AUTH_SHA256,
     .codec = {CODEC_H265, CODEC_FLAC},
     .packets = {52, 37},
     .frames = {16, 24},
     .keys = 1,
     .width = 180,
     .height = 100,
     .sample_rate_hz = 8000},
};

typedef struct Session {
    RtspFraming framing;
    unsigned answers, streams_told;
    RtspAuth auth;
    char *server;
    Sdp *sdp;
    RtspTransport transport[TRACKS];
    unsigned transports;
    Depay *depay[TRACKS];
    RtpSequence sequence[TRACKS];
    RtpUnwrap unwrap[TRACKS];
    int64_t last_time[TRACKS];
    unsigned frames[TRACKS], keys;
    Track track; /* of the packet being read */
    GChecksum *sum;
} Session;

static void take_frame(void *data, const DepayFrame *frame)
{
    Session *session = data;
    Track track = session->track;
    session->frames[track]++;
    assert_false(frame->damaged);
    assert_non_null(depay_params(session->depay[track]));
    int64_t time = rtp_unwrap(&session->unwrap[track], frame->timestamp);
    assert_true(session->frames[track] == 1 || time > session->last_time[track]);
    session->last_time[track] = time;
    g_checksum_update(session->sum, frame->data, (gssize)frame->size);
    if (track == TRACK_AUDIO)
        return;
    session->keys += frame->key;
    NalReader reader = nal_reader(frame->data, frame->size);
    Nal nal;
    unsigned slices = 0, starts = 0;
    while (nal_next(&reader, &nal)) {
        slices += nal_is_vcl(depay_params(session->depay[track])->codec, nal.data);
        starts += nal_starts_picture(depay_params(session->depay[track])->codec, &nal);
    }
    assert_true(slices >= 1);
    assert_int_equal(starts, 1);
}

static void take_answer(Session *session, const RtspItem *item)
{
    session->answers++;
    assert_int_equal(rtsp_cseq(item), session->answers);
    if (item->status == 401)
        assert_true(rtsp_auth_choose(item, &session->auth));
    RtspText server = rtsp_header(item, "Server");
    if (server.data && !session->server)
        session->server = rtsp_text_dup(server);
    if (item->size && item->status == 200)
        session->sdp = sdp_parse(item->data, item->size);
    RtspText transport = rtsp_header(item, "Transport"), info = rtsp_header(item, "RTP-Info");
    RtspSession id;
    if (transport.data) {
        assert_true(rtsp_session_parse(rtsp_header(item, "Session"), &id));
        assert_true(rtsp_transport_parse(transport, &session->transport[session->transports++]));
    }
    RtspRtpInfo stream;
    while (info.data && rtsp_rtp_info_next(&info, &stream))
        session->streams_told += stream.has_sequence && stream.has_timestamp;
}

static void take_interleaved(Session *session, const RtspItem *item)
{
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        RtspTransport *transport = &session->transport[track];
        if (item->channel == transport->rtcp_channel) {
            RtcpInfo info;
            assert_true(rtcp_parse(item->data, item->size, &info));
            assert_int_equal(info.ssrc, transport->ssrc);
        }
        if (item->channel != transport->rtp_channel)
            continue;
        if (!session->depay[track]) {
            const SdpMedia *media =
                sdp_choose(session->sdp, track == TRACK_VIDEO ? SDP_VIDEO : SDP_AUDIO);
            session->depay[track] = depay_new(media->codec, media);
        }
        RtpPacket packet;
        unsigned missing;
        assert_true(rtp_parse(item->data, item->size, &packet));
        assert_int_equal(packet.ssrc, transport->ssrc);
        assert_int_equal(rtp_sequence_add(&session->sequence[track], packet.sequence, &missing),
                         RTP_NEXT);
        session->track = track;
        depay_packet(session->depay[track], &packet, take_frame, session);
    }
}

/* Plays a session that comes in pieces of `piece` bytes. */
static void play(Session *session, const uint8_t *data, size_t size, size_t piece)
{
    g_autoptr(GByteArray) buffer = g_byte_array_new();
    for (size_t at = 0; at < size; at += piece) {
        g_byte_array_append(buffer, data + at, (guint)MIN(piece, size - at));
        RtspItem item;
        RtspItemKind kind;
        do {
            kind = rtsp_next(&session->framing, buffer->data, buffer->len, &item);
            assert_true(kind == RTSP_FRAME || kind == RTSP_RESPONSE || kind == RTSP_NEED_MORE);
            if (kind == RTSP_RESPONSE)
                take_answer(session, &item);
            else if (kind == RTSP_FRAME)
                take_interleaved(session, &item);
            if (item.consumed)
                g_byte_array_remove_range(buffer, 0, (guint)item.consumed);
        } while (kind != RTSP_NEED_MORE);
    }
    assert_int_equal(buffer->len, 0);
}

static void check(const Session *session, const Recorded *told)
{
    assert_string_equal(session->server, told->server);
    assert_int_equal(session->answers, 8);
    assert_int_equal(session->auth.kind, told->auth);
    assert_int_equal(session->streams_told, TRACKS);
    assert_int_equal(session->keys, told->keys);
    for (Track track = TRACK_VIDEO; track < TRACKS; track++) {
        assert_int_equal(depay_params(session->depay[track])->codec, told->codec[track]);
        assert_int_equal(session->sequence[track].received, told->packets[track]);
        assert_int_equal(session->frames[track], told->frames[track]);
        assert_int_equal(depay_notes(session->depay[track]), 0);
    }
    const CodecParams *video = depay_params(session->depay[TRACK_VIDEO]);
    assert_int_equal(video->width, told->width);
    assert_int_equal(video->height, told->height);
    assert_int_equal(depay_params(session->depay[TRACK_AUDIO])->sample_rate_hz,
                     told->sample_rate_hz);
    assert_true(depay_fps(session->depay[TRACK_VIDEO]) == 10);
}

static void sessions_of_two_servers_give_their_pictures_however_cut(void **state)
{
    const size_t pieces[] = {SIZE_MAX, 1448, 101, 1};
    for (unsigned i = 0; i < G_N_ELEMENTS(recorded); i++) {
        g_autofree char *path = g_build_filename(MEDIA_DATA, recorded[i].file, NULL);
        g_autofree char *data = NULL, *first_sum = NULL;
        gsize size;
        assert_true(g_file_get_contents(path, &data, &size, NULL));
        for (unsigned k = 0; k < G_N_ELEMENTS(pieces); k++) {
            Session session = {.sum = g_checksum_new(G_CHECKSUM_SHA256)};
            play(&session, (uint8_t *)data, size, MIN(pieces[k], size));
            check(&session, &recorded[i]);
            if (!first_sum)
                first_sum = g_strdup(g_checksum_get_string(session.sum));
            assert_string_equal(g_checksum_get_string(session.sum), first_sum);
            for (Track track = TRACK_VIDEO; track < TRACKS; track++)
                depay_free(session.depay[track]);
            sdp_free(session.sdp);
            g_free(session.server);
            g_checksum_free(session.sum);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_of_two_servers_give_their_pictures_however_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
