#include "media/rtsp_auth.h"
#include "unit.h"

#include <string.h>

static bool choose(const char *headers, RtspAuth *auth)
{
    g_autofree char *text =
        g_strdup_printf("RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n%s\r\n", headers);
    RtspFraming framing = {0};
    RtspItem item;
    assert_int_equal(rtsp_next(&framing, (uint8_t *)text, strlen(text), &item), RTSP_RESPONSE);
    return rtsp_auth_choose(&item, auth);
}

/* gst-rtsp-server took this answer. */
static void the_short_form_is_what_a_server_accepted(void **state)
{
    RtspAuth auth;
    assert_true(choose("WWW-Authenticate: Digest realm=\"GStreamer RTSP Server\", "
                       "nonce=\"38ef8216910d4f3d\"\r\n",
                       &auth));
    assert_int_equal(auth.kind, RTSP_AUTH_MD5);
    g_autofree char *answer =
        rtsp_auth_answer(&auth, "admin", "s3cret:/x", "DESCRIBE", "rtsp://127.0.0.1:8701/h265", "");
    assert_string_equal(answer, "Digest username=\"admin\", realm=\"GStreamer RTSP Server\", "
                                "nonce=\"38ef8216910d4f3d\", uri=\"rtsp://127.0.0.1:8701/h265\", "
                                "response=\"447bbc248dc7b4bd4e65b91c2660c908\"");
}

/* Asked and accepted by a server in Go. */
static void the_strongest_of_three_challenges_is_answered(void **state)
{
    RtspAuth auth;
    assert_true(choose("WWW-Authenticate: Basic realm=\"ipcam\"\r\n"
                       "WWW-Authenticate: Digest realm=\"ipcam\", "
                       "nonce=\"1c95597891ba39bbfced028cfed0a3f4\", algorithm=\"MD5\"\r\n"
                       "WWW-Authenticate: Digest realm=\"ipcam\", "
                       "nonce=\"1c95597891ba39bbfced028cfed0a3f4\", algorithm=\"SHA-256\"\r\n",
                       &auth));
    assert_int_equal(auth.kind, RTSP_AUTH_SHA256);
    g_autofree char *answer = rtsp_auth_answer(&auth, "admin", "s3cret:/x", "SETUP",
                                               "rtsp://127.0.0.1:8702/cam/trackID=0", "");
    assert_non_null(strstr(
        answer, "response=\"467b45dd1ce0d74fc47cd3e32183a790a0b90b18c57b19274e49bf5aca28fb3b\", "
                "algorithm=SHA-256"));
}

/* RFC 7616 §3.9.1: both examples. */
static void the_examples_of_the_standard_come_out(void **state)
{
    static const struct {
        const char *algorithm, *response;
        RtspAuthKind kind;
    } known[] = {
        {"MD5", "8ca523f5e9506fed4657c9700eebdbec", RTSP_AUTH_MD5},
        {"SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
         RTSP_AUTH_SHA256},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        RtspAuth auth;
        g_autofree char *header = g_strdup_printf(
            "WWW-Authenticate: Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
            "algorithm=%s, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
            "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"\r\n",
            known[i].algorithm);
        assert_true(choose(header, &auth));
        assert_int_equal(auth.kind, known[i].kind);
        g_autofree char *answer =
            rtsp_auth_answer(&auth, "Mufasa", "Circle of Life", "GET", "/dir/index.html",
                             "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        g_autofree char *response = g_strdup_printf("response=\"%s\"", known[i].response);
        assert_non_null(strstr(answer, response));
        assert_non_null(strstr(answer, "qop=auth, nc=00000001, cnonce=\"f2/wE4q74E6zIJ"));
        assert_non_null(strstr(answer, "opaque=\"FQhe/qaU"));
        g_autofree char *second =
            rtsp_auth_answer(&auth, "Mufasa", "Circle of Life", "GET", "/dir/index.html", "f2");
        assert_non_null(strstr(second, "nc=00000002"));
    }
}

static void a_session_key_mixes_in_both_nonces(void **state)
{
    RtspAuth auth;
    assert_true(
        choose("WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",algorithm=MD5-sess\r\n", &auth));
    assert_int_equal(auth.kind, RTSP_AUTH_MD5_SESS);
    g_autofree char *answer = rtsp_auth_answer(&auth, "u", "p", "PLAY", "rtsp://h/", "c");
    /* md5(md5(md5("u:r:p") ":n:c") ":n:" md5("PLAY:rtsp://h/")), by another program */
    assert_non_null(strstr(answer, "response=\"9895c473f2ccebcc0ba2236ab4d14b14\""));
    assert_non_null(strstr(answer, "cnonce=\"c\""));
    assert_non_null(strstr(answer, "algorithm=MD5-sess"));
}

static void several_challenges_in_one_header_are_told_apart(void **state) /* S6 */
{
    static const struct {
        const char *headers;
        RtspAuthKind kind;
        const char *realm, *nonce;
        bool stale;
    } known[] = {
        {"WWW-Authenticate: Basic realm=\"b, Digest x=1\", Digest realm=\"d\" , nonce = n1 ,"
         "stale=TRUE\r\n",
         RTSP_AUTH_MD5, "d", "n1", true},
        {"WWW-Authenticate: Digest nonce=\"n\",realm=\"d\",Basic realm=\"b\"\r\n", RTSP_AUTH_MD5,
         "d", "n", false},
        {"WWW-Authenticate: Basic realm=\"only\"\r\n", RTSP_AUTH_BASIC, "only", "", false},
        {"WWW-Authenticate: Basic\r\n", RTSP_AUTH_BASIC, "", "", false},
        {"WWW-Authenticate: Digest realm=\"d\",nonce=\"n\",algorithm=SHA-512-256\r\n"
         "www-authenticate: Negotiate abc==, Basic realm=\"b\"\r\n",
         RTSP_AUTH_BASIC, "b", "", false},
        {"WWW-Authenticate: Digest realm=\"a\\\"b\",nonce=\"n\",qop=\"\"\r\n", RTSP_AUTH_MD5,
         "a\\\"b", "n", false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        RtspAuth auth;
        assert_true(choose(known[i].headers, &auth));
        assert_int_equal(auth.kind, known[i].kind);
        assert_string_equal(auth.realm, known[i].realm);
        assert_string_equal(auth.nonce, known[i].nonce);
        assert_int_equal(auth.stale, known[i].stale);
    }
}

static void challenges_nobody_can_answer_leave_all_as_it_was(void **state)
{
    RtspAuth auth = {.kind = RTSP_AUTH_BASIC, .realm = "before"};
    g_autofree char *longer = g_strnfill(600, 'x');
    g_autofree char *header =
        g_strdup_printf("WWW-Authenticate: Digest realm=\"d\",nonce=\"%s\"\r\n", longer);
    assert_false(choose(header, &auth));
    assert_false(choose("WWW-Authenticate: Negotiate\r\n", &auth));
    assert_false(
        choose("WWW-Authenticate: Digest realm=\"d\",nonce=\"n\",qop=\"auth-int\"\r\n", &auth));
    assert_false(choose("", &auth));
    assert_string_equal(auth.realm, "before");
    auth = (RtspAuth){0};
    assert_null(rtsp_auth_answer(&auth, "u", "p", "PLAY", "x", "c"));
}

static void basic_answers_with_user_and_password(void **state)
{
    RtspAuth auth;
    assert_true(choose("WWW-Authenticate: Basic realm=\"x\"\r\n", &auth));
    g_autofree char *answer = rtsp_auth_answer(&auth, "Aladdin", "open sesame", "PLAY", "x", "");
    assert_string_equal(answer, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

static void a_user_with_quotes_cannot_break_the_header(void **state)
{
    RtspAuth auth;
    assert_true(choose("WWW-Authenticate: Digest realm=\"r\",nonce=\"n\"\r\n", &auth));
    g_autofree char *answer = rtsp_auth_answer(&auth, "a\"\r\nb", "p", "PLAY", "x", "");
    assert_non_null(strstr(answer, "username=\"a\\\"  b\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_short_form_is_what_a_server_accepted),
        cmocka_unit_test(the_strongest_of_three_challenges_is_answered),
        cmocka_unit_test(the_examples_of_the_standard_come_out),
        cmocka_unit_test(a_session_key_mixes_in_both_nonces),
        cmocka_unit_test(several_challenges_in_one_header_are_told_apart),
        cmocka_unit_test(challenges_nobody_can_answer_leave_all_as_it_was),
        cmocka_unit_test(basic_answers_with_user_and_password),
        cmocka_unit_test(a_user_with_quotes_cannot_break_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
