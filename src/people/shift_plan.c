#include "people/shift_plan.h"

#include "base/clock.h"
#include "base/time_text.h"

#include <string.h>

static const char *const week[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct ShiftPlan {
    GHashTable *days; /* char * -> GPtrArray of Shift * */
};

Shift *shift_new(int from, int to)
{
    Shift *shift = g_new(Shift, 1);
    *shift = (Shift){from, to, g_array_new(FALSE, FALSE, sizeof(Uuid))};
    return shift;
}

void shift_free(Shift *shift)
{
    g_array_unref(shift->people);
    g_free(shift);
}

bool shifts_have(const GPtrArray *shifts, const Uuid *account)
{
    for (guint i = 0; i < shifts->len; i++)
        if (uuids_have(((const Shift *)shifts->pdata[i])->people, account))
            return true;
    return false;
}

GPtrArray *shifts_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)shift_free);
}

GPtrArray *shifts_copy(const GPtrArray *shifts)
{
    GPtrArray *copy = shifts_new();
    for (guint i = 0; i < shifts->len; i++) {
        const Shift *shift = shifts->pdata[i];
        Shift *one = shift_new(shift->from, shift->to);
        g_array_append_vals(one->people, shift->people->data, shift->people->len);
        g_ptr_array_add(copy, one);
    }
    return copy;
}

void shift_turn_free(ShiftTurn *turn)
{
    g_array_unref(turn->people);
    g_free(turn);
}

static void free_shifts(void *shifts)
{
    g_ptr_array_unref(shifts);
}

ShiftPlan *shift_plan_new(void)
{
    ShiftPlan *plan = g_new(ShiftPlan, 1);
    plan->days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_shifts);
    return plan;
}

void shift_plan_free(ShiftPlan *plan)
{
    if (!plan)
        return;
    g_hash_table_unref(plan->days);
    g_free(plan);
}

bool shift_plan_is_empty(const ShiftPlan *plan)
{
    return g_hash_table_size(plan->days) == 0;
}

/* ---- days ---- */

bool shift_day_is_date(const char *day)
{
    int64_t start_us;
    return day_parse(day, &start_us);
}

bool shift_day_is(const char *day)
{
    for (size_t i = 0; i < G_N_ELEMENTS(week); i++)
        if (strcmp(day, week[i]) == 0)
            return true;
    return shift_day_is_date(day);
}

static bool is_twice(const GArray *people)
{
    for (guint i = 0; i < people->len; i++)
        for (guint n = 0; n < i; n++)
            if (uuid_equal(&g_array_index(people, Uuid, i), &g_array_index(people, Uuid, n)))
                return true;
    return false;
}

static bool check_shift(const GPtrArray *shifts, guint at, GError **error)
{
    const Shift *shift = shifts->pdata[at];
    if (shift->from < 0 || shift->from >= DAY_MINUTES || shift->to < 0 || shift->to >= DAY_MINUTES)
        return err_set(error, ERR_INVALID, "a shift must begin and end at a time of day");
    if (shift->people->len < 1 || shift->people->len > SHIFT_PEOPLE_MOST || is_twice(shift->people))
        return err_set(error, ERR_INVALID, "a shift must have 1 to %d people, each once",
                       SHIFT_PEOPLE_MOST);
    for (guint i = 0; i < at; i++) {
        const Shift *other = shifts->pdata[i];
        if (other->from == shift->from && other->to == shift->to)
            return err_set(error, ERR_INVALID, "two shifts of a day must not be at the same time");
    }
    return true;
}

bool shift_day_check(const GPtrArray *shifts, GError **error)
{
    if (shifts->len > SHIFTS_OF_DAY_MOST)
        return err_set(error, ERR_INVALID, "a day has at most %d shifts", SHIFTS_OF_DAY_MOST);
    for (guint i = 0; i < shifts->len; i++)
        if (!check_shift(shifts, i, error))
            return false;
    return true;
}

const GPtrArray *shift_plan_day(const ShiftPlan *plan, const char *day)
{
    return g_hash_table_lookup(plan->days, day);
}

static int by_begin(const void *a, const void *b)
{
    const Shift *one = *(Shift *const *)a, *other = *(Shift *const *)b;
    return one->from != other->from ? one->from - other->from : one->to - other->to;
}

void shift_plan_set(ShiftPlan *plan, const char *day, GPtrArray *shifts)
{
    if (!shifts) {
        g_hash_table_remove(plan->days, day);
        return;
    }
    g_ptr_array_sort(shifts, by_begin);
    g_hash_table_replace(plan->days, g_strdup(day), shifts);
}

/* Dates, then the days of the week from Monday on. */
static int by_day(const void *a, const void *b)
{
    const char *const *one = a, *const *other = b;
    size_t rank[2] = {0, 0};
    for (size_t i = 0; i < G_N_ELEMENTS(week); i++) {
        rank[0] += strcmp(*one, week[i]) == 0 ? i + 1 : 0;
        rank[1] += strcmp(*other, week[i]) == 0 ? i + 1 : 0;
    }
    return rank[0] != rank[1] ? (rank[0] > rank[1]) - (rank[0] < rank[1]) : strcmp(*one, *other);
}

GPtrArray *shift_plan_days(const ShiftPlan *plan)
{
    GPtrArray *days = g_ptr_array_new();
    GHashTableIter iter;
    void *day;
    g_hash_table_iter_init(&iter, plan->days);
    while (g_hash_table_iter_next(&iter, &day, NULL))
        g_ptr_array_add(days, day);
    g_ptr_array_sort(days, by_day);
    return days;
}

/* ---- rows ---- */

GArray *shift_rows(const char *day, const GPtrArray *shifts)
{
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(ShiftRow));
    for (guint i = 0; i < shifts->len; i++) {
        const Shift *shift = shifts->pdata[i];
        for (guint n = 0; n < shift->people->len; n++) {
            ShiftRow row = {.from = shift->from,
                            .to = shift->to,
                            .account = g_array_index(shift->people, Uuid, n)};
            g_strlcpy(row.day, day, sizeof row.day);
            g_array_append_val(rows, row);
        }
    }
    return rows;
}

static Shift *shift_at(GPtrArray *shifts, int from, int to)
{
    for (guint i = 0; i < shifts->len; i++) {
        Shift *shift = shifts->pdata[i];
        if (shift->from == from && shift->to == to)
            return shift;
    }
    Shift *shift = shift_new(from, to);
    g_ptr_array_add(shifts, shift);
    return shift;
}

ShiftPlan *shift_plan_of_rows(const GArray *rows)
{
    ShiftPlan *plan = shift_plan_new();
    for (guint i = 0; i < rows->len; i++) {
        const ShiftRow *row = &g_array_index(rows, ShiftRow, i);
        GPtrArray *shifts = g_hash_table_lookup(plan->days, row->day);
        if (!shifts) {
            shifts = shifts_new();
            shift_plan_set(plan, row->day, shifts);
        }
        if (!uuid_is_nil(&row->account))
            g_array_append_val(shift_at(shifts, row->from, row->to)->people, row->account);
    }
    return plan;
}

/* ---- time ---- */

/* A shift as it happens once. */
typedef struct Span {
    int64_t from_us, to_us;
    const Shift *shift;
} Span;

static int64_t moment_us(GTimeZone *zone, const GDate *date, int minute)
{
    g_autoptr(GDateTime) at =
        g_date_time_new(zone, g_date_get_year(date), (int)g_date_get_month(date),
                        g_date_get_day(date), minute / 60, minute % 60, 0);
    return at ? g_date_time_to_unix(at) * SECOND_US : INT64_MIN;
}

/* The shifts that begin on `date`. */
static void add_spans(const ShiftPlan *plan, GTimeZone *zone, const GDate *date, GArray *spans)
{
    char day[SHIFT_DAY_BYTES];
    g_snprintf(day, sizeof day, "%04u-%02u-%02u", (unsigned)g_date_get_year(date) % 10000,
               (unsigned)g_date_get_month(date), (unsigned)g_date_get_day(date) % 100);
    const GPtrArray *shifts = shift_plan_day(plan, day);
    if (!shifts)
        shifts = shift_plan_day(plan, week[g_date_get_weekday(date) - 1]);
    GDate next = *date;
    g_date_add_days(&next, 1);
    for (guint i = 0; shifts && i < shifts->len; i++) {
        const Shift *shift = shifts->pdata[i];
        const Span span = {moment_us(zone, date, shift->from),
                           moment_us(zone, shift->to > shift->from ? date : &next, shift->to),
                           shift};
        if (span.from_us < span.to_us)
            g_array_append_val(spans, span);
    }
}

static GDate date_at(GTimeZone *zone, int64_t at_us)
{
    GDate date;
    int year, month, day;
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / SECOND_US);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    g_date_time_get_ymd(local, &year, &month, &day);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return date;
}

/* What happens within [from_us, to_us): a shift ends on the day after it began at the latest. */
static GArray *spans_within(const ShiftPlan *plan, GTimeZone *zone, int64_t from_us, int64_t to_us)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Span));
    GDate date = date_at(zone, from_us), last = date_at(zone, to_us);
    for (g_date_subtract_days(&date, 1); g_date_compare(&date, &last) <= 0;
         g_date_add_days(&date, 1))
        add_spans(plan, zone, &date, all);
    for (guint i = all->len; i-- > 0;) {
        const Span *span = &g_array_index(all, Span, i);
        if (span->to_us <= from_us || span->from_us >= to_us)
            g_array_remove_index(all, i);
    }
    return all;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(Uuid));
}

/* Everybody of the shifts that run at `at_us`. */
static GArray *people_at(const GArray *spans, int64_t at_us)
{
    GArray *people = g_array_new(FALSE, FALSE, sizeof(Uuid));
    for (guint i = 0; i < spans->len; i++) {
        const Span *span = &g_array_index(spans, Span, i);
        if (span->from_us <= at_us && at_us < span->to_us)
            g_array_append_vals(people, span->shift->people->data, span->shift->people->len);
    }
    g_array_sort(people, by_bytes);
    for (guint i = people->len; i-- > 1;)
        if (uuid_equal(&g_array_index(people, Uuid, i), &g_array_index(people, Uuid, i - 1)))
            g_array_remove_index(people, i);
    return people;
}

/* When it next changes, after `at_us`; `to_us` at the latest. */
static int64_t next_change(const GArray *spans, int64_t at_us, int64_t to_us)
{
    for (guint i = 0; i < spans->len; i++) {
        const Span *span = &g_array_index(spans, Span, i);
        if (span->from_us > at_us)
            to_us = MIN(to_us, span->from_us);
        if (span->to_us > at_us)
            to_us = MIN(to_us, span->to_us);
    }
    return to_us;
}

bool shift_same_people(const GArray *one, const GArray *other)
{
    return one->len == other->len && /* an array of none points nowhere */
           (one->len == 0 || memcmp(one->data, other->data, one->len * sizeof(Uuid)) == 0);
}

GPtrArray *shift_plan_turns(const ShiftPlan *plan, GTimeZone *zone, int64_t from_us, int64_t to_us)
{
    GPtrArray *turns = g_ptr_array_new_with_free_func((GDestroyNotify)shift_turn_free);
    g_autoptr(GArray) spans = spans_within(plan, zone, from_us, to_us);
    ShiftTurn *last = NULL;
    for (int64_t at_us = from_us, next_us; at_us < to_us; at_us = next_us) {
        g_autoptr(GArray) people = people_at(spans, at_us);
        next_us = next_change(spans, at_us, to_us);
        if (!last || !shift_same_people(last->people, people)) {
            last = g_new(ShiftTurn, 1);
            *last = (ShiftTurn){at_us, next_us, g_array_ref(people)};
            g_ptr_array_add(turns, last);
        }
        last->to_us = next_us;
    }
    return turns;
}

GArray *shift_plan_on_duty(const ShiftPlan *plan, GTimeZone *zone, int64_t at_us)
{
    g_autoptr(GArray) spans = spans_within(plan, zone, at_us, at_us + 1);
    return people_at(spans, at_us);
}
