/* owed.h — gaps of a stream that no segment declares yet: they stand in the seal of the next one.
 * Writer thread.
 */
#pragma once

#include "archive/recorder.h"

/* Nothing connects to picture `unit`, the next to be written: adds the gap before it, parted by its
 * causes, to what the stream owes. */
void owed_gap_before(Recorder *recorder, const AccessUnit *unit);

/* `unit` begins a run while pictures before it are missing for another cause than the run's: that
 * one answers up to the newest of them, the run's own from there on. */
void owed_cause_turns(Recorder *recorder, const AccessUnit *unit);
