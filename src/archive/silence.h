/* silence.h — gaps that go on, noted in the catalog while their cause is known.
 *
 * A gap stands in the seal of the segment behind it (decision 021), so of a camera that is off line
 * nothing would be on disk; when the server stops then, its whole absence would be told as the
 * server's. Once a minute, when the cause changes, and at a clean stop, the gap up to now is
 * written with its cause. The chief keeper; at a stop whoever closes the archive.
 */
#pragma once

#include "archive/store.h"
#include "base/clock.h"

/* Of streams silent for at least that long. A stop notes shorter silences than a look in between,
 * for nothing is noted later. Blocking: one write of the catalog, when any is. Not on the writer
 * thread. */
#define SILENCE_LEAST_US (10 * SECOND_US)
#define SILENCE_LEAST_AT_STOP_US (2 * SECOND_US)
void silence_note(Archive *archive, int64_t least_us);

/* Whether what keeps some stream silent is another thing than at the last look: to be noted now.
 * Once a second. */
bool silence_turned(Archive *archive);
