#include "http/cookie.h"
#include "unit.h"

#include <glib.h>

static void found(const char *header, const char *wanted)
{
    g_autofree char *value = cookie_find(header, "session");
    if (wanted)
        assert_string_equal(value, wanted);
    else
        assert_null(value);
}

static void the_session_is_found_among_other_cookies(void **state)
{
    found("session=abc", "abc");
    found("a=b; session=abc; c=d", "abc");
    found("a=b;session=abc;c", "abc");
    found("session=\"abc\"", "abc");
    found("session=a=b", "a=b");
    found("session=", "");
    found("xsession=abc; sessions=d", NULL);
    found("Session=abc", NULL);
    found("a=\"session=x\"", NULL);
    found("", NULL);
    found(NULL, NULL);
}

static void the_cookie_is_closed_to_scripts_and_other_sites(void **state)
{
    g_autofree char *tls = cookie_session("tok", 60, true), *plain = cookie_session("", 0, false);
    assert_string_equal(tls, "session=tok; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
    assert_string_equal(plain, "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

static void a_bearer_token_is_one_word(void **state)
{
    g_autofree char *token = bearer_token("bearer  abc.def "), *basic = bearer_token("Basic abc"),
                    *none = bearer_token("Bearer "), *missing = bearer_token(NULL);
    assert_string_equal(token, "abc.def");
    assert_null(basic);
    assert_null(none);
    assert_null(missing);
}

static void only_our_own_pages_are_ours(void **state)
{
    assert_true(origin_is_ours(NULL, "h:1", "https"));
    assert_true(origin_is_ours("https://h:1", "H:1", "https"));
    assert_true(origin_is_ours("https://[::1]:8443", "[::1]:8443", NULL));
    assert_true(origin_is_ours("http://h", "h", NULL));
    assert_false(origin_is_ours("http://h:1", "h:1", "https"));
    assert_false(origin_is_ours("https://h:2", "h:1", "https"));
    assert_false(origin_is_ours("https://h:1.evil", "h:1", "https"));
    assert_false(origin_is_ours("null", "h:1", "https"));
    assert_false(origin_is_ours("https://", "", "https"));
    assert_false(origin_is_ours("app://h", "h", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_session_is_found_among_other_cookies),
        cmocka_unit_test(the_cookie_is_closed_to_scripts_and_other_sites),
        cmocka_unit_test(a_bearer_token_is_one_word),
        cmocka_unit_test(only_our_own_pages_are_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
