/* key_seen.h — why there is no picture yet though the camera sends: what its key pictures were. */
#pragma once

#include "media/depay.h"

typedef enum KeySeen {
    KEY_NONE, /* zero: of a session that has just begun */
    KEY_TORN,
    KEY_BARE, /* without parameter sets */
} KeySeen;

/* `params` as it came with the frame: NULL until known. */
void key_seen_note(KeySeen *seen, const DepayFrame *frame, const CodecParams *params);

/* For a technician. `notes`: of the pictures so far (DepayNote). */
const char *key_seen_cause(KeySeen seen, unsigned notes);
