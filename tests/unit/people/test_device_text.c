/* What a browser says it is, in words. */
#include "people/device_text.h"
#include "unit.h"

#include <glib.h>
#include <string.h>

static void a_browser_is_told_as_people_call_it(void **state)
{
    static const struct {
        const char *agent, *text;
    } cases[] = {
        {"Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/120.0.0.0 Mobile Safari/537.36",
         "Android · Chrome"},
        {"Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) "
         "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
         "Android · Samsung Internet"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
         "like Gecko) Version/17.1 Mobile/15E148 Safari/604.1",
         "iPhone · Safari"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
         "Windows · Edge"},
        {"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
         "Linux · Firefox"},
        {"curl/8.5.0", "curl/8.5.0"},
        {"", ""},
        {NULL, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = device_text(cases[i].agent);
        assert_string_equal(text, cases[i].text);
    }
}

static void whatever_a_program_calls_itself_is_one_short_line(void **state)
{
    g_autofree char *lines = device_text("a\nb\tc\x7f\x01");
    g_autofree char *broken = device_text("x\xff\xfey");
    g_autofree char *many = g_strnfill(5000, 'z');
    g_autofree char *cut = device_text(many);
    assert_string_equal(lines, "a b c");
    assert_true(g_utf8_validate(broken, -1, NULL));
    assert_int_equal(strlen(cut), DEVICE_TEXT_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_browser_is_told_as_people_call_it),
        cmocka_unit_test(whatever_a_program_calls_itself_is_one_short_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
