/* Evidence packages asked for in the app: approved by another, made, begun again after a
 * restart, gone when nobody wants them; and certificates that take the same course. */
#include "archive/verify.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/package_desk.h"
#include "package_bench.h"
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NO_ID "00000000-0000-4000-8000-000000000000"

static void a_package_is_made_when_another_has_approved_it_and_never_by_who_asked(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_asked(bench, "");
    g_autoptr(Json) waits = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_string_equal(package_text(waits, "state"), "asked");
    assert_true(g_str_has_prefix(package_text(waits, "number"), "CC-"));
    package_refused(bench, bench->officer, "POST", "/approval", id, "{\"approve\":true}", 403);
    json_decref(package_hand_over(bench, id, BENCH_BY_LINK, 409));
    g_usleep(300000);
    assert_int_equal(package_files_of(bench, id), 0);

    package_approve(bench, id);
    g_autoptr(Json) done = package_wait_for(bench, id, "done");
    assert_true(json_is_true(json_object_get(done, "may_leave")));
    assert_true(json_integer_value(json_object_get(done, "size")) > 0);
    assert_int_equal(package_files_of(bench, id), 1);
    package_refused(bench, bench->commander, "POST", "/approval", id, "{\"approve\":true}", 409);
    const char *const lines[] = {"package-ask", "package-approve", "package-make"};
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        if (!package_is_audited(bench, lines[i], id))
            fail_msg("the audit log has no %s", lines[i]);
}

static void a_commander_does_not_approve_what_they_asked_for(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *body = package_asking(bench, "");
    g_autoptr(Json) own =
        ask(bench->house, bench->commander, "POST /packages", "POST /api/v1/packages", body, 201);
    g_autoptr(Json) answer = package_on(bench, bench->commander, "POST", "/approval",
                                        package_text(own, "id"), "{\"approve\":true}", 403);
    assert_string_equal(package_text(answer, "cause_code"), "own-package");
    g_autofree char *admin = house_session(bench->house, ROLE_ADMIN);
    json_decref(package_on(bench, admin, "POST", "/approval", package_text(own, "id"),
                           "{\"approve\":true}", 200));
}

static void without_approval_a_package_stays_unless_the_site_wants_none_or_within_a_day(
    void **state)
{
    g_autoptr(PackageRow) row = package_row_new();
    g_free(row->state);
    row->state = g_strdup(PACKAGE_DONE);
    const struct {
        const char *approval;
        bool at_once, a_day_later;
    } cases[] = {{"before", false, false}, {"within-24h", true, false}, {"none", true, true}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_free(row->approval);
        row->approval = g_strdup(cases[i].approval);
        assert_int_equal(package_may_leave(row, 1), cases[i].at_once);
        assert_int_equal(package_may_leave(row, DAY_US), cases[i].a_day_later);
    }
}

static void what_proves_its_day_is_told_when_it_comes_and_fetched_when_it_is_there(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_made(bench);
    ApiResponse early = {0};
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/days", id);
    house_ask(bench->house, bench->officer, what, NULL, &early);
    if (day_start_us(clock_now_us()) ==
        day_start_us(bench->from_us)) { /* no midnight was in between */
        assert_int_equal(early.status, 409);
        assert_string_equal(package_text(early.json, "cause_code"), "no-day-root");
    }
    api_response_clear(&early);
    g_autofree char *auditor = house_session(bench->house, ROLE_AUDITOR);
    package_refused(bench, auditor, "GET", "/days", id, NULL, 403);
    g_autofree char *waits = package_asked(bench, "");
    g_autoptr(Json) closed = package_on(bench, bench->officer, "GET", "/days", waits, NULL, 409);
    assert_string_equal(package_text(closed, "cause_code"), "may-not-leave");
}

static void a_certificate_takes_the_same_course_and_tells_what_was_not_seen(void **state)
{
    PackageBench *bench = *state;
    char camera[UUID_TEXT];
    ApiResponse response = {0};
    uuid_text(&bench->house->camera, camera);
    g_autofree char *regions = g_strdup_printf(
        ",\"certificate\":{\"regions\":[{\"camera\":\"%s\",\"corners\":[0.1,0.1,0.5,0.9]}]}",
        camera);
    g_autofree char *id = package_asked(bench, regions);
    assert_true(package_is_audited(bench, "negative-ask", id));
    package_refused(bench, bench->officer, "POST", "/approval", id, "{\"approve\":true}", 403);
    package_approve(bench, id);
    g_autoptr(Json) done = package_wait_for(bench, id, "done");
    assert_true(json_is_true(json_object_get(done, "certificate")));
    assert_string_equal(package_text(done, "verdict"), "not-proven"); /* nobody watched */
    json_decref(package_hand_over(bench, id, BENCH_BY_DOWNLOAD, 201));
    package_refused(bench, bench->officer, "GET", "/days", id, NULL, 404);
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/file?copy=1", id);
    house_ask(bench->house, bench->officer, what, NULL, &response);
    g_autofree char *text = package_passes_as(bench, &response, "negative-certificate");
    assert_non_null(strstr(text, "\"verdict\":\"not-proven\""));
    assert_non_null(strstr(text, "[\"approved\",\""));
    api_response_clear(&response);

    const char *const wrong[] = {",\"certificate\":{\"regions\":[{\"camera\":\"" NO_ID
                                 "\",\"corners\":[0,0,1,1]}]}",
                                 ",\"certificate\":{\"areas\":[]}", ",\"certificate\":7"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *body = package_asking(bench, wrong[i]);
        fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);
    }
    g_autofree char *beyond = g_strdup_printf(
        ",\"certificate\":{\"regions\":[{\"camera\":\"%s\",\"corners\":[0,0,1,1.5]}]}", camera);
    g_autofree char *body = package_asking(bench, beyond);
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);
}

static void who_asked_takes_it_back_until_it_is_made_then_a_commander_removes_it(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *early = package_asked(bench, ""), *id = package_made(bench);
    g_autoptr(Json) cancelled = package_on(bench, bench->officer, "DELETE", "", early, NULL, 200);
    assert_string_equal(package_text(cancelled, "state"), "cancelled");
    package_refused(bench, bench->commander, "POST", "/approval", early, "{\"approve\":true}", 409);
    package_refused(bench, bench->officer, "DELETE", "", id, NULL, 409);
    package_refused(bench, bench->commander, "DELETE", "", id, NULL, 409);
    package_refused(bench, bench->officer, "POST", "/removal", id, BENCH_REMOVAL, 403);
    package_refused(bench, bench->commander, "POST", "/removal", id, "{}", 400);
    package_refused(bench, bench->commander, "POST", "/removal", early, BENCH_REMOVAL, 409);
    assert_int_equal(package_files_of(bench, id), 1);
    g_autoptr(Json) removed =
        package_on(bench, bench->commander, "POST", "/removal", id, BENCH_REMOVAL, 200);
    assert_string_equal(package_text(removed, "state"), "removed");
    package_wait_gone(bench, id);
    g_autoptr(GPtrArray) rows = audit_rows(bench->house->audit, 1); /* it is on disk by then */
    const AuditRow *last = rows->pdata[0];
    assert_string_equal(last->action, "package-drop");
    assert_string_equal(last->object, id);
    assert_string_equal(last->reason, "Đã giao bản thay thế");
}

static void the_same_key_is_the_same_package(void **state)
{
    PackageBench *bench = *state;
    const char *key = ",\"key\":\"3d3f0d0e-0000-4000-8000-0000000000aa\"";
    g_autofree char *first = package_asked(bench, key), *again = package_asked(bench, key);
    assert_string_equal(first, again);
}

static void what_makes_no_sense_and_who_has_no_right_are_refused(void **state)
{
    PackageBench *bench = *state;
    House *house = bench->house;
    const char *const roles_body = "{\"approve\":true}";
    g_autofree char *good = package_asking(bench, ""), *id = package_asked(bench, "");
    const Role others[] = {ROLE_VILLAGE_HEAD, ROLE_HOUSEHOLD, ROLE_AUDITOR};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *session = house_session(house, others[i]);
        fits(house, session, "POST /packages", "POST /api/v1/packages", good, 403);
        fits(house, session, "GET /packages", "GET /api/v1/packages", NULL, 403);
        package_refused(bench, session, "POST", "/approval", id, roles_body, 403);
        package_refused(bench, session, "POST", "/copies", id, BENCH_BY_DOWNLOAD, 403);
    }
    const struct {
        const char *from, *with;
    } wrong[] = {{bench->number, " "}, {"va chạm trước cổng chợ", "x"}, {"\"case\"", "\"cash\""}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(GStrv) parts = g_strsplit(good, wrong[i].from, 2);
        g_autofree char *body = g_strjoinv(wrong[i].with, parts);
        fits(house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);
    }
    package_refused(bench, bench->officer, "GET", "", NO_ID, NULL, 404);
    json_decref(
        package_hand_over(bench, id, "{\"receiver\":\"Viện kiểm sát\",\"medium\":\"usb\"}", 400));
    json_decref(package_hand_over(bench, id,
                                  "{\"receiver\":\"Viện kiểm sát\",\"medium\":\"link\","
                                  "\"link\":{\"days\":31,\"downloads\":1}}",
                                  400));
    fits(house, NULL, "POST /public/handover", "POST /api/v1/public/handover",
         "{\"secret\":\"guessed\"}", 404);
}

/* The first fault that a check of the whole data folder finds, owned; NULL: there is none. */
static char *fault_of(const PackageBench *bench)
{
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    assert_true(audit_flush(bench->house->audit, NULL));
    assert_true(verify_target(bench->house->folder, NULL, &report, NULL));
    assert_true(report.packages > 0);
    assert_int_equal(report.spans->len, 0);
    const VerifyFault *first = report.faults->len > 0 ? report.faults->pdata[0] : NULL;
    return first ? g_strdup(first->path) : NULL;
}

static void a_byte_that_was_changed_in_a_package_that_waits_for_its_receiver_is_found(void **state)
{
    PackageBench *bench = *state;
    char byte;
    g_autofree char *id = package_made(bench), *before = fault_of(bench);
    assert_null(before);
    g_autofree char *name = g_strconcat(id, ".zip", NULL);
    g_autofree char *path = g_build_filename(bench->folder, name, NULL);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pread(fd, &byte, 1, 100000), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, 100000), 1);
    close(fd);
    g_autofree char *found = fault_of(bench);
    assert_non_null(found);
    assert_non_null(strstr(found, name));
    json_decref(package_on(bench, bench->commander, "POST", "/removal", id, BENCH_REMOVAL, 200));
}

static void what_a_restart_cut_off_is_begun_again_and_nothing_of_it_stays(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_asked(bench, "");
    g_autofree char *part = g_strdup_printf("%s/%s.zip.12345678.part", bench->folder, id);
    package_desk_close(bench->house->api.packages);
    assert_true(g_file_set_contents(part, "half", -1, NULL));
    package_bench_open_desk(bench);
    package_approve(bench, id);
    package_desk_close(bench->house->api.packages); /* while it is being made, or before */
    package_bench_open_desk(bench);
    json_decref(package_wait_for(bench, id, "done"));
    assert_int_equal(package_files_of(bench, id), 1);
    assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
}

static void footage_of_a_package_that_waits_for_approval_is_held(void **state)
{
    PackageBench *bench = *state;
    archive_retain_now(bench->house->archive);
    unsigned before = archive_figures(bench->house->archive).holds;
    g_autofree char *id = package_asked(bench, "");
    archive_retain_now(bench->house->archive);
    assert_int_equal(archive_figures(bench->house->archive).holds, before + 1);
}

/* A catalog that was made anew from a copy is older than the file. */
static void a_package_that_the_catalog_does_not_know_is_kept_at_a_start(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *known = package_asked(bench, "");
    g_autofree char *file = g_strdup_printf("%s/" NO_ID ".zip", bench->folder);
    g_autofree char *unmade = g_strdup_printf("%s/%s.zip", bench->folder, known);
    package_desk_close(bench->house->api.packages);
    assert_true(g_file_set_contents(file, "handed over", -1, NULL));
    assert_true(g_file_set_contents(unmade, "of one that nobody approved", -1, NULL));
    package_bench_open_desk(bench);
    package_wait_gone(bench, known);
    assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
    unlink(file);
}

static void a_camera_that_one_may_not_export_hides_its_packages(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_asked(bench, "");
    house_give_away(bench->house, &bench->house->camera);
    g_autofree char *officer = house_session(bench->house, ROLE_OFFICER);
    package_refused(bench, officer, "GET", "", id, NULL, 404);
    g_autoptr(Json) all =
        ask(bench->house, officer, "GET /packages", "GET /api/v1/packages", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_is_made_when_another_has_approved_it_and_never_by_who_asked),
        cmocka_unit_test(a_commander_does_not_approve_what_they_asked_for),
        cmocka_unit_test(
            without_approval_a_package_stays_unless_the_site_wants_none_or_within_a_day),
        cmocka_unit_test(what_proves_its_day_is_told_when_it_comes_and_fetched_when_it_is_there),
        cmocka_unit_test(a_certificate_takes_the_same_course_and_tells_what_was_not_seen),
        cmocka_unit_test(who_asked_takes_it_back_until_it_is_made_then_a_commander_removes_it),
        cmocka_unit_test(the_same_key_is_the_same_package),
        cmocka_unit_test(what_makes_no_sense_and_who_has_no_right_are_refused),
        cmocka_unit_test(a_byte_that_was_changed_in_a_package_that_waits_for_its_receiver_is_found),
        cmocka_unit_test(what_a_restart_cut_off_is_begun_again_and_nothing_of_it_stays),
        cmocka_unit_test(footage_of_a_package_that_waits_for_approval_is_held),
        cmocka_unit_test(a_package_that_the_catalog_does_not_know_is_kept_at_a_start),
        cmocka_unit_test(a_camera_that_one_may_not_export_hides_its_packages),
    };
    return cmocka_run_group_tests(tests, package_bench_open, package_bench_close);
}
