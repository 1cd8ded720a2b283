/* Figures and health: what the page in docs/ tells is what the server says, and the other way. */
#include "base/clock.h"
#include "house.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static char *metrics(House *house)
{
    g_autofree char *session = house_session(house, ROLE_ADMIN);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, session, "GET /metrics", NULL, &answer);
    assert_int_equal(answer.status, 200);
    return g_strndup((const char *)answer.bytes->data, answer.bytes->size);
}

/* The words behind each occurrence of `before`, up to one of `ends`. */
static GHashTable *words_after(const char *text, const char *before, const char *ends)
{
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *at = text; (at = strstr(at, before));) {
        at += strlen(before);
        g_hash_table_add(words, g_strndup(at, strcspn(at, ends)));
    }
    return words;
}

static void assert_all_in(GHashTable *words, GHashTable *others, const char *where)
{
    GHashTableIter iter;
    void *word;
    g_hash_table_iter_init(&iter, words);
    while (g_hash_table_iter_next(&iter, &word, NULL))
        if (!g_hash_table_contains(others, word))
            fail_msg("%s lacks vonglau_%s", where, (char *)word);
}

static void each_series_is_documented_and_each_documented_series_is_there(void **state)
{
    House *house = *state;
    g_autofree char *page = NULL;
    g_autofree char *path =
        g_build_filename(g_getenv("SOURCE_ROOT"), "docs/reference/metrics.md", NULL);
    assert_true(g_file_get_contents(path, &page, NULL, NULL));
    g_autofree char *text = metrics(house);
    g_autoptr(GHashTable) said = words_after(text, "# TYPE vonglau_", " ");
    g_autoptr(GHashTable) told = words_after(page, "\n| `vonglau_", "`");
    assert_true(g_hash_table_size(said) > 40);
    assert_all_in(said, told, "docs/reference/metrics.md");
    assert_all_in(told, said, "GET /metrics");
}

static void figures_follow_what_happens(void **state)
{
    House *house = *state;
    house_record(house, 4);
    events_begin(house->events, &house->camera, EVENT_COVERED, clock_now_us(), NULL);
    g_autofree char *text = metrics(house);
    assert_non_null(strstr(text, "\nvonglau_cameras 1\n"));
    assert_non_null(strstr(text, "\nvonglau_archive_recorders 1\n"));
    assert_non_null(strstr(text, "\nvonglau_catalog_up 1\n"));
    assert_non_null(strstr(text, "\nvonglau_events_open{kind=\"covered\"} 1\n"));
    assert_null(strstr(text, "\nvonglau_archive_pictures_total 0\n"));
}

static Json *health(House *house, int status)
{
    g_auto(ApiResponse) answer = {0};
    house_ask(house, NULL, "GET /healthz", NULL, &answer);
    assert_int_equal(answer.status, status);
    return json_incref(answer.json);
}

static void a_camera_that_is_off_does_not_make_the_server_ill(void **state)
{
    g_autoptr(Json) told = health(*state, 200);
    const Json *cameras = json_object_get(told, "cameras");
    assert_string_equal(json_string_value(json_object_get(told, "status")), "degraded");
    assert_int_equal(json_integer_value(json_object_get(cameras, "wanted")), 1);
    assert_int_equal(json_integer_value(json_object_get(cameras, "recording")), 0);
    assert_true(json_is_null(json_object_get(told, "problem")));
}

static void a_volume_that_is_gone_makes_it_ill_until_it_is_back(void **state)
{
    House *house = *state;
    g_autofree char *footage = g_build_filename(house->folder, "footage", NULL);
    g_autofree char *aside = g_build_filename(house->folder, "aside", NULL);
    json_decref(health(house, 200));
    assert_int_equal(rename(footage, aside), 0);
    for (int i = 0; i < 1500 && archive_figures(house->archive).volume_present; i++)
        g_usleep(10000);
    g_autoptr(Json) told = health(house, 503);
    assert_string_equal(json_string_value(json_object_get(told, "status")), "failing");
    assert_string_equal(json_string_value(json_object_get(told, "problem")),
                        "the folder of the footage is missing");
    assert_int_equal(rename(aside, footage), 0);
    for (int i = 0; i < 1500 && !archive_figures(house->archive).volume_present; i++)
        g_usleep(10000);
    json_decref(health(house, 200));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(each_series_is_documented_and_each_documented_series_is_there),
        TEST(figures_follow_what_happens),
        TEST(a_camera_that_is_off_does_not_make_the_server_ill),
        TEST(a_volume_that_is_gone_makes_it_ill_until_it_is_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
