/* A hold that ends by itself is promised to last so long: however the clock is set meanwhile. */
#include "archive_rig.h"

/* How many holds stand when it has run for `us` (`*run_us` until now), looked at each hour. */
static unsigned holds_after(Rig *rig, int64_t *run_us, int64_t us)
{
    while (*run_us < us) {
        int64_t part_us = MIN(HOUR_US, us - *run_us);
        rig_time(rig, rig->now_us + part_us);
        *run_us += part_us;
        assert_true(archive_end_lapsed_holds(rig->archive, NULL));
    }
    archive_retain_now(rig->archive);
    return (unsigned)archive_figures(rig->archive).holds;
}

static void a_hold_lasts_its_three_days_of_running_however_the_clock_is_set_meanwhile(void **state)
{
    static const struct {
        int64_t first_us, then_us; /* the clock is set by so much after an hour, and after two */
        int64_t most_us;           /* it is over by then */
    } cases[] = {{0, 0, 72 * HOUR_US},
                 {-HOUR_US, 0, 74 * HOUR_US},
                 {HOUR_US, -HOUR_US, 74 * HOUR_US},
                 {HOUR_US, 0, 75 * HOUR_US},
                 {23 * HOUR_US, 0, 75 * HOUR_US},
                 {-HOUR_US, HOUR_US, 75 * HOUR_US},
                 {23 * HOUR_US, 23 * HOUR_US, 76 * HOUR_US}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Rig rig = {0};
        int64_t run_us = 0;
        const Uuid id = uuid_new(), report = uuid_new();
        rig_start(&rig);
        rig_feed_us(&rig, SECOND_US);
        archive_retain_now(rig.archive); /* the clock as it was is known */
        const ArchiveHold hold = {rig.camera, RIG_START_US, rig.now_us};
        assert_true(archive_hold(rig.archive, &id, "report", &report, rig.now_us + 3 * DAY_US,
                                 &hold, 1, NULL));
        holds_after(&rig, &run_us, HOUR_US);
        rig_step(&rig, cases[i].first_us);
        holds_after(&rig, &run_us, 2 * HOUR_US);
        rig_step(&rig, cases[i].then_us);
        holds_after(&rig, &run_us, 3 * HOUR_US);
        rig_stop(&rig); /* a restart knows what the run before knew */
        rig_open(&rig);
        if (holds_after(&rig, &run_us, 72 * HOUR_US - SECOND_US) != 1)
            fail_msg("case %zu: it ended too early", i);
        if (holds_after(&rig, &run_us, cases[i].most_us) != 0)
            fail_msg("case %zu: it does not end", i);
        rig_step(&rig, -cases[i].first_us - cases[i].then_us);
        rig_end(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hold_lasts_its_three_days_of_running_however_the_clock_is_set_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
