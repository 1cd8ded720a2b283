/* The wall clock is set by an hour, forth and back, and runs a little fast: no picture is lost for
 * it, and what the clock did is told. */
#include "../integration/footage.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "judge.h"
#include "unit.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CAMERAS = 3, SLEW_S = 15, SLEW_US_A_SECOND = 300 };

/* The server's wall clock is off by this many microseconds (bad_day.c). */
static _Atomic int64_t *clock_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    g_assert(fd >= 0 && ftruncate(fd, sizeof(int64_t)) == 0);
    void *memory = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    g_assert(memory != MAP_FAILED);
    return memory;
}

static void no_picture_is_lost(World *world, int64_t until_us)
{
    for (int i = 0; i < world->cameras; i++) {
        g_autoptr(Json) sent = sim_sent(&world->sim, world_camera(world, i), "main");
        g_auto(Footage) footage = footage_read(world->data, world->ids[i]);
        int64_t lost_us = 0;
        unsigned lost = footage_missing(&footage, sent, world->begin_us, until_us, &lost_us);
        if (lost)
            fail_msg("%s: %u pictures are lost, the first %.3f s after the begin",
                     world_camera(world, i), lost, (double)(lost_us - world->begin_us) / 1e6);
        print_message("%s: %u pictures in %u files, none lost\n", world_camera(world, i),
                      footage.pictures->len, footage.files->len);
    }
}

/* Seconds of the gaps with this cause; spans and gaps meet and do not overlap. */
static double gap_seconds(World *world, const char *cause)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_wall_us(), total_us = 0, sum_us = 0, first_us = INT64_MAX, last_us = 0;
    g_autofree char *url =
        g_strdup_printf("%s/cameras/%s/coverage?from=%s&to=%s", world->api.url, world->ids[0],
                        time_text(now_us - 2 * HOUR_US, from), time_text(now_us + 3 * HOUR_US, to));
    g_autoptr(Json) coverage = http_json(url, world->api.token);
    static const char *const lists[] = {"spans", "gaps"};
    for (size_t list = 0; list < G_N_ELEMENTS(lists); list++) {
        size_t index;
        Json *row;
        json_array_foreach(json_object_get(coverage, lists[list]), index, row)
        {
            int64_t from_us, to_us;
            g_assert(time_parse(text_in(row, "from"), &from_us));
            g_assert(time_parse(text_in(row, "to"), &to_us));
            sum_us += to_us - from_us;
            first_us = MIN(first_us, from_us);
            last_us = MAX(last_us, to_us);
            if (strcmp(text_in(row, "cause"), cause) == 0)
                total_us += to_us - from_us;
        }
    }
    assert_int_equal(sum_us, last_us - first_us);
    return (double)total_us / 1e6;
}

static void a_wall_clock_that_is_set_or_slewed_loses_no_picture_and_is_told(void **state)
{
    World world;
    g_autofree char *folder = temp_folder();
    g_autofree char *path = g_build_filename(folder, "clock", NULL);
    _Atomic int64_t *off_us = clock_file(path);
    g_setenv("BAD_DAY_CLOCK", path, TRUE);
    world_start(&world, CAMERAS, NULL);
    sleep_ms(4000);
    for (int i = 0; i < SLEW_S; i++, sleep_ms(1000))
        atomic_fetch_add(off_us, SLEW_US_A_SECOND);
    atomic_fetch_add(off_us, HOUR_US);
    sleep_ms(8000);
    double told_s = gap_seconds(&world, "clock-step");
    print_message("an hour forth: a clock-step gap of %.1f s\n", told_s);
    assert_true(told_s > 3590 && told_s < 3602);
    atomic_fetch_sub(off_us, HOUR_US);
    sleep_ms(8000);
    int64_t until_us = clock_wall_us() - 250000;
    world_stop(&world, SIGTERM);
    g_autofree char *out = NULL;
    if (run_vonglau(&out, NULL, "verify", world.data, NULL) != 0)
        fail_msg("%s", out);
    no_picture_is_lost(&world, until_us);
    world_end(&world);
    remove_tree(folder);
}

int main(void)
{
    if (!g_getenv("BAD_DAY")) {
        print_error("NOT RUN: BAD_DAY names no library to set the server's clock with\n");
        return 77;
    }
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wall_clock_that_is_set_or_slewed_loses_no_picture_and_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
