/* What whoever told a report may have done with what is kept of it: a copy, and that it is erased;
 * and reports that are kept no longer. Each answer fits openapi.yaml. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/report_privacy.h"
#include "catalog/film_copies.h"
#include "catalog/packages.h"
#include "config/site_day.h"
#include "unit.h"

#include <string.h>

static const char picture[] = "\xff\xd8\xff\xe0 of a scuffle";

/* A report of a resident: with words, a name, a place and a picture. */
typedef struct Told {
    Json *sent;
    char *id;
    const char *number, *secret;
} Told;

static void told_clear(Told *told)
{
    json_decref(told->sent);
    g_free(told->id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

static char *newest(House *house, const char *commander)
{
    g_autoptr(Json) page = ask(house, commander, "GET /reports", "GET /api/v1/reports", NULL, 200);
    return g_strdup(text_of(json_array_get(json_object_get(page, "items"), 0), "id"));
}

static Told tell(House *house, const char *commander)
{
    char from[TIME_TEXT], to[TIME_TEXT], location[UUID_TEXT];
    int64_t now_us = clock_now_us();
    g_autofree char *body = g_strdup_printf(
        "{\"kind\":\"fight\",\"from\":\"%s\",\"to\":\"%s\",\"location\":\"%s\","
        "\"place\":{\"lat\":21.4501,\"lon\":103.1502},\"where\":\"trước nhà tôi\","
        "\"text\":\"Đánh nhau\",\"reporter\":{\"name\":\"Lò Thị B\",\"phone\":\"0912\"}}",
        time_text(now_us - 10 * MINUTE_US, from), time_text(now_us, to),
        uuid_text(&house->location, location));
    Told told = {
        .sent = ask(house, NULL, "POST /public/reports", "POST /api/v1/public/reports", body, 201)};
    told.id = newest(house, commander);
    told.number = text_of(told.sent, "number");
    told.secret = text_of(told.sent, "secret");
    g_autofree char *path = g_strdup_printf("/public/reports/%s/attachments", told.number);
    json_decref(send_file(house, NULL, path, told.secret, picture, sizeof picture, 201));
    return told;
}

/* By whoever has the link; NULL without an answer of 200. */
static Json *by_link(House *house, const Told *told, const char *tail, const char *body)
{
    g_autofree char *path = g_strdup_printf("/api/v1/public/reports/%s%s", told->number, tail);
    g_autoptr(Json) json = body ? json_parse(body, strlen(body), NULL) : NULL;
    const ApiRequest request = {.method = body ? API_POST : API_GET,
                                .path = path,
                                .body = json,
                                .report_secret = told->secret,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    return answer.status == 200 ? json_incref(answer.json) : NULL;
}

static Json *get(House *house, const char *session, const char *id)
{
    g_autofree char *what = g_strconcat("GET /api/v1/reports/", id, NULL);
    return ask(house, session, "GET /reports/{id}", what, NULL, 200);
}

static Json *erase(House *house, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/reports/%s/erasure", id);
    return ask(house, session, "POST /reports/{id}/erasure", what, NULL, status);
}

static size_t wishing(House *house, const char *session)
{
    g_autoptr(Json) page =
        ask(house, session, "GET /reports", "GET /api/v1/reports?wishing=true", NULL, 200);
    return json_array_size(json_object_get(page, "items"));
}

static bool has_files(House *house, const char *id)
{
    g_autofree char *folder = g_build_filename(house->folder, "reports", id, NULL);
    return g_file_test(folder, G_FILE_TEST_IS_DIR);
}

/* The lines of one action in the audit log. None has words or names of people, and none of a
 * resident where it came from. */
static unsigned audited(House *house, const char *action)
{
    unsigned count = 0;
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 200);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        count += strcmp(row->action, action) == 0;
        assert_true(*row->actor || (!*row->address && !*row->device));
        for (guint n = 0; n < row->changes->len; n++) {
            const AuditRowChange *one = &g_array_index(row->changes, AuditRowChange, n);
            assert_null(strstr(one->before, "Lò"));
            assert_null(strstr(one->before, "Đánh"));
        }
    }
    return count;
}

static void a_copy_that_is_wished_by_the_link_holds_all_that_is_kept(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    g_auto(Told) told = tell(house, commander);
    assert_null(by_link(house, &told, "/wishes", "{\"wish\":\"all\"}"));
    g_autoptr(Json) wished = by_link(house, &told, "/wishes", "{\"wish\":\"copy\"}");
    g_autoptr(Json) again = by_link(house, &told, "/wishes", "{\"wish\":\"copy\"}");
    assert_string_equal(text_of(wished, "wish_due_at"), text_of(again, "wish_due_at"));
    int64_t due_us = 0;
    assert_true(time_parse(text_of(wished, "wish_due_at"), &due_us));
    assert_in_range(due_us - clock_now_us(), DAY_US, 5 * DAY_US);
    assert_int_equal(wishing(house, officer), 1);

    g_autofree char *copy = g_strdup_printf("GET /api/v1/reports/%s/copy.zip", told.id);
    json_decref(ask(house, officer, "GET /reports/{id}/copy.zip", copy, NULL, 403));
    g_auto(ApiResponse) answer = {0};
    house_ask(house, commander, copy, NULL, &answer);
    assert_int_equal(answer.status, 200);
    g_autofree char *bytes = g_malloc(answer.file->size);
    assert_true(answer.file->read(answer.file->data, 0, bytes, answer.file->size, NULL));
    static const char *const parts[] = {"report.json", "files/1.jpg", "Lò Thị B", "Đánh nhau",
                                        "trước nhà tôi"};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        assert_non_null(memmem(bytes, answer.file->size, parts[i], strlen(parts[i])));
    assert_non_null(memmem(bytes, answer.file->size, picture, sizeof picture));

    g_autofree char *done = g_strdup_printf("DELETE /api/v1/reports/%s/wishes/copy", told.id);
    json_decref(ask(house, commander, "DELETE /reports/{id}/wishes/{wish}", done, NULL, 200));
    json_decref(ask(house, commander, "DELETE /reports/{id}/wishes/{wish}", done, NULL, 404));
    assert_int_equal(wishing(house, officer), 0);
    assert_int_equal(audited(house, "report-copy"), 1);
    assert_int_equal(audited(house, "report-wish"), 2);
}

static void what_is_erased_is_gone_from_catalog_and_disk_and_counts_on(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER),
                    *commander = house_session(house, ROLE_COMMANDER);
    g_auto(Told) told = tell(house, commander);
    json_decref(by_link(house, &told, "/wishes", "{\"wish\":\"erasure\"}"));
    assert_true(has_files(house, told.id));
    json_decref(erase(house, officer, told.id, 403));
    g_autoptr(Json) left = erase(house, commander, told.id, 200);
    g_autoptr(Json) seen = get(house, commander, told.id);
    const Json *both[] = {left, seen};
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        g_autofree char *line = json_line(both[i]);
        assert_string_equal(text_of(both[i], "erased"), "all");
        assert_string_equal(text_of(both[i], "text"), "");
        assert_string_equal(text_of(both[i], "kind"), "fight");
        assert_null(strstr(line, "trước nhà"));
        assert_null(json_object_get(both[i], "place"));
        assert_null(json_object_get(both[i], "reporter"));
        assert_non_null(json_object_get(both[i], "location"));
        assert_int_equal(json_array_size(json_object_get(both[i], "attachments")), 0);
    }
    assert_false(has_files(house, told.id));
    assert_int_equal(wishing(house, commander), 0);
    json_decref(erase(house, commander, told.id, 409));
    g_autoptr(Json) followed = by_link(house, &told, "", NULL);
    assert_string_equal(text_of(followed, "erased"), "all");
    assert_null(by_link(house, &told, "/wishes", "{\"wish\":\"copy\"}"));
    g_autofree char *path = g_strdup_printf("/public/reports/%s/attachments", told.number);
    json_decref(send_file(house, NULL, path, told.secret, picture, sizeof picture, 400));
    assert_int_equal(audited(house, "report-erase"), 1);
    assert_int_equal(audited(house, "report-told"), 1);
    assert_int_equal(audited(house, "report-file-add"), 1);
    assert_int_equal(audited(house, "report-wish"), 1);

    g_autofree char *month = site_day_text(house->site, clock_now_us());
    g_autofree char *figures = g_strdup_printf("GET /api/v1/months/%.7s", month);
    g_autoptr(Json) count = ask(house, commander, "GET /months/{month}", figures, NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(count, "reports"), "told")),
                     1);
}

static Json *open_case(House *house, const char *session, const char *number)
{
    g_autofree char *body = g_strdup_printf("{\"reports\":[\"%s\"]}", number);
    return ask(house, session, "POST /cases", "POST /api/v1/cases", body, 201);
}

static void close_case(House *house, const char *session, const char *number)
{
    g_autofree char *what = g_strconcat("/api/v1/cases/", number, NULL);
    g_autofree char *read = g_strconcat("GET ", what, NULL),
                    *edit = g_strconcat("PATCH ", what, NULL);
    g_autoptr(Json) of = ask(house, session, "GET /cases/{id}", read, NULL, 200);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%d,\"state\":\"rejected\",\"reason\":\"Không có việc ấy\"}",
                        (int)json_integer_value(json_object_get(of, "revision")));
    json_decref(ask(house, session, "PATCH /cases/{id}", edit, body, 200));
}

static void words_and_files_stay_as_evidence_while_a_case_is_worked_on(void **state)
{
    House *house = *state;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_auto(Told) told = tell(house, commander);
    g_autoptr(Json) of = open_case(house, commander, told.number);
    g_autoptr(Json) before = get(house, commander, told.id);
    assert_true(json_boolean_value(json_object_get(before, "stays_for_case")));
    g_autoptr(Json) left = erase(house, commander, told.id, 200);
    assert_string_equal(text_of(left, "erased"), "person");
    assert_string_equal(text_of(left, "text"), "Đánh nhau");
    assert_true(has_files(house, told.id));
    g_autoptr(Json) seen = get(house, commander, told.id);
    assert_null(json_object_get(seen, "reporter"));
    json_decref(erase(house, commander, told.id, 409));

    close_case(house, commander, text_of(of, "number"));
    g_autoptr(Json) after = erase(house, commander, told.id, 200);
    assert_string_equal(text_of(after, "erased"), "all");
    assert_false(has_files(house, told.id));
}

static void change(House *house, const char *session, const char *id, const char *body)
{
    g_autofree char *what = g_strconcat("PATCH /api/v1/reports/", id, NULL);
    json_decref(ask(house, session, "PATCH /reports/{id}", what, body, 200));
}

static void count_expired(void *data, const ReportRow *row, ReportNews news)
{
    unsigned *expired = data;
    *expired += news == REPORT_NEWS_EXPIRED && row->erased == REPORT_ERASED;
}

static void look_after(House *house, int64_t days)
{
    assert_true(audit_flush(house->audit, NULL)); /* its thread takes no deadline from that clock */
    int64_t mono_us = clock_mono_us(), wall_us = clock_wall_us();
    clock_test_set(mono_us + days * DAY_US, wall_us + days * DAY_US);
    report_desk_look(house->reports);
    clock_test_set(-1, -1);
}

static void reports_that_are_over_go_by_themselves_but_not_those_of_a_case(void **state)
{
    House *house = *state;
    unsigned expired = 0;
    report_desk_listen(house->reports, count_expired, &expired);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER),
                    *admin = house_session(house, ROLE_ADMIN);
    g_auto(Told) answered = tell(house, commander), rejected = tell(house, commander),
                 of_case = tell(house, commander), open = tell(house, commander);
    change(house, commander, answered.id, "{\"answer\":\"Đã xong.\"}");
    change(house, commander, rejected.id, "{\"state\":\"rejected\"}");
    json_decref(open_case(house, commander, of_case.number));
    change(house, commander, of_case.id, "{\"answer\":\"Đang làm.\"}");
    look_after(house, 179);
    assert_int_equal(expired, 0);
    look_after(house, 181);
    assert_int_equal(expired, 1);
    json_decref(
        ask(house, admin, "PATCH /site", "PATCH /api/v1/site", "{\"report_keep_days\":0}", 200));
    look_after(house, 3000);
    assert_int_equal(expired, 1);
    ask_by_two(house, admin, "PATCH /site", "PATCH /api/v1/site", "{\"report_keep_days\":30}");
    look_after(house, 3001);
    assert_int_equal(expired, 2);
    assert_false(has_files(house, answered.id) || has_files(house, rejected.id));
    assert_true(has_files(house, of_case.id) && has_files(house, open.id));
}

static bool forget_erasure(CatalogDb *db, void *data, GError **error)
{
    g_autoptr(ReportRow) row = reports_get(db, data, error);
    row->erased = REPORT_WHOLE;
    return reports_put_erased(db, row, error);
}

static void a_catalog_of_before_is_told_again_what_was_erased_since(void **state)
{
    House *house = *state;
    Uuid id;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_auto(Told) told = tell(house, commander);
    json_decref(erase(house, commander, told.id, 200));
    assert_true(uuid_parse(told.id, &id));
    assert_true(catalog_write_wait(house->catalog, forget_erasure, &id, NULL));
    g_autoptr(Json) whole = get(house, commander, told.id);
    assert_string_equal(text_of(whole, "erased"), "");
    assert_true(report_desk_erase_again(house->reports, NULL));
    g_autoptr(Json) again = get(house, commander, told.id);
    assert_string_equal(text_of(again, "erased"), "all");
}

/* Between the row and the files. */
static void what_a_kill_left_of_an_erased_report_goes_at_the_next_look(void **state)
{
    House *house = *state;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_auto(Told) told = tell(house, commander);
    json_decref(erase(house, commander, told.id, 200));
    g_autofree char *folder = g_build_filename(house->folder, "reports", told.id, NULL);
    g_autofree char *path = g_build_filename(folder, "1", NULL);
    assert_true(folder_make(folder, NULL));
    assert_true(g_file_set_contents(path, "a photo", -1, NULL));
    assert_true(report_desk_erase_again(house->reports, NULL));
    assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

/* ---- the register of data protection ---- */

static bool hand_over(CatalogDb *db, void *data, GError **error)
{
    PackageRow *row = data;
    g_autofree char *receiver = g_strdup("Tòa án khu vực");
    PackageCopyRow copy = {.receiver = receiver, .medium = (char *)"download", .at_us = 1};
    return packages_add(db, row, error) && packages_add_copy(db, row, &copy, error);
}

static const Json *kind_of(const Json *whole, const char *kind)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(whole, "kinds"), i, one)
    {
        if (strcmp(text_of(one, "kind"), kind) == 0)
            return one;
    }
    return NULL;
}

static bool may(const Json *kind, const char *right, const char *role)
{
    size_t i, n;
    json_t *one, *named;
    json_array_foreach(json_object_get(kind, "rights"), i, one)
    {
        json_array_foreach(json_object_get(one, "roles"), n, named)
        {
            if (strcmp(text_of(one, "right"), right) == 0 &&
                strcmp(json_string_value(named), role) == 0)
                return true;
        }
    }
    return false;
}

static Json *read_register(House *house, const char *session, int status)
{
    return ask(house, session, "GET /privacy/register", "GET /api/v1/privacy/register", NULL,
               status);
}

/* A corner of the camera's picture. */
static void cover(House *house, const char *session)
{
    char id[UUID_TEXT];
    g_autofree char *what =
        g_strdup_printf("POST /api/v1/cameras/%s/masks", uuid_text(&house->camera, id));
    json_decref(ask(house, session, "POST /cameras/{id}/masks", what,
                    "{\"name\":\"Sân\",\"points\":[{\"x\":0,\"y\":0},{\"x\":900,\"y\":0},"
                    "{\"x\":0,\"y\":900}]}",
                    201));
}

static bool give_film(CatalogDb *db, void *film, GError **error)
{
    return film_copies_add(db, film, error);
}

static void the_register_tells_what_the_site_has_and_is_set_to(void **state)
{
    House *house = *state;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER),
                    *admin = house_session(house, ROLE_ADMIN),
                    *auditor = house_session(house, ROLE_AUDITOR);
    g_auto(Told) told = tell(house, commander);
    g_autoptr(PackageRow) package = package_row_new();
    package->id = uuid_new();
    package->year = 2026;
    assert_true(catalog_write_wait(house->catalog, hand_over, package, NULL));
    FilmCopyRow film = {.id = uuid_new(),
                        .year = 2026,
                        .camera = house->camera,
                        .receiver = (char *)"Bà Lò Thị Mẫu"};
    assert_true(catalog_write_wait(house->catalog, give_film, &film, NULL));
    ask_by_two(house, admin, "PATCH /site", "PATCH /api/v1/site",
               "{\"retention_days\":14,\"report_keep_days\":365,\"public_contact\":\"0215\","
               "\"privacy_basis\":\"Quyết định 25\"}");
    json_decref(read_register(house, commander, 403));
    g_autoptr(Json) whole = read_register(house, auditor, 200);
    assert_string_equal(text_of(whole, "basis"), "Quyết định 25");
    assert_string_equal(text_of(whole, "contact"), "0215");
    const Json *footage = kind_of(whole, "footage"), *reports = kind_of(whole, "reports"),
               *handed = json_array_get(json_object_get(whole, "handed"), 0);
    assert_int_equal(json_integer_value(json_object_get(footage, "keep_days")), 14);
    assert_int_equal(
        json_integer_value(json_object_get(kind_of(whole, "event-pictures"), "keep_days")), 14);
    assert_true(may(footage, "replay", "officer"));
    assert_false(may(footage, "replay", "auditor"));
    assert_int_equal(json_integer_value(json_object_get(reports, "keep_days")), 365);
    assert_int_equal(json_integer_value(json_object_get(reports, "persons")), 1);
    assert_null(kind_of(whole, "audio")); /* no camera listens */
    assert_string_equal(text_of(handed, "receiver"), "Tòa án khu vực");
    const Json *redacted = json_array_get(json_object_get(whole, "handed"), 1);
    assert_string_equal(text_of(redacted, "number"), "BC-2026-0001");
    assert_string_equal(text_of(redacted, "receiver"), "Bà Lò Thị Mẫu");
    assert_string_equal(text_of(redacted, "medium"), "film");
    assert_int_equal(json_integer_value(json_object_get(whole, "handed_in_all")), 2);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(whole, "masks"), "masks")),
                     0);
    json_decref(erase(house, commander, told.id, 200));
    cover(house, admin);
    json_decref(
        ask(house, admin, "PATCH /site", "PATCH /api/v1/site", "{\"retention_days\":365}", 200));
    g_autoptr(Json) after = read_register(house, admin, 200);
    assert_int_equal(json_integer_value(json_object_get(kind_of(after, "reports"), "count")), 0);
    assert_int_equal(
        json_integer_value(json_object_get(kind_of(after, "event-pictures"), "keep_days")), 90);
    const Json *masks = json_object_get(after, "masks");
    assert_int_equal(json_integer_value(json_object_get(masks, "cameras")), 1);
    assert_int_equal(json_integer_value(json_object_get(masks, "masks")), 1);
    assert_int_equal(json_integer_value(json_object_get(masks, "lifted")), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_that_is_wished_by_the_link_holds_all_that_is_kept),
        TEST(what_is_erased_is_gone_from_catalog_and_disk_and_counts_on),
        TEST(words_and_files_stay_as_evidence_while_a_case_is_worked_on),
        TEST(reports_that_are_over_go_by_themselves_but_not_those_of_a_case),
        TEST(a_catalog_of_before_is_told_again_what_was_erased_since),
        TEST(what_a_kill_left_of_an_erased_report_goes_at_the_next_look),
        TEST(the_register_tells_what_the_site_has_and_is_set_to),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
