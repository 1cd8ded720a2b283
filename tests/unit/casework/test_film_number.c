/* Numbers of copies, as somebody types them off a film or a paper. */
#include "casework/film_copy.h"
#include "unit.h"

static void a_number_is_read_as_it_is_written(void **state)
{
    char text[FILM_NUMBER_TEXT];
    CopyNumber number;
    assert_true(copy_number_parse(film_number(2026, 7, text), &number));
    assert_string_equal(text, "BC-2026-0007");
    assert_false(number.package);
    assert_int_equal(number.year, 2026);
    assert_int_equal(number.seq, 7);
    assert_true(copy_number_parse("bc-2026-12345", &number)); /* typed on a phone */
    assert_int_equal(number.seq, 12345);
    assert_true(copy_number_parse("CC-2026-0042", &number));
    assert_true(number.package && number.n == 0);
    assert_true(copy_number_parse("CC-2026-0042/3", &number));
    assert_int_equal(number.seq, 42);
    assert_int_equal(number.n, 3);
}

static void what_is_no_number_is_none(void **state)
{
    static const char *const wrong[] = {"",
                                        "BC-",
                                        "BC-2026",
                                        "BC-2026-",
                                        "BC-2026-0",
                                        "BC-2026-7/1",
                                        "BC-2026-7 ",
                                        "BC-1999-7",
                                        "BC-2026-12345678901234567890",
                                        "CC-2026-0042/",
                                        "CC-2026-0042/0",
                                        "CC-2026-0042/3/4",
                                        "VV-2026-0042",
                                        "CC"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        CopyNumber number;
        if (copy_number_parse(wrong[i], &number))
            fail_msg("‘%s’ was taken", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_number_is_read_as_it_is_written),
                                       cmocka_unit_test(what_is_no_number_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
