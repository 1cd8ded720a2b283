/* shift_plan.h — the shift plan of a week, and who is on duty by it at a time. Pure.
 *
 * A plan has days: the seven of the week, which come again and again, and dates, each of which goes
 * before its day of the week. A shift belongs to the day on which it begins, by the clocks of the
 * site, and may run over midnight. Where the clocks are set on, a time that they leave out is the
 * first after it; where they are set back, a time that they show twice is the later one.
 */
#pragma once

#include "base/error.h"
#include "catalog/shifts.h"

enum {
    SHIFTS_OF_DAY_MOST = 12,
    SHIFT_PEOPLE_MOST = 20,
    SHIFT_DATES_MOST = 366,
};

typedef struct Shift {
    int from, to;   /* minutes of the day; `to` not after `from`: on the next day */
    GArray *people; /* Uuid of accounts, each once */
} Shift;

Shift *shift_new(int from, int to); /* with nobody; returns owned */
void shift_free(Shift *shift);

/* Of Shift *, with their clean-up. Returned owned. */
GPtrArray *shifts_new(void);
GPtrArray *shifts_copy(const GPtrArray *shifts);
bool shifts_have(const GPtrArray *shifts, const Uuid *account); /* in any of them */

typedef struct ShiftPlan ShiftPlan;

ShiftPlan *shift_plan_new(void);                   /* an empty one; returns owned */
ShiftPlan *shift_plan_of_rows(const GArray *rows); /* ShiftRow by value; returns owned */
void shift_plan_free(ShiftPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ShiftPlan, shift_plan_free)

/* Nobody is ever on duty, nor was it said that nobody should be. */
bool shift_plan_is_empty(const ShiftPlan *plan);

/* Is it "mon" … "sun", or a date that there is? */
bool shift_day_is(const char *day);
bool shift_day_is_date(const char *day);

/* ERR_INVALID says what is wrong with the shifts (Shift *) of a day. */
bool shift_day_check(const GPtrArray *shifts, GError **error);

/* Shift * by beginning; borrowed. NULL: the day is not named. */
const GPtrArray *shift_plan_day(const ShiftPlan *plan, const char *day);

/* The days that are named: const char *, dates first, each in order; its array is owned. */
GPtrArray *shift_plan_days(const ShiftPlan *plan);

/* Replaces a day; takes `shifts`, Shift * with their own clean-up. NULL: it is named no more. */
void shift_plan_set(ShiftPlan *plan, const char *day, GPtrArray *shifts);

/* The rows of a day's shifts: ShiftRow by value; returns owned. */
GArray *shift_rows(const char *day, const GPtrArray *shifts);

/* A time over which the same people are on duty; with none it is a hole. */
typedef struct ShiftTurn {
    int64_t from_us, to_us;
    GArray *people; /* Uuid, in order of bytes */
} ShiftTurn;

void shift_turn_free(ShiftTurn *turn);

/* Of arrays as in ShiftTurn. */
bool shift_same_people(const GArray *one, const GArray *other);

/* ShiftTurn *: all of [from_us, to_us), without a pause between, where the clocks are those of
 * `zone`. Returns owned. */
GPtrArray *shift_plan_turns(const ShiftPlan *plan, GTimeZone *zone, int64_t from_us, int64_t to_us);

/* Who is on duty at that moment: Uuid by value, in order of bytes; returns owned. */
GArray *shift_plan_on_duty(const ShiftPlan *plan, GTimeZone *zone, int64_t at_us);
