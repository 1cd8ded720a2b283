/* household_left.h — files that a kill or a power cut left on the disk between their row and
 * themselves: what was taken back, and photos of those who left the register. */
#pragma once

#include "household/household_desk.h"

/* At the start, before anybody asks. What the catalog does not know stays: it may be older than the
 * file. Blocks. */
void household_clear_left(HouseholdDesk *desk);
