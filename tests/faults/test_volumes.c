/* Two volumes, one of them bad: the other takes over, and no picture is lost. */
#include "base/clock.h"
#include "base/secret.h"
#include "disk.h"
#include "judge.h"
#include "unit.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { CAMERAS = 4, BAD_MS = 15000, AFTER_MS = 8000, NOT_RUN = 77 };

static const char config[] = "storage:\n"
                             "  footage: [footage, footage-2]\n"
                             "  segment_minutes: 1\n";

typedef struct TwoVolumes {
    World world;
    Disk disk; /* the second */
} TwoVolumes;

static void start(TwoVolumes *two)
{
    g_autofree char *data = temp_folder();
    g_autofree char *mount = g_build_filename(data, "footage-2", NULL);
    g_assert(g_mkdir_with_parents(mount, 0700) == 0);
    disk_start(&two->disk, mount);
    world_start_at(&two->world, CAMERAS, config, data);
}

static void end(TwoVolumes *two)
{
    sim_stop(&two->world.sim);
    disk_end(&two->disk);
    world_forget(&two->world);
}

/* A figure of a volume, by `/metrics`. */
static double figure(TwoVolumes *two, const char *name, int volume)
{
    g_autofree char *url = g_strconcat(two->world.server.url, "/metrics", NULL), *text = NULL;
    g_autofree char *line = g_strdup_printf("\nvonglau_%s{volume=\"%d\"} ", name, volume);
    size_t size = 0;
    g_assert(http_call("GET", url, two->world.api.token, NULL, &text, &size) == 200);
    const char *at = strstr(text, line);
    g_assert(at);
    return g_ascii_strtod(at + strlen(line), NULL);
}

static void expect_nothing_lost(TwoVolumes *two)
{
    g_auto(Verdict) verdict = judge(&two->world);
    printf("%u pictures sent, %u recorded, %u lost, %u gaps\n", verdict.sent, verdict.recorded,
           verdict.lost, verdict.gaps);
    for (guint i = 0; i < verdict.complaints->len; i++)
        fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(verdict.complaints, i));
    assert_int_equal(verdict.complaints->len, 0);
    assert_true(verdict.sent > 1000);
    assert_int_equal(verdict.lost, 0);
}

static void cameras_leave_a_slow_volume_and_lose_nothing(void **state)
{
    TwoVolumes two;
    start(&two);
    assert_int_equal(figure(&two, "volume_recorders", 2), CAMERAS / 2);
    disk_is(&two.disk, "slow");
    sleep_ms(BAD_MS);
    assert_int_equal(figure(&two, "volume_recorders", 2), 0);
    assert_int_equal(figure(&two, "volume_avoided", 2), 1);
    disk_is(&two.disk, "well");
    sleep_ms(AFTER_MS);
    expect_nothing_lost(&two);
    end(&two);
}

static void cameras_leave_a_failing_volume_and_lose_nothing(void **state)
{
    TwoVolumes two;
    start(&two);
    disk_is(&two.disk, "fail");
    sleep_ms(BAD_MS);
    assert_int_equal(figure(&two, "volume_recorders", 2), 0);
    disk_is(&two.disk, "well");
    sleep_ms(AFTER_MS);
    expect_nothing_lost(&two);
    end(&two);
}

static void a_volume_that_vanishes_is_taken_up_again_when_it_returns(void **state)
{
    TwoVolumes two;
    start(&two);
    disk_pull(&two.disk);
    sleep_ms(BAD_MS);
    assert_int_equal(figure(&two, "volume_recorders", 2), 0);
    disk_put_back(&two.disk);
    /* each camera looks for the better volume when it begins a segment */
    int waited_ms = 0;
    while (figure(&two, "volume_recorders", 2) == 0 && waited_ms < 90000) {
        sleep_ms(1000);
        waited_ms += 1000;
    }
    assert_true(figure(&two, "volume_recorders", 2) > 0);
    sleep_ms(AFTER_MS);
    expect_nothing_lost(&two);
    end(&two);
}

int main(void)
{
    const char *why;
    if (!disk_possible(&why)) {
        fprintf(stderr, "NOT RUN: no bad volume was tried, because %s\n", why);
        return NOT_RUN;
    }
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cameras_leave_a_slow_volume_and_lose_nothing),
        cmocka_unit_test(cameras_leave_a_failing_volume_and_lose_nothing),
        cmocka_unit_test(a_volume_that_vanishes_is_taken_up_again_when_it_returns),
    };
    if (g_getenv("FAULTS_ONLY"))
        cmocka_set_test_filter(g_getenv("FAULTS_ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
