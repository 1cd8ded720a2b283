/* grants.h — why older footage is looked at: a reason told once opens a span of some cameras to one
 * session, or to one API token, for a working day.
 *
 * Held in memory only: after a restart of the server the reason is asked anew (decisions/083).
 * Thread-safe, never blocks.
 */
#pragma once

#include "base/clock.h"
#include "base/uuid.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Grants Grants;

Grants *grants_new(void);
void grants_free(Grants *grants); /* NULL is allowed */

enum { GRANT_CAMERAS_MOST = 64, GRANT_REASON_BYTES = 832 };
#define GRANT_SPAN_MOST_US (31 * DAY_US)
#define GRANT_LIVES_US (8 * HOUR_US)

typedef struct GrantAsked {
    const char *holder; /* what the session or token shows with each request; only it has the use */
    const Uuid *cameras;
    size_t camera_count; /* at most GRANT_CAMERAS_MOST */
    int64_t from_us, to_us;
    const char *reason;
} GrantAsked;

/* Makes a grant; its text (owned) can't be guessed. Of one holder the newest 128 count. */
char *grants_give(Grants *grants, const GrantAsked *asked);

typedef enum GrantAnswer {
    GRANT_OPENS,
    GRANT_OTHERWISE, /* none of that text, not any more, or for other cameras or another span */
    GRANT_FOREIGN,   /* it stands, and belongs to someone else */
} GrantAnswer;

typedef struct GrantLook {
    const char *grant, *holder;
    const Uuid *camera;
    int64_t from_us, to_us;
    bool piece; /* it suffices that the grant covers a piece of the span */
} GrantLook;

/* Does the grant open what is to be looked at? Copies its reason when it does. */
GrantAnswer grants_open(Grants *grants, const GrantLook *look, char reason[GRANT_REASON_BYTES]);
