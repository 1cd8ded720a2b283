/* seal_since.h — hashes of the newest lines of a chain: what a root covers. */
#pragma once

#include "base/uuid.h"
#include "ledger/hash.h"

#include <glib.h>

/* Appends to `hashes` (of Hash) those of all lines with seq > `from`, in order; `*last` becomes the
 * newest seq, or `from` when there is none. Reads only the ends of the newest files where it can.
 */
bool seal_hashes_since(const char *volume_folder, const Uuid *camera, int64_t from, GArray *hashes,
                       int64_t *last, GError **error);
