/* A request to households over the API: it stands once, whatever the line does; it can be
 * withdrawn; and a catalog that cannot be read is told as that. Each answer fits openapi.yaml. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "catalog/db.h"
#include "given_story.h"
#include "household/footage_given.h"
#include "unit.h"

#include <string.h>

/* One house for all tests: each has a household and a case of its own. */
typedef struct Post {
    void *house;
    char *officer; /* signed in */
} Post;

static Story begin(const Post *post)
{
    g_autofree char *number = given_case(post->house, post->officer);
    return story_begin_for(post->house, post->officer, number);
}

/* `body` with the app's own name for it, which begins with `first`. Owned. */
static char *with_key(const char *body, char first)
{
    return g_strdup_printf("%.*s,\"key\":\"%cd1c1f1e-0000-4000-8000-0000000000a1\"}",
                           (int)strlen(body) - 1, body, first);
}

static size_t requests_of(House *house, const char *officer, const char *number)
{
    g_autofree char *what = g_strconcat("GET /api/v1/footage-requests?case=", number, NULL);
    g_autoptr(Json) list = ask(house, officer, "GET /footage-requests", what, NULL, 200);
    return json_array_size(json_object_get(list, "items"));
}

static Json *withdraw(House *house, const Story *story, const char *body, int status)
{
    g_autofree char *what =
        g_strdup_printf("POST /api/v1/footage-requests/%s/withdrawal", story->request);
    return ask(house, story->officer, "POST /footage-requests/{id}/withdrawal", what, body, status);
}

/* Lines of the audit log with this action and object; the last of them in `*row`, owned by `rows`.
 */
static unsigned lines_of(House *house, GPtrArray **rows, const char *action, const char *object,
                         const AuditRow **row)
{
    unsigned count = 0;
    assert_true(audit_flush(house->audit, NULL));
    *rows = audit_rows(house->audit, 200);
    for (guint i = 0; i < (*rows)->len; i++) {
        const AuditRow *one = (*rows)->pdata[i];
        if (strcmp(one->action, action) != 0 || strcmp(one->object, object) != 0)
            continue;
        *row = one;
        count++;
    }
    return count;
}

/* ---- once ---- */

static void what_is_sent_again_after_a_broken_line_is_the_same_request(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    const char *officer = post->officer;
    const AuditRow *row = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    g_autofree char *number = given_case(house, officer), *household = given_household(house, 1),
                    *plain = given_request_body(number, household, HOUR_US),
                    *body = with_key(plain, 'a');
    g_autoptr(Json) first = given_request(house, officer, body, 201);
    g_autoptr(Json) second = given_request(house, officer, body, 201);
    assert_true(json_equal(first, second));
    assert_int_equal(requests_of(house, officer, number), 1);
    assert_int_equal(lines_of(house, &rows, "household-ask", text_of(first, "id"), &row), 1);
    json_decref(given_request(house, officer, plain, 201)); /* without a key it is another */
    assert_int_equal(requests_of(house, officer, number), 2);
}

static void a_key_does_not_stand_for_other_words_nor_for_another_officer(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    const char *officer = post->officer;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER),
                    *number = given_case(house, officer), *household = given_household(house, 1),
                    *plain = given_request_body(number, household, HOUR_US),
                    *body = with_key(plain, 'b'),
                    *other_time = given_request_body(number, household, HOUR_US + 1000000),
                    *changed = with_key(other_time, 'b');
    json_decref(given_request(house, officer, body, 201));
    g_autoptr(Json) refused = given_request(house, officer, changed, 409);
    assert_string_equal(text_of(refused, "cause_code"), "asked-before");
    json_decref(given_request(house, commander, body, 409));
    assert_int_equal(requests_of(house, officer, number), 1);
}

/* The answer was lost; meanwhile the family stopped being asked and the case was decided. */
static void what_was_asked_is_answered_even_if_it_could_not_be_asked_any_more(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    const char *officer = post->officer;
    g_autofree char *number = given_case(house, officer), *household = given_household(house, 1),
                    *plain = given_request_body(number, household, HOUR_US),
                    *body = with_key(plain, 'c');
    g_autoptr(Json) first = given_request(house, officer, body, 201);
    g_auto(Link) link = given_link(house, officer, text_of(first, "id"), household);
    assert_null(by_link(house, &link, API_POST, "/answer", "{\"answer\":\"leave\"}", 204));
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", number, NULL);
    json_decref(ask(house, officer, "PATCH /cases/{id}", what,
                    "{\"revision\":1,\"state\":\"rejected\",\"reason\":\"Báo nhầm\"}", 200));
    g_autoptr(Json) second = given_request(house, officer, body, 201);
    assert_string_equal(text_of(second, "id"), text_of(first, "id"));
    g_autoptr(Json) fresh = given_request(house, officer, plain, 409);
    assert_string_equal(text_of(fresh, "cause_code"), "case-over");
}

/* ---- withdrawn ---- */

static void what_is_withdrawn_takes_nothing_more_and_says_so_to_the_family(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    g_auto(Story) story = begin(post);
    json_decref(by_link(house, &story.link, API_POST, "/files", BEGIN, 201));
    json_decref(send_piece(house, &story.link, 0, film, FIRST_BYTES, 200));
    g_autoptr(Json) seen = withdraw(house, &story, "{\"reason\":\"Đã tìm thấy xe\"}", 200);
    assert_true(json_boolean_value(json_object_get(seen, "over")));
    assert_string_equal(text_of(json_object_get(seen, "withdrawn"), "reason"), "Đã tìm thấy xe");
    assert_string_equal(text_of(json_object_get(seen, "withdrawn"), "by"), "officer-1");
    json_decref(send_piece(house, &story.link, FIRST_BYTES, film + FIRST_BYTES,
                           FILM_BYTES - FIRST_BYTES, 400));
    json_decref(by_link(house, &story.link, API_POST, "/files",
                        "{\"size\":40,\"key\":\"9d1c1f1e-0000-4000-8000-00000000000b\"}", 400));
    g_autoptr(Json) page = by_link(house, &story.link, API_GET, "", NULL, 200);
    assert_non_null(json_object_get(page, "withdrawn_at"));
    assert_true(json_boolean_value(json_object_get(page, "over")));
    g_autofree char *told = json_line(page);
    assert_null(strstr(told, "Đã tìm thấy xe")); /* why is the officers' affair */
}

static void what_was_given_before_stays_the_familys_to_see_and_take_back(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    g_auto(Story) story = begin(post);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    g_autoptr(Json) seen = withdraw(house, &story, "{}", 200);
    assert_int_equal(json_integer_value(json_object_get(seen, "given")), 1);
    assert_null(json_object_get(json_object_get(seen, "withdrawn"), "reason"));
    g_autoptr(Json) page = by_link(house, &story.link, API_GET, "", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(page, "files")), 1);
    assert_null(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 204));
    g_autoptr(Json) after = given_seen(house, story.officer, story.request);
    assert_int_equal(json_integer_value(json_object_get(after, "given")), 0);
}

static void it_is_withdrawn_once_by_who_may_ask(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    const AuditRow *row = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    g_auto(Story) story = begin(post);
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *what = g_strdup_printf("POST /api/v1/footage-requests/%s/withdrawal",
                                            story.request);
    json_decref(ask(house, head, "POST /footage-requests/{id}/withdrawal", what, "{}", 403));
    json_decref(withdraw(house, &story, "{\"reason\":\"hai\\ndòng\"}", 400));
    g_autoptr(Json) first = withdraw(house, &story, "{\"reason\":\"Không cần nữa\"}", 200);
    g_autoptr(Json) second = withdraw(house, &story, "{\"reason\":\"lý do khác\"}", 200);
    assert_true(json_equal(first, second));
    assert_int_equal(lines_of(house, &rows, "household-ask-withdraw", story.request, &row), 1);
    assert_string_equal(row->reason, story.number);
}

static void it_is_withdrawn_after_the_deadline_too(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    Uuid id, who = uuid_new();
    bool again = true;
    g_auto(Story) story = begin(post);
    assert_true(uuid_parse(story.request, &id));
    clock_test_set(clock_mono_us() + 3 * DAY_US, clock_now_us() + 3 * DAY_US);
    g_autoptr(HouseholdRequestRow) row =
        footage_withdraw(house->households, &id, &who, NULL, &again, NULL);
    clock_test_set(-1, -1);
    assert_true(row && !again && row->withdrawn_us > row->deadline_us);
    g_autoptr(Json) page = by_link(house, &story.link, API_GET, "", NULL, 200);
    assert_non_null(json_object_get(page, "withdrawn_at"));
}

/* ---- evidence, once ---- */

static void what_two_keep_at_the_same_time_is_in_the_case_once(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    g_auto(Story) story = begin(post);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    g_autoptr(CaseRow) found = case_desk_find(house->cases, story.number, NULL);
    const CaseItemTold told = {.kind = CASE_ITEM_GIVEN,
                               .thing = file,
                               .request = story.request,
                               .sha256 = "00",
                               .type = "video/mp4",
                               .bytes = FILM_BYTES};
    for (int i = 0; i < 2; i++) { /* both have seen that it is not there */
        CaseRefusal refusal = CASE_FINE;
        Uuid who = uuid_new();
        g_autoptr(CaseItemRow) item = NULL;
        g_autoptr(CaseRow) after =
            case_desk_put(house->cases, &found->id, &told, &who, &item, &refusal, NULL);
        assert_int_equal(refusal, i == 0 ? CASE_FINE : CASE_REFUSED_DONE);
        assert_int_equal(after != NULL, i == 0);
    }
    g_autofree char *keep = g_strdup_printf("POST /api/v1/household-files/%s/evidence", file),
                    *what = g_strconcat("GET /api/v1/cases/", story.number, NULL);
    json_decref(ask(house, story.officer, "POST /household-files/{id}/evidence", keep, NULL, 204));
    g_autoptr(Json) whole = ask(house, story.officer, "GET /cases/{id}", what, NULL, 200);
    assert_int_equal(json_array_size(json_object_get(whole, "items")), 1);
}

/* ---- the audit log ---- */

static void the_log_says_which_file_was_given_and_which_was_taken_back(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    const AuditRow *row = NULL;
    g_autoptr(GPtrArray) given = NULL, back = NULL;
    g_auto(Story) story = begin(post);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    json_decref(by_link(house, &story.link, API_POST, "/files",
                        "{\"size\":40,\"key\":\"9d1c1f1e-0000-4000-8000-00000000000b\"}", 201));
    assert_null(by_link(house, &story.link, API_DELETE, "/files/1", NULL, 204));
    static const char *const actions[] = {"household-given", "household-taken-back"};
    GPtrArray **const lists[] = {&given, &back};
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        assert_int_equal(lines_of(house, lists[i], actions[i], file, &row), 1);
        assert_string_equal(row->reason, story.number);
        const AuditRowChange *which = &g_array_index(row->changes, AuditRowChange, 0);
        assert_string_equal(which->field, "file");
        assert_string_equal(which->after, "1");
    }
}

/* ---- a catalog that cannot be read ---- */

static bool rename_table(CatalogDb *db, void *data, GError **error)
{
    const char *const *names = data;
    g_autofree char *sql = g_strdup_printf("ALTER TABLE %s RENAME TO %s", names[0], names[1]);
    return db_exec(db, sql, error);
}

static void break_table(House *house, const char *table)
{
    const char *names[] = {table, "away"};
    assert_true(catalog_write_wait(house->catalog, rename_table, names, NULL));
}

static void mend_table(House *house, const char *table)
{
    const char *names[] = {"away", table};
    assert_true(catalog_write_wait(house->catalog, rename_table, names, NULL));
}

static void no_case_is_said_only_of_a_catalog_that_was_read(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    g_auto(Story) story = begin(post);
    g_autofree char *body = given_request_body(story.number, story.household, HOUR_US),
                    *file = give(house, story.officer, story.request, &story.link),
                    *keep = g_strdup_printf("POST /api/v1/household-files/%s/evidence", file);
    break_table(house, "cases");
    json_decref(given_request(house, story.officer, body, 500));
    json_decref(ask(house, story.officer, "POST /household-files/{id}/evidence", keep, NULL, 500));
    mend_table(house, "cases");
}

static void that_nobody_agreed_is_said_only_of_a_register_that_was_read(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    g_auto(Story) story = begin(post);
    g_autofree char *body = given_request_body(story.number, story.household, HOUR_US);
    break_table(house, "households");
    json_decref(given_request(house, story.officer, body, 500));
    mend_table(house, "households");
}

/* A family that reads “this link holds no more” throws it away. */
static void a_link_holds_no_more_is_said_only_when_it_was_looked_up(void **state)
{
    const Post *post = *state;
    House *house = post->house;
    g_auto(Story) story = begin(post);
    g_autofree char *file = give(house, story.officer, story.request, &story.link),
                    *what = g_strconcat("GET /api/v1/household-files/", file, NULL);
    char read[FILM_BYTES];
    g_autoptr(GError) error = NULL;
    g_auto(ApiResponse) answer = {0};
    house_ask(house, story.officer, what, NULL, &answer);
    assert_true(answer.file->read(answer.file->data, 0, read, 10, NULL));
    break_table(house, "household_asks");
    json_decref(by_link(house, &story.link, API_GET, "", NULL, 500));
    clock_test_set(clock_mono_us() + 30 * SECOND_US, clock_wall_us() + 30 * SECOND_US);
    assert_false(answer.file->read(answer.file->data, 10, read, 10, &error));
    clock_test_set(-1, -1);
    assert_false(g_error_matches(error, ERR, ERR_DENIED)); /* it was not taken back */
    mend_table(house, "household_asks");
}

static int open_post(void **state)
{
    Post *post = g_new0(Post, 1);
    read_document(state);
    house_open(&post->house);
    post->officer = house_session(post->house, ROLE_OFFICER);
    *state = post;
    return 0;
}

static int close_post(void **state)
{
    Post *post = *state;
    house_close(&post->house);
    g_free(post->officer);
    g_free(post);
    return drop_document(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sent_again_after_a_broken_line_is_the_same_request),
        cmocka_unit_test(a_key_does_not_stand_for_other_words_nor_for_another_officer),
        cmocka_unit_test(what_was_asked_is_answered_even_if_it_could_not_be_asked_any_more),
        cmocka_unit_test(what_is_withdrawn_takes_nothing_more_and_says_so_to_the_family),
        cmocka_unit_test(what_was_given_before_stays_the_familys_to_see_and_take_back),
        cmocka_unit_test(it_is_withdrawn_once_by_who_may_ask),
        cmocka_unit_test(it_is_withdrawn_after_the_deadline_too),
        cmocka_unit_test(what_two_keep_at_the_same_time_is_in_the_case_once),
        cmocka_unit_test(the_log_says_which_file_was_given_and_which_was_taken_back),
        cmocka_unit_test(no_case_is_said_only_of_a_catalog_that_was_read),
        cmocka_unit_test(that_nobody_agreed_is_said_only_of_a_register_that_was_read),
        cmocka_unit_test(a_link_holds_no_more_is_said_only_when_it_was_looked_up),
    };
    return cmocka_run_group_tests(tests, open_post, close_post);
}
