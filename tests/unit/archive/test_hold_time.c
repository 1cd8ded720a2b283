/* A hold that ends by itself is promised to last so long: however the clock is set meanwhile. */
#include "archive_rig.h"

#include "archive/due_time.h"

#include <unistd.h>

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

/* The time of holds alone: `rig` is no more than the clock. */
static void run_hours(Rig *rig, DueTime *due, unsigned hours)
{
    for (unsigned hour = 0; hour < hours; hour++) {
        rig_time(rig, rig->now_us + HOUR_US);
        due_time_of_holds_us(due);
    }
}

/* The server runs twelve hours a day, for so many days; returns what holds go by then. */
static int64_t run_by_day(Rig *rig, const char *dir, unsigned days)
{
    int64_t at_us = 0;
    for (unsigned day = 0; day < days; day++) {
        DueTime *due = due_time_new(dir);
        run_hours(rig, due, 12);
        at_us = due_time_of_holds_us(due);
        due_time_free(due);
        rig_time(rig, rig->now_us + 12 * HOUR_US);
    }
    return at_us;
}

static void remove_due(char *dir)
{
    g_autofree char *path = g_build_filename(dir, "due-time", NULL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    g_free(dir);
}

static void a_post_that_is_off_each_night_holds_no_longer_from_month_to_month(void **state)
{
    Rig rig = {0};
    char *dir = g_dir_make_tmp("vonglau-due-XXXXXX", NULL);
    rig_time(&rig, RIG_START_US);
    run_by_day(&rig, dir, 30);
    int64_t until_us = rig.now_us + 72 * HOUR_US;
    assert_true(run_by_day(&rig, dir, 5) < until_us);
    /* 72 hours of running, and the 144 that a jump may wait */
    assert_true(run_by_day(&rig, dir, 13) >= until_us);
    remove_due(dir);
}

static void a_jump_is_not_believed_for_the_wait_of_one_that_was_taken_back(void **state)
{
    Rig rig = {0};
    char *dir = g_dir_make_tmp("vonglau-due-XXXXXX", NULL);
    rig_time(&rig, RIG_START_US);
    DueTime *due = due_time_new(dir);
    rig_step(&rig, 10 * HOUR_US);
    run_hours(&rig, due, 70);
    rig_step(&rig, -9 * HOUR_US);
    run_hours(&rig, due, 1);
    rig_step(&rig, 9 * HOUR_US);
    run_hours(&rig, due, 70);
    assert_true(due_time_of_holds_us(due) <= rig.now_us - 9 * HOUR_US);
    run_hours(&rig, due, 74);
    assert_true(due_time_of_holds_us(due) == rig.now_us);
    rig_step(&rig, -10 * HOUR_US);
    due_time_free(due);
    remove_due(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hold_lasts_its_three_days_of_running_however_the_clock_is_set_meanwhile),
        cmocka_unit_test(a_post_that_is_off_each_night_holds_no_longer_from_month_to_month),
        cmocka_unit_test(a_jump_is_not_believed_for_the_wait_of_one_that_was_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
