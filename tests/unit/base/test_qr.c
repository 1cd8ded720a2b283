#include "base/qr.h"
#include "unit.h"

#include <string.h>

static void a_code_is_drawn_with_the_quiet_zone_that_readers_want(void **state)
{
    g_autofree char *svg = qr_svg("vonglau");
    /* Version 1 has 21 modules; its top row begins with the seven of a finder (ISO/IEC 18004). */
    assert_non_null(strstr(svg, "viewBox=\"0 0 29 29\""));
    assert_non_null(strstr(svg, "<path d=\"M4 4h7v1h-7z"));
    assert_non_null(strstr(svg, "M18 4h7v1h-7z"));
    assert_non_null(strstr(svg, "M4 24h7v1h-7z"));
}

static void what_no_code_can_hold_is_refused(void **state)
{
    g_autofree char *text = g_strnfill(3000, 'x');
    assert_null(qr_svg(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_drawn_with_the_quiet_zone_that_readers_want),
        cmocka_unit_test(what_no_code_can_hold_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
