/* Which looks at footage are marked for whoever watches over the log. */
#include "base/clock.h"
#include "people/audit_marks.h"
#include "unit.h"

#include <string.h>

#define NOON (INT64_C(1764406800) * SECOND_US)
#define OFFICER "5a0f3c1e-0000-4000-8000-000000000001"
#define OTHER "5a0f3c1e-0000-4000-8000-000000000002"

static GPtrArray *log_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)audit_row_free);
}

static void put(GPtrArray *rows, const char *actor, const char *action, const char *object,
                const char *reason, const char *result, int64_t time_us)
{
    AuditRow *row = g_new0(AuditRow, 1);
    *row = (AuditRow){.seq = (int64_t)rows->len + 1,
                      .time_us = time_us,
                      .actor = g_strdup(actor),
                      .device = g_strdup(""),
                      .address = g_strdup(""),
                      .action = g_strdup(action),
                      .object = g_strdup(object),
                      .reason = g_strdup(reason),
                      .result = g_strdup(result),
                      .changes = g_array_new(FALSE, FALSE, sizeof(AuditRowChange))};
    g_ptr_array_add(rows, row);
}

static void look(GPtrArray *rows, const char *actor, int camera, const char *reason,
                 int64_t time_us)
{
    char id[16];
    g_snprintf(id, sizeof id, "camera-%d", camera);
    put(rows, actor, "replay", id, reason, "ok", time_us);
}

/* By night nobody is on duty; only the officer has shifts. */
static bool by_night(void *data, const char *actor, int64_t at_us)
{
    return strcmp(actor, OFFICER) == 0 && at_us >= NOON + 10 * HOUR_US;
}

static bool own_case(void *data, const char *actor, const char *number)
{
    return strcmp(actor, OFFICER) == 0 && strcmp(number, "VV-2026-0007") == 0;
}

static const MarkRules rules = {by_night, own_case, NULL};

static unsigned count_of(const GPtrArray *marks, MarkKind kind)
{
    unsigned count = 0;
    for (guint i = 0; i < marks->len; i++)
        count += ((const AuditMark *)marks->pdata[i])->kind == kind;
    return count;
}

static const AuditMark *only(const GPtrArray *marks, MarkKind kind)
{
    const AuditMark *found = NULL;
    assert_int_equal(marks->len, 1);
    found = marks->pdata[0];
    assert_int_equal(found->kind, kind);
    return found;
}

static void one_camera_over_and_over_without_a_case_is_marked_once(void **state)
{
    g_autoptr(GPtrArray) rows = log_new();
    for (int i = 0; i < 9; i++)
        look(rows, OFFICER, 1, "routine-check", NOON + i * 3 * MINUTE_US);
    g_autoptr(GPtrArray) few = audit_marks(rows, &rules);
    assert_int_equal(few->len, 0);
    look(rows, OFFICER, 1, "routine-check", NOON + 6 * HOUR_US);
    look(rows, OFFICER, 1, "routine-check", NOON + 7 * HOUR_US);
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    const AuditMark *mark = only(marks, MARK_SAME_CAMERA);
    assert_int_equal(mark->count, 11);
    assert_int_equal(mark->from_us, NOON);
    assert_int_equal(mark->to_us, NOON + 7 * HOUR_US);
    assert_int_equal(mark->cameras->len, 1);
    assert_string_equal(mark->cameras->pdata[0], "camera-1");
    assert_int_equal(g_array_index(mark->seqs, int64_t, 0), 1);
}

static void what_is_looked_at_for_a_case_or_rarely_is_not_marked(void **state)
{
    g_autoptr(GPtrArray) rows = log_new();
    for (int i = 0; i < 30; i++)
        look(rows, OFFICER, i, "case VV-2026-0001", NOON + i * MINUTE_US);
    for (int i = 0; i < 30; i++)
        look(rows, OFFICER, 1, "case VV-2026-0001", NOON + HOUR_US + i * MINUTE_US);
    for (int i = 0; i < 10; i++) /* ten in ten days */
        look(rows, OTHER, 1, "training", NOON + i * DAY_US);
    for (int i = 0; i < 10; i++)
        put(rows, OTHER, "replay", "camera-2", "training", "no-right", NOON + 10 * DAY_US + i);
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    assert_int_equal(marks->len, 0);
}

static void small_pictures_searches_and_copies_are_looks_and_one_sitting_is_one(void **state)
{
    static const char *const actions[] = {"thumbnail", "snapshot", "clip", "export-make", "motion"};
    for (size_t kind = 0; kind < G_N_ELEMENTS(actions); kind++) {
        g_autoptr(GPtrArray) rows = log_new();
        for (int i = 0; i < 10; i++) {
            int64_t at_us = NOON + i * HOUR_US / 2;
            put(rows, OFFICER, actions[kind], "camera-1", "training", "ok", at_us);
            put(rows, OFFICER, actions[kind], "camera-1", "training", "ok", at_us + 9 * MINUTE_US);
            g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
            assert_int_equal(marks->len, i == 9);
        }
    }
    g_autoptr(GPtrArray) rows = log_new();
    for (int i = 0; i < 6; i++) { /* what goes along with looks is no look more */
        look(rows, OFFICER, 1, "routine-check", NOON + i * HOUR_US);
        put(rows, OFFICER, "thumbnail", "camera-1", "routine-check", "ok",
            NOON + i * HOUR_US + MINUTE_US);
        put(rows, OFFICER, "snapshot", "camera-1", "", "ok", NOON + i * HOUR_US + 15 * MINUTE_US);
        put(rows, OFFICER, "live", "camera-1", "", "ok", NOON + i * HOUR_US + 30 * MINUTE_US);
    }
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    assert_int_equal(marks->len, 0);
}

static void one_after_the_other_is_no_sitting_nor_is_what_another_reason_opens(void **state)
{
    g_autoptr(GPtrArray) rows = log_new();
    for (int i = 0; i < 20; i++) { /* each within ten minutes of the one before */
        look(rows, OFFICER, 1, "case VV-2026-0001", NOON + i * 9 * MINUTE_US - SECOND_US);
        put(rows, OFFICER, "clip", "camera-1", "", "ok", NOON + i * 9 * MINUTE_US);
    }
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    assert_int_equal(only(marks, MARK_SAME_CAMERA)->count, 10);
}

static void a_case_of_ones_own_making_excuses_nobody(void **state)
{
    g_autoptr(GPtrArray) rows = log_new();
    for (int i = 0; i < 10; i++) {
        look(rows, OFFICER, 1, "case VV-2026-0007", NOON + i * 15 * MINUTE_US);
        look(rows, OTHER, 1, "case VV-2026-0007", NOON + i * 15 * MINUTE_US);
    }
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    const AuditMark *mark = only(marks, MARK_SAME_CAMERA);
    assert_string_equal(mark->actor, OFFICER);
    assert_int_equal(mark->count, 10);
}

static void many_cameras_within_an_hour_are_marked_unless_it_is_a_round(void **state)
{
    g_autoptr(GPtrArray) rows = log_new();
    for (int i = 0; i < 20; i++)
        look(rows, OFFICER, i, i % 2 ? "routine-check" : "unmasked some-id; routine-check",
             NOON + i * MINUTE_US);
    for (int i = 0; i < 20; i++)
        look(rows, OTHER, i, "training", NOON + 2 * HOUR_US + i * MINUTE_US);
    for (int i = 0; i < 20; i++) /* the same four cameras */
        look(rows, OTHER, i % 4, "training", NOON + 20 * DAY_US + i * MINUTE_US);
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    const AuditMark *mark = only(marks, MARK_BULK);
    assert_string_equal(mark->actor, OTHER);
    assert_int_equal(mark->count, 20);
    assert_int_equal(mark->cameras->len, 20);
}

static void looks_out_of_ones_shifts_are_marked_by_the_hour(void **state)
{
    g_autoptr(GPtrArray) rows = log_new();
    look(rows, OFFICER, 1, "routine-check", NOON);
    look(rows, OFFICER, 1, "case VV-2026-0001", NOON + 11 * HOUR_US);
    look(rows, OFFICER, 2, "routine-check", NOON + 11 * HOUR_US + MINUTE_US);
    look(rows, OFFICER, 2, "routine-check", NOON + 14 * HOUR_US);
    look(rows, OTHER, 2, "routine-check", NOON + 14 * HOUR_US); /* has no shifts */
    put(rows, OFFICER, "live", "camera-3", "", "ok", NOON + 18 * HOUR_US);
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    assert_int_equal(count_of(marks, MARK_OFF_SHIFT), 3);
    const AuditMark *older = marks->pdata[2];
    assert_int_equal(older->count, 2);
    assert_int_equal(older->cameras->len, 2);
}

static void a_case_that_explains_a_look_afterwards_is_marked(void **state)
{
    g_autoptr(GPtrArray) rows = log_new();
    look(rows, OTHER, 1, "training", NOON);
    look(rows, OTHER, 2, "resident-report", NOON + MINUTE_US); /* that is how cases begin */
    look(rows, OTHER, 3, "", NOON + MINUTE_US);                /* so new that none was asked */
    put(rows, OTHER, "case-open", "case-7", "", "ok", NOON + HOUR_US);
    put(rows, OFFICER, "case-open", "case-8", "", "ok", NOON + HOUR_US);
    put(rows, OTHER, "case-open", "case-9", "", "ok", NOON + 2 * DAY_US);
    g_autoptr(GPtrArray) marks = audit_marks(rows, &rules);
    const AuditMark *mark = only(marks, MARK_CASE_AFTER_VIEW);
    assert_string_equal(mark->object, "case-7");
    assert_int_equal(mark->count, 1);
    assert_string_equal(mark->cameras->pdata[0], "camera-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_camera_over_and_over_without_a_case_is_marked_once),
        cmocka_unit_test(what_is_looked_at_for_a_case_or_rarely_is_not_marked),
        cmocka_unit_test(small_pictures_searches_and_copies_are_looks_and_one_sitting_is_one),
        cmocka_unit_test(one_after_the_other_is_no_sitting_nor_is_what_another_reason_opens),
        cmocka_unit_test(a_case_of_ones_own_making_excuses_nobody),
        cmocka_unit_test(many_cameras_within_an_hour_are_marked_unless_it_is_a_round),
        cmocka_unit_test(looks_out_of_ones_shifts_are_marked_by_the_hour),
        cmocka_unit_test(a_case_that_explains_a_look_afterwards_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
