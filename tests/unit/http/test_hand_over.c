/* Copies of evidence packages: each with its number and its receiver, fetched by an account or by a
 * link, or on a stick; and what ends them. */
#include "base/clock.h"
#include "base/file.h"
#include "casework/package_desk.h"
#include "client.h"
#include "package_bench.h"
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static char *case_state(const PackageBench *bench)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases/", bench->number, NULL);
    g_autoptr(Json) is = ask(bench->house, bench->officer, "GET /cases/{id}", what, NULL, 200);
    return g_strdup(package_text(is, "state"));
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
    g_autofree char *good = package_asking(bench, "");
    g_auto(GStrv) parts = g_strsplit(good, bench->number, 2);
    g_autofree char *unknown = g_strjoinv("VV-2026-9999", parts);
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", unknown, 422);
    set_case(bench, "\"state\":\"rejected\",\"reason\":\"báo nhầm\"");
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", good, 409);
    set_case(bench, "\"state\":\"reopened\",\"reason\":\"có tin mới\"");
    set_case(bench, "\"state\":\"preserved\"");
    g_autofree char *id = package_made(bench);
    json_decref(package_hand_over(bench, id, BENCH_BY_DOWNLOAD, 201));
    g_autofree char *is = case_state(bench);
    assert_string_equal(is, "exported");
}

static void a_copy_has_a_number_and_a_receiver_and_what_is_fetched_passes(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) handed = package_hand_over(bench, id, BENCH_BY_DOWNLOAD, 201);
    const Json *package = json_object_get(handed, "package");
    const Json *copy = json_array_get(json_object_get(package, "copies"), 0);
    assert_true(g_str_has_suffix(package_text(copy, "number"), "/1"));
    assert_string_equal(package_text(copy, "receiver"), "Viện kiểm sát huyện");
    assert_true(package_is_audited(bench, "package-hand", id));

    ApiResponse response = {0};
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/file?copy=1", id);
    house_ask(bench->house, bench->commander, what, NULL, &response);
    assert_int_equal(response.status, 404); /* it is not theirs */
    api_response_clear(&response);
    house_ask(bench->house, bench->officer, what, NULL, &response);
    g_autofree char *manifest = package_passes(bench, &response);
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
    assert_non_null(strstr(manifest, package_text(package, "number")));
}

/* The answer to who follows the link of `handed`. */
static Json *follow(const PackageBench *bench, const Json *handed, bool download, int status)
{
    const char *link = package_text(handed, "link");
    assert_true(g_str_has_prefix(link, "/ban-giao#"));
    g_autofree char *body =
        g_strdup_printf("{\"secret\":\"%s\",\"download\":%s}", link + strlen("/ban-giao#"),
                        download ? "true" : "false");
    return ask(bench->house, NULL, "POST /public/handover", "POST /api/v1/public/handover", body,
               status);
}

static void fetch(const PackageBench *bench, const Json *followed, ApiResponse *response)
{
    g_autofree char *what = g_strconcat("GET ", package_text(followed, "file"), NULL);
    house_ask(bench->house, NULL, what, NULL, response);
}

static Json *log_of(const PackageBench *bench, const char *what, const char *number, int status)
{
    g_autofree char *auditor = house_session(bench->house, ROLE_AUDITOR);
    g_autofree char *pattern = g_strdup_printf("GET /%s", what),
                    *address = g_strdup_printf("GET /api/v1/%s?number=%s", what, number);
    return ask(bench->house, auditor, pattern, address, NULL, status);
}

static void an_auditor_finds_whom_a_copy_is_for_by_its_number(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_made(bench), *other = package_made(bench);
    json_decref(package_hand_over(bench, id, BENCH_BY_DOWNLOAD, 201));
    g_autoptr(Json) handed = package_hand_over(bench, id, BENCH_BY_LINK, 201);
    json_decref(package_hand_over(bench, other, BENCH_BY_DOWNLOAD, 201));
    const char *number = package_text(json_object_get(handed, "package"), "number");
    g_autofree char *second = g_strdup_printf("%s/2", number),
                    *tenth = g_strconcat(number, "/10", NULL);
    g_autoptr(Json) all = log_of(bench, "audit/copies", number, 200);
    g_autoptr(Json) one = log_of(bench, "audit/copies", second, 200);
    g_autoptr(Json) none = log_of(bench, "audit/copies", tenth, 200);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 2);
    assert_int_equal(json_array_size(json_object_get(one, "items")), 1);
    assert_int_equal(json_array_size(json_object_get(none, "items")), 0);
    const Json *copy = json_array_get(json_object_get(one, "items"), 0);
    assert_string_equal(package_text(copy, "number"), second);
    assert_string_equal(package_text(copy, "receiver"), "Đội hình sự, Công an tỉnh");
    assert_string_equal(package_text(copy, "medium"), "link");
    g_autoptr(Json) lines = log_of(bench, "audit", second, 200);
    size_t i;
    Json *line;
    json_array_foreach(json_object_get(lines, "items"), i, line)
    {
        assert_string_equal(package_text(line, "object"), id);
    }
    assert_true(i >= 4); /* asked for, approved, made, handed over twice */
    json_decref(log_of(bench, "audit/copies", "CC-2026-9999", 404));
    json_decref(log_of(bench, "audit", "CC-2026-9999", 404));
}

static void a_link_is_good_for_its_downloads_and_dead_once_it_is_taken_back(void **state)
{
    PackageBench *bench = *state;
    ApiResponse response = {0};
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) first = package_hand_over(bench, id, BENCH_BY_LINK, 201),
                    second = package_hand_over(bench, id, BENCH_BY_LINK, 201);
    json_decref(follow(bench, first, false, 200)); /* a look is no download */
    g_autoptr(Json) followed = follow(bench, first, true, 200);
    fetch(bench, followed, &response);
    g_autofree char *manifest = package_passes(bench, &response);
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

#define KEY "\"key\":\"7d9f0a52-5c1e-4b07-9a53-2f1c8e6b4d10\""
#define LINK_BY_KEY                                                             \
    "{\"receiver\":\"Đội hình sự, Công an tỉnh\",\"medium\":\"link\"," \
    "\"link\":{\"days\":3,\"downloads\":2}," KEY "}"

static size_t copies_of(const PackageBench *bench, const char *id)
{
    g_autoptr(Json) now = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    return json_array_size(json_object_get(now, "copies"));
}

static void an_answer_that_was_lost_and_asked_for_again_makes_no_second_copy(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) lost = package_hand_over(bench, id, LINK_BY_KEY, 201),
                    told = package_hand_over(bench, id, LINK_BY_KEY, 201);
    assert_int_equal(json_integer_value(json_object_get(told, "n")), 1);
    assert_int_equal(copies_of(bench, id), 1);
    json_decref(follow(bench, lost, true, 404)); /* nobody has it */
    json_decref(follow(bench, told, true, 200));

    const char *const others[] = {
        LINK_BY_KEY, /* it was used: somebody has its link */
        "{\"receiver\":\"Viện kiểm sát huyện\",\"medium\":\"download\"," KEY "}"};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(Json) refused = package_hand_over(bench, id, others[i], 409);
        assert_string_equal(package_text(refused, "cause_code"), "handed-before");
    }
    json_decref(follow(bench, told, true, 200));
    json_decref(package_hand_over(
        bench, id, "{\"receiver\":\"Tòa án huyện\",\"medium\":\"download\",\"key\":\"7\"}", 400));
    assert_int_equal(copies_of(bench, id), 1);
}

static void the_key_of_another_officers_copy_is_refused(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) link = package_hand_over(bench, id, LINK_BY_KEY, 201),
                    refused = package_on(bench, bench->commander, "POST", "/copies", id,
                                         LINK_BY_KEY, 409);
    assert_string_equal(package_text(refused, "cause_code"), "handed-before");
    json_decref(follow(bench, link, false, 200));
}

static void a_download_that_was_asked_for_again_is_the_same_copy(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *id = package_made(bench);
    const char *body = "{\"receiver\":\"Viện kiểm sát huyện\",\"medium\":\"download\"," KEY "}";
    g_autoptr(Json) first = package_hand_over(bench, id, body, 201),
                    second = package_hand_over(bench, id, body, 201);
    assert_int_equal(json_integer_value(json_object_get(first, "n")),
                     json_integer_value(json_object_get(second, "n")));
    assert_int_equal(copies_of(bench, id), 1);
}

/* Some bytes of a file that is being fetched: do they still come? */
static bool comes(const ApiResponse *response, uint64_t offset, size_t size)
{
    g_autofree char *bytes = g_malloc(size);
    return response->file->read(response->file->data, offset, bytes, size, NULL);
}

static void what_is_taken_back_stops_in_the_middle_of_a_download(void **state)
{
    PackageBench *bench = *state;
    ApiResponse linked = {0}, own = {0};
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) link = package_hand_over(bench, id, BENCH_BY_LINK, 201);
    json_decref(package_hand_over(bench, id, BENCH_BY_DOWNLOAD, 201));
    g_autoptr(Json) followed = follow(bench, link, true, 200);
    fetch(bench, followed, &linked);
    g_autofree char *mine = g_strdup_printf("GET /api/v1/packages/%s/file?copy=2", id);
    house_ask(bench->house, bench->officer, mine, NULL, &own);
    assert_true(comes(&linked, 0, 1000));
    assert_true(comes(&own, 0, 1000));

    g_autofree char *end = g_strdup_printf("DELETE /api/v1/packages/%s/copies/1", id);
    fits(bench->house, bench->officer, "DELETE /packages/{id}/copies/{n}", end, NULL, 200);
    assert_false(comes(&linked, 1000, 1000));
    assert_true(comes(&own, 1000, 1000));
    json_decref(package_on(bench, bench->commander, "POST", "/removal", id, BENCH_REMOVAL, 200));
    assert_false(comes(&own, 2000, 1000));
    api_response_clear(&linked);
    api_response_clear(&own);
}

/* One of the downloads that were allowed, not as many as there is time for. */
static void what_was_fetched_once_is_fetched_again_as_another_download_only(void **state)
{
    PackageBench *bench = *state;
    ApiResponse broken = {0}, whole = {0}, more = {0};
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) link = package_hand_over(bench, id, BENCH_BY_LINK, 201);
    g_autoptr(Json) followed = follow(bench, link, true, 200);
    fetch(bench, followed, &broken);
    size_t size = (size_t)broken.file->size;
    assert_true(comes(&broken, 0, size - 1)); /* the line breaks before its last byte */
    fetch(bench, followed, &whole);
    g_autofree char *manifest = package_passes(bench, &whole);
    fetch(bench, followed, &more);
    assert_true(!more.file || !comes(&more, 0, size));
    api_response_clear(&broken);
    api_response_clear(&whole);
    api_response_clear(&more);
}

static void what_a_download_is_fetched_with_is_dead_after_an_hour(void **state)
{
    PackageBench *bench = *state;
    ApiResponse before = {0}, after = {0};
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) link = package_hand_over(bench, id, BENCH_BY_LINK, 201);
    g_autoptr(Json) followed = follow(bench, link, true, 200);
    int64_t mono_us = clock_mono_us(), now_us = clock_now_us();
    clock_test_set(mono_us + 59 * MINUTE_US, now_us + 59 * MINUTE_US);
    fetch(bench, followed, &before);
    clock_test_set(mono_us + 61 * MINUTE_US, now_us + 61 * MINUTE_US);
    fetch(bench, followed, &after);
    clock_test_set(-1, -1);
    assert_int_equal(before.status, 200);
    assert_int_equal(after.status, 404);
    api_response_clear(&before);
    api_response_clear(&after);
}

/* What the log says while the address of `followed` is fetched twice, owned; `second` is what came
 * the second time. */
static char *fetch_twice(const PackageBench *bench, const Json *followed, Answer *second)
{
    char *said;
    House *house = bench->house;
    g_auto(Answer) first = {0};
    g_autofree char *path = g_build_filename(house->folder, "log", NULL);
    g_autofree char *what = g_strconcat("GET ", package_text(followed, "file"), NULL);
    const HttpConfig config = {.host = "127.0.0.1", .no_tls = true, .data_dir = house->folder};
    int log = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600), shown = dup(STDERR_FILENO);
    house_serve(house, &config);
    dup2(log, STDERR_FILENO);
    client_ask(http_server_port(house->server), what, "", NULL, &first);
    client_ask(http_server_port(house->server), what, "", NULL, second);
    http_server_stop(house->server);
    house->server = NULL;
    dup2(shown, STDERR_FILENO);
    close(shown);
    close(log);
    assert_int_equal(first.status, 200);
    assert_true(first.whole);
    assert_true(g_file_get_contents(path, &said, NULL, NULL));
    return said;
}

static void what_opens_a_download_is_not_in_the_log_of_one_that_was_stopped(void **state)
{
    PackageBench *bench = *state;
    g_auto(Answer) second = {0};
    g_autofree char *id = package_made(bench);
    g_autoptr(Json) link = package_hand_over(bench, id, BENCH_BY_LINK, 201);
    g_autoptr(Json) followed = follow(bench, link, true, 200);
    g_autofree char *said = fetch_twice(bench, followed, &second);
    assert_false(second.whole);
    assert_non_null(strstr(said, "http.body"));
    g_auto(GStrv) parts = g_strsplit(package_text(followed, "file"), "/", -1);
    assert_null(strstr(said, parts[5])); /* /api/v1/public/handover/TICKET/file */
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

static void what_is_rejected_goes_and_its_links_with_it(void **state)
{
    PackageBench *bench = *state;
    const char *asked_values[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "within-24h"};
    const char *usual[SITE_VALUES] = {[SITE_VALUE_PACKAGE_APPROVAL] = "before"};
    assert_true(site_set(bench->house->site, asked_values, NULL));
    g_autofree char *id = package_asked(bench, "");
    assert_true(site_set(bench->house->site, usual, NULL));
    json_decref(package_wait_for(bench, id, "done")); /* it was made at once */
    g_autoptr(Json) handed = package_hand_over(bench, id, BENCH_BY_LINK, 201);
    json_decref(follow(bench, handed, false, 200));
    package_refused(bench, bench->commander, "POST", "/approval", id, "{\"approve\":false}", 400);
    json_decref(package_on(bench, bench->commander, "POST", "/approval", id,
                           "{\"approve\":false,\"words\":\"không thuộc vụ này\"}", 200));
    json_decref(follow(bench, handed, false, 404));
    package_wait_gone(bench, id);
    assert_true(package_is_audited(bench, "package-reject", id));
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
    g_autofree char *id = package_made(bench),
                    *stick = g_build_filename(bench->sticks, "USB-01", NULL);
    set_case(bench, "\"state\":\"preserved\"");
    g_autoptr(Json) away = package_on(bench, bench->officer, "POST", "/usb", id, TO_STICK, 409);
    assert_string_equal(package_text(away, "cause_code"), "stick-away");
    assert_true(folder_make(stick, NULL));
    g_autoptr(Json) volumes = ask(bench->house, bench->officer, "GET /handover/volumes",
                                  "GET /api/v1/handover/volumes", NULL, 200);
    assert_string_equal(package_text(json_array_get(json_object_get(volumes, "items"), 0), "name"),
                        "USB-01");
    package_refused(bench, bench->officer, "POST", "/usb", id,
                    "{\"volume\":\"../packages\",\"receiver\":\"Viện kiểm sát\"}", 409);
    json_decref(package_on(bench, bench->officer, "POST", "/usb", id, TO_STICK, 202));
    g_autoptr(Json) done = wait_for_stick(bench, id);
    const Json *copy = json_array_get(json_object_get(done, "copies"), 0);
    assert_string_equal(package_text(copy, "medium"), "usb");
    assert_string_equal(package_text(copy, "seal"), "NP 0042");
    assert_true(package_is_audited(bench, "package-usb", id));
    assert_true(package_is_audited(bench, "package-hand", id));
    g_autofree char *is = case_state(bench);
    assert_string_equal(is, "exported");

    gsize size;
    uint8_t digest[SHA256_BYTES];
    char hash[SHA256_HEX];
    g_autofree char *name = g_strconcat(package_text(done, "number"), ".zip", NULL), *data = NULL;
    g_autofree char *path = g_build_filename(stick, name, NULL);
    assert_true(g_file_get_contents(path, &data, &size, NULL));
    sha256(data, size, digest);
    hex_encode(digest, sizeof digest, hash);
    assert_string_equal(package_text(copy, "hash"), hash);
    g_autoptr(GPtrArray) names = folder_names(stick);
    assert_int_equal(names->len, 1);
    g_autofree char *auditor = house_session(bench->house, ROLE_AUDITOR);
    package_refused(bench, auditor, "POST", "/usb", id, TO_STICK, 403);
    fits(bench->house, auditor, "GET /handover/volumes", "GET /api/v1/handover/volumes", NULL, 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_belongs_to_a_case_on_which_somebody_works_and_moves_it_on),
        cmocka_unit_test(a_copy_has_a_number_and_a_receiver_and_what_is_fetched_passes),
        cmocka_unit_test(an_auditor_finds_whom_a_copy_is_for_by_its_number),
        cmocka_unit_test(a_link_is_good_for_its_downloads_and_dead_once_it_is_taken_back),
        cmocka_unit_test(an_answer_that_was_lost_and_asked_for_again_makes_no_second_copy),
        cmocka_unit_test(the_key_of_another_officers_copy_is_refused),
        cmocka_unit_test(a_download_that_was_asked_for_again_is_the_same_copy),
        cmocka_unit_test(what_is_taken_back_stops_in_the_middle_of_a_download),
        cmocka_unit_test(what_was_fetched_once_is_fetched_again_as_another_download_only),
        cmocka_unit_test(what_a_download_is_fetched_with_is_dead_after_an_hour),
        cmocka_unit_test(what_opens_a_download_is_not_in_the_log_of_one_that_was_stopped),
        cmocka_unit_test(a_link_ends_by_itself_and_with_its_package),
        cmocka_unit_test(
            a_copy_on_a_stick_is_written_down_with_seal_and_hash_when_it_was_read_back),
        cmocka_unit_test(what_is_rejected_goes_and_its_links_with_it),
    };
    return cmocka_run_group_tests(tests, package_bench_open, package_bench_close);
}
