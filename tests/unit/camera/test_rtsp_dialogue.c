#include "base/clock.h"
#include "base/secret.h"
#include "camera/rtsp_dialogue.h"
#include "unit.h"

#include <string.h>

static const char SOUND_TOO[] = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:1\r\n"
                                "m=audio 0 RTP/AVP 8\r\na=control:2\r\n";

typedef struct Talk {
    RtspDialogue *dialogue;
    ByteWriter out;
} Talk;

/* Takes what was asked last, owned. */
static char *asked(Talk *talk)
{
    char *text = g_strndup((const char *)talk->out.data, talk->out.size);
    byte_writer_clear(&talk->out);
    return text;
}

static void assert_asks(Talk *talk, const char *begin, const char *within)
{
    g_autofree char *text = asked(talk);
    if (!g_str_has_prefix(text, begin) || !strstr(text, within))
        fail_msg("not %s … %s: %s", begin, within, text);
}

static Talk talk_begin(void)
{
    g_autoptr(RtspUrl) url = rtsp_url_parse("rtsp://10.0.0.7/main", NULL);
    Talk talk = {.dialogue = rtsp_dialogue_new(url, "admin", "pass", true, true)};
    rtsp_dialogue_begin(talk.dialogue, "10.0.0.7", &talk.out);
    assert_asks(&talk, "OPTIONS ", "");
    return talk;
}

static void talk_end(Talk *talk)
{
    rtsp_dialogue_free(talk->dialogue);
    byte_writer_free(&talk->out);
}

/* Answers without a CSeq, as if it were the right one. */
static RtspDialogueOutcome answers(Talk *talk, const char *status, const char *fields,
                                   const char *body)
{
    g_autofree char *text = g_strdup_printf("RTSP/1.0 %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                                            status, fields, strlen(body), body);
    RtspFraming framing = {0};
    RtspItem item;
    assert_int_equal(rtsp_next(&framing, (uint8_t *)text, strlen(text), &item), RTSP_RESPONSE);
    return rtsp_dialogue_answer(talk->dialogue, &item, &talk->out);
}

static void up_to_play(Talk *talk, const char *methods, const char *first, const char *second)
{
    assert_int_equal(answers(talk, "200 OK", methods, ""), RTSP_GOES_ON);
    assert_asks(talk, "DESCRIBE ", "");
    assert_int_equal(answers(talk, "200 OK", "", SOUND_TOO), RTSP_GOES_ON);
    assert_asks(talk, "SETUP rtsp://10.0.0.7/main/1 ", "interleaved=0-1\r\n");
    assert_int_equal(answers(talk, "200 OK", first, ""), RTSP_GOES_ON);
    assert_asks(talk, "SETUP rtsp://10.0.0.7/main/2 ", "interleaved=2-3\r\n");
    assert_int_equal(answers(talk, "200 OK", second, ""), RTSP_GOES_ON);
}

static Talk talk_playing(const char *methods, const char *session)
{
    Talk talk = talk_begin();
    up_to_play(&talk, methods, session, "");
    assert_asks(&talk, "PLAY ", "");
    assert_int_equal(answers(&talk, "200 OK", "", ""), RTSP_PLAYS);
    return talk;
}

static void assert_kept_alive_by(Talk *talk, const char *method)
{
    rtsp_dialogue_keepalive(talk->dialogue, &talk->out);
    assert_asks(talk, method, "");
}

static void a_refused_keepalive_is_followed_by_the_other_method_at_once(void **state) /* S9 */
{
    Talk talk = talk_playing("Public: OPTIONS, GET_PARAMETER\r\n", "Session: 1\r\n");
    assert_kept_alive_by(&talk, "GET_PARAMETER ");
    assert_int_equal(answers(&talk, "551 Option not supported", "", ""), RTSP_GOES_ON);
    assert_true(rtsp_dialogue_keepalive_urgent(talk.dialogue));
    assert_false(rtsp_dialogue_keepalive_urgent(talk.dialogue));
    assert_kept_alive_by(&talk, "OPTIONS ");
    answers(&talk, "200 OK", "", "");
    assert_kept_alive_by(&talk, "OPTIONS ");
    talk_end(&talk);
}

static void a_camera_that_refuses_both_is_not_asked_in_haste(void **state) /* S9 */
{
    Talk talk = talk_playing("", "Session: 1\r\n");
    assert_kept_alive_by(&talk, "OPTIONS ");
    answers(&talk, "400 Bad", "CSeq: 1\r\n", "");
    assert_true(rtsp_dialogue_keepalive_urgent(talk.dialogue));
    assert_kept_alive_by(&talk, "GET_PARAMETER ");
    assert_int_equal(answers(&talk, "400 Bad", "CSeq: 99\r\n", ""), RTSP_GOES_ON);
    assert_false(rtsp_dialogue_keepalive_urgent(talk.dialogue));
    talk_end(&talk);
}

static void the_period_follows_the_timeout_up_to_25_s(void **state) /* S10 */
{
    static const struct {
        const char *session;
        int64_t period_us;
    } rows[] = {{"Session: 1\r\n", 25 * SECOND_US},
                {"Session: 1;timeout=60\r\n", 25 * SECOND_US},
                {"Session: 1; timeout = 15 \r\n", 7500000},
                {"Session: 1;timeout=0\r\n", 25 * SECOND_US},
                {"Session: 1;timeout=1\r\n", 2500000}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        Talk talk = talk_playing("", rows[i].session);
        assert_int_equal(rtsp_dialogue_keepalive_us(talk.dialogue), rows[i].period_us);
        talk_end(&talk);
    }
}

static void the_latest_session_is_tried_when_the_first_is_not_known(void **state) /* S11 */
{
    Talk talk = talk_begin();
    up_to_play(&talk, "", "Session: first\r\n", "Session: latest\r\n");
    assert_asks(&talk, "PLAY ", "\r\nSession: first\r\n");
    assert_int_equal(answers(&talk, "454 Session Not Found", "", ""), RTSP_GOES_ON);
    assert_asks(&talk, "PLAY ", "\r\nSession: latest\r\n");
    answers(&talk, "454 Session Not Found", "", "");
    assert_asks(&talk, "PLAY ", ""); /* without Range */
    assert_int_equal(answers(&talk, "454 Session Not Found", "", ""), RTSP_FAILED);
    talk_end(&talk);
}

#define NONCE(text) "WWW-Authenticate: Digest realm=\"r\", nonce=\"" text "\"\r\n"

static void a_nonce_for_one_request_is_no_wrong_password(void **state) /* S7 */
{
    Talk talk = talk_begin();
    answers(&talk, "401 Unauthorized", NONCE("a"), "");
    assert_asks(&talk, "OPTIONS ", "nonce=\"a\"");
    answers(&talk, "200 OK", "", "");
    assert_asks(&talk, "DESCRIBE ", "nonce=\"a\"");
    assert_int_equal(answers(&talk, "401 Unauthorized", NONCE("b"), ""), RTSP_GOES_ON);
    assert_asks(&talk, "DESCRIBE ", "nonce=\"b\"");
    assert_int_equal(answers(&talk, "401 Unauthorized", NONCE("c"), ""), RTSP_FAILED);
    talk_end(&talk);
}

static void a_wrong_password_is_tried_once_however_the_nonce_changes(void **state)
{
    Talk talk = talk_begin();
    answers(&talk, "401 Unauthorized", NONCE("a"), "");
    assert_asks(&talk, "OPTIONS ", "nonce=\"a\"");
    assert_int_equal(answers(&talk, "401 Unauthorized", NONCE("b"), ""), RTSP_FAILED);
    const char *cause;
    assert_int_equal(rtsp_dialogue_trouble(talk.dialogue, &cause), TROUBLE_WRONG_PASSWORD);
    talk_end(&talk);
}

int main(void)
{
    secret_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_keepalive_is_followed_by_the_other_method_at_once),
        cmocka_unit_test(a_camera_that_refuses_both_is_not_asked_in_haste),
        cmocka_unit_test(the_period_follows_the_timeout_up_to_25_s),
        cmocka_unit_test(the_latest_session_is_tried_when_the_first_is_not_known),
        cmocka_unit_test(a_nonce_for_one_request_is_no_wrong_password),
        cmocka_unit_test(a_wrong_password_is_tried_once_however_the_nonce_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
