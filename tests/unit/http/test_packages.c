/* Evidence packages asked for in the app: approved by another, made, handed over in numbered
 * copies, fetched by a link, begun again after a restart. */
#include "api_ask.h"
#include "archive/verify.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/package_desk.h"
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { RECORDED_S = 30, WAIT_MS = 30000 };
#define NO_ID "00000000-0000-4000-8000-000000000000"

typedef struct Desk {
    House *house;
    char *folder;
    MotionStore *motion;
    char *sticks;              /* folder below which they are */
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
                                        .motion = desk->motion,
                                        .usb = desk->sticks,
                                        .usb_unmounted = true,
                                        .key = house->key};
    house->api.packages = package_desk_open(&options, NULL);
    assert_non_null(house->api.packages);
}

static void open_case(Desk *desk)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"fight\",\"location\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}",
                        uuid_text(&desk->house->location, id), time_text(desk->from_us, from),
                        time_text(desk->from_us + SECOND_US, to));
    g_autoptr(Json) made =
        ask(desk->house, desk->officer, "POST /cases", "POST /api/v1/cases", body, 201);
    desk->number = g_strdup(json_string_value(json_object_get(made, "number")));
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
    g_autofree char *motion = g_build_filename(desk->house->folder, "motion", NULL);
    desk->motion = motion_store_new(motion, 365);
    desk->sticks = g_build_filename(desk->house->folder, "sticks", NULL);
    open_desk(desk);
    open_case(desk);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    Desk *desk = *state;
    package_desk_close(desk->house->api.packages);
    motion_store_free(desk->motion);
    house_close((void **)&desk->house);
    drop_document(state);
    g_free(desk->folder);
    g_free(desk->sticks);
    g_free(desk->officer);
    g_free(desk->commander);
    g_free(desk->number);
    g_free(desk);
    return 0;
}

/* ---- asking ---- */

static char *asking(const Desk *desk, const char *more)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    return g_strdup_printf("{\"case\":\"%s\",\"reason\":\"va chạm trước cổng chợ\","
                           "\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"%s}",
                           desk->number, uuid_text(&desk->house->camera, id),
                           time_text(desk->from_us, from),
                           time_text(desk->from_us + RECORDED_S * SECOND_US, to), more);
}

static const char *text_of(const Json *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

/* Asks as the officer; the id of the package, owned. */
static char *asked(const Desk *desk, const char *more)
{
    g_autofree char *body = asking(desk, more);
    g_autoptr(Json) made =
        ask(desk->house, desk->officer, "POST /packages", "POST /api/v1/packages", body, 201);
    return g_strdup(text_of(made, "id"));
}

static Json *on(const Desk *desk, const char *session, const char *method, const char *tail,
                const char *id, const char *body, int status)
{
    g_autofree char *pattern = g_strdup_printf("%s /packages/{id}%s", method, tail);
    g_autofree char *what = g_strdup_printf("%s /api/v1/packages/%s%s", method, id, tail);
    return ask(desk->house, session, pattern, what, body, status);
}

static void refused(const Desk *desk, const char *session, const char *method, const char *tail,
                    const char *id, const char *body, int status)
{
    json_decref(on(desk, session, method, tail, id, body, status));
}

static void approve(const Desk *desk, const char *id)
{
    json_decref(on(desk, desk->commander, "POST", "/approval", id, "{\"approve\":true}", 200));
}

static Json *wait_for(const Desk *desk, const char *id, const char *wanted)
{
    g_autofree char *is = NULL;
    for (int i = 0; i < WAIT_MS / 20; i++) {
        g_autoptr(Json) json = on(desk, desk->officer, "GET", "", id, NULL, 200);
        g_free(is);
        is = g_strdup(text_of(json, "state"));
        if (strcmp(is, wanted) == 0)
            return g_steal_pointer(&json);
        g_usleep(20000);
    }
    fail_msg("it is %s, not %s", is, wanted);
    return NULL;
}

static char *made(const Desk *desk)
{
    char *id = asked(desk, "");
    approve(desk, id);
    json_decref(wait_for(desk, id, "done"));
    return id;
}

static Json *hand(const Desk *desk, const char *id, const char *body, int status)
{
    return on(desk, desk->officer, "POST", "/copies", id, body, status);
}

#define BY_LINK                                                                 \
    "{\"receiver\":\"Đội hình sự, Công an tỉnh\",\"medium\":\"link\"," \
    "\"link\":{\"days\":3,\"downloads\":1}}"
#define BY_DOWNLOAD "{\"receiver\":\"Viện kiểm sát huyện\",\"medium\":\"download\"}"

static unsigned files_of(const Desk *desk, const char *id)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) names = folder_names(desk->folder);
    for (guint i = 0; i < names->len; i++)
        count += g_str_has_prefix(names->pdata[i], id) ? 1 : 0;
    return count;
}

/* What is fetched passes `verify`, with the key of the node. Its signed line of this type, owned.
 */
static char *assert_passes_as(const Desk *desk, const ApiResponse *response, const char *type)
{
    char fingerprint[FINGERPRINT_TEXT];
    assert_int_equal(response->status, 200);
    g_autofree char *path = g_build_filename(desk->house->folder, "fetched.zip", NULL);
    VirtualFile *file = response->file;
    g_autofree char *bytes = g_malloc(file->size);
    assert_true(file->read(file->data, 0, bytes, file->size, NULL));
    assert_true(g_file_set_contents(path, bytes, (gssize)file->size, NULL));
    public_key_fingerprint(node_key_public(desk->house->key), fingerprint);
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

static char *assert_passes(const Desk *desk, const ApiResponse *response)
{
    return assert_passes_as(desk, response, "evidence-package");
}

static bool is_audited(const Desk *desk, const char *action, const char *id)
{
    bool found = false;
    assert_true(audit_flush(desk->house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(desk->house->audit, 1000);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        found = found || (strcmp(row->action, action) == 0 && strcmp(row->object, id) == 0);
    }
    return found;
}

/* ---- the tests ---- */

static void a_package_is_made_when_another_has_approved_it_and_never_by_who_asked(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = asked(desk, "");
    g_autoptr(Json) waits = on(desk, desk->officer, "GET", "", id, NULL, 200);
    assert_string_equal(text_of(waits, "state"), "asked");
    assert_true(g_str_has_prefix(text_of(waits, "number"), "CC-"));
    refused(desk, desk->officer, "POST", "/approval", id, "{\"approve\":true}", 403);
    json_decref(hand(desk, id, BY_LINK, 409));
    g_usleep(300000);
    assert_int_equal(files_of(desk, id), 0);

    approve(desk, id);
    g_autoptr(Json) done = wait_for(desk, id, "done");
    assert_true(json_is_true(json_object_get(done, "may_leave")));
    assert_true(json_integer_value(json_object_get(done, "size")) > 0);
    assert_int_equal(files_of(desk, id), 1);
    refused(desk, desk->commander, "POST", "/approval", id, "{\"approve\":true}", 409);
    const char *const lines[] = {"package-ask", "package-approve", "package-make"};
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        if (!is_audited(desk, lines[i], id))
            fail_msg("the audit log has no %s", lines[i]);
}

static void a_commander_does_not_approve_what_they_asked_for(void **state)
{
    Desk *desk = *state;
    g_autofree char *body = asking(desk, "");
    g_autoptr(Json) own =
        ask(desk->house, desk->commander, "POST /packages", "POST /api/v1/packages", body, 201);
    g_autoptr(Json) answer = on(desk, desk->commander, "POST", "/approval", text_of(own, "id"),
                                "{\"approve\":true}", 403);
    assert_string_equal(text_of(answer, "cause_code"), "own-package");
    g_autofree char *admin = house_session(desk->house, ROLE_ADMIN);
    json_decref(
        on(desk, admin, "POST", "/approval", text_of(own, "id"), "{\"approve\":true}", 200));
}

static void a_copy_has_a_number_and_a_receiver_and_what_is_fetched_passes(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = made(desk);
    g_autoptr(Json) handed = hand(desk, id, BY_DOWNLOAD, 201);
    const Json *package = json_object_get(handed, "package");
    const Json *copy = json_array_get(json_object_get(package, "copies"), 0);
    assert_true(g_str_has_suffix(text_of(copy, "number"), "/1"));
    assert_string_equal(text_of(copy, "receiver"), "Viện kiểm sát huyện");
    assert_true(is_audited(desk, "package-hand", id));

    ApiResponse response = {0};
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/file?copy=1", id);
    house_ask(desk->house, desk->commander, what, NULL, &response);
    assert_int_equal(response.status, 404); /* it is not theirs */
    api_response_clear(&response);
    house_ask(desk->house, desk->officer, what, NULL, &response);
    g_autofree char *manifest = assert_passes(desk, &response);
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

static char *case_state(const Desk *desk)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases/", desk->number, NULL);
    g_autoptr(Json) is = ask(desk->house, desk->officer, "GET /cases/{id}", what, NULL, 200);
    return g_strdup(text_of(is, "state"));
}

static void set_case(const Desk *desk, const char *members)
{
    g_autofree char *look = g_strconcat("GET /api/v1/cases/", desk->number, NULL);
    g_autoptr(Json) is = ask(desk->house, desk->officer, "GET /cases/{id}", look, NULL, 200);
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", desk->number, NULL);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%" G_GINT64_FORMAT ",%s}",
                        (gint64)json_integer_value(json_object_get(is, "revision")), members);
    fits(desk->house, desk->officer, "PATCH /cases/{id}", what, body, 200);
}

static void a_package_belongs_to_a_case_on_which_somebody_works_and_moves_it_on(void **state)
{
    Desk *desk = *state;
    g_autofree char *good = asking(desk, "");
    g_auto(GStrv) parts = g_strsplit(good, desk->number, 2);
    g_autofree char *unknown = g_strjoinv("VV-2026-9999", parts);
    fits(desk->house, desk->officer, "POST /packages", "POST /api/v1/packages", unknown, 422);
    set_case(desk, "\"state\":\"rejected\",\"reason\":\"báo nhầm\"");
    fits(desk->house, desk->officer, "POST /packages", "POST /api/v1/packages", good, 409);
    set_case(desk, "\"state\":\"reopened\",\"reason\":\"có tin mới\"");
    set_case(desk, "\"state\":\"preserved\"");
    g_autofree char *id = made(desk);
    json_decref(hand(desk, id, BY_DOWNLOAD, 201));
    g_autofree char *is = case_state(desk);
    assert_string_equal(is, "exported");
}

/* The answer to who follows the link of `handed`. */
static Json *follow(const Desk *desk, const Json *handed, bool download, int status)
{
    const char *link = text_of(handed, "link");
    assert_true(g_str_has_prefix(link, "/ban-giao#"));
    g_autofree char *body =
        g_strdup_printf("{\"secret\":\"%s\",\"download\":%s}", link + strlen("/ban-giao#"),
                        download ? "true" : "false");
    return ask(desk->house, NULL, "POST /public/handover", "POST /api/v1/public/handover", body,
               status);
}

static void fetch(const Desk *desk, const Json *followed, ApiResponse *response)
{
    g_autofree char *what = g_strconcat("GET ", text_of(followed, "file"), NULL);
    house_ask(desk->house, NULL, what, NULL, response);
}

static void a_link_is_good_for_its_downloads_and_dead_once_it_is_taken_back(void **state)
{
    Desk *desk = *state;
    ApiResponse response = {0};
    g_autofree char *id = made(desk);
    g_autoptr(Json) first = hand(desk, id, BY_LINK, 201), second = hand(desk, id, BY_LINK, 201);
    json_decref(follow(desk, first, false, 200)); /* a look is no download */
    g_autoptr(Json) followed = follow(desk, first, true, 200);
    fetch(desk, followed, &response);
    g_autofree char *manifest = assert_passes(desk, &response);
    api_response_clear(&response);
    json_decref(follow(desk, first, true, 404));

    g_autoptr(Json) other = follow(desk, second, true, 200);
    g_autofree char *what = g_strdup_printf("DELETE /api/v1/packages/%s/copies/2", id);
    fits(desk->house, desk->officer, "DELETE /packages/{id}/copies/{n}", what, NULL, 200);
    json_decref(follow(desk, second, false, 404));
    fetch(desk, other, &response); /* nor by what was given before */
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
    Desk *desk = *state;
    g_autofree char *id = made(desk);
    g_autoptr(Json) early = on(desk, desk->officer, "GET", "/days", id, NULL, 409);
    assert_string_equal(text_of(early, "cause_code"), "no-day-root");
    g_autofree char *auditor = house_session(desk->house, ROLE_AUDITOR);
    refused(desk, auditor, "GET", "/days", id, NULL, 403);
    g_autofree char *waits = asked(desk, "");
    g_autoptr(Json) closed = on(desk, desk->officer, "GET", "/days", waits, NULL, 409);
    assert_string_equal(text_of(closed, "cause_code"), "may-not-leave");
}

static Json *wait_for_stick(const Desk *desk, const char *id)
{
    for (int i = 0; i < WAIT_MS / 20; i++) {
        g_autoptr(Json) json = on(desk, desk->officer, "GET", "", id, NULL, 200);
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
    Desk *desk = *state;
    g_autofree char *id = made(desk), *stick = g_build_filename(desk->sticks, "USB-01", NULL);
    g_autoptr(Json) away = on(desk, desk->officer, "POST", "/usb", id, TO_STICK, 409);
    assert_string_equal(text_of(away, "cause_code"), "stick-away");
    assert_true(folder_make(stick, NULL));
    g_autoptr(Json) volumes = ask(desk->house, desk->officer, "GET /handover/volumes",
                                  "GET /api/v1/handover/volumes", NULL, 200);
    assert_string_equal(text_of(json_array_get(json_object_get(volumes, "items"), 0), "name"),
                        "USB-01");
    refused(desk, desk->officer, "POST", "/usb", id,
            "{\"volume\":\"../packages\",\"receiver\":\"Viện kiểm sát\"}", 409);
    json_decref(on(desk, desk->officer, "POST", "/usb", id, TO_STICK, 202));
    g_autoptr(Json) done = wait_for_stick(desk, id);
    const Json *copy = json_array_get(json_object_get(done, "copies"), 0);
    assert_string_equal(text_of(copy, "medium"), "usb");
    assert_string_equal(text_of(copy, "seal"), "NP 0042");
    assert_true(is_audited(desk, "package-usb", id));
    assert_true(is_audited(desk, "package-hand", id));

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
    g_autofree char *auditor = house_session(desk->house, ROLE_AUDITOR);
    refused(desk, auditor, "POST", "/usb", id, TO_STICK, 403);
    fits(desk->house, auditor, "GET /handover/volumes", "GET /api/v1/handover/volumes", NULL, 403);
}

static void a_certificate_takes_the_same_course_and_tells_what_was_not_seen(void **state)
{
    Desk *desk = *state;
    char camera[UUID_TEXT];
    ApiResponse response = {0};
    uuid_text(&desk->house->camera, camera);
    g_autofree char *regions = g_strdup_printf(
        ",\"certificate\":{\"regions\":[{\"camera\":\"%s\",\"corners\":[0.1,0.1,0.5,0.9]}]}",
        camera);
    g_autofree char *id = asked(desk, regions);
    assert_true(is_audited(desk, "negative-ask", id));
    refused(desk, desk->officer, "POST", "/approval", id, "{\"approve\":true}", 403);
    approve(desk, id);
    g_autoptr(Json) done = wait_for(desk, id, "done");
    assert_true(json_is_true(json_object_get(done, "certificate")));
    assert_string_equal(text_of(done, "verdict"), "not-proven"); /* nobody watched */
    json_decref(hand(desk, id, BY_DOWNLOAD, 201));
    refused(desk, desk->officer, "GET", "/days", id, NULL, 404);
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/file?copy=1", id);
    house_ask(desk->house, desk->officer, what, NULL, &response);
    g_autofree char *text = assert_passes_as(desk, &response, "negative-certificate");
    assert_non_null(strstr(text, "\"verdict\":\"not-proven\""));
    assert_non_null(strstr(text, "[\"approved\",\""));
    api_response_clear(&response);

    const char *const wrong[] = {",\"certificate\":{\"regions\":[{\"camera\":\"" NO_ID
                                 "\",\"corners\":[0,0,1,1]}]}",
                                 ",\"certificate\":{\"areas\":[]}", ",\"certificate\":7"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *body = asking(desk, wrong[i]);
        fits(desk->house, desk->officer, "POST /packages", "POST /api/v1/packages", body, 400);
    }
    g_autofree char *beyond = g_strdup_printf(
        ",\"certificate\":{\"regions\":[{\"camera\":\"%s\",\"corners\":[0,0,1,1.5]}]}", camera);
    g_autofree char *body = asking(desk, beyond);
    fits(desk->house, desk->officer, "POST /packages", "POST /api/v1/packages", body, 400);
}

static void what_is_rejected_goes_and_its_links_with_it(void **state)
{
    Desk *desk = *state;
    const char *asked_values[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "within-24h"};
    const char *usual[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "before"};
    assert_true(site_set(desk->house->site, asked_values, NULL));
    g_autofree char *id = asked(desk, "");
    assert_true(site_set(desk->house->site, usual, NULL));
    json_decref(wait_for(desk, id, "done")); /* it was made at once */
    g_autoptr(Json) handed = hand(desk, id, BY_LINK, 201);
    json_decref(follow(desk, handed, false, 200));
    refused(desk, desk->commander, "POST", "/approval", id, "{\"approve\":false}", 400);
    json_decref(on(desk, desk->commander, "POST", "/approval", id,
                   "{\"approve\":false,\"words\":\"không thuộc vụ này\"}", 200));
    json_decref(follow(desk, handed, false, 404));
    assert_int_equal(files_of(desk, id), 0);
    assert_true(is_audited(desk, "package-reject", id));
}

static void who_asked_takes_it_back_until_it_is_made_then_a_commander_removes_it(void **state)
{
    Desk *desk = *state;
    g_autofree char *early = asked(desk, ""), *id = made(desk);
    g_autoptr(Json) cancelled = on(desk, desk->officer, "DELETE", "", early, NULL, 200);
    assert_string_equal(text_of(cancelled, "state"), "cancelled");
    refused(desk, desk->commander, "POST", "/approval", early, "{\"approve\":true}", 409);
    refused(desk, desk->officer, "DELETE", "", id, NULL, 403);
    g_autoptr(Json) removed = on(desk, desk->commander, "DELETE", "", id, NULL, 200);
    assert_string_equal(text_of(removed, "state"), "removed");
    assert_int_equal(files_of(desk, id), 0);
}

static void the_same_key_is_the_same_package(void **state)
{
    Desk *desk = *state;
    const char *key = ",\"key\":\"3d3f0d0e-0000-4000-8000-0000000000aa\"";
    g_autofree char *first = asked(desk, key), *again = asked(desk, key);
    assert_string_equal(first, again);
}

static void what_makes_no_sense_and_who_has_no_right_are_refused(void **state)
{
    Desk *desk = *state;
    House *house = desk->house;
    const char *const roles_body = "{\"approve\":true}";
    g_autofree char *good = asking(desk, ""), *id = asked(desk, "");
    const Role others[] = {ROLE_VILLAGE_HEAD, ROLE_HOUSEHOLD, ROLE_AUDITOR};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *session = house_session(house, others[i]);
        fits(house, session, "POST /packages", "POST /api/v1/packages", good, 403);
        fits(house, session, "GET /packages", "GET /api/v1/packages", NULL, 403);
        refused(desk, session, "POST", "/approval", id, roles_body, 403);
        refused(desk, session, "POST", "/copies", id, BY_DOWNLOAD, 403);
    }
    const struct {
        const char *from, *with;
    } wrong[] = {{desk->number, " "}, {"va chạm trước cổng chợ", "x"}, {"\"case\"", "\"cash\""}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(GStrv) parts = g_strsplit(good, wrong[i].from, 2);
        g_autofree char *body = g_strjoinv(wrong[i].with, parts);
        fits(house, desk->officer, "POST /packages", "POST /api/v1/packages", body, 400);
    }
    refused(desk, desk->officer, "GET", "", NO_ID, NULL, 404);
    json_decref(hand(desk, id, "{\"receiver\":\"Viện kiểm sát\",\"medium\":\"usb\"}", 400));
    json_decref(hand(desk, id,
                     "{\"receiver\":\"Viện kiểm sát\",\"medium\":\"link\","
                     "\"link\":{\"days\":31,\"downloads\":1}}",
                     400));
    fits(house, NULL, "POST /public/handover", "POST /api/v1/public/handover",
         "{\"secret\":\"guessed\"}", 404);
}

static void what_a_restart_cut_off_is_begun_again_and_nothing_of_it_stays(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = asked(desk, "");
    g_autofree char *part = g_strdup_printf("%s/%s.zip.12345678.part", desk->folder, id);
    package_desk_close(desk->house->api.packages);
    assert_true(g_file_set_contents(part, "half", -1, NULL));
    open_desk(desk);
    approve(desk, id);
    package_desk_close(desk->house->api.packages); /* while it is being made, or before */
    open_desk(desk);
    json_decref(wait_for(desk, id, "done"));
    assert_int_equal(files_of(desk, id), 1);
    assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
}

static void footage_of_a_package_that_waits_for_approval_is_held(void **state)
{
    Desk *desk = *state;
    archive_retain_now(desk->house->archive);
    unsigned before = archive_figures(desk->house->archive).holds;
    g_autofree char *id = asked(desk, "");
    archive_retain_now(desk->house->archive);
    assert_int_equal(archive_figures(desk->house->archive).holds, before + 1);
}

/* A catalog that was made anew from a copy is older than the file. */
static void a_package_that_the_catalog_does_not_know_is_kept_at_a_start(void **state)
{
    Desk *desk = *state;
    g_autofree char *known = asked(desk, "");
    g_autofree char *file = g_strdup_printf("%s/" NO_ID ".zip", desk->folder);
    g_autofree char *unmade = g_strdup_printf("%s/%s.zip", desk->folder, known);
    package_desk_close(desk->house->api.packages);
    assert_true(g_file_set_contents(file, "handed over", -1, NULL));
    assert_true(g_file_set_contents(unmade, "of one that nobody approved", -1, NULL));
    open_desk(desk);
    approve(desk, known);
    json_decref(wait_for(desk, known, "done")); /* its maker has cleared up before */
    assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
    unlink(file);
}

static void a_camera_that_one_may_not_export_hides_its_packages(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = asked(desk, "");
    house_give_away(desk->house, &desk->house->camera);
    g_autofree char *officer = house_session(desk->house, ROLE_OFFICER);
    refused(desk, officer, "GET", "", id, NULL, 404);
    g_autoptr(Json) all =
        ask(desk->house, officer, "GET /packages", "GET /api/v1/packages", NULL, 200);
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
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
