#include "media/sdp.h"
#include "unit.h"

#include <string.h>

static Sdp *parse(const char *text)
{
    return sdp_parse(text, strlen(text));
}

/* Answered by gst-rtsp-server 1.22. */
static const char gst[] =
    "v=0\r\no=- 6864011985615965137 1 IN IP4 127.0.0.1\r\ns=Session streamed with GStreamer\r\n"
    "i=rtsp-server\r\nt=0 0\r\na=tool:GStreamer\r\na=type:broadcast\r\na=control:*\r\n"
    "a=range:npt=now-\r\nm=video 0 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\nb=AS:153\r\n"
    "a=rtpmap:96 H264/90000\r\na=framerate:10\r\na=fmtp:96 packetization-mode=1;"
    "sprop-parameter-sets=Z0LAC9kCxH5cBagwMDUoAAADAAgAAAMApHihUkA=,aMuMsg==;"
    "profile-level-id=42c00b;level-asymmetry-allowed=1\r\na=control:stream=0\r\n"
    "m=audio 0 RTP/AVP 8\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:8 PCMA/8000\r\na=control:stream=1\r\n";

/* Answered by a server in Go; libavformat had announced the stream. */
static const char go[] =
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=No Name\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=control:trackID=0\r\na=rtpmap:96 H265/90000\r\n"
    "a=fmtp:96 sprop-pps=RAHAcxgwGJA=; "
    "sprop-sps=QgEBBAgAAAMAnggAAAMAADyQAwQOONjct0lJheAtwICAAQAAAwA"
    "BAAADAAoI; sprop-vps=QAEMAf//BAgAAAMAnggAAAMAADy6AkA=\r\n"
    "m=audio 0 RTP/AVP 97\r\na=control:trackID=1\r\na=rtpmap:97 mpeg4-generic/44100/2\r\n"
    "a=fmtp:97 config=1210; indexdeltalength=3; indexlength=3; mode=AAC-hbr; sizelength=13\r\n";

static void a_description_of_one_server_is_understood(void **state)
{
    g_autoptr(Sdp) sdp = parse(gst);
    assert_string_equal(sdp->control, "*");
    const SdpMedia *video = sdp_choose(sdp, SDP_VIDEO), *audio = sdp_choose(sdp, SDP_AUDIO);
    assert_int_equal(video->codec, CODEC_H264);
    assert_int_equal(video->payload_type, 96);
    assert_int_equal(video->clock_hz, 90000);
    assert_true(video->frame_rate == 10);
    assert_string_equal(video->control, "stream=0");
    assert_int_equal(audio->codec, CODEC_PCMA);
    assert_string_equal(audio->control, "stream=1");
    g_auto(SdpSets) sets = {0};
    assert_true(sdp_sets(video, &sets));
    assert_int_equal(sets.count, 2);
    assert_int_equal(sets.sets[0].size, 29);
    assert_int_equal(sets.sets[1].data[0], 0x68);
}

static void a_description_of_another_server_is_understood(void **state)
{
    g_autoptr(Sdp) sdp = parse(go);
    const SdpMedia *video = sdp_choose(sdp, SDP_VIDEO), *audio = sdp_choose(sdp, SDP_AUDIO);
    assert_int_equal(video->codec, CODEC_H265);
    assert_int_equal(audio->codec, CODEC_AAC);
    assert_int_equal(audio->clock_hz, 44100);
    assert_int_equal(audio->channels, 2);
    g_autofree char *config = sdp_fmtp(audio, "Config");
    assert_string_equal(config, "1210");
    g_auto(SdpSets) sets = {0};
    assert_true(sdp_sets(video, &sets));
    assert_int_equal(sets.count, 3);
    assert_int_equal(nal_role(CODEC_H265, sets.sets[0].data), NAL_VPS);
}

static bool read_sets(const char *encoding, const char *fmtp, SdpSets *sets)
{
    g_autofree char *text = g_strdup_printf(
        "m=video 0 RTP/AVP 96\na=rtpmap:96 %s/90000\na=fmtp:96 %s\n", encoding, fmtp);
    g_autoptr(Sdp) sdp = parse(text);
    return sdp_sets(sdp_choose(sdp, SDP_VIDEO), sets);
}

static void sets_missing_or_invalid_count_as_none(void **state) /* D1 */
{
    SdpSets sets;
    assert_false(read_sets("H264", "packetization-mode=1", &sets));
    assert_false(read_sets("H264", "sprop-parameter-sets=", &sets));
    assert_false(read_sets("H264", "sprop-parameter-sets=,", &sets));
    assert_false(read_sets("H264", "sprop-parameter-sets=!!!!,????", &sets));
    assert_false(read_sets("H264", "sprop-parameter-sets=Z0LAC9kCxH5cBag=", &sets)); /* no PPS */
}

static void sets_in_annex_b_or_with_trailing_bytes_are_accepted(void **state) /* D1 */
{
    g_auto(SdpSets) annexb = {0}, trailing = {0};
    /* 00 00 00 01 67 42 c0 0b d9 00 00 00 01 68 cb 8c b2 in one word */
    assert_true(read_sets("H264", "sprop-parameter-sets=AAAAAWdCwAvZAAAAAWjLjLI=", &annexb));
    assert_int_equal(annexb.count, 2);
    assert_int_equal(annexb.sets[0].size, 5);
    assert_int_equal(annexb.sets[1].size, 4);
    /* 67 42 c0 0b d9 00 , 68 cb 8c b2, padding missing, a blank behind */
    assert_true(read_sets("H264", "sprop-parameter-sets=Z0LAC9kA,aMuMsg ", &trailing));
    assert_int_equal(trailing.sets[0].size, 5);
    assert_int_equal(trailing.sets[1].size, 4);
}

static void two_of_three_sets_of_h265_count_as_none(void **state) /* D2 */
{
    SdpSets sets;
    assert_false(read_sets("H265", "sprop-sps=QgEBBAgAAAM=; sprop-pps=RAHAcxgwGJA=", &sets));
}

static void parameters_on_another_media_are_found(void **state) /* D4 */
{
    g_autoptr(Sdp) sdp = parse("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
                               "m=audio 0 RTP/AVP 0\na=fmtp:96 packetization-mode=1\n");
    assert_string_equal(sdp_choose(sdp, SDP_VIDEO)->fmtp, "packetization-mode=1");
}

static void a_payload_type_used_twice_means_what_its_own_media_says(void **state) /* D4 */
{
    g_autoptr(Sdp) sdp = parse("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 a=1\n"
                               "m=audio 0 RTP/AVP 96\na=rtpmap:96 PCMA/16000/2\na=fmtp:96 a=2\n");
    assert_string_equal(sdp_choose(sdp, SDP_VIDEO)->fmtp, "a=1");
    assert_int_equal(sdp_choose(sdp, SDP_AUDIO)->codec, CODEC_PCMA);
    assert_int_equal(sdp_choose(sdp, SDP_AUDIO)->channels, 2);
    assert_string_equal(sdp_choose(sdp, SDP_AUDIO)->fmtp, "a=2");
}

static void static_payload_types_need_no_rtpmap(void **state) /* D5 */
{
    g_autoptr(Sdp) bare = parse("m=audio 0 RTP/AVP 0\nm=video 0 RTP/AVP 26\n");
    assert_int_equal(sdp_choose(bare, SDP_AUDIO)->codec, CODEC_PCMU);
    assert_int_equal(sdp_choose(bare, SDP_AUDIO)->clock_hz, 8000);
    assert_string_equal(sdp_choose(bare, SDP_VIDEO)->encoding, "JPEG");
    assert_int_equal(sdp_choose(bare, SDP_VIDEO)->codec, CODEC_NONE);
    g_autoptr(Sdp) named = parse("m=audio 0 RTP/AVP 8\na=rtpmap:8 PCM/8000\n");
    assert_int_equal(sdp_choose(named, SDP_AUDIO)->codec, CODEC_PCMA);
}

static void blanks_and_zero_clocks_do_not_matter(void **state) /* D5 and further rows */
{
    g_autoptr(Sdp) sdp = parse(" m = video  0  RTP/AVP  96 \n a=rtpmap: 96  H264 / 90000 \n"
                               "m=audio 0 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/0\n"
                               "a=fmtp:97 config=1408;\n");
    assert_int_equal(sdp_choose(sdp, SDP_VIDEO)->codec, CODEC_H264);
    assert_int_equal(sdp_choose(sdp, SDP_VIDEO)->clock_hz, 90000);
    assert_int_equal(sdp_choose(sdp, SDP_AUDIO)->clock_hz, 16000);
    g_autoptr(Sdp) zero = parse("m=video 0 RTP/AVP 96\na=rtpmap:96 H265/0\n"
                                "m=audio 0 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/0\n");
    assert_int_equal(sdp_choose(zero, SDP_VIDEO)->clock_hz, 90000);
    assert_int_equal(sdp_choose(zero, SDP_AUDIO)->codec, CODEC_NONE);
    g_autoptr(Sdp) odd = parse("m=audio 0 RTP/AVP 0\na=rtpmap:0 PCMU/100\n"
                               "m=audio 0 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/4000000000\n"
                               "a=fmtp:97 config=1408;\n");
    assert_int_equal(odd->media[0].clock_hz, 8000);
    assert_int_equal(odd->media[1].clock_hz, 16000);
}

static void lines_that_make_no_sense_are_skipped(void **state) /* D6 */
{
    g_autoptr(Sdp) sdp = parse("v=0\rs=a\ns=b\nt=now-\nc=IN\n=\nxyz\na=\na=rtpmap:\na=fmtp:400 x\n"
                               "m=hologram 0 RTP/AVP 98\na=rtpmap:98 H264/90000\nm=video\n"
                               "m=video 0 RTP/AVP 96 97\na=control\na=rtpmap:97 H264/90000");
    assert_int_equal(sdp->media_count, 3);
    const SdpMedia *video = sdp_choose(sdp, SDP_VIDEO);
    assert_int_equal(video->codec, CODEC_H264);
    assert_int_equal(video->payload_type, 97); /* the format that is ours, not the first */
    assert_string_equal(video->control, "");
    assert_int_equal(sdp->media[0].kind, SDP_OTHER);
}

static void what_holds_no_media_is_no_description(void **state)
{
    assert_null(parse(""));
    assert_null(parse("<html><body>404</body></html>"));
}

static void the_back_channel_is_left_alone(void **state) /* D7 */
{
    g_autoptr(Sdp) onvif = parse("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=recvonly\n"
                                 "m=audio 0 RTP/AVP 0\na=recvonly\na=control:1\n"
                                 "m=audio 0 RTP/AVP 8\na=sendonly\na=control:2\n");
    assert_string_equal(sdp_choose(onvif, SDP_AUDIO)->control, "1");
    g_autoptr(Sdp) only_back = parse("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
                                     "m=audio 0 RTP/AVP 8\na=sendonly\n");
    assert_null(sdp_choose(only_back, SDP_AUDIO));
    g_autoptr(Sdp) inverted = parse("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=sendonly\n"
                                    "m=audio 0 RTP/AVP 8\na=recvonly\na=control:1\n"
                                    "m=audio 0 RTP/AVP 8\na=sendonly\na=control:2\n");
    assert_string_equal(sdp_choose(inverted, SDP_VIDEO)->encoding, "H264");
    assert_string_equal(sdp_choose(inverted, SDP_AUDIO)->control, "2");
    g_autoptr(Sdp) alone = parse("m=audio 0 RTP/AVP 8\na=sendonly\n");
    assert_non_null(sdp_choose(alone, SDP_AUDIO));
}

static void a_codec_of_ours_goes_before_others(void **state)
{
    g_autoptr(Sdp) sdp =
        parse("m=video 0 RTP/AVP 26\na=control:1\n"
              "m=video 0 RTP/AVP 96\na=rtpmap:96 hevc/90000\na=control:2\n"
              "m=application 0 RTP/AVP 107\na=rtpmap:107 vnd.onvif.metadata/90000\n");
    assert_string_equal(sdp_choose(sdp, SDP_VIDEO)->control, "2");
    assert_null(sdp_choose(sdp, SDP_AUDIO));
}

static void too_many_media_and_attributes_are_bounded(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 100; i++)
        g_string_append(text, "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=rtpmap:96 X/1\n"
                              "a=rtpmap:96 X/1\na=control:x\n");
    g_autoptr(Sdp) sdp = parse(text->str);
    assert_int_equal(sdp->media_count, SDP_MEDIA_MAX);
    assert_int_equal(sdp->media[15].codec, CODEC_H264);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_description_of_one_server_is_understood),
        cmocka_unit_test(a_description_of_another_server_is_understood),
        cmocka_unit_test(sets_missing_or_invalid_count_as_none),
        cmocka_unit_test(sets_in_annex_b_or_with_trailing_bytes_are_accepted),
        cmocka_unit_test(two_of_three_sets_of_h265_count_as_none),
        cmocka_unit_test(parameters_on_another_media_are_found),
        cmocka_unit_test(a_payload_type_used_twice_means_what_its_own_media_says),
        cmocka_unit_test(static_payload_types_need_no_rtpmap),
        cmocka_unit_test(blanks_and_zero_clocks_do_not_matter),
        cmocka_unit_test(lines_that_make_no_sense_are_skipped),
        cmocka_unit_test(what_holds_no_media_is_no_description),
        cmocka_unit_test(the_back_channel_is_left_alone),
        cmocka_unit_test(a_codec_of_ours_goes_before_others),
        cmocka_unit_test(too_many_media_and_attributes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
