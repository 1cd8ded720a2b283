/* What a problem tells whoever asked: what is wrong, never where files of the server lie. */
#include "http/problem.h"

#include "base/json.h"
#include "catalog/db.h"
#include "unit.h"

#include <string.h>

static const char *detail_of(const ApiResponse *response)
{
    return json_string_value(json_object_get(response->json, "detail"));
}

/* By every code of errors, though a disk's own words come with some of them. */
static void no_code_tells_a_path_of_the_server(void **state)
{
    static const char *const words[] = {
        "/srv/vonglau/household cannot be looked at: Permission denied",
        "what was given, /srv/vonglau/household/1/given-2, cannot be read: No such file",
        "cannot write ‘/srv/vonglau/reports/a’: No space left on device",
        "the catalog (/srv/vonglau/catalog.db) cannot be opened",
        "folder=/srv/vonglau is away",
        "cannot read /đĩa1/srv/a",
    };
    for (int code = ERR_INVALID; code <= ERR_NEEDS_PASSWORD; code++)
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
            g_auto(ApiResponse) response = {0};
            problem_from_error(&response, g_error_new_literal(ERR, code, words[i]));
            assert_null(strstr(detail_of(&response), "/srv"));
            assert_true(response.status >= 400);
        }
}

static void words_that_are_set_by_hand_are_no_way_out_either(void **state)
{
    g_auto(ApiResponse) response = {0};
    problem_set(&response, 409, "case-over", "%s", "it lies at /srv/vonglau/reports");
    assert_null(strstr(detail_of(&response), "/srv"));
    assert_string_equal(json_string_value(json_object_get(response.json, "cause_code")),
                        "case-over");
}

static void a_catalog_that_cannot_be_opened_is_no_missing_right(void **state)
{
    GError *error = NULL;
    g_auto(ApiResponse) response = {0};
    assert_null(db_open("/srv/no-such-folder/catalog.db", DB_READ, &error));
    problem_from_error(&response, error);
    assert_int_equal(response.status, 500);
    assert_null(strstr(detail_of(&response), "/srv"));
}

static void a_full_disk_still_says_that_it_is_full(void **state)
{
    g_auto(ApiResponse) response = {0};
    problem_from_error(&response, g_error_new(ERR, ERR_FULL, "cannot write %s", "/srv/vonglau/a"));
    assert_int_equal(response.status, 507);
    assert_non_null(strstr(detail_of(&response), "free some space"));
}

static void addresses_routes_and_fractions_are_told_as_they_are(void **state)
{
    static const char *const words[] = {
        "wrong password for rtsp://10.1.1.1/main (401 after Digest)",
        "have a copy made by POST /exports",
        "there is nothing at /api/v1/cameras/../keys",
        "MP4 / MOV, 3/4 of it",
        "/16 is more than 4096 addresses; give /20 or less",
        "‘answer’ must be one of no, stop-asking, leave",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_auto(ApiResponse) response = {0};
        problem_from_error(&response, g_error_new_literal(ERR, ERR_INVALID, words[i]));
        assert_string_equal(detail_of(&response), words[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_code_tells_a_path_of_the_server),
        cmocka_unit_test(words_that_are_set_by_hand_are_no_way_out_either),
        cmocka_unit_test(a_catalog_that_cannot_be_opened_is_no_missing_right),
        cmocka_unit_test(a_full_disk_still_says_that_it_is_full),
        cmocka_unit_test(addresses_routes_and_fractions_are_told_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
