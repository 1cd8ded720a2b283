/* recovery.h — what the last run left: segments without a seal, files nobody knows (FOOTAGE §5).
 *
 * One segment a step, so that the keeper can seal and retire in between. Each step may be done
 * again, also after a kill in its middle. A segment that fails is left as it is, journal included;
 * the others go on, and it is tried again later, and by the next start.
 */
#pragma once

#include "archive/sealer.h"

typedef struct Recovery Recovery;

/* Reads the journals of earlier runs. `opened_wall_us`: when this run started; files changed since
 * are its own. Returns owned; NULL on error. Blocking for a moment. */
Recovery *recovery_load(Store *store, int64_t opened_wall_us, GError **error);
void recovery_free(Recovery *recovery); /* NULL is allowed */

/* Tells the streams where the journals end, before anything is recorded. */
void recovery_tell_ends(const Recovery *recovery);

typedef enum RecoveryLeft {
    RECOVERY_DONE,
    RECOVERY_MORE,  /* to be done now */
    RECOVERY_LATER, /* what failed so far: call again after a while */
} RecoveryLeft;

/* Does the next piece of work. Returns what is left then. Where that is RECOVERY_LATER, `*hopeless`
 * tells that all of it failed several times: a bad sector does not heal. */
RecoveryLeft recovery_step(Recovery *recovery, Sealer *sealer, bool *hopeless);
