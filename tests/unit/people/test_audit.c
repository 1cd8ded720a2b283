#include "../catalog/scratch.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/thread.h"
#include "ledger/chain.h"
#include "people/audit.h"
#include "unit.h"

#include <string.h>
#include <sys/stat.h>

typedef struct Fixture {
    char *folder;
    NodeKey *key;
    Audit *audit;
} Fixture;

static int setup(void **state)
{
    static const uint8_t seed[32] = {7};
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    fixture->key = node_key_from_seed(seed);
    fixture->audit = audit_open(fixture->folder, fixture->key, NULL);
    *state = fixture;
    return fixture->audit ? 0 : -1;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    clock_test_set(-1, -1);
    clock_tick();
    audit_close(fixture->audit);
    node_key_free(fixture->key);
    scratch_remove(fixture->folder);
    g_free(fixture);
    return 0;
}

static void append(Fixture *fixture, const char *action)
{
    audit_append(fixture->audit, &(AuditEntry){.actor = uuid_of(1), .action = action});
}

static void flush(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    if (!audit_flush(fixture->audit, &error))
        fail_msg("%s", error->message);
}

/* Actions of a page, newest first: "c b a"; `query` then asks for the page behind it. */
static char *page(Fixture *fixture, AuditQuery *query)
{
    g_autoptr(GError) error = NULL;
    char *next;
    g_autoptr(GPtrArray) rows = audit_search(fixture->audit, query, &next, &error);
    if (!rows)
        fail_msg("%s", error->message);
    g_free((char *)query->cursor);
    query->cursor = next;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        g_string_append_printf(text, "%s%s", i ? " " : "", row->action);
    }
    return g_string_free(text, FALSE);
}

static void an_entry_reads_back_as_it_was_told(void **state)
{
    Fixture *fixture = *state;
    audit_append(fixture->audit, &(AuditEntry){.actor = uuid_of(1),
                                               .device = "Firefox \"on\" Android\n",
                                               .address = "10.0.0.1",
                                               .action = "clip",
                                               .object = "camera",
                                               .reason = "va chạm ở cổng chợ \xff",
                                               .result = "ok",
                                               .from_us = 5,
                                               .to_us = 6});
    flush(fixture);
    g_autoptr(GPtrArray) rows = audit_rows(fixture->audit, 10);
    assert_int_equal(rows->len, 1);
    const AuditRow *row = rows->pdata[0];
    char actor[UUID_TEXT];
    Uuid id = uuid_of(1);
    assert_string_equal(row->actor, uuid_text(&id, actor));
    assert_string_equal(row->device, "Firefox \"on\" Android\n");
    assert_string_equal(row->reason, "va chạm ở cổng chợ \xef\xbf\xbd");
    assert_string_equal(row->result, "ok");
    assert_int_equal(row->from_us, 5);
    assert_int_equal(row->to_us, 6);
    assert_int_equal(row->seq, 1);
}

static void pages_follow_each_other_by_their_cursor(void **state)
{
    Fixture *fixture = *state;
    const char *const actions[] = {"a", "b", "c", "d", "e"};
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
        append(fixture, actions[i]);
    flush(fixture);
    AuditQuery query = {.to_us = INT64_MAX, .limit = 2};
    g_autofree char *first = page(fixture, &query);
    assert_string_equal(first, "e d");
    g_autofree char *second = page(fixture, &query);
    assert_string_equal(second, "c b");
    g_autofree char *third = page(fixture, &query);
    assert_string_equal(third, "a");
    assert_null(query.cursor);
}

static void days_are_files_of_one_chain_and_are_listed_across(void **state)
{
    Fixture *fixture = *state;
    int64_t wall_us = INT64_C(1795000000000000);
    for (int day = 0; day < 3; day++) {
        clock_test_set(HOUR_US + day * DAY_US, wall_us + day * DAY_US);
        clock_tick();
        append(fixture, day == 0 ? "first" : day == 1 ? "second" : "third");
        flush(fixture);
    }
    AuditQuery every = {.to_us = INT64_MAX, .limit = 10};
    g_autofree char *all = page(fixture, &every);
    assert_string_equal(all, "third second first");
    AuditQuery middle = {
        .from_us = wall_us + DAY_US - HOUR_US, .to_us = wall_us + DAY_US + HOUR_US, .limit = 10};
    g_autofree char *one = page(fixture, &middle);
    assert_string_equal(one, "second");
    g_autoptr(GPtrArray) names = day_names(fixture->folder, ".jsonl", NULL);
    assert_int_equal(names->len, 3);
    assert_int_equal(chain_check(fixture->folder, NULL, NULL, NULL, NULL), 0);
}

static void closing_writes_what_waits_and_the_chain_goes_on(void **state)
{
    Fixture *fixture = *state;
    append(fixture, "a");
    audit_close(fixture->audit);
    fixture->audit = audit_open(fixture->folder, fixture->key, NULL);
    append(fixture, "b");
    flush(fixture);
    g_autoptr(GPtrArray) rows = audit_rows(fixture->audit, 10);
    assert_int_equal(rows->len, 2);
    assert_string_equal(((const AuditRow *)rows->pdata[0])->action, "b");
    assert_string_equal(((const AuditRow *)rows->pdata[1])->action, "a");
    assert_int_equal(((const AuditRow *)rows->pdata[1])->seq, 1);
    assert_int_equal(chain_check(fixture->folder, NULL, NULL, NULL, NULL), 0);
}

static void append_many(void *data)
{
    for (int i = 0; i < 200; i++)
        append(data, "many");
}

static void who_asks_over_and_over_does_not_keep_the_disk_busy(void **state)
{
    Fixture *fixture = *state;
    const gint64 begin_us = g_get_monotonic_time();
    for (int i = 0; i < 5; i++) {
        append(fixture, "sign-in");
        flush(fixture);
    }
    assert_true(g_get_monotonic_time() - begin_us >= 4 * AUDIT_FLUSHES_APART_US);
}

static void many_threads_lose_nothing(void **state)
{
    Fixture *fixture = *state;
    Thread *threads[4];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = thread_start("many", append_many, fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        thread_join(threads[i]);
    flush(fixture);
    g_autoptr(GPtrArray) rows = audit_rows(fixture->audit, 10000);
    assert_int_equal(rows->len, 800);
}

static AuditLook *look(Fixture *fixture, const char *action, const char *camera)
{
    return audit_look_new(fixture->audit, &(AuditEntry){.actor = uuid_of(1),
                                                        .device = "phone",
                                                        .address = "10.0.0.1",
                                                        .action = action,
                                                        .object = camera});
}

/* Lines, oldest first, as "action from-to" in seconds. */
static char *told(Fixture *fixture)
{
    g_autoptr(GPtrArray) rows = audit_rows(fixture->audit, 100);
    GString *text = g_string_new(NULL);
    for (guint i = rows->len; i-- > 0;) {
        const AuditRow *row = rows->pdata[i];
        g_string_append_printf(text, "%s%s %s %d-%d", text->len ? ", " : "", row->object,
                               row->action, (int)(row->from_us / SECOND_US),
                               (int)(row->to_us / SECOND_US));
    }
    return g_string_free(text, FALSE);
}

static void reopen(Fixture *fixture)
{
    audit_close(fixture->audit);
    fixture->audit = audit_open(fixture->folder, fixture->key, NULL);
    assert_non_null(fixture->audit);
}

static void a_look_that_goes_on_is_a_line_at_its_beginning_and_one_at_its_end(void **state)
{
    Fixture *fixture = *state;
    AuditLook *gate = look(fixture, "replay", "gate"), *market = look(fixture, "replay", "market");
    for (int second = 100; second < 200; second += 2)
        audit_look_seen(gate, AUDIT_JOIN_NEAR, second * SECOND_US, (second + 2) * SECOND_US);
    audit_look_seen(market, AUDIT_JOIN_NEAR, 100 * SECOND_US, 102 * SECOND_US);
    flush(fixture);
    g_autofree char *begun = told(fixture);
    assert_string_equal(begun, "gate replay 100-102, market replay 100-102");
    audit_look_free(gate);
    audit_look_free(market);
    reopen(fixture);
    g_autofree char *ended = told(fixture);
    assert_string_equal(ended,
                        "gate replay 100-102, market replay 100-102, gate replay-end 100-200");
    assert_int_equal(chain_check(fixture->folder, NULL, NULL, NULL, NULL), 0);
}

static void a_jump_far_away_is_another_look_and_stills_that_are_looked_through_are_one(void **state)
{
    Fixture *fixture = *state;
    AuditLook *run = look(fixture, "replay", "gate"), *still = look(fixture, "thumbnail", "gate");
    audit_look_seen(run, AUDIT_JOIN_NEAR, 100 * SECOND_US, 110 * SECOND_US);
    audit_look_seen(run, AUDIT_JOIN_NEAR, 110 * SECOND_US, 120 * SECOND_US);
    audit_look_seen(run, AUDIT_JOIN_NEAR, 9000 * SECOND_US, 9010 * SECOND_US);
    audit_look_seen(still, AUDIT_JOIN_ANY, 5000 * SECOND_US, 5000 * SECOND_US);
    audit_look_seen(still, AUDIT_JOIN_ANY, 1000 * SECOND_US, 1000 * SECOND_US);
    audit_look_free(run);
    audit_look_free(still);
    reopen(fixture);
    g_autofree char *all = told(fixture);
    assert_string_equal(all, "gate replay 100-110, gate replay-end 100-120, "
                             "gate replay 9000-9010, gate thumbnail 5000-5000, "
                             "gate thumbnail-end 1000-5000");
}

static void a_look_that_rests_for_a_minute_is_over(void **state)
{
    Fixture *fixture = *state;
    int64_t wall_us = INT64_C(1795000000000000);
    clock_test_set(HOUR_US, wall_us);
    clock_tick();
    g_autoptr(AuditLook) run = look(fixture, "replay", "gate");
    audit_look_seen(run, AUDIT_JOIN_NEAR, 100 * SECOND_US, 110 * SECOND_US);
    audit_look_seen(run, AUDIT_JOIN_NEAR, 110 * SECOND_US, 120 * SECOND_US);
    flush(fixture);
    clock_test_set(HOUR_US + MINUTE_US + SECOND_US, wall_us + MINUTE_US + SECOND_US);
    clock_tick();
    flush(fixture);
    g_autofree char *all = told(fixture);
    assert_string_equal(all, "gate replay 100-110, gate replay-end 100-120");
}

static void what_changed_reads_back_with_before_and_after(void **state)
{
    Fixture *fixture = *state;
    const AuditChange changes[] = {{"retention_days", "30", "14"}, {"name", "", ""}};
    audit_append(fixture->audit,
                 &(AuditEntry){.action = "camera-edit", .changes = changes, .change_count = 2});
    flush(fixture);
    g_autoptr(GPtrArray) rows = audit_rows(fixture->audit, 10);
    const AuditRow *row = rows->pdata[0];
    assert_int_equal(row->changes->len, 2);
    const AuditRowChange *days = &g_array_index(row->changes, AuditRowChange, 0);
    assert_string_equal(days->field, "retention_days");
    assert_string_equal(days->before, "30");
    assert_string_equal(days->after, "14");
    const AuditRowChange *name = &g_array_index(row->changes, AuditRowChange, 1);
    assert_string_equal(name->field, "name");
    assert_string_equal(name->after, "");
}

/* Objects of all pages of a search, newest first, and how many pages it took. */
static char *search(Fixture *fixture, AuditQuery query, unsigned *pages)
{
    g_autofree char *next = NULL;
    GString *text = g_string_new(NULL);
    for (*pages = 0; *pages == 0 || next; (*pages)++) {
        g_autofree char *cursor = g_steal_pointer(&next);
        g_autoptr(GError) error = NULL;
        query.cursor = cursor;
        query.to_us = INT64_MAX;
        g_autoptr(GPtrArray) rows = audit_search(fixture->audit, &query, &next, &error);
        if (!rows)
            fail_msg("%s", error->message);
        for (guint i = 0; i < rows->len; i++)
            g_string_append_printf(text, "%s%s", text->len ? " " : "",
                                   ((const AuditRow *)rows->pdata[i])->object);
    }
    return g_string_free(text, FALSE);
}

static void looks_beyond_what_people_do_end_early_and_are_told(void **state)
{
    Fixture *fixture = *state;
    unsigned pages;
    AuditLook *first = look(fixture, "replay", "first");
    audit_look_seen(first, AUDIT_JOIN_NEAR, 100 * SECOND_US, 110 * SECOND_US);
    audit_look_seen(first, AUDIT_JOIN_NEAR, 110 * SECOND_US, 120 * SECOND_US);
    audit_look_free(first);
    for (int i = 0; i < 2000; i++) {
        g_autofree char *camera = g_strdup_printf("camera%d", i);
        g_autoptr(AuditLook) one = look(fixture, "replay", camera);
        audit_look_seen(one, AUDIT_JOIN_NEAR, 100 * SECOND_US, 110 * SECOND_US);
    }
    flush(fixture);
    g_autofree char *lines = search(fixture, (AuditQuery){.object = "first", .limit = 100}, &pages);
    assert_string_equal(lines, "first first");
}

/* Ten lines on each of two days: "0" … "19", by two people in turn, each fifth refused. */
static void two_days(Fixture *fixture)
{
    int64_t wall_us = INT64_C(1795000000000000);
    for (int i = 0; i < 20; i++) {
        g_autofree char *object = g_strdup_printf("%d", i);
        clock_test_set(HOUR_US + i / 10 * DAY_US, wall_us + i / 10 * DAY_US);
        clock_tick();
        audit_append(fixture->audit, &(AuditEntry){.actor = uuid_of(i % 2 ? 1 : 2),
                                                   .action = i % 3 ? "live" : "camera-edit",
                                                   .object = object,
                                                   .result = i % 5 ? "ok" : "no-right"});
        flush(fixture);
    }
}

static void a_search_finds_by_person_kind_object_and_refusal_across_days(void **state)
{
    Fixture *fixture = *state;
    unsigned pages;
    char actor[UUID_TEXT];
    Uuid one = uuid_of(1);
    uuid_text(&one, actor);
    two_days(fixture);
    g_autofree char *whose = search(fixture, (AuditQuery){.actor = actor, .limit = 100}, &pages);
    assert_string_equal(whose, "19 17 15 13 11 9 7 5 3 1");
    assert_int_equal(pages, 1);
    g_autofree char *edits =
        search(fixture, (AuditQuery){.kind = AUDIT_CHANGE, .limit = 3}, &pages);
    assert_string_equal(edits, "18 15 12 9 6 3 0");
    g_autofree char *refused = search(fixture, (AuditQuery){.refused = true, .limit = 2}, &pages);
    assert_string_equal(refused, "15 10 5 0");
    g_autofree char *object = search(fixture, (AuditQuery){.object = "7", .limit = 5}, &pages);
    assert_string_equal(object, "7");
    g_autofree char *console = search(fixture, (AuditQuery){.actor = "", .limit = 5}, &pages);
    assert_string_equal(console, "");
}

static void pages_of_a_search_meet_without_a_hole_whatever_their_size(void **state)
{
    Fixture *fixture = *state;
    unsigned pages;
    two_days(fixture);
    for (unsigned size = 1; size < 24; size++) {
        g_autofree char *by_rows = search(fixture, (AuditQuery){.limit = size}, &pages);
        assert_string_equal(by_rows, "19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0");
        assert_int_equal(pages, (20 + size - 1) / size);
        g_autofree char *by_lines =
            search(fixture, (AuditQuery){.refused = true, .limit = 100, .lines = size}, &pages);
        assert_string_equal(by_lines, "15 10 5 0");
    }
}

static void refuse(Fixture *fixture, const char *address)
{
    audit_append(fixture->audit,
                 &(AuditEntry){.address = address, .action = "sign-in", .result = "locked-out"});
}

/* Lines are kept for years: nobody without an account may write them without end. */
static void a_flood_of_refusals_is_a_few_lines_and_a_count(void **state)
{
    Fixture *fixture = *state;
    int64_t wall_us = INT64_C(1795000000000000);
    clock_test_set(HOUR_US, wall_us);
    clock_tick();
    for (int i = 0; i < 500; i++)
        refuse(fixture, i % 2 ? "2001:db8::1" : "2001:db8::2"); /* one /64 */
    refuse(fixture, "10.0.0.8");
    append(fixture, "clip");
    flush(fixture);
    g_autoptr(GPtrArray) rows = audit_rows(fixture->audit, 1000);
    assert_int_equal(rows->len, 20 + 2);
    clock_test_set(HOUR_US + MINUTE_US + SECOND_US, wall_us + MINUTE_US + SECOND_US);
    clock_tick();
    append(fixture, "clip");
    flush(fixture);
    refuse(fixture, "2001:db8::1");
    flush(fixture);
    const AuditQuery since = {.from_us = wall_us + MINUTE_US, .to_us = INT64_MAX, .limit = 1000};
    g_autofree char *next = NULL;
    g_autoptr(GPtrArray) later = audit_search(fixture->audit, &since, &next, NULL);
    assert_int_equal(later->len, 3);
    assert_string_equal(((const AuditRow *)later->pdata[0])->action, "sign-in");
    const AuditRow *more = later->pdata[1];
    assert_string_equal(more->action, "refused-more");
    assert_string_equal(more->address, "2001:db8::2");
    assert_true(audit_is_refused(more));
    const AuditRowChange *times = &g_array_index(more->changes, AuditRowChange, 0);
    assert_string_equal(times->field, "times");
    assert_string_equal(times->after, "480");
}

static void floods_from_more_addresses_than_are_told_apart_stay_few_lines(void **state)
{
    Fixture *fixture = *state;
    for (int i = 0; i < 2000; i++) {
        g_autofree char *address = g_strdup_printf("10.1.%d.%d", i / 250, i % 250);
        refuse(fixture, address);
    }
    flush(fixture);
    g_autoptr(GPtrArray) rows = audit_rows(fixture->audit, 5000);
    assert_int_equal(rows->len, 256 + 20);
}

static void a_cursor_that_no_page_gave_is_refused_or_leads_nowhere(void **state)
{
    Fixture *fixture = *state;
    two_days(fixture);
    static const char *const cursors[] = {"", "5", "2026-13-01-5", "2026-11-24-", "2026-11-24-x"};
    for (size_t i = 0; i < G_N_ELEMENTS(cursors); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *next = NULL;
        AuditQuery query = {.to_us = INT64_MAX, .limit = 5, .cursor = cursors[i]};
        assert_null(audit_search(fixture->audit, &query, &next, &error));
        assert_true(g_error_matches(error, ERR, ERR_INVALID));
    }
    g_autofree char *next = NULL;
    AuditQuery before = {.to_us = INT64_MAX, .limit = 5, .cursor = "2020-01-01-77"};
    g_autoptr(GPtrArray) none = audit_search(fixture->audit, &before, &next, NULL);
    assert_int_equal(none->len, 0);
}

int main(void)
{
    secret_init();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_entry_reads_back_as_it_was_told),
        TEST(pages_follow_each_other_by_their_cursor),
        TEST(days_are_files_of_one_chain_and_are_listed_across),
        TEST(closing_writes_what_waits_and_the_chain_goes_on),
        TEST(who_asks_over_and_over_does_not_keep_the_disk_busy),
        TEST(many_threads_lose_nothing),
        TEST(a_look_that_goes_on_is_a_line_at_its_beginning_and_one_at_its_end),
        TEST(a_jump_far_away_is_another_look_and_stills_that_are_looked_through_are_one),
        TEST(a_look_that_rests_for_a_minute_is_over),
        TEST(looks_beyond_what_people_do_end_early_and_are_told),
        TEST(a_search_finds_by_person_kind_object_and_refusal_across_days),
        TEST(pages_of_a_search_meet_without_a_hole_whatever_their_size),
        TEST(a_flood_of_refusals_is_a_few_lines_and_a_count),
        TEST(floods_from_more_addresses_than_are_told_apart_stay_few_lines),
        TEST(a_cursor_that_no_page_gave_is_refused_or_leads_nowhere),
        TEST(what_changed_reads_back_with_before_and_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
