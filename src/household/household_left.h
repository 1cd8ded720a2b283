/* household_left.h — files that a kill, a power cut or a disk that refused left between their row
 * and themselves: what was taken back or deleted by age, and photos of those who left the register.
 */
#pragma once

#include "household/household_desk.h"

/* At the start, before anybody asks. What the catalog does not know stays: it may be older than the
 * file. Blocks. */
void household_clear_left(HouseholdDesk *desk);

/* The same of what was given alone, while others ask: a photo may be on its way to its row. */
void household_clear_given(HouseholdDesk *desk);
