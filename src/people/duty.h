/* duty.h — who is on duty: the site's shift plan, kept, and asked at any moment.
 *
 * Only accounts that may be on duty count, and are not disabled: a shift of nobody else is a hole.
 * Held in memory; what changes the plan blocks. Thread-safe.
 */
#pragma once

#include "people/people.h"
#include "people/shift_plan.h"

typedef struct Duty Duty;

/* Borrows all until duty_free(). Blocks. Returns owned, or NULL. */
Duty *duty_open(Catalog *catalog, Site *site, People *people, GError **error);
void duty_free(Duty *duty); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Duty, duty_free)

/* May this account be on duty at all? */
bool duty_may_serve(Duty *duty, const Uuid *account);

/* Who is on duty now: Uuid by value; with none everybody is to be told. Returns owned. Never
 * blocks. */
GArray *duty_now(Duty *duty);

/* Grows with each change of who is on duty now. Never blocks. */
unsigned duty_turn(Duty *duty);

/* As shift_plan_turns(), of those who may serve. Returns owned. */
GPtrArray *duty_turns(Duty *duty, int64_t from_us, int64_t to_us);

/* A copy of the plan; returns owned. */
ShiftPlan *duty_plan(Duty *duty);

/* Replaces the shifts of a day; takes `shifts` (Shift *, with their clean-up), NULL: the day is
 * named no more. Who is put on must be able to serve, but may stay where he was. `*before`: what
 * was there, owned, NULL: nothing. ERR_INVALID. Blocks. */
bool duty_set(Duty *duty, const char *day, GPtrArray *shifts, GPtrArray **before, GError **error);
