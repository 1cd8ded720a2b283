/* Evidence packages with redacted copies: asked for, made before the rest, found again by a check
 * as no originals; begun again after a restart, and gone when they are not wanted any more. */
#include "api_ask.h"
#include "archive/verify.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/package_desk.h"
#include "unit.h"

#include <string.h>

enum { RECORDED_S = 30, WAIT_MS = 30000 };

typedef struct Desk {
    House *house;
    char *folder;
    char *officer, *commander; /* sessions */
    char *number;              /* of the case */
    int64_t from_us;
} Desk;

static void open_desk(Desk *desk)
{
    House *house = desk->house;
    const PackageDeskOptions options = {.data = house->folder,
                                        .folder = desk->folder,
                                        .catalog = house->catalog,
                                        .site = house->site,
                                        .archive = house->archive,
                                        .people = house->people,
                                        .audit = house->audit,
                                        .key = house->key};
    house->api.packages = package_desk_open(&options, NULL);
    assert_non_null(house->api.packages);
}

static int set_up(void **state)
{
    Desk *desk = g_new0(Desk, 1);
    read_document(state);
    house_open((void **)&desk->house);
    desk->folder = g_build_filename(desk->house->folder, "packages", NULL);
    desk->officer = house_session(desk->house, ROLE_OFFICER);
    desk->commander = house_session(desk->house, ROLE_COMMANDER);
    desk->from_us = house_record(desk->house, RECORDED_S);
    desk->number = house_case(desk->house);
    open_desk(desk);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    Desk *desk = *state;
    package_desk_close(desk->house->api.packages);
    house_close((void **)&desk->house);
    drop_document(state);
    g_free(desk->folder);
    g_free(desk->officer);
    g_free(desk->commander);
    g_free(desk->number);
    g_free(desk);
    return 0;
}

/* One of the list ‘redact’: of `camera`, so many seconds from the first picture on, with a key
 * moment there. Returned owned. */
static char *copy_of(const Desk *desk, const char *camera, int64_t first_s, int64_t seconds)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    time_text(desk->from_us + first_s * SECOND_US + 1000, from);
    return g_strdup_printf(
        "{\"camera\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"boxes\":[{\"moments\":"
        "[{\"at\":\"%s\",\"box\":[2000,2000,3000,3000]}]}]}",
        camera, from, time_text(desk->from_us + (first_s + seconds) * SECOND_US, to), from);
}

static Json *ask_for(const Desk *desk, const char *redact, int status)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"case\":\"%s\",\"reason\":\"va chạm trước cổng chợ\","
        "\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",\"redact\":%s}",
        desk->number, uuid_text(&desk->house->camera, id), time_text(desk->from_us, from),
        time_text(desk->from_us + (RECORDED_S - 2) * SECOND_US, to), redact);
    return ask(desk->house, desk->officer, "POST /packages", "POST /api/v1/packages", body, status);
}

/* Two copies of the camera. The id, owned. */
static char *asked(const Desk *desk)
{
    char camera[UUID_TEXT];
    uuid_text(&desk->house->camera, camera);
    g_autofree char *one = copy_of(desk, camera, 1, 4), *other = copy_of(desk, camera, 10, 5);
    g_autofree char *list = g_strdup_printf("[%s,%s]", one, other);
    g_autoptr(Json) made = ask_for(desk, list, 201);
    const Json *redacted = json_object_get(made, "redacted");
    assert_int_equal(json_array_size(redacted), 2);
    const Json *first = json_array_get(redacted, 0);
    assert_string_equal(json_string_value(json_object_get(first, "camera")), camera);
    assert_int_equal(json_integer_value(json_object_get(first, "boxes")), 1);
    assert_false(json_is_true(json_object_get(first, "sound")));
    return g_strdup(json_string_value(json_object_get(made, "id")));
}

static Json *on(const Desk *desk, const char *session, const char *method, const char *tail,
                const char *id, const char *body)
{
    g_autofree char *pattern = g_strdup_printf("%s /packages/{id}%s", method, tail);
    g_autofree char *what = g_strdup_printf("%s /api/v1/packages/%s%s", method, id, tail);
    return ask(desk->house, session, pattern, what, body, 200);
}

static void approve(const Desk *desk, const char *id)
{
    json_decref(on(desk, desk->commander, "POST", "/approval", id, "{\"approve\":true}"));
}

static void wait_done(const Desk *desk, const char *id)
{
    for (int i = 0; i < WAIT_MS / 20; i++) {
        g_autoptr(Json) json = on(desk, desk->officer, "GET", "", id, NULL);
        const char *state = json_string_value(json_object_get(json, "state"));
        if (strcmp(state, PACKAGE_DONE) == 0)
            return;
        if (strcmp(state, PACKAGE_WAITING) != 0)
            fail_msg("it is %s", state);
        g_usleep(20000);
    }
    fail_msg("it is not done");
}

static unsigned files_of(const Desk *desk, const char *id)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) names = folder_names(desk->folder);
    for (guint i = 0; i < names->len; i++)
        count += g_str_has_prefix(names->pdata[i], id) ? 1 : 0;
    return count;
}

/* It passes its check, which names both copies, and nothing else of it is left. */
static void assert_whole(const Desk *desk, const char *id)
{
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    const VerifyOptions options = {0};
    g_autofree char *path = g_strdup_printf("%s/%s.zip", desk->folder, id);
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
    assert_int_equal(files_of(desk, id), 1);
}

static void a_package_with_redacted_copies_is_made_and_passes(void **state)
{
    Desk *desk = *state;
    gsize size;
    g_autofree char *id = asked(desk), *bytes = NULL;
    g_autofree char *path = g_strdup_printf("%s/%s.zip", desk->folder, id);
    approve(desk, id);
    wait_done(desk, id);
    assert_whole(desk, id);
    assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    assert_non_null(memmem(bytes, size, "BẢN SAO ĐÃ CHE", strlen("BẢN SAO ĐÃ CHE")));
    assert_non_null(memmem(bytes, size, ",2000,2000,3000,3000]", 21));
    assert_non_null(memmem(bytes, size, "\"libx264 superfast crf 23\"", 25));
}

static void what_a_restart_cut_off_is_redacted_again_from_the_beginning(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = asked(desk);
    g_autofree char *left = g_strdup_printf("%s/%s.redacted-1.mp4", desk->folder, id);
    approve(desk, id);
    package_desk_close(desk->house->api.packages);
    g_autofree char *zip = g_strdup_printf("%s/%s.zip", desk->folder, id);
    if (!g_file_test(zip, G_FILE_TEST_EXISTS)) /* a machine that was fast enough has made it */
        assert_true(g_file_set_contents(left, "half a film", -1, NULL));
    open_desk(desk);
    wait_done(desk, id);
    assert_whole(desk, id);
}

static void one_that_is_taken_back_leaves_nothing(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = asked(desk);
    approve(desk, id);
    json_decref(on(desk, desk->commander, "DELETE", "", id, NULL));
    for (int i = 0; i < WAIT_MS / 20 && files_of(desk, id) > 0; i++)
        g_usleep(20000);
    assert_int_equal(files_of(desk, id), 0);
}

static void what_cannot_be_redacted_is_told_at_once(void **state)
{
    Desk *desk = *state;
    char camera[UUID_TEXT];
    uuid_text(&desk->house->camera, camera);
    g_autofree char *stranger = copy_of(desk, "0f6b5a93-c81e-4d27-b184-632ae7905c3d", 1, 4);
    g_autofree char *before = copy_of(desk, camera, -1, 4), *behind = copy_of(desk, camera, 1, 60);
    g_autofree char *empty = copy_of(desk, camera, 4, 0);
    g_autofree char *longer = copy_of(desk, camera, 0, 3700);
    g_autofree char *well = copy_of(desk, camera, 1, 4);
    const char *const wrong[] = {stranger, before, behind, empty,         longer,
                                 "{}",     "[]",   "7",    "{\"mask\":1}"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *list = g_strdup_printf("[%s]", wrong[i]);
        json_decref(ask_for(desk, list, 400));
    }
    g_autofree char *nine = g_strdup_printf("[%s,%s,%s,%s,%s,%s,%s,%s,%s]", well, well, well, well,
                                            well, well, well, well, well);
    json_decref(ask_for(desk, nine, 400));
    json_decref(ask_for(desk, "{}", 400));
    g_autoptr(Json) none = ask_for(desk, "[]", 201);
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
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
