/* By which law a package was asked for, and what keeps its footage: as the app asks, the site
 * offers, and the package tells. */
#include "base/clock.h"
#include "base/time_text.h"
#include "config/site.h"
#include "package_bench.h"
#include "unit.h"

#include <string.h>

#define LAW "Nghị định số 999/2026/NĐ-CP, Điều 7"
#define LAW_IN_LINE "Ngh\\u1ecb \\u0111\\u1ecbnh s\\u1ed1 999/2026/N\\u0110-CP, \\u0110i\\u1ec1u 7"

/* A hold of the case, which the commander has approved; `until` behind a comma, or nothing. Its id,
 * owned. */
static char *hold(const PackageBench *bench, int64_t from_us, const char *until)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/holds", bench->number);
    g_autofree char *body =
        g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"%s}",
                        uuid_text(&bench->house->camera, camera), time_text(from_us, from),
                        time_text(from_us + 10 * SECOND_US, to), until);
    g_autoptr(Json) set =
        ask(bench->house, bench->officer, "POST /cases/{id}/holds", what, body, 201);
    g_autofree char *approval = g_strdup_printf("POST /api/v1/cases/%s/holds/%s/approval",
                                                bench->number, package_text(set, "id"));
    json_decref(ask(bench->house, bench->commander, "POST /cases/{id}/holds/{hold}/approval",
                    approval, NULL, 200));
    return g_strdup(package_text(set, "id"));
}

static char *manifest_of(const PackageBench *bench, const char *id)
{
    ApiResponse response = {0};
    package_approve(bench, id);
    json_decref(package_wait_for(bench, id, "done"));
    json_decref(package_hand_over(bench, id, BENCH_BY_DOWNLOAD, 201));
    g_autofree char *what = g_strdup_printf("GET /api/v1/packages/%s/file?copy=1", id);
    house_ask(bench->house, bench->officer, what, NULL, &response);
    char *manifest = package_passes(bench, &response);
    api_response_clear(&response);
    return manifest;
}

static unsigned count_of(const char *text, const char *word)
{
    unsigned count = 0;
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

static void a_package_tells_by_which_law_and_which_holds_keep_its_footage(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *stands = hold(bench, bench->from_us, ""),
                    *before = hold(bench, bench->from_us - HOUR_US, ""); /* of other footage */
    g_autofree char *id = package_asked(bench, ",\"basis\":\"  " LAW " \"");
    g_autoptr(Json) waits = package_on(bench, bench->commander, "GET", "", id, NULL, 200);
    assert_string_equal(package_text(waits, "basis"), LAW); /* whoever approves sees it */
    g_autofree char *manifest = manifest_of(bench, id);
    assert_non_null(strstr(manifest, "\"basis\":\"" LAW_IN_LINE "\","));
    const char *holds = strstr(manifest, "\"holds\":[[\"");
    assert_non_null(holds);
    g_autofree char *told = g_strndup(holds, (gsize)(strstr(holds, "]]]]") + 4 - holds));
    g_autofree char *first = g_strdup_printf("\"holds\":[[\"%s\",\"case\",", stands);
    assert_true(g_str_has_prefix(told, first));
    assert_null(strstr(told, before));
    assert_int_equal(count_of(told, "\"package\","), 1); /* from the asking on */
    assert_int_equal(count_of(told, "[\"asked\",\""), 2);
    assert_int_equal(count_of(told, "[\"approved\",\""), 2);
    assert_int_equal(count_of(told, "\"commander\","), 2);
    assert_non_null(strstr(told, ",0,[[\"asked\"")); /* until it is released */
    assert_non_null(strstr(manifest, "\"proofs/holds.jsonl\""));
}

static void a_hold_that_was_released_is_not_told(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *gone = hold(bench, bench->from_us, "");
    g_autofree char *release =
        g_strdup_printf("POST /api/v1/cases/%s/holds/%s/release", bench->number, gone);
    json_decref(ask(bench->house, bench->officer, "POST /cases/{id}/holds/{hold}/release", release,
                    "{\"reason\":\"không cần nữa\"}", 200));
    json_decref(ask(bench->house, bench->commander, "POST /cases/{id}/holds/{hold}/release",
                    release, "{\"approve\":true}", 200));
    g_autofree char *id = package_asked(bench, "");
    g_autofree char *manifest = manifest_of(bench, id);
    assert_null(strstr(manifest, gone));
    assert_non_null(strstr(manifest, "\"package\",")); /* its own */
}

static void what_nobody_says_is_the_first_law_that_the_site_offers(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *admin = house_session(bench->house, ROLE_ADMIN);
    json_decref(ask(bench->house, admin, "PATCH /site", "PATCH /api/v1/site",
                    "{\"package_bases\":\" " LAW " \\n\\n" LAW "\\nLuật khác, Điều 1\"}", 200));
    g_autoptr(Json) me = ask(bench->house, bench->officer, "GET /me", "GET /api/v1/me", NULL, 200);
    assert_string_equal(package_text(json_object_get(me, "site"), "package_bases"),
                        LAW "\nLuật khác, Điều 1");
    g_autofree char *id = package_asked(bench, "");
    g_autoptr(Json) asked = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
    assert_string_equal(package_text(asked, "basis"), LAW);
    static const char *const wrong[] = {"\"\"", "\" \\n \"", "\"ab\"", "\"Luật\\u0007\"", "7"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *body = g_strdup_printf("{\"package_bases\":%s}", wrong[i]);
        fits(bench->house, admin, "PATCH /site", "PATCH /api/v1/site", body, 400);
    }
    g_autoptr(GString) many = g_string_new("{\"package_bases\":\"");
    for (int i = 0; i < 13; i++)
        g_string_append_printf(many, "Điều %d\\n", i + 100);
    g_string_append(many, "\"}");
    fits(bench->house, admin, "PATCH /site", "PATCH /api/v1/site", many->str, 400);
    fits(bench->house, bench->officer, "PATCH /site", "PATCH /api/v1/site",
         "{\"package_bases\":\"Điều 1\"}", 403);
}

static void what_is_no_line_of_words_is_refused_and_markup_is_words(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *long_words = g_strnfill(10000, 'a');
    g_autofree char *too_long = g_strdup_printf(",\"basis\":\"%s\"", long_words);
    const char *const wrong[] = {",\"basis\":\"\"",
                                 ",\"basis\":\"ab\"",
                                 ",\"basis\":\"Luật\\nĐiều\"",
                                 ",\"basis\":\"Luật\\u001b[2J\"",
                                 ",\"basis\":7",
                                 too_long};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *body = package_asking(bench, wrong[i]);
        fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);
    }
    char camera[UUID_TEXT];
    g_autofree char *negative =
        g_strdup_printf(",\"basis\":\"" LAW "\",\"certificate\":{\"regions\":[{\"camera\":\"%s\","
                        "\"corners\":[0.1,0.1,0.5,0.9]}]}",
                        uuid_text(&bench->house->camera, camera));
    g_autofree char *body = package_asking(bench, negative);
    fits(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 400);

    g_autofree char *id = package_asked(bench, ",\"basis\":\"<img src=x onerror=alert(1)>\"");
    g_autofree char *manifest = manifest_of(bench, id);
    assert_non_null(strstr(manifest, "\"basis\":\"<img src=x onerror=alert(1)>\","));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_package_tells_by_which_law_and_which_holds_keep_its_footage, package_bench_open,
            package_bench_close),
        cmocka_unit_test_setup_teardown(a_hold_that_was_released_is_not_told, package_bench_open,
                                        package_bench_close),
        cmocka_unit_test_setup_teardown(what_nobody_says_is_the_first_law_that_the_site_offers,
                                        package_bench_open, package_bench_close),
        cmocka_unit_test_setup_teardown(what_is_no_line_of_words_is_refused_and_markup_is_words,
                                        package_bench_open, package_bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
