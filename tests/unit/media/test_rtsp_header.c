#include "media/rtsp_header.h"
#include "unit.h"

#include <string.h>

static void a_session_has_an_id_and_perhaps_a_timeout(void **state)
{
    RtspSession session;
    assert_true(rtsp_session_parse(rtsp_text("oyOSrLb2+yePEB1W"), &session));
    assert_string_equal(session.id, "oyOSrLb2+yePEB1W");
    assert_int_equal(session.timeout_s, 0);
    assert_true(rtsp_session_parse(rtsp_text(" 12345 ; Timeout = 15 "), &session)); /* S10 */
    assert_string_equal(session.id, "12345");
    assert_int_equal(session.timeout_s, 15);
    assert_true(rtsp_session_parse(rtsp_text("1;timeout=60s;x"), &session));
    assert_int_equal(session.timeout_s, 60);
    assert_false(rtsp_session_parse(rtsp_text(""), &session));
    assert_false(rtsp_session_parse(rtsp_text(";timeout=60"), &session));
    assert_false(rtsp_session_parse(rtsp_text("a b"), &session));
    g_autofree char *longer = g_strnfill(128, 'x');
    assert_false(rtsp_session_parse(rtsp_text(longer), &session));
}

static void transports_are_read_in_any_order(void **state) /* S12 */
{
    RtspTransport transport;
    assert_true(rtsp_transport_parse(
        rtsp_text("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=B54C9279;mode=\"PLAY\""), &transport));
    assert_true(transport.tcp);
    assert_int_equal(transport.rtp_channel, 0);
    assert_int_equal(transport.rtcp_channel, 1);
    assert_true(transport.has_ssrc);
    assert_int_equal(transport.ssrc, 0xb54c9279);

    assert_true(rtsp_transport_parse(
        rtsp_text("ssrc= 1a2B ; interleaved = 6 ; unicast ;; RTP/AVP/TCP"), &transport));
    assert_int_equal(transport.rtp_channel, 6);
    assert_int_equal(transport.rtcp_channel, 7);
    assert_int_equal(transport.ssrc, 0x1a2b);

    assert_true(rtsp_transport_parse(
        rtsp_text("RTP/AVP;unicast;client_port=9000-9001;server_port=6970-6971;source=10.0.0.7"),
        &transport));
    assert_false(transport.tcp);
    assert_int_equal(transport.rtp_channel, -1);
    assert_int_equal(transport.server_rtcp_port, 6971);
    assert_int_equal(transport.client_rtp_port, 9000);
    assert_string_equal(transport.source, "10.0.0.7");
}

static void a_transport_with_nonsense_gives_what_it_has(void **state)
{
    RtspTransport transport;
    assert_true(rtsp_transport_parse(
        rtsp_text("RTP/AVP/TCP;interleaved=300-301;ssrc=notahexnumber;server_port=99999"),
        &transport));
    assert_int_equal(transport.rtp_channel, -1);
    assert_false(transport.has_ssrc);
    assert_int_equal(transport.server_rtp_port, -1);
    assert_false(rtsp_transport_parse(rtsp_text(""), &transport));
    assert_false(rtsp_transport_parse(rtsp_text("unicast;="), &transport));
}

static void public_names_methods_we_know(void **state)
{
    assert_int_equal(rtsp_public_parse(rtsp_text("OPTIONS, describe ,,PLAY,FLY,GET_PARAMETER")),
                     RTSP_OPTIONS | RTSP_DESCRIBE | RTSP_PLAY | RTSP_GET_PARAMETER);
    assert_int_equal(rtsp_public_parse(rtsp_text("")), 0);
}

static void rtp_info_is_read_stream_by_stream(void **state) /* S13 */
{
    RtspText rest = rtsp_text("url=rtsp://h/a?x=1/stream=0;seq=20720;rtptime=2069651770, "
                              "url=stream=1;seq=0;rtptime=-5; , ;");
    RtspRtpInfo info;
    assert_true(rtsp_rtp_info_next(&rest, &info));
    g_autofree char *url = rtsp_text_dup(info.url);
    assert_string_equal(url, "rtsp://h/a?x=1/stream=0");
    assert_int_equal(info.sequence, 20720);
    assert_int_equal(info.timestamp, 2069651770);
    assert_true(rtsp_rtp_info_next(&rest, &info));
    assert_true(info.has_sequence);
    assert_false(info.has_timestamp);
    assert_true(rtsp_rtp_info_next(&rest, &info)); /* the empty ';' */
    assert_false(info.has_sequence);
    assert_false(rtsp_rtp_info_next(&rest, &info));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_has_an_id_and_perhaps_a_timeout),
        cmocka_unit_test(transports_are_read_in_any_order),
        cmocka_unit_test(a_transport_with_nonsense_gives_what_it_has),
        cmocka_unit_test(public_names_methods_we_know),
        cmocka_unit_test(rtp_info_is_read_stream_by_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
