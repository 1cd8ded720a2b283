/* evidence_seal.h — what an evidence package is made of is sealed first. */
#pragma once

#include "archive/archive.h"

#include <stdatomic.h>

/* Ends and seals what is being recorded of the cameras up to `to_us`; waits for it some seconds, or
 * until `*ends` (may be NULL). False: it was not enough. Blocking. */
bool evidence_seal(Archive *archive, const Uuid *cameras, size_t count, int64_t to_us,
                   const atomic_bool *ends);
