/* Evidence packages asked for in the app: approved by another, made, handed over in numbered
 * copies, fetched by a link, begun again after a restart. */
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

/* ---- asking ---- */

static char *asking(const PackageBench *bench, const char *more)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    return g_strdup_printf("{\"case\":\"%s\",\"reason\":\"va chạm trước cổng chợ\","
                           "\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"%s}",
                           bench->number, uuid_text(&bench->house->camera, id),
                           time_text(bench->from_us, from),
                           time_text(bench->from_us + BENCH_RECORDED_S * SECOND_US, to), more);
}

static const char *text_of(const Json *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

/* Asks as the officer; the id of the package, owned. */
static char *asked(const PackageBench *bench, const char *more)
{
    g_autofree char *body = asking(bench, more);
    g_autoptr(Json) made =
        ask(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 201);
    return g_strdup(text_of(made, "id"));
}

static void refused(const PackageBench *bench, const char *session, const char *method,
                    const char *tail, const char *id, const char *body, int status)
{
    json_decref(package_on(bench, session, method, tail, id, body, status));
}

static char *made(const PackageBench *bench)
{
    char *id = asked(bench, "");
    package_approve(bench, id);
    json_decref(package_wait_for(bench, id, "done"));
    return id;
}

static Json *hand(const PackageBench *bench, const char *id, const char *body, int status)
{
    return package_on(bench, bench->officer, "POST", "/copies", id, body, status);
}

#define BY_LINK                                                                 \
    "{\"receiver\":\"Đội hình sự, Công an tỉnh\",\"medium\":\"link\"," \
    "\"link\":{\"days\":3,\"downloads\":1}}"
#define BY_DOWNLOAD "{\"receiver\":\"Viện kiểm sát huyện\",\"medium\":\"download\"}"

/* What is fetched passes `verify`, with the key of the node. Its signed line of this type, owned.
 */
static char *assert_passes_as(const PackageBench *bench, const ApiResponse *response,
                              const char *type)
{
    char fingerprint[FINGERPRINT_TEXT];
    assert_int_equal(response->status, 200);
    g_autofree char *path = g_build_filename(bench->house->folder, "fetched.zip", NULL);
    VirtualFile *file = response->file;
    g_autofree char *bytes = g_malloc(file->size);
    assert_true(file->read(file->data, 0, bytes, file->size, NULL));
    assert_true(g_file_set_contents(path, bytes, (gssize)file->size, NULL));
    public_key_fingerprint(node_key_public(bench->house->key), fingerprint);
    const VerifyOptions options = {.key_fingerprint = fingerprint};
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    assert_true(verify_target(path, &options, &report, NULL));
    assert_true(verify_passed(&report));
    g_autofree char *mark = g_strdup_printf("{\"v\":1,\"type\":\"%s\"", type);
    const char *begin = memmem(bytes, file->size, mark, strlen(mark));
    assert_non_null(begin);
    return g_strndup(begin, (gsize)((const char *)rawmemchr(begin, '\n') - begin));
}

static char *assert_passes(const PackageBench *bench, const ApiResponse *response)
{
    return assert_passes_as(bench, response, "evidence-package");
}

static bool is_audited(const PackageBench *bench, const char *action, const char *id)
{
    bool found = false;
    assert_true(audit_flush(bench->house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(bench->house->audit, 1000);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        found = found || (strcmp(row->action, action) == 0 && strcmp(row->object, id) == 0);
    }
    return found;
}

/* ---- the tests ---- */

static void a_package_is_made_when_another_has_approved_it_and_never_by_who_asked(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = asked(bench, "");
    g_autoptr(Json) waits = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_string_equal(text_of(waits, "state"), "asked");
    assert_true(g_str_has_prefix(text_of(waits, "number"), "CC-"));
    refused(bench, bench->officer, "POST", "/approval", id, "{\"approve\":true}", 403);
    json_decref(hand(bench, id, BY_LINK, 409));
    g_usleep(300000);
    assert_int_equal(package_files_of(bench, id), 0);

    package_approve(bench, id);
    g_autoptr(Json) done = package_wait_for(bench, id, "done");
    assert_true(json_is_true(json_object_get(done, "may_leave")));
    assert_true(json_integer_value(json_object_get(done, "size")) > 0);
    assert_int_equal(package_files_of(bench, id), 1);
    refused(bench, bench->commander, "POST", "/approval", id, "{\"approve\":true}", 409);
    const char *const lines[] = {"package-ask", "package-approve", "package-make"};
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        if (!is_audited(bench, lines[i], id))
            fail_msg("the audit log has no %s", lines[i]);
}

static void a_commander_does_not_approve_what_they_asked_for(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *body = asking(bench, "");
    g_autoptr(Json) own =
        ask(bench->house, bench->commander, "POST /packages", "POST /api/v1/packages", body, 201);
    g_autoptr(Json) answer = package_on(bench, bench->commander, "POST", "/approval",
                                        text_of(own, "id"), "{\"approve\":true}", 403);
    assert_string_equal(text_of(answer, "cause_code"), "own-package");
    g_autofree char *admin = house_session(bench->house, ROLE_ADMIN);
    json_decref(package_on(bench, admin, "POST", "/approval", text_of(own, "id"),
                           "{\"approve\":true}", 200));
}

static void a_copy_has_a_number_and_a_receiver_and_what_is_fetched_passes(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = made(bench);
    g_autoptr(Json) handed = hand(bench, id, BY_DOWNLOAD, 201);
    const Json *package = json_object_get(handed, "package");
    const Json *copy = json_array_get(json_object_get(package, "copies"), 0);
    assert_true(g_str_has_suffix(text_of(copy, "number"), "/1"));
    assert_string_equal(text_of(copy, "receiver"), "Viện kiểm sát huyện");
    assert_true(is_audited(bench, "package-hand", id));

    ApiResponse response = {0};
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/file?copy=1", id);
    house_ask(bench->house, bench->commander, what, NULL, &response);
    assert_int_equal(response.status, 404); /* it is not theirs */
    api_response_clear(&response);
    house_ask(bench->house, bench->officer, what, NULL, &response);
    g_autofree char *manifest = assert_passes(bench, &response);
    api_response_clear(&response);
    const char *const told[] = {"\"made\":\"server\",\"approval\":\"before\"",
                                "\"case\":\"VV-",
                                "[[\"asked\",\"",
                                "\"officer\",",
                                "[\"approved\",\"",
                                "\"commander\","};
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        if (!strstr(manifest, told[i]))
            fail_msg("the manifest does not tell %s: %.600s", told[i], manifest);
    assert_non_null(strstr(manifest, text_of(package, "number")));
}

static char *case_state(const PackageBench *bench)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases/", bench->number, NULL);
    g_autoptr(Json) is = ask(bench->house, bench->officer, "GET /cases/{id}", what, NULL, 200);
    return g_strdup(text_of(is, "state"));
}

static void set_case(const PackageBench *bench, const char *members)
{
    g_autofree char *look = g_strconcat("GET /api/v1/cases/", bench->number, NULL);
    g_autoptr(Json) is = ask(bench->house, bench->officer, "GET /cases/{id}", look, NULL, 200);
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", bench->number, NULL);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%" G_GINT64_FORMAT ",%s}",
                        (gint64)json_integer_value(json_object_get(is, "revision")), members);
    fits(bench->house, bench->officer, "PATCH /cases/{id}", what, body, 200);
}

static void a_package_belongs_to_a_case_on_which_somebody_works_and_moves_it_on(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *good = asking(bench, "");
    g_auto(GStrv) parts = g_strsplit(good, bench->number, 2);
    g_autofree char *unknown = g_strjoinv("VV-2026-9999", parts);
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", unknown, 422);
    set_case(bench, "\"state\":\"rejected\",\"reason\":\"báo nhầm\"");
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", good, 409);
    set_case(bench, "\"state\":\"reopened\",\"reason\":\"có tin mới\"");
    set_case(bench, "\"state\":\"preserved\"");
    g_autofree char *id = made(bench);
    json_decref(hand(bench, id, BY_DOWNLOAD, 201));
    g_autofree char *is = case_state(bench);
    assert_string_equal(is, "exported");
}

/* The answer to who follows the link of `handed`. */
static Json *follow(const PackageBench *bench, const Json *handed, bool download, int status)
{
    const char *link = text_of(handed, "link");
    assert_true(g_str_has_prefix(link, "/ban-giao#"));
    g_autofree char *body =
        g_strdup_printf("{\"secret\":\"%s\",\"download\":%s}", link + strlen("/ban-giao#"),
                        download ? "true" : "false");
    return ask(bench->house, NULL, "POST /public/handover", "POST /api/v1/public/handover", body,
               status);
}

static void fetch(const PackageBench *bench, const Json *followed, ApiResponse *response)
{
    g_autofree char *what = g_strconcat("GET ", text_of(followed, "file"), NULL);
    house_ask(bench->house, NULL, what, NULL, response);
}

static void a_link_is_good_for_its_downloads_and_dead_once_it_is_taken_back(void **state)
{
    PackageBench *bench = *state;
    ApiResponse response = {0};
    g_autofree char *id = made(bench);
    g_autoptr(Json) first = hand(bench, id, BY_LINK, 201), second = hand(bench, id, BY_LINK, 201);
    json_decref(follow(bench, first, false, 200)); /* a look is no download */
    g_autoptr(Json) followed = follow(bench, first, true, 200);
    fetch(bench, followed, &response);
    g_autofree char *manifest = assert_passes(bench, &response);
    api_response_clear(&response);
    json_decref(follow(bench, first, true, 404));

    g_autoptr(Json) other = follow(bench, second, true, 200);
    g_autofree char *what = g_strdup_printf("DELETE /api/v1/packages/%s/copies/2", id);
    fits(bench->house, bench->officer, "DELETE /packages/{id}/copies/{n}", what, NULL, 200);
    json_decref(follow(bench, second, false, 404));
    fetch(bench, other, &response); /* nor by what was given before */
    assert_int_equal(response.status, 404);
    api_response_clear(&response);
}

static void a_link_ends_by_itself_and_with_its_package(void **state)
{
    PackageCopyRow copy = {.medium = PACKAGE_BY_LINK, .until_us = 1000};
    g_autoptr(PackageRow) row = package_row_new();
    g_free(row->state);
    row->state = g_strdup(PACKAGE_DONE);
    row->approved = true;
    assert_true(package_link_lives(row, &copy, 999));
    assert_false(package_link_lives(row, &copy, 1000));
    copy.until_us = INT64_MAX;
    g_free(row->state);
    row->state = g_strdup(PACKAGE_REMOVED);
    assert_false(package_link_lives(row, &copy, 999));
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
    g_autofree char *id = made(bench);
    g_autoptr(Json) early = package_on(bench, bench->officer, "GET", "/days", id, NULL, 409);
    assert_string_equal(text_of(early, "cause_code"), "no-day-root");
    g_autofree char *auditor = house_session(bench->house, ROLE_AUDITOR);
    refused(bench, auditor, "GET", "/days", id, NULL, 403);
    g_autofree char *waits = asked(bench, "");
    g_autoptr(Json) closed = package_on(bench, bench->officer, "GET", "/days", waits, NULL, 409);
    assert_string_equal(text_of(closed, "cause_code"), "may-not-leave");
}

static Json *wait_for_stick(const PackageBench *bench, const char *id)
{
    for (int i = 0; i < BENCH_WAIT_MS / 20; i++) {
        g_autoptr(Json) json = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
        if (!json_is_true(json_object_get(json_object_get(json, "usb"), "copying")))
            return g_steal_pointer(&json);
        g_usleep(20000);
    }
    fail_msg("it is copied for ever");
    return NULL;
}

#define TO_STICK "{\"volume\":\"USB-01\",\"receiver\":\"Viện kiểm sát huyện\",\"seal\":\"NP 0042\"}"

static void a_copy_on_a_stick_is_written_down_with_seal_and_hash_when_it_was_read_back(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = made(bench), *stick = g_build_filename(bench->sticks, "USB-01", NULL);
    set_case(bench, "\"state\":\"preserved\"");
    g_autoptr(Json) away = package_on(bench, bench->officer, "POST", "/usb", id, TO_STICK, 409);
    assert_string_equal(text_of(away, "cause_code"), "stick-away");
    assert_true(folder_make(stick, NULL));
    g_autoptr(Json) volumes = ask(bench->house, bench->officer, "GET /handover/volumes",
                                  "GET /api/v1/handover/volumes", NULL, 200);
    assert_string_equal(text_of(json_array_get(json_object_get(volumes, "items"), 0), "name"),
                        "USB-01");
    refused(bench, bench->officer, "POST", "/usb", id,
            "{\"volume\":\"../packages\",\"receiver\":\"Viện kiểm sát\"}", 409);
    json_decref(package_on(bench, bench->officer, "POST", "/usb", id, TO_STICK, 202));
    g_autoptr(Json) done = wait_for_stick(bench, id);
    const Json *copy = json_array_get(json_object_get(done, "copies"), 0);
    assert_string_equal(text_of(copy, "medium"), "usb");
    assert_string_equal(text_of(copy, "seal"), "NP 0042");
    assert_true(is_audited(bench, "package-usb", id));
    assert_true(is_audited(bench, "package-hand", id));
    g_autofree char *is = case_state(bench);
    assert_string_equal(is, "exported");

    gsize size;
    uint8_t digest[SHA256_BYTES];
    char hash[SHA256_HEX];
    g_autofree char *name = g_strconcat(text_of(done, "number"), ".zip", NULL), *data = NULL;
    g_autofree char *path = g_build_filename(stick, name, NULL);
    assert_true(g_file_get_contents(path, &data, &size, NULL));
    sha256(data, size, digest);
    hex_encode(digest, sizeof digest, hash);
    assert_string_equal(text_of(copy, "hash"), hash);
    g_autoptr(GPtrArray) names = folder_names(stick);
    assert_int_equal(names->len, 1);
    g_autofree char *auditor = house_session(bench->house, ROLE_AUDITOR);
    refused(bench, auditor, "POST", "/usb", id, TO_STICK, 403);
    fits(bench->house, auditor, "GET /handover/volumes", "GET /api/v1/handover/volumes", NULL, 403);
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
    g_autofree char *id = asked(bench, regions);
    assert_true(is_audited(bench, "negative-ask", id));
    refused(bench, bench->officer, "POST", "/approval", id, "{\"approve\":true}", 403);
    package_approve(bench, id);
    g_autoptr(Json) done = package_wait_for(bench, id, "done");
    assert_true(json_is_true(json_object_get(done, "certificate")));
    assert_string_equal(text_of(done, "verdict"), "not-proven"); /* nobody watched */
    json_decref(hand(bench, id, BY_DOWNLOAD, 201));
    refused(bench, bench->officer, "GET", "/days", id, NULL, 404);
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/file?copy=1", id);
    house_ask(bench->house, bench->officer, what, NULL, &response);
    g_autofree char *text = assert_passes_as(bench, &response, "negative-certificate");
    assert_non_null(strstr(text, "\"verdict\":\"not-proven\""));
    assert_non_null(strstr(text, "[\"approved\",\""));
    api_response_clear(&response);

    const char *const wrong[] = {",\"certificate\":{\"regions\":[{\"camera\":\"" NO_ID
                                 "\",\"corners\":[0,0,1,1]}]}",
                                 ",\"certificate\":{\"areas\":[]}", ",\"certificate\":7"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *body = asking(bench, wrong[i]);
        fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);
    }
    g_autofree char *beyond = g_strdup_printf(
        ",\"certificate\":{\"regions\":[{\"camera\":\"%s\",\"corners\":[0,0,1,1.5]}]}", camera);
    g_autofree char *body = asking(bench, beyond);
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);
}

static void what_is_rejected_goes_and_its_links_with_it(void **state)
{
    PackageBench *bench = *state;
    const char *asked_values[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "within-24h"};
    const char *usual[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "before"};
    assert_true(site_set(bench->house->site, asked_values, NULL));
    g_autofree char *id = asked(bench, "");
    assert_true(site_set(bench->house->site, usual, NULL));
    json_decref(package_wait_for(bench, id, "done")); /* it was made at once */
    g_autoptr(Json) handed = hand(bench, id, BY_LINK, 201);
    json_decref(follow(bench, handed, false, 200));
    refused(bench, bench->commander, "POST", "/approval", id, "{\"approve\":false}", 400);
    json_decref(package_on(bench, bench->commander, "POST", "/approval", id,
                           "{\"approve\":false,\"words\":\"không thuộc vụ này\"}", 200));
    json_decref(follow(bench, handed, false, 404));
    assert_int_equal(package_files_of(bench, id), 0);
    assert_true(is_audited(bench, "package-reject", id));
}

static void who_asked_takes_it_back_until_it_is_made_then_a_commander_removes_it(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *early = asked(bench, ""), *id = made(bench);
    g_autoptr(Json) cancelled = package_on(bench, bench->officer, "DELETE", "", early, NULL, 200);
    assert_string_equal(text_of(cancelled, "state"), "cancelled");
    refused(bench, bench->commander, "POST", "/approval", early, "{\"approve\":true}", 409);
    refused(bench, bench->officer, "DELETE", "", id, NULL, 403);
    g_autoptr(Json) removed = package_on(bench, bench->commander, "DELETE", "", id, NULL, 200);
    assert_string_equal(text_of(removed, "state"), "removed");
    assert_int_equal(package_files_of(bench, id), 0);
}

static void the_same_key_is_the_same_package(void **state)
{
    PackageBench *bench = *state;
    const char *key = ",\"key\":\"3d3f0d0e-0000-4000-8000-0000000000aa\"";
    g_autofree char *first = asked(bench, key), *again = asked(bench, key);
    assert_string_equal(first, again);
}

static void what_makes_no_sense_and_who_has_no_right_are_refused(void **state)
{
    PackageBench *bench = *state;
    House *house = bench->house;
    const char *const roles_body = "{\"approve\":true}";
    g_autofree char *good = asking(bench, ""), *id = asked(bench, "");
    const Role others[] = {ROLE_VILLAGE_HEAD, ROLE_HOUSEHOLD, ROLE_AUDITOR};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *session = house_session(house, others[i]);
        fits(house, session, "POST /packages", "POST /api/v1/packages", good, 403);
        fits(house, session, "GET /packages", "GET /api/v1/packages", NULL, 403);
        refused(bench, session, "POST", "/approval", id, roles_body, 403);
        refused(bench, session, "POST", "/copies", id, BY_DOWNLOAD, 403);
    }
    const struct {
        const char *from, *with;
    } wrong[] = {{bench->number, " "}, {"va chạm trước cổng chợ", "x"}, {"\"case\"", "\"cash\""}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(GStrv) parts = g_strsplit(good, wrong[i].from, 2);
        g_autofree char *body = g_strjoinv(wrong[i].with, parts);
        fits(house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);
    }
    refused(bench, bench->officer, "GET", "", NO_ID, NULL, 404);
    json_decref(hand(bench, id, "{\"receiver\":\"Viện kiểm sát\",\"medium\":\"usb\"}", 400));
    json_decref(hand(bench, id,
                     "{\"receiver\":\"Viện kiểm sát\",\"medium\":\"link\","
                     "\"link\":{\"days\":31,\"downloads\":1}}",
                     400));
    fits(house, NULL, "POST /public/handover", "POST /api/v1/public/handover",
         "{\"secret\":\"guessed\"}", 404);
}

static void what_a_restart_cut_off_is_begun_again_and_nothing_of_it_stays(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = asked(bench, "");
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
    g_autofree char *id = asked(bench, "");
    archive_retain_now(bench->house->archive);
    assert_int_equal(archive_figures(bench->house->archive).holds, before + 1);
}

/* A catalog that was made anew from a copy is older than the file. */
static void a_package_that_the_catalog_does_not_know_is_kept_at_a_start(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *known = asked(bench, "");
    g_autofree char *file = g_strdup_printf("%s/" NO_ID ".zip", bench->folder);
    g_autofree char *unmade = g_strdup_printf("%s/%s.zip", bench->folder, known);
    package_desk_close(bench->house->api.packages);
    assert_true(g_file_set_contents(file, "handed over", -1, NULL));
    assert_true(g_file_set_contents(unmade, "of one that nobody approved", -1, NULL));
    package_bench_open_desk(bench);
    package_approve(bench, known);
    json_decref(package_wait_for(bench, known, "done")); /* its maker has cleared up before */
    assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
    unlink(file);
}

static void a_camera_that_one_may_not_export_hides_its_packages(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = asked(bench, "");
    house_give_away(bench->house, &bench->house->camera);
    g_autofree char *officer = house_session(bench->house, ROLE_OFFICER);
    refused(bench, officer, "GET", "", id, NULL, 404);
    g_autoptr(Json) all =
        ask(bench->house, officer, "GET /packages", "GET /api/v1/packages", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_is_made_when_another_has_approved_it_and_never_by_who_asked),
        cmocka_unit_test(a_commander_does_not_approve_what_they_asked_for),
        cmocka_unit_test(a_copy_has_a_number_and_a_receiver_and_what_is_fetched_passes),
        cmocka_unit_test(a_package_belongs_to_a_case_on_which_somebody_works_and_moves_it_on),
        cmocka_unit_test(a_link_is_good_for_its_downloads_and_dead_once_it_is_taken_back),
        cmocka_unit_test(a_link_ends_by_itself_and_with_its_package),
        cmocka_unit_test(
            without_approval_a_package_stays_unless_the_site_wants_none_or_within_a_day),
        cmocka_unit_test(what_proves_its_day_is_told_when_it_comes_and_fetched_when_it_is_there),
        cmocka_unit_test(
            a_copy_on_a_stick_is_written_down_with_seal_and_hash_when_it_was_read_back),
        cmocka_unit_test(a_certificate_takes_the_same_course_and_tells_what_was_not_seen),
        cmocka_unit_test(what_is_rejected_goes_and_its_links_with_it),
        cmocka_unit_test(who_asked_takes_it_back_until_it_is_made_then_a_commander_removes_it),
        cmocka_unit_test(the_same_key_is_the_same_package),
        cmocka_unit_test(what_makes_no_sense_and_who_has_no_right_are_refused),
        cmocka_unit_test(what_a_restart_cut_off_is_begun_again_and_nothing_of_it_stays),
        cmocka_unit_test(footage_of_a_package_that_waits_for_approval_is_held),
        cmocka_unit_test(a_package_that_the_catalog_does_not_know_is_kept_at_a_start),
        cmocka_unit_test(a_camera_that_one_may_not_export_hides_its_packages),
    };
    return cmocka_run_group_tests(tests, package_bench_open, package_bench_close);
}
