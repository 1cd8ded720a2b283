#include "http/target.h"
#include "unit.h"

#include <string.h>

static bool plain(const char *path)
{
    return path_is_plain(path, strlen(path));
}

static void a_plain_path_is_absolute_and_stays_below_the_root(void **state)
{
    assert_true(plain("/"));
    assert_true(plain("/api/v1/cameras"));
    assert_true(plain("/assets/.hidden"));
    assert_true(plain("/a..b/c"));
    assert_true(plain("/.../x"));
    assert_true(plain("/cổng"));
    assert_false(plain(""));
    assert_false(plain("cameras"));
    assert_false(plain("/.."));
    assert_false(plain("/a/../b"));
    assert_false(plain("/a/./b"));
    assert_false(plain("/a/.."));
    assert_false(plain("/a\\b"));
    assert_false(plain("/a\nb"));
    assert_false(plain("/\xff"));
    assert_false(path_is_plain("/a\0b", 4));
}

static void percent_sequences_are_decoded_once(void **state)
{
    char whole[] = "a%2Fb%25+c", plus[] = "a+b%2B", broken[] = "a%2", wrong[] = "a%zz",
         nul[] = "a%00b";
    assert_string_equal(percent_decode(whole, false), "a/b%+c");
    assert_string_equal(percent_decode(plus, true), "a b+");
    assert_null(percent_decode(broken, false));
    assert_null(percent_decode(wrong, false));
    assert_null(percent_decode(nul, false));
}

static void a_target_is_split_into_path_and_query(void **state)
{
    g_auto(Target) target = {0};
    assert_true(target_parse(
        "/api/v1/x%20y?from=2026-11-24T07%3A30%3A00Z&flag&name=c%E1%BB%95ng&a=b=c#top", &target));
    assert_string_equal(target.path, "/api/v1/x y");
    assert_int_equal(target.query_count, 4);
    assert_string_equal(target.query[0].name, "from");
    assert_string_equal(target.query[0].value, "2026-11-24T07:30:00Z");
    assert_string_equal(target.query[1].name, "flag");
    assert_string_equal(target.query[1].value, "");
    assert_string_equal(target.query[2].value, "cổng");
    assert_string_equal(target.query[3].value, "b=c");
}

static void a_target_that_hides_dots_is_refused(void **state)
{
    const char *const bad[] = {"/a/%2e%2e/b", "/%2E%2E", "x", "", "/a?b=%", "/a%ff", "/?x=%ff"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Target) target = {0};
        assert_false(target_parse(bad[i], &target));
    }
}

static void more_parameters_than_there_is_room_for_are_refused(void **state)
{
    g_autoptr(GString) text = g_string_new("/x?");
    for (int i = 0; i < API_QUERY_MOST; i++)
        g_string_append_printf(text, "p%d=1&", i);
    g_auto(Target) fits = {0}, full = {0};
    assert_true(target_parse(text->str, &fits));
    g_string_append(text, "one=more");
    assert_false(target_parse(text->str, &full));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_path_is_absolute_and_stays_below_the_root),
        cmocka_unit_test(percent_sequences_are_decoded_once),
        cmocka_unit_test(a_target_is_split_into_path_and_query),
        cmocka_unit_test(a_target_that_hides_dots_is_refused),
        cmocka_unit_test(more_parameters_than_there_is_room_for_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
