#include "base/error.h"
#include "media/rtsp_url.h"
#include "unit.h"

#include <string.h>

static void addresses_people_write_are_taken_apart(void **state)
{
    static const struct {
        const char *text;
        bool tls;
        const char *host;
        int port;
        const char *path, *user, *password, *clean;
    } known[] = {
        {"rtsp://10.0.0.7/main", false, "10.0.0.7", 554, "/main", NULL, NULL,
         "rtsp://10.0.0.7/main"},
        {"RTSP://Cam.Local:8554", false, "cam.local", 8554, "", NULL, NULL,
         "rtsp://cam.local:8554"},
        {" rtsps://cam/x?a=b&c=d ", true, "cam", 322, "/x?a=b&c=d", NULL, NULL,
         "rtsps://cam/x?a=b&c=d"},
        {"rtspx://10.0.0.1:7441/k", true, "10.0.0.1", 7441, "/k", NULL, NULL,
         "rtsps://10.0.0.1:7441/k"},
        {"rtsp://admin:pass@10.0.0.7/", false, "10.0.0.7", 554, "/", "admin", "pass",
         "rtsp://10.0.0.7/"},
        {"rtsp://admin:p%40ss%2F@h:554/a", false, "h", 554, "/a", "admin", "p@ss/", "rtsp://h/a"},
        {"rtsp://admin:p@ss:w@rd@h/a", false, "h", 554, "/a", "admin", "p@ss:w@rd", "rtsp://h/a"},
        {"rtsp://admin:a/b@h/c", false, "h", 554, "/c", "admin", "a/b", "rtsp://h/c"},
        {"rtsp://admin:a#b?c@h/d", false, "h", 554, "/d", "admin", "a#b?c", "rtsp://h/d"},
        {"rtsp://admin:100%@h/d", false, "h", 554, "/d", "admin", "100%", "rtsp://h/d"},
        {"rtsp://admin@h/d", false, "h", 554, "/d", "admin", "", "rtsp://h/d"},
        {"rtsp://h/a@b", false, "h", 554, "/a@b", NULL, NULL, "rtsp://h/a@b"},
        {"rtsp://h:554/?user=a@b.c", false, "h", 554, "/?user=a@b.c", NULL, NULL,
         "rtsp://h/?user=a@b.c"},
        {"rtsp://u:p@h/?user=a@b.c", false, "h", 554, "/?user=a@b.c", "u", "p",
         "rtsp://h/?user=a@b.c"},
        {"rtsp://u:p@[fe80::1]:8554/s", false, "fe80::1", 8554, "/s", "u", "p",
         "rtsp://[fe80::1]:8554/s"},
        {"rtsp://[fe80::1%eth0]/s", false, "fe80::1%eth0", 554, "/s", NULL, NULL,
         "rtsp://[fe80::1%eth0]/s"},
        {"rtsp://h/a b\xc3\xa9", false, "h", 554, "/a%20b%C3%A9", NULL, NULL,
         "rtsp://h/a%20b%C3%A9"},
        {"rtsp://h:/a", false, "h", 554, "/a", NULL, NULL, "rtsp://h/a"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(RtspUrl) url = rtsp_url_parse(known[i].text, &error);
        assert_null(error);
        assert_int_equal(url->tls, known[i].tls);
        assert_string_equal(url->host, known[i].host);
        assert_int_equal(url->port, known[i].port);
        assert_string_equal(url->path, known[i].path);
        assert_int_equal(g_strcmp0(url->user, known[i].user), 0);
        assert_int_equal(g_strcmp0(url->password, known[i].password), 0);
        g_autofree char *clean = rtsp_url_text(url);
        assert_string_equal(clean, known[i].clean);
        g_autoptr(RtspUrl) copy = rtsp_url_copy(url);
        assert_int_equal(g_strcmp0(copy->password, known[i].password), 0);
    }
}

static void wrong_addresses_are_told_without_the_password(void **state)
{
    static const char *const wrong[] = {
        "",
        "http://admin:geheim@h/",
        "rtsp://",
        "rtsp:///path",
        "rtsp://admin:geheim@",
        "rtsp://admin:geheim@/x",
        "rtsp://admin:geheim@h:70000/x",
        "rtsp://admin:geheim@h:x/x",
        "rtsp://admin:geheim@fe80::1/x",
        "rtsp://admin:geheim@[fe80::1/x",
        "rtsp://admin:geheim@h/x\r\nTeardown: yes",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(rtsp_url_parse(wrong[i], &error));
        assert_true(g_error_matches(error, ERR, ERR_INVALID));
        assert_null(strstr(error->message, "geheim"));
    }
    assert_null(rtsp_url_parse(NULL, NULL));
}

static void wrong_content_bases_are_mended_or_left(void **state) /* S1 */
{
    static const char request[] = "rtsp://10.0.0.7:8554/main";
    static const struct {
        const char *told, *base;
    } known[] = {
        {NULL, "rtsp://10.0.0.7:8554/main"},
        {"", "rtsp://10.0.0.7:8554/main"},
        {"rtsp://10.0.0.7:8554/main/", "rtsp://10.0.0.7:8554/main/"},
        {"rtsp://rtsp://10.0.0.7:8554/main/", "rtsp://10.0.0.7:8554/main/"},
        {"10.0.0.7:8554/main/", "rtsp://10.0.0.7:8554/main/"},
        {"//10.0.0.7:8554/main/", "rtsp://10.0.0.7:8554/main/"},
        {"/main/", "rtsp://10.0.0.7:8554/main/"},
        {"rtsp://fe80::1/main/", "rtsp://10.0.0.7:8554/main"},
        {"rtsp://admin:x@10.0.0.9/main/", "rtsp://10.0.0.9/main/"},
        {"http://10.0.0.7/", "rtsp://10.0.0.7:8554/main"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *base = rtsp_url_base(known[i].told, request);
        assert_string_equal(base, known[i].base);
    }
}

static void a_base_without_a_scheme_has_that_of_the_request(void **state)
{
    g_autofree char *base = rtsp_url_base("10.0.0.7:322/main/", "rtsps://10.0.0.7/main");
    assert_string_equal(base, "rtsps://10.0.0.7/main/");
}

static void controls_are_joined_with_exactly_one_slash(void **state) /* S2 */
{
    static const struct {
        const char *base, *control, *url;
    } known[] = {
        {"rtsp://h/main", "trackID=1", "rtsp://h/main/trackID=1"},
        {"rtsp://h/main/", "trackID=1", "rtsp://h/main/trackID=1"},
        {"rtsp://h/main", "/trackID=1", "rtsp://h/main/trackID=1"},
        {"rtsp://h/main/", "/trackID=1", "rtsp://h/main/trackID=1"},
        {"rtsp://h/main/", "*", "rtsp://h/main/"},
        {"rtsp://h/main", "", "rtsp://h/main"},
        {"rtsp://h/m?channel=1&subtype=0", "trackID=0", "rtsp://h/m?channel=1&subtype=0/trackID=0"},
        {"rtsp://h/m", "trackID=1?transportmode=unicast",
         "rtsp://h/m/trackID=1?transportmode=unicast"},
        {"rtsp://h/m", "rtsp://10.0.0.9:554/x/1", "rtsp://10.0.0.9/x/1"},
        {"rtsp://h/m", "rtsp://u:p@h/x/1", "rtsp://h/x/1"},
        {"rtsp://h/m", "rtsp://", "rtsp://h/m"},
        {"rtsp://h/m", "a\rb", "rtsp://h/m/a%0Db"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *url = rtsp_url_join(known[i].base, known[i].control);
        assert_string_equal(url, known[i].url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_people_write_are_taken_apart),
        cmocka_unit_test(wrong_addresses_are_told_without_the_password),
        cmocka_unit_test(wrong_content_bases_are_mended_or_left),
        cmocka_unit_test(a_base_without_a_scheme_has_that_of_the_request),
        cmocka_unit_test(controls_are_joined_with_exactly_one_slash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
