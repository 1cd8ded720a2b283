/* keeper.h — the thread that looks after what is written: recovery of the last run, seals,
 * retention, roots. It alone touches seal chains and deletes footage.
 */
#pragma once

#include "archive/recovery.h"

/* Takes `recovery`; NULL when the volume was not there, or its journals could not be read: they are
 * then read when it comes, and tried again. */
Keeper *keeper_new(Store *store, Recovery *recovery);

/* Seals what can be sealed, joins the thread. What could not stays in the journal. */
void keeper_free(Keeper *keeper);

/* Takes a closed segment. Writer thread. */
void keeper_seal(Keeper *keeper, Segment *segment);

/* The disk is full, or nearly: retention does a round soon. Any thread. */
void keeper_make_room(Keeper *keeper);

/* Wait for a round of retention, for an interim root. Any thread but the keeper's. */
void keeper_retain(Keeper *keeper);
bool keeper_make_roots(Keeper *keeper, GError **error);

/* Waits until nothing is left to recover or seal; false after `wait_us`. */
bool keeper_settle(Keeper *keeper, int64_t wait_us);
