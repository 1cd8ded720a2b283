/* Evidence packages with redacted copies: asked for, made before the rest, found again by a check
 * as no originals; begun again after a restart, and gone when they are not wanted any more. */
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/package_desk.h"
#include "covered.h"
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
    package_check_made(bench, id, &report);
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

/* ---- of cameras with privacy masks ---- */

enum { PACKAGE_MOST_BYTES = 64 << 20 };

/* The square of covered.h, of the bench's camera. */
static MaskRow *draw(PackageBench *bench, const char *name)
{
    const Uuid by = uuid_new();
    const MaskShape shape = {4, {{2000, 2000}, {6000, 2000}, {6000, 6000}, {2000, 6000}}};
    MaskRow *row = masks_draw(bench->house->masks, &bench->house->camera, name, &shape, &by, NULL);
    assert_non_null(row);
    return row;
}

/* For good, by two of nobody. */
static void take_away(PackageBench *bench, const MaskRow *mask)
{
    const Uuid one = uuid_new(), other = uuid_new();
    mask_row_free(
        masks_ask_end(bench->house->masks, &mask->camera, &mask->id, "Nhà đã dỡ", &one, NULL));
    mask_row_free(
        masks_decide_end(bench->house->masks, &mask->camera, &mask->id, true, &other, NULL));
}

static void ask_refused(PackageBench *bench, const char *more, int status, const char *code)
{
    g_autofree char *body = package_asking(bench, more);
    g_autoptr(Json) refused =
        ask(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, status);
    assert_string_equal(json_string_value(json_object_get(refused, "cause_code")), code);
}

static bool holds(PackageBench *bench, const char *id, const char *text)
{
    size_t size;
    g_autofree char *path = g_strdup_printf("%s/%s.zip", bench->folder, id);
    g_autofree char *bytes = file_read(path, PACKAGE_MOST_BYTES, &size, NULL);
    assert_non_null(bytes);
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

/* The pictures printed in report.pdf, each of which must be covered. */
static unsigned covered_prints(const PackageBench *bench, const char *id)
{
    static const char kind[] = "/DCTDecode", begin[] = "stream\n", end[] = "\nendstream";
    g_autofree char *path = g_strdup_printf("%s/%s.zip", bench->folder, id);
    gsize size;
    g_autofree char *bytes = file_read(path, PACKAGE_MOST_BYTES, &size, NULL);
    unsigned count = 0;
    const char *at = bytes, *over = bytes + size;
    while ((at = memmem(at, (size_t)(over - at), kind, strlen(kind)))) {
        const char *from = memmem(at, (size_t)(over - at), begin, strlen(begin));
        assert_non_null(from);
        from += strlen(begin);
        at = memmem(from, (size_t)(over - from), end, strlen(end));
        assert_non_null(at);
        g_autoptr(Buffer) jpeg = buffer_copy(from, (size_t)(at - from));
        assert_true(covered_jpeg(jpeg));
        count++;
    }
    return count;
}

static void originals_of_a_masked_camera_are_asked_for_as_such(void **state)
{
    PackageBench *bench = *state;
    g_autoptr(MaskRow) mask = draw(bench, "Cửa sổ nhà bà Hoa");
    ask_refused(bench, "", 409, "masked");
    g_autofree char *id = package_asked(bench, ",\"unmasked\":true");
    g_autoptr(Json) asked = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_true(json_is_true(json_object_get(asked, "unmasked")));
    package_refused(bench, bench->officer, "POST", "/approval", id, "{\"approve\":true}", 403);
    package_approve(bench, id);
    json_decref(package_wait_for(bench, id, "done"));
    char since[TIME_TEXT];
    g_autofree char *told =
        g_strdup_printf("\"masks\",\"%s/- 2000,2000 6000,2000", time_text(mask->since_us, since));
    assert_true(holds(bench, id, told));
    assert_false(holds(bench, id, "nhà bà Hoa"));
    assert_true(covered_prints(bench, id) > 0);
    take_away(bench, mask);
}

static void it_waits_for_a_second_person_whatever_the_site_says(void **state)
{
    PackageBench *bench = *state;
    const char *none[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "none"};
    const char *before[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "before"};
    g_autoptr(MaskRow) mask = draw(bench, "Sân");
    assert_true(site_set(bench->house->site, none, NULL));
    g_autofree char *id = package_asked(bench, ",\"unmasked\":true");
    assert_true(site_set(bench->house->site, before, NULL));
    g_autoptr(Json) waits = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_string_equal(json_string_value(json_object_get(waits, "state")), "asked");
    assert_string_equal(json_string_value(json_object_get(waits, "approval")), "before");
    take_away(bench, mask);
}

static void one_that_was_made_before_the_mask_leaves_no_more(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *made = package_made(bench), *waits = package_asked(bench, "");
    g_autoptr(MaskRow) mask = draw(bench, "Sân");
    g_autoptr(Json) closed = package_on(bench, bench->officer, "GET", "", made, NULL, 200);
    assert_true(json_is_false(json_object_get(closed, "may_leave")));
    json_decref(package_hand_over(bench, made, BENCH_BY_DOWNLOAD, 409));
    package_refused(bench, bench->commander, "POST", "/approval", waits, "{\"approve\":true}", 409);
    take_away(bench, mask);
    g_autoptr(Json) open = package_on(bench, bench->officer, "GET", "", made, NULL, 200);
    assert_true(json_is_true(json_object_get(open, "may_leave")));
}

static void redacted_copies_that_go_along_are_covered_too(void **state)
{
    PackageBench *bench = *state;
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT], at[TIME_TEXT];
    g_autoptr(MaskRow) mask = draw(bench, "Sân");
    g_autofree char *more = g_strdup_printf(
        ",\"unmasked\":true,\"redact\":[{\"camera\":\"%s\",\"from\":\"%s\",\"to\":\"%s\","
        "\"boxes\":[{\"moments\":[{\"at\":\"%s\",\"box\":[0,7000,1000,1000]}]}]}]",
        uuid_text(&bench->house->camera, camera), time_text(bench->from_us, from),
        time_text(bench->from_us + 2 * SECOND_US, to), time_text(bench->from_us + SECOND_US, at));
    g_autofree char *id = package_asked(bench, more);
    package_approve(bench, id);
    json_decref(package_wait_for(bench, id, "done"));
    assert_true(holds(bench, id, "privacy masks covered in grey"));
    take_away(bench, mask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_with_redacted_copies_is_made_and_passes),
        cmocka_unit_test(what_a_restart_cut_off_is_redacted_again_from_the_beginning),
        cmocka_unit_test(one_that_is_taken_back_leaves_nothing),
        cmocka_unit_test(what_cannot_be_redacted_is_told_at_once),
        cmocka_unit_test(originals_of_a_masked_camera_are_asked_for_as_such),
        cmocka_unit_test(it_waits_for_a_second_person_whatever_the_site_says),
        cmocka_unit_test(one_that_was_made_before_the_mask_leaves_no_more),
        cmocka_unit_test(redacted_copies_that_go_along_are_covered_too),
    };
    return cmocka_run_group_tests(tests, package_bench_open, package_bench_close);
}
