#include "http/range.h"
#include "unit.h"

#include <stddef.h>

static void part(const char *range, uint64_t size, uint64_t first, uint64_t last)
{
    uint64_t from = 0, to = 0;
    assert_int_equal(range_parse(range, size, &from, &to), RANGE_PART);
    assert_int_equal(from, first);
    assert_int_equal(to, last);
}

static RangeResult result(const char *range, uint64_t size)
{
    uint64_t from, to;
    return range_parse(range, size, &from, &to);
}

static void one_range_is_a_part(void **state)
{
    part("bytes=0-0", 10, 0, 0);
    part("bytes=2-5", 10, 2, 5);
    part("Bytes=2-", 10, 2, 9);
    part("bytes=2-99", 10, 2, 9);
    part("bytes=-3", 10, 7, 9);
    part("bytes=-30", 10, 0, 9);
    part("bytes= 2-5 ", 10, 2, 5);
}

static void a_range_behind_the_end_is_not_satisfiable(void **state)
{
    assert_int_equal(result("bytes=10-", 10), RANGE_UNSATISFIABLE);
    assert_int_equal(result("bytes=0-", 0), RANGE_UNSATISFIABLE);
    assert_int_equal(result("bytes=-0", 10), RANGE_UNSATISFIABLE);
    assert_int_equal(result("bytes=-1", 0), RANGE_UNSATISFIABLE);
}

static void what_is_not_one_range_gets_the_whole(void **state)
{
    const char *const texts[] = {NULL,
                                 "",
                                 "items=0-1",
                                 "bytes=",
                                 "bytes=-",
                                 "bytes=a-b",
                                 "bytes=5-2",
                                 "bytes=0-1,3-4",
                                 "bytes=+1-2",
                                 "bytes=1 -2",
                                 "bytes=99999999999999999999-",
                                 "bytes=1-2x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(result(texts[i], 10), RANGE_WHOLE);
}

static void if_range_holds_for_the_same_strong_tag_only(void **state)
{
    assert_true(if_range_holds(NULL, "\"a\""));
    assert_true(if_range_holds("\"a\"", "\"a\""));
    assert_false(if_range_holds("W/\"a\"", "\"a\""));
    assert_false(if_range_holds("\"b\"", "\"a\""));
    assert_false(if_range_holds("Tue, 24 Nov 2026 07:00:00 GMT", "\"a\""));
    assert_false(if_range_holds("", ""));
}

static void if_none_match_is_a_list(void **state)
{
    assert_true(if_none_match_hits("\"a\"", "\"a\""));
    assert_true(if_none_match_hits("\"x\", W/\"a\"", "\"a\""));
    assert_true(if_none_match_hits("*", "\"a\""));
    assert_false(if_none_match_hits("\"ab\"", "\"a\""));
    assert_false(if_none_match_hits(NULL, "\"a\""));
    assert_false(if_none_match_hits("*", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_range_is_a_part),
        cmocka_unit_test(a_range_behind_the_end_is_not_satisfiable),
        cmocka_unit_test(what_is_not_one_range_gets_the_whole),
        cmocka_unit_test(if_range_holds_for_the_same_strong_tag_only),
        cmocka_unit_test(if_none_match_is_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
