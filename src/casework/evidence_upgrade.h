/* evidence_upgrade.h — proofs that come later: from the footage of a package up to the roots of its
 * days, which were not over when it was made (decision 111).
 *
 * What is added is one file of lines, proofs/days.jsonl, behind all others of the ZIP. The manifest
 * and its signature do not know it: each of its lines proves itself. Blocking; any thread.
 */
#pragma once

#include "base/error.h"

#include <glib.h>
#include <stdint.h>

/* The lines that the package at `path` lacks, from the ledger of the node `data` and the seals on
 * its `volumes` (folders, NULL-terminated). ERR_EXISTS: it lacks none; ERR_DENIED: it is of another
 * node; ERR_UNAVAILABLE: a day has no root yet, or lines under it cannot be read. Footage is not
 * looked at. Returns owned, or NULL. */
GString *evidence_day_proofs(const char *data, const char *const *volumes, const char *path,
                             int64_t now_us, GError **error);

/* Puts the lines into the package: beside it first, and in its place when all of it passes its
 * check. All bytes of its files stay. ERR_CORRUPT: it was changed, or the lines do not prove
 * anything of it; ERR_EXISTS: it has such a file already. */
bool evidence_upgrade(const char *path, const char *lines, size_t size, GError **error);
