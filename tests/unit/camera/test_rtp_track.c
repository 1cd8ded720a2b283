#include "base/bytes.h"
#include "base/clock.h"
#include "camera/rtp_track.h"
#include "unit.h"

#define FRAME_US (20 * 1000)

typedef struct Heard {
    unsigned frames, restarts;
    unsigned out_of_order; /* frames that came before one that arrived earlier */
    uint32_t last_timestamp;
    int64_t last_arrival_us;
} Heard;

static void frame(void *data, Track track, const DepayFrame *frame, CodecParams *params,
                  int64_t arrival_us)
{
    Heard *heard = data;
    heard->frames++;
    heard->out_of_order += arrival_us < heard->last_arrival_us;
    heard->last_timestamp = frame->timestamp;
    heard->last_arrival_us = arrival_us;
}

static void restarted(void *data, Track track)
{
    Heard *heard = data;
    heard->restarts++;
}

static RtpTrack *track_new(Heard *heard)
{
    static const RtpTrackEvents events = {frame, restarted};
    const SdpMedia media = {.kind = SDP_AUDIO,
                            .codec = CODEC_OPUS,
                            .payload_type = 8,
                            .clock_hz = 8000,
                            .channels = 1,
                            .control = "",
                            .fmtp = ""};
    return rtp_track_new(TRACK_AUDIO, &media, &events, heard);
}

static RtpTrack *video_track_new(Heard *heard)
{
    static const RtpTrackEvents events = {frame, restarted};
    const SdpMedia media = {.kind = SDP_VIDEO,
                            .codec = CODEC_H264,
                            .payload_type = 96,
                            .clock_hz = 90000,
                            .control = "",
                            .fmtp = ""};
    return rtp_track_new(TRACK_VIDEO, &media, &events, heard);
}

static void feed_at(RtpTrack *track, uint8_t payload_type, uint32_t ssrc, uint16_t sequence,
                    int64_t arrival_us)
{
    uint8_t packet[20] = {0x80, payload_type};
    put_u16(packet + 2, sequence);
    put_u32(packet + 4, sequence * 160u);
    put_u32(packet + 8, ssrc);
    rtp_track_packet(track, packet, sizeof packet, arrival_us);
}

static void feed_large(RtpTrack *track, uint32_t ssrc, uint16_t sequence, int64_t arrival_us)
{
    uint8_t packet[512] = {0x80, 8};
    put_u16(packet + 2, sequence);
    put_u32(packet + 8, ssrc);
    rtp_track_packet(track, packet, sizeof packet, arrival_us);
}

static void feed(RtpTrack *track, uint8_t payload_type, uint32_t ssrc, uint16_t sequence)
{
    feed_at(track, payload_type, ssrc, sequence, 0);
}

static void packets_of_other_sources_and_types_are_dropped(void **state) /* R16 */
{
    Heard heard = {0};
    RtpTrack *track = track_new(&heard);
    for (uint16_t i = 0; i < 300; i++) {
        feed(track, 8, 1, i);
        feed(track, 8, 2, (uint16_t)(i + 7000));
        feed(track, 50, 1, i);
    }
    assert_int_equal(heard.frames, 300);
    assert_int_equal(heard.restarts, 0);
    assert_int_equal(heard.last_timestamp, 299 * 160);
    rtp_track_free(track);
}

static void a_source_that_takes_over_begins_anew(void **state)
{
    Heard heard = {0};
    RtpTrack *track = track_new(&heard);
    for (uint16_t i = 0; i < 50; i++)
        feed_at(track, 8, 1, i, i * FRAME_US);
    for (uint16_t i = 50; i < 90; i++) { /* nothing of it is lost, nor of its times */
        feed_at(track, 8, 2, (uint16_t)(i + 7000), i * FRAME_US);
        assert_in_range(heard.frames, i < 74 ? 50 : i + 1, i + 1);
    }
    assert_int_equal(heard.restarts, 1);
    assert_int_equal(heard.frames, 90);
    assert_int_equal(heard.last_arrival_us, 89 * FRAME_US);
    assert_int_equal(heard.out_of_order, 0);
    assert_int_equal(rtp_track_lost(track), 0);
    rtp_track_free(track);
}

/* Each picture of another session comes whole between two of ours, which pause for a second. */
static void another_session_that_speaks_in_our_pauses_takes_over_nothing(void **state) /* R16 */
{
    Heard heard = {0};
    RtpTrack *track = track_new(&heard);
    for (uint16_t i = 0; i < 20; i++) {
        feed_at(track, 8, 1, i, i * SECOND_US);
        for (uint16_t j = 0; j < 2000 && i > 0; j++) /* 8 Mbit/s */
            feed_large(track, 2, (uint16_t)(2000 * i + j), i * SECOND_US + j * SECOND_US / 2000);
    }
    assert_int_equal(heard.frames, 20);
    assert_int_equal(heard.restarts, 0);
    rtp_track_free(track);
}

/* What one read in batches brings has one time, and the next one comes a quarter of a second later:
 * that is no silence. */
static void another_session_takes_over_nothing_between_two_reads(void **state) /* R16 */
{
    enum { READS = 20, A_READ = 90, READ_US = 250 * 1000 };
    Heard heard = {0};
    RtpTrack *track = track_new(&heard);
    uint16_t ours = 0, others = 7000;
    for (int read = 0; read < READS; read++) {
        for (int i = 0; read && i < 3; i++)
            feed_at(track, 8, 2, others++, read * READ_US);
        for (int i = 0; i < A_READ; i++)
            feed_at(track, 8, 1, ours++, read * READ_US);
    }
    assert_int_equal(heard.frames, READS * A_READ);
    assert_int_equal(heard.restarts, 0);
    rtp_track_free(track);
}

static void stray_packets_take_over_nothing_though_ours_is_silent(void **state) /* R16 */
{
    Heard heard = {0};
    RtpTrack *track = track_new(&heard);
    feed_at(track, 8, 1, 0, 0);
    for (uint16_t i = 0; i < 300; i++) /* none goes on where the last one was */
        feed_at(track, 8, 2 + i % 3, (uint16_t)(i * 1000), i * FRAME_US);
    feed_at(track, 8, 1, 1, 300 * FRAME_US);
    assert_int_equal(heard.frames, 2);
    assert_int_equal(heard.restarts, 0);
    rtp_track_free(track);
}

static void a_source_that_comes_first_but_gives_no_key_picture_is_doubted(void **state) /* R16 */
{
    Heard heard = {0};
    RtpTrack *track = video_track_new(&heard);
    for (uint16_t i = 0; i < 200; i++)
        for (uint8_t ssrc = 1; ssrc <= 2; ssrc++) {
            uint8_t packet[15] = {0x80, 0x80 | 96, [11] = ssrc, 0x41, 0x9a, 0x02};
            if (ssrc == 2 && i % 15 == 0)
                packet[12] = 0x65;
            put_u16(packet + 2, i);
            put_u32(packet + 4, i * 6000u + ssrc);
            rtp_track_packet(track, packet, sizeof packet, 0);
        }
    assert_int_equal(heard.restarts, 1);
    assert_int_equal(heard.last_timestamp, 199 * 6000 + 2);
    assert_in_range(heard.frames, 199 + 63, 201 + 63); /* those it was doubted by, too */
    rtp_track_free(track);
}

static void a_picture_that_the_next_one_ends_arrived_with_its_own_last_packet(void **state) /* R1 */
{
    Heard heard = {0};
    RtpTrack *track = video_track_new(&heard);
    for (uint16_t i = 0; i < 3; i++) { /* two slices each, no marker */
        for (uint16_t slice = 0; slice < 2; slice++) {
            uint8_t packet[15] = {0x80, 96, [12] = 0x65, slice ? 0x50 : 0x88, 0x84};
            put_u16(packet + 2, (uint16_t)(2 * i + slice));
            put_u32(packet + 4, i * 6000u);
            rtp_track_packet(track, packet, sizeof packet, 1000 * i + slice);
        }
        assert_int_equal(heard.frames, i);
        if (i)
            assert_int_equal(heard.last_arrival_us, 1000 * (i - 1) + 1);
    }
    rtp_track_flush(track);
    assert_int_equal(heard.frames, 3);
    assert_int_equal(heard.last_arrival_us, 2001);
    rtp_track_free(track);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_of_other_sources_and_types_are_dropped),
        cmocka_unit_test(a_source_that_takes_over_begins_anew),
        cmocka_unit_test(another_session_that_speaks_in_our_pauses_takes_over_nothing),
        cmocka_unit_test(another_session_takes_over_nothing_between_two_reads),
        cmocka_unit_test(stray_packets_take_over_nothing_though_ours_is_silent),
        cmocka_unit_test(a_source_that_comes_first_but_gives_no_key_picture_is_doubted),
        cmocka_unit_test(a_picture_that_the_next_one_ends_arrived_with_its_own_last_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
