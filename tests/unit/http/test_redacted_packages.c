/* Evidence packages with redacted copies: asked for, made before the rest, found again by a check
 * as no originals; begun again after a restart, and gone when they are not wanted any more. */
#include "archive/verify.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/package_desk.h"
#include "package_bench.h"
#include "unit.h"

#include <string.h>

/* One of the list ‘redact’: of `camera`, so many seconds from the first picture on, with a key
 * moment there. Returned owned. */
static char *copy_of(const PackageBench *bench, const char *camera, int64_t first_s,
                     int64_t seconds)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    time_text(bench->from_us + first_s * SECOND_US + 1000, from);
    return g_strdup_printf(
        "{\"camera\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"boxes\":[{\"moments\":"
        "[{\"at\":\"%s\",\"box\":[2000,2000,3000,3000]}]}]}",
        camera, from, time_text(bench->from_us + (first_s + seconds) * SECOND_US, to), from);
}

static Json *ask_for(const PackageBench *bench, const char *redact, int status)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"case\":\"%s\",\"reason\":\"va chạm trước cổng chợ\","
        "\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",\"redact\":%s}",
        bench->number, uuid_text(&bench->house->camera, id), time_text(bench->from_us, from),
        time_text(bench->from_us + (BENCH_RECORDED_S - 2) * SECOND_US, to), redact);
    return ask(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body,
               status);
}

/* Two copies of the camera. The id, owned. */
static char *asked(const PackageBench *bench)
{
    char camera[UUID_TEXT];
    uuid_text(&bench->house->camera, camera);
    g_autofree char *one = copy_of(bench, camera, 1, 4), *other = copy_of(bench, camera, 10, 5);
    g_autofree char *list = g_strdup_printf("[%s,%s]", one, other);
    g_autoptr(Json) made = ask_for(bench, list, 201);
    const Json *redacted = json_object_get(made, "redacted");
    assert_int_equal(json_array_size(redacted), 2);
    const Json *first = json_array_get(redacted, 0);
    assert_string_equal(json_string_value(json_object_get(first, "camera")), camera);
    assert_int_equal(json_integer_value(json_object_get(first, "boxes")), 1);
    assert_false(json_is_true(json_object_get(first, "sound")));
    return g_strdup(json_string_value(json_object_get(made, "id")));
}

static void wait_done(const PackageBench *bench, const char *id)
{
    json_decref(package_wait_for(bench, id, PACKAGE_DONE));
}

/* It passes its check, which names both copies, and nothing else of it is left. */
static void assert_whole(const PackageBench *bench, const char *id)
{
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    const VerifyOptions options = {0};
    g_autofree char *path = g_strdup_printf("%s/%s.zip", bench->folder, id);
    assert_true(verify_target(path, &options, &report, NULL));
    if (!verify_passed(&report))
        verify_print(&report, stderr);
    assert_true(verify_passed(&report));
    assert_int_equal(report.notes->len, 2);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *name =
            g_strdup_printf("working/01/NOT-ORIGINAL_redacted-%u.mp4: NOT ORIGINAL", i + 1);
        assert_true(g_str_has_prefix(report.notes->pdata[i], name));
    }
    assert_int_equal(package_files_of(bench, id), 1);
}

static void a_package_with_redacted_copies_is_made_and_passes(void **state)
{
    PackageBench *bench = *state;
    gsize size;
    g_autofree char *id = asked(bench), *bytes = NULL;
    g_autofree char *path = g_strdup_printf("%s/%s.zip", bench->folder, id);
    package_approve(bench, id);
    wait_done(bench, id);
    assert_whole(bench, id);
    assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    assert_non_null(memmem(bytes, size, "BẢN SAO ĐÃ CHE", strlen("BẢN SAO ĐÃ CHE")));
    assert_non_null(memmem(bytes, size, ",2000,2000,3000,3000]", 21));
    assert_non_null(memmem(bytes, size, "\"libx264 superfast crf 23\"", 25));
}

static void what_a_restart_cut_off_is_redacted_again_from_the_beginning(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = asked(bench);
    g_autofree char *left = g_strdup_printf("%s/%s.redacted-1.mp4", bench->folder, id);
    package_approve(bench, id);
    package_desk_close(bench->house->api.packages);
    g_autofree char *zip = g_strdup_printf("%s/%s.zip", bench->folder, id);
    if (!g_file_test(zip, G_FILE_TEST_EXISTS)) /* a machine that was fast enough has made it */
        assert_true(g_file_set_contents(left, "half a film", -1, NULL));
    package_bench_open_desk(bench);
    wait_done(bench, id);
    assert_whole(bench, id);
}

static void one_that_is_taken_back_leaves_nothing(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = asked(bench);
    package_approve(bench, id);
    for (int i = 0; i < BENCH_WAIT_MS / 20 && package_files_of(bench, id) == 0; i++)
        g_usleep(20000); /* what was not begun has nothing to leave */
    assert_int_not_equal(package_files_of(bench, id), 0);
    json_decref(package_on(bench, bench->commander, "DELETE", "", id, NULL, 200));
    for (int i = 0; i < BENCH_WAIT_MS / 20 && package_files_of(bench, id) > 0; i++)
        g_usleep(20000);
    assert_int_equal(package_files_of(bench, id), 0);
}

static void what_cannot_be_redacted_is_told_at_once(void **state)
{
    PackageBench *bench = *state;
    char camera[UUID_TEXT];
    uuid_text(&bench->house->camera, camera);
    g_autofree char *stranger = copy_of(bench, "0f6b5a93-c81e-4d27-b184-632ae7905c3d", 1, 4);
    g_autofree char *before = copy_of(bench, camera, -1, 4),
                    *behind = copy_of(bench, camera, 1, 60);
    g_autofree char *empty = copy_of(bench, camera, 4, 0);
    g_autofree char *longer = copy_of(bench, camera, 0, 3700);
    g_autofree char *well = copy_of(bench, camera, 1, 4);
    const char *const wrong[] = {stranger, before, behind, empty,         longer,
                                 "{}",     "[]",   "7",    "{\"mask\":1}"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *list = g_strdup_printf("[%s]", wrong[i]);
        json_decref(ask_for(bench, list, 400));
    }
    g_autofree char *nine = g_strdup_printf("[%s,%s,%s,%s,%s,%s,%s,%s,%s]", well, well, well, well,
                                            well, well, well, well, well);
    json_decref(ask_for(bench, nine, 400));
    json_decref(ask_for(bench, "{}", 400));
    g_autoptr(Json) none = ask_for(bench, "[]", 201);
    assert_int_equal(json_array_size(json_object_get(none, "redacted")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_with_redacted_copies_is_made_and_passes),
        cmocka_unit_test(what_a_restart_cut_off_is_redacted_again_from_the_beginning),
        cmocka_unit_test(one_that_is_taken_back_leaves_nothing),
        cmocka_unit_test(what_cannot_be_redacted_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, package_bench_open, package_bench_close);
}
