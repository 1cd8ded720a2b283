/* Where a webhook leads, and what is shown of it. */
#include "config/webhook_address.h"
#include "unit.h"

#include <string.h>

static void an_address_is_http_or_https_with_a_plain_host(void **state)
{
    static const struct {
        const char *url;
        bool well;
    } rows[] = {
        {"https://hook.example/x?y=z", true},
        {"http://192.168.1.5:8080", true},
        {"https://[2001:db8::1]/x", true},
        {"https://user:secret@hook.example/x", true},
        {"https://chợ.example/x", true},
        {"ftp://hook.example/x", false},
        {"https:///x", false},
        {"hook.example", false},
        {"", false},
        /* what others would read in other ways */
        {"https://hook.example%40evil.example/x", false},
        {"https://hook.example%2fevil/x", false},
        {"https://hook example/x", false},
        {"https://hook\x01.example/x", false},
        {"https://hook\xff.example/x", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        if (webhook_address_check(rows[i].url, &error) != rows[i].well)
            fail_msg("%s", rows[i].url);
    }
}

static void of_an_address_only_scheme_host_and_port_are_shown(void **state)
{
    g_autofree char *place =
        webhook_address_place("https://user:secret@hook.example:8443/path?token=1#x");
    assert_string_equal(place, "https://hook.example:8443");
    assert_true(webhook_address_same_place("https://h.example/a", "https://h.example/b"));
    assert_false(webhook_address_same_place("https://h.example/a", "http://h.example/a"));
    assert_false(webhook_address_same_place("https://h.example/a", "https://h.example:444/a"));
    assert_false(webhook_address_same_place("", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_http_or_https_with_a_plain_host),
        cmocka_unit_test(of_an_address_only_scheme_host_and_port_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
