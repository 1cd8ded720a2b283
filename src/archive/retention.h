/* retention.h — which sealed segments are to go, and their going (FOOTAGE §8).
 *
 * Age and bytes a camera stand in the camera's catalog row, else in the settings. When the disk has
 * less room than the floor, the camera with the oldest footage that may still go gives up an hour
 * of it, then whichever is the oldest next: so all cameras lose the same days first, whatever their
 * rate. Holds outrank all: they are read from ledger/holds.jsonl before the first delete, and while
 * they can't be read nothing is deleted.
 */
#pragma once

#include "archive/sealer.h"

typedef struct Hold {
    char id[UUID_TEXT];
    Uuid camera;
    int64_t from_us, to_us;
    int64_t until_us; /* from then on it holds nothing; INT64_MAX: until it is released */
    char basis[HOLD_BASIS_BYTES];
} Hold;

/* The holds that are not released by the lines of DATA/ledger/holds.jsonl, as far as they have not
 * lapsed at `now_us` (0: those too): GArray of Hold, returned owned; empty when there is no such
 * file; NULL when it cannot be read in full.
 *
 *   {"v":1,"type":"hold","id":U,"camera":U,"from_us":I,"to_us":I,"until_us":I,"basis":T,…}
 *   {"v":1,"type":"release","id":U,…}
 *
 * `until_us` and `basis` may be missing. A hold of several cameras has a line for each, all with
 * one id, and one release.
 */
GArray *holds_load(const char *data_path, int64_t now_us, GError **error);
bool holds_cover(const GArray *holds, const Uuid *camera, int64_t from_us, int64_t to_us);

/* Ends the deletions that a stop cut off, as far as no hold covers them now. The keeper's thread,
 * as what follows. */
bool retention_resume(Store *store, Sealer *sealer, GError **error);

/* One round: by age, by bytes, then for room on the disk. Since a day's seals are written anew for
 * each batch, footage is let grow an hour too old before it goes, but not when `exact`. Deletes for
 * at most `most_us`; `*more` tells that there is more to do. False when nothing could be decided:
 * then nothing was deleted. */
bool retention_round(Store *store, Sealer *sealer, bool exact, int64_t most_us, bool *more,
                     GError **error);
