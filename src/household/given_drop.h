/* given_drop.h — how a file of a household that is not to stay leaves the disk: one that never
 * became whole, and one that was kept for its time.
 *
 * First the row says that it goes, then the file is deleted, then the row of a half one: a kill in
 * between leaves a file that the next start deletes, never one that nobody knows. All block.
 */
#pragma once

#include "household/given_room.h"

/* So long nothing may come of a file before what has come is thrown away. */
#define GIVEN_SILENT_US DAY_US
/* So long after the deadline what was begun in time may come to its end. */
#define GIVEN_LATE_US DAY_US

/* Until when a file that is not whole may go on. */
int64_t given_half_until_us(const HouseholdRequestRow *request, const HouseholdFileRow *file);

/* Throws one away that is not whole, or that has no row any more; true of a whole one, which
 * stays. */
bool given_drop(HouseholdDesk *desk, const Uuid *household, const Uuid *id, GError **error);

/* Throws away one that did not become whole by `now_us`. It stays when a piece came meanwhile, and
 * is made whole when all its bytes are on the disk. */
bool given_drop_one_stale(HouseholdDesk *desk, const Uuid *household, const Uuid *id,
                          int64_t now_us, GError **error);

/* The same of each. One that fails stops no other; `error` is of the first. */
bool given_drop_stale(HouseholdDesk *desk, int64_t now_us, GError **error);

/* Deletes the file of one whose row says that it is gone. */
bool given_delete(const HouseholdDesk *desk, const Uuid *household, const Uuid *id, GError **error);
