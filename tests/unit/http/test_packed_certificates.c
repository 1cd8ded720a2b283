/* Negative certificates that go along with packages of their case: which, who says so, and what
 * becomes of the package when one of them does not stand any more. */
#include "audit_rows.h"
#include "base/file.h"
#include "casework/package_desk.h"
#include "config/site.h"
#include "package_bench.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

#define NO_ID "00000000-0000-4000-8000-000000000000"

static char *certificate_asked(const PackageBench *bench)
{
    char camera[UUID_TEXT];
    g_autofree char *more = g_strdup_printf(
        ",\"certificate\":{\"regions\":[{\"camera\":\"%s\",\"corners\":[0.1,0.1,0.5,0.9]}]}",
        uuid_text(&bench->house->camera, camera));
    return package_asked(bench, more);
}

/* One that is made and approved; its id, owned. */
static char *certificate_made(const PackageBench *bench)
{
    char *id = certificate_asked(bench);
    package_approve(bench, id);
    json_decref(package_wait_for(bench, id, PACKAGE_DONE));
    return id;
}

static char *path_of(const PackageBench *bench, const char *id)
{
    return g_strdup_printf("%s/%s.zip", bench->folder, id);
}

static const Json *packed(const Json *package)
{
    return json_object_get(package, "certificates");
}

static void all_of_the_case_go_along_unless_something_else_is_said(void **state)
{
    PackageBench *bench = *state;
    gsize size, own_size;
    g_autofree char *first = certificate_made(bench), *second = certificate_made(bench);
    g_autofree char *waits = certificate_asked(bench); /* not made yet */
    g_autofree char *id = package_asked(bench, "");
    package_approve(bench, id);
    g_autoptr(Json) done = package_wait_for(bench, id, PACKAGE_DONE);
    assert_int_equal(json_array_size(packed(done)), 2);
    const Json *one = json_array_get(packed(done), 0);
    assert_string_equal(package_text(one, "id"), first); /* the oldest first */
    assert_string_equal(package_text(one, "verdict"), "not-proven");
    assert_true(json_is_false(json_object_get(one, "refused")));
    assert_true(package_is_audited(bench, "negative-pack", first));
    assert_true(package_is_audited(bench, "negative-pack", second));
    assert_false(package_is_audited(bench, "negative-pack", waits));

    g_autofree char *zip = path_of(bench, id), *own = path_of(bench, first), *bytes = NULL,
                    *own_bytes = NULL;
    assert_true(g_file_get_contents(zip, &bytes, &size, NULL));
    assert_true(g_file_get_contents(own, &own_bytes, &own_size, NULL));
    assert_non_null(memmem(bytes, size, own_bytes, own_size)); /* byte for byte */
    g_auto(VerifyReport) report;
    package_check_made(bench, id, &report);
    for (size_t i = 0; i < 2; i++) { /* of each: what it says, and of its camera */
        const char *number = package_text(json_array_get(packed(done), i), "number");
        g_autofree char *note =
            g_strdup_printf("%s: negative certificate %s: NOT PROVEN", number, number);
        g_autofree char *camera = g_strdup_printf("%s: camera ", number);
        assert_true(g_str_has_prefix(report.notes->pdata[2 * i], note));
        assert_true(g_str_has_prefix(report.notes->pdata[2 * i + 1], camera));
    }
}

static void those_that_are_named_go_along_and_no_other(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *first = certificate_made(bench), *second = certificate_made(bench);
    g_autofree char *named = g_strdup_printf(",\"certificates\":[\"%s\",\"%s\"]", second, second);
    g_autofree char *id = package_asked(bench, named),
                    *none = package_asked(bench, ",\"certificates\":[]");
    g_autoptr(Json) some = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_int_equal(json_array_size(packed(some)), 1); /* named twice, it goes once */
    assert_string_equal(package_text(json_array_get(packed(some), 0), "id"), second);
    assert_false(package_is_audited(bench, "negative-pack", first));
    g_autoptr(Json) empty = package_on(bench, bench->officer, "GET", "", none, NULL, 200);
    assert_int_equal(json_array_size(packed(empty)), 0);
}

static void reject(const PackageBench *bench, const char *id)
{
    json_decref(package_on(bench, bench->commander, "POST", "/approval", id,
                           "{\"approve\":false,\"words\":\"vùng vẽ sai\"}", 200));
}

static void expect_code(const PackageBench *bench, const char *session, const char *operation,
                        const char *what, const char *body)
{
    g_autoptr(Json) problem = ask(bench->house, session, operation, what, body, 409);
    assert_string_equal(package_text(problem, "cause_code"), "certificate-gone");
}

static void refuse(const PackageBench *bench, const char *more, int status)
{
    g_autofree char *body = package_asking(bench, more);
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, status);
}

/* As the same officer opens it. Its number, owned. */
static char *other_case(const PackageBench *bench)
{
    char id[UUID_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"kind\":\"theft\",\"location\":\"%s\",\"from\":\"2026-11-24T08:00:00.000Z\","
        "\"to\":\"2026-11-24T08:01:00.000Z\"}",
        uuid_text(&bench->house->location, id));
    g_autoptr(Json) made =
        ask(bench->house, bench->officer, "POST /cases", "POST /api/v1/cases", body, 201);
    return g_strdup(package_text(made, "number"));
}

static void what_is_none_or_not_made_or_of_another_case_does_not(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *made = certificate_made(bench), *waits = certificate_asked(bench),
                    *package = package_made(bench);
    g_autofree char *early = g_strdup_printf(",\"certificates\":[\"%s\"]", waits),
                    *other = g_strdup_printf(",\"certificates\":[\"%s\"]", package);
    refuse(bench, early, 409);
    refuse(bench, other, 400);
    refuse(bench, ",\"certificates\":[\"" NO_ID "\"]", 404);
    refuse(bench, ",\"certificates\":[\"x\"]", 400);
    refuse(bench, ",\"certificates\":7", 400);
    g_autofree char *nested =
        g_strdup_printf(",\"certificate\":{\"regions\":[]},\"certificates\":[\"%s\"]", made);
    refuse(bench, nested, 400);
    char *number = bench->number;
    g_autofree char *named = g_strdup_printf(",\"certificates\":[\"%s\"]", made);
    bench->number = other_case(bench);
    refuse(bench, named, 400);
    g_autofree char *without = package_asked(bench, "");
    g_autoptr(Json) asked = package_on(bench, bench->officer, "GET", "", without, NULL, 200);
    assert_int_equal(json_array_size(packed(asked)), 0);
    g_free(bench->number);
    bench->number = number;
}

static unsigned listed(const PackageBench *bench, const char *name)
{
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages?case=%s", name);
    g_autoptr(Json) page = ask(bench->house, bench->officer, "GET /packages", what, NULL, 200);
    return (unsigned)json_array_size(json_object_get(page, "items"));
}

static void those_of_a_case_are_found_by_whatever_name_it_may_be_asked_for(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *asked = certificate_asked(bench);
    g_autofree char *what = g_strdup_printf("GET /api/v1/cases/%s", bench->number);
    g_autoptr(Json) one = ask(bench->house, bench->officer, "GET /cases/{id}", what, NULL, 200);
    g_autofree char *longer = /* VV-2026-00001 */
        g_strdup_printf("%.8s0%s", bench->number, bench->number + 8);
    assert_int_equal(listed(bench, bench->number), 1);
    assert_int_equal(listed(bench, package_text(one, "id")), 1);
    assert_int_equal(listed(bench, longer), 1);
    assert_int_equal(listed(bench, "VV-2026-9999"), 0);
    assert_int_equal(listed(bench, NO_ID), 0);
}

static void expect_gone(const PackageBench *bench, const char *id)
{
    package_approve(bench, id);
    g_autoptr(Json) failed = package_wait_for(bench, id, PACKAGE_FAILED);
    assert_string_equal(package_text(failed, "error"), "certificate-gone");
    package_wait_gone(bench, id);
}

static void one_that_was_changed_on_the_disk_or_removed_is_handed_to_nobody(void **state)
{
    PackageBench *bench = *state;
    gsize size;
    g_autofree char *made = certificate_made(bench), *path = path_of(bench, made), *bytes = NULL;
    g_autofree char *first = package_asked(bench, ""), *second = package_asked(bench, "");
    assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    bytes[size / 2] ^= 1;
    assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
    expect_gone(bench, first);
    json_decref(package_on(bench, bench->commander, "POST", "/removal", made, BENCH_REMOVAL, 200));
    expect_gone(bench, second);
}

static void one_that_a_second_person_refuses_takes_the_package_back_with_it(void **state)
{
    PackageBench *bench = *state;
    const char *later[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = PACKAGE_APPROVAL_LATER};
    assert_true(site_set(bench->house->site, later, NULL));
    g_autofree char *made = certificate_asked(bench);
    json_decref(package_wait_for(bench, made, PACKAGE_DONE));
    g_autofree char *id = package_asked(bench, "");
    g_autoptr(Json) done = package_wait_for(bench, id, PACKAGE_DONE);
    assert_true(json_is_true(json_object_get(done, "may_leave")));
    reject(bench, made);
    g_autofree char *approval = g_strdup_printf("POST /api/v1/packages/%s/approval", id);
    expect_code(bench, bench->commander, "POST /packages/{id}/approval", approval,
                "{\"approve\":true}");
    g_autoptr(Json) after = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_true(json_is_false(json_object_get(after, "may_leave")));
    assert_true(json_is_true(json_object_get(json_array_get(packed(after), 0), "refused")));
    json_decref(package_hand_over(bench, id, BENCH_BY_DOWNLOAD, 409));
    /* and who asks anew with a form that was open meanwhile is told by a word that the app knows */
    g_autofree char *named = g_strdup_printf(",\"certificates\":[\"%s\"]", made),
                    *body = package_asking(bench, named);
    expect_code(bench, bench->officer, "POST /packages", "POST /api/v1/packages", body);
}

static void one_that_nobody_approves_in_time_leaves_in_no_package_until_somebody_does(void **state)
{
    for (size_t i = 0; i < 2; i++) {
        g_autoptr(PackageRow) row = package_row_new();
        PackageRow *one = package_row_new();
        PackageRow *const rows[] = {row, one};
        for (size_t j = 0; j < 2; j++) {
            g_free(rows[j]->state);
            g_free(rows[j]->approval);
            rows[j]->state = g_strdup(PACKAGE_DONE);
            rows[j]->approval = g_strdup(j == 0 ? PACKAGE_APPROVAL_NONE : PACKAGE_APPROVAL_LATER);
            rows[j]->asked_us = DAY_US;
        }
        if (i == 1) { /* its own file is gone, those within packages are not */
            g_free(one->state);
            one->state = g_strdup(PACKAGE_REMOVED);
        }
        g_ptr_array_add(row->certificates, one);
        assert_true(package_may_leave(row, 2 * DAY_US - 1));
        assert_false(package_may_leave(row, 2 * DAY_US));
        assert_false(package_certificate_stands(one, 2 * DAY_US));
        one->approved = true;
        one->decided_us = 3 * DAY_US;
        assert_true(package_may_leave(row, 3 * DAY_US));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, package_bench_open, package_bench_close)
    const struct CMUnitTest tests[] = {
        TEST(all_of_the_case_go_along_unless_something_else_is_said),
        TEST(those_that_are_named_go_along_and_no_other),
        TEST(what_is_none_or_not_made_or_of_another_case_does_not),
        TEST(those_of_a_case_are_found_by_whatever_name_it_may_be_asked_for),
        TEST(one_that_was_changed_on_the_disk_or_removed_is_handed_to_nobody),
        TEST(one_that_a_second_person_refuses_takes_the_package_back_with_it),
        cmocka_unit_test(one_that_nobody_approves_in_time_leaves_in_no_package_until_somebody_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
