/* given_finish.h — a file whose bytes lie all on the disk though its row says that some are to
 * come: a kill came between the two, or the catalog was lost and the copy in its place is older.
 * It may be the only original. All block. */
#pragma once

#include "household/household_desk.h"

/* The SHA-256 of the first `size` bytes, as they lie on the disk. */
bool given_digest(int fd, int64_t size, uint8_t digest[SHA256_BYTES], GError **error);

/* Makes it whole, where all of it is there and it is still wanted. `*stays`: it is whole now, or a
 * piece of it is on its way. */
bool given_finish(HouseholdDesk *desk, const Uuid *household, const Uuid *id, bool *stays,
                  GError **error);
