/* S20 of CAMERAS.md, cameras over TLS: whose certificate is taken, and what is told of the others.
 */
#include "camera_rows.h"
#include "harness.h"
#include "scripted_tls.h"
#include "sign_in.h"
#include "unit.h"

#include <string.h>

enum { PLAY_MS = 8000 };

#define OWN                   \
    .tls = &(const ScriptTls) \
    {                         \
        "127.0.0.1"           \
    }
#define TRUSTED                      \
    .tls = &(const ScriptTls)        \
    {                                \
        "127.0.0.1", .trusted = true \
    }
#define OVER_TLS .address = "rtsps://%a/main"
#define ELSE "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
static const SignIn basic = {"WWW-Authenticate: Basic realm=\"the camera\"\r\n"};

/* 302 from /main to where the text says. */
static char *judge_sent_on(const ScriptRequest *request, const void *to)
{
    if (!g_str_has_prefix(request->text, "DESCRIBE ") || !strstr(request->text, "/main RTSP/"))
        return NULL;
    return g_strdup_printf("RTSP/1.0 302 Moved\r\nCSeq: %%u\r\nLocation: %s\r\n\r\n",
                           (const char *)to);
}

static const CameraRow rows[] = {
    {"S20-accepted",
     "a certificate of its own, whose fingerprint was accepted",
     {OWN},
     OVER_TLS,
     .fingerprint = "own"},
    {"S20-rtspx",
     "the same by the word of UniFi",
     {OWN},
     .address = "rtspx://%a/main",
     .fingerprint = "own"},
    {"S20-trusted", "a certificate that the system trusts, for its address", {TRUSTED}, OVER_TLS},
    {"S20-password",
     "asks for a password, which goes through TLS",
     {OWN, .judge = judge_sign_in, .judge_data = &basic},
     OVER_TLS,
     .user = SIGN_IN_USER,
     .password = SIGN_IN_PASSWORD,
     .secret = SIGN_IN_PASSWORD,
     .fingerprint = "own"},
    {"S20-unknown",
     "a certificate of its own, that nobody has accepted: nothing is asked of it",
     {OWN},
     OVER_TLS,
     .code = "certificate",
     .cause = "not trusted (self-signed certificate); if it is the camera's own, accept its "
              "fingerprint: ",
     .never = "RTSP"},
    {"S20-changed",
     "another certificate than the one accepted",
     {OWN},
     OVER_TLS,
     .fingerprint = ELSE,
     .code = "certificate",
     .cause = "shows another certificate than the one accepted; accept its fingerprint only if you "
              "know why it changed: ",
     .never = "RTSP"},
    {"S20-only-that",
     "a trusted certificate, where another one was accepted",
     {TRUSTED},
     OVER_TLS,
     .fingerprint = ELSE,
     .code = "certificate",
     .cause = "another certificate",
     .never = "RTSP"},
    {"S20-misnamed",
     "a trusted certificate of another host",
     {.tls = &(const ScriptTls){"camera.example", .trusted = true}},
     OVER_TLS,
     .code = "certificate",
     .cause = "not trusted (IP address mismatch)",
     .never = "RTSP"},
    {"S20-plain",
     "plain RTSP where rtsps was set",
     {.greeting = "RTSP/1.0 400 Bad Request\r\n\r\n"},
     OVER_TLS,
     .code = "not-rtsp",
     .cause = "does not speak TLS"},
    {"S20-down",
     "sent on from rtsps to rtsp",
     {.tls = &(const ScriptTls){"127.0.0.1", .plain_too = true},
      .judge = judge_sent_on,
      .judge_data = "rtsp://%a/moved"},
     OVER_TLS,
     .fingerprint = "own",
     .code = "protocol",
     .cause = "sends us on from rtsps to plain rtsp",
     .never = "/moved"},
    {"S20-up",
     "sent on from rtsp to rtsps",
     {.tls = &(const ScriptTls){"127.0.0.1", .plain_too = true},
      .judge = judge_sent_on,
      .judge_data = "rtsps://%a/moved"},
     .fingerprint = "own",
     .connections = 2,
     .ever = "SETUP rtsps://"},
};

static const CameraScript own = {OWN};

static void probe_tells_the_fingerprint_and_looks_once_it_is_accepted(void **state)
{
    ScriptedCamera *camera = scripted_camera_new("probed", &own);
    const char *fingerprint = scripted_camera_fingerprint(camera);
    g_autofree char *url = g_strdup_printf("rtsps%s", scripted_camera_url(camera) + strlen("rtsp"));
    g_autofree char *out = NULL, *err = NULL, *seen = NULL;
    assert_int_equal(run_vonglau(NULL, &err, "camera", "probe", url, NULL), 1);
    if (!strstr(err, "accept its fingerprint: ") || !strstr(err, fingerprint))
        fail_msg("the fingerprint is not told: %s", err);
    assert_int_equal(
        run_vonglau(&out, NULL, "camera", "probe", "--fingerprint", fingerprint, url, NULL), 0);
    seen = g_strconcat("certificate: ", fingerprint, NULL);
    if (!g_str_has_prefix(out, "H.264 320×240") || !strstr(out, seen))
        fail_msg("not what the camera sends: %s", out);
    scripted_camera_free(camera);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest probes[] = {
        cmocka_unit_test(probe_tells_the_fingerprint_and_looks_once_it_is_accepted),
    };
    g_autofree char *folder = temp_folder();
    g_autofree char *authority = g_build_filename(folder, "authority.pem", NULL);
    scripted_tls_authority(authority);
    g_setenv("SSL_CERT_FILE", authority, TRUE); /* to the server it is the system's store */
    int failed =
        camera_rows_run("tls", rows, G_N_ELEMENTS(rows), PLAY_MS, argc > 1 ? argv[1] : NULL);
    if (argc <= 1)
        failed += cmocka_run_group_tests(probes, NULL, NULL);
    remove_tree(folder);
    return failed;
}
