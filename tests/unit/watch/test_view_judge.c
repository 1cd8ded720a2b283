#include "base/clock.h"
#include "unit.h"
#include "watch/view_judge.h"

static ViewState state_of(const ViewLook *look)
{
    static const ViewReference reference = {.count = 1};
    ViewJudge judge = {0};
    return view_judge(&judge, &reference, look, HOUR_US);
}

/* As an infrared view looks that was turned by 45 degrees: no shift is found, half the cells lost
 * their edges, the others hold some. */
static void a_turned_view_is_another_place_but_not_when_its_light_changed_too(void **state)
{
    ViewLook look = {.structured = 336,
                     .kept = 0.02,
                     .veiled = 0.49,
                     .busy = 0.65,
                     .layout = 0.03,
                     .contrast = 1.05,
                     .focus = 0.86};
    assert_int_equal(state_of(&look), VIEW_IS_ELSEWHERE);
    look.contrast = 0.5;
    assert_int_equal(state_of(&look), VIEW_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turned_view_is_another_place_but_not_when_its_light_changed_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
