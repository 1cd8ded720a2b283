/* pending.h — changes of the site that take two persons: what shortens how long or how much is
 * kept, the clock of a camera, approval of packages that becomes weaker.
 *
 * One person asks, with a reason; another one agrees or refuses; until then nothing changes. What
 * waits lapses after 72 hours, and cannot be agreed to any more once what it would change is not
 * what it was. What is agreed to changes in the same write of the catalog as the agreement, but for
 * a clock, which is a camera's: see site_clock_begin(). The command line on the machine and the
 * configuration file need nobody. Held by the site; thread-safe.
 */
#pragma once

#include "base/clock.h"
#include "catalog/pending_changes.h"
#include "config/site.h"

enum { PENDING_WORDS_LEAST = 3, PENDING_WORDS_MOST = 300 };
#define PENDING_WAITS_US (72 * HOUR_US)
#define PENDING_LISTED_US (90 * DAY_US) /* so long it is listed */

/* Until then a camera is being added: whoever adds it sets its clock, too. */
#define CAMERA_ADDING_US HOUR_US

/* Who asks. */
typedef struct PendingAsk {
    Uuid by;            /* an account; nil: no person, who changes alone what one may */
    const char *reason; /* NULL: none was given */
    GPtrArray *waits;   /* PendingRow *, owned: what has to be agreed to, when it went well */
} PendingAsk;

void pending_ask_clear(PendingAsk *ask);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PendingAsk, pending_ask_clear)

/* As site_set() and site_camera_edit(); what takes two persons is held back and waits, the rest
 * counts, in one write. ERR_NEEDS_REASON; ERR_TWO_PERSONS: it is asked for by no person;
 * ERR_EXISTS: somebody has asked already. Then nothing changes. `ask` NULL: on the machine itself,
 * where nothing waits. */
bool site_set_asked(Site *site, const char *const asked[SITE_VALUES], PendingAsk *ask,
                    GError **error);
bool site_camera_edit_asked(Site *site, const Uuid *id, const CameraEdit *edit, PendingAsk *ask,
                            GError **error);

/* A camera's time server; `before`: how it has its time now. As above. */
bool site_clock_ask(Site *site, const Uuid *camera, const char *before, const char *server,
                    PendingAsk *ask, GError **error);

/* Is it still being added? */
bool site_camera_is_being_added(Site *site, const Uuid *camera);

/* A time server was set on the machine: what waits for this camera does not count any more. */
bool site_clock_overtake(Site *site, const Uuid *camera, GError **error);

typedef enum PendingState {
    PENDING_STATE_WAITING,
    PENDING_STATE_AGREED,
    PENDING_STATE_REFUSED,
    PENDING_STATE_WITHDRAWN,
    PENDING_STATE_OVERTAKEN,
    PENDING_STATE_LAPSED,
    PENDING_STATES,
} PendingState;
const char *pending_state_text(PendingState state); /* "waiting" … as in the API */

PendingState site_pending_state(Site *site, const PendingRow *row);

/* Is it a camera's clock, which is set by the camera and not by the site? */
bool pending_is_clock(const PendingRow *row);

/* Copies of those of the last 90 days, newest first: PendingRow *. Returns owned. */
GPtrArray *site_pending(Site *site);

/* These return a copy of the row as it is then, owned, or NULL. ERR_NOT_FOUND; ERR_TWO_PERSONS: by
 * whoever asked, or by no person; ERR_EXISTS: it does not wait. Block. */

/* `agree`: it counts from now on, unless something else came between: then the row is overtaken. Of
 * a clock only `agree` false. */
PendingRow *site_pending_decide(Site *site, const Uuid *id, bool agree, const char *words,
                                const Uuid *by, GError **error);

/* By whoever asked. */
PendingRow *site_pending_withdraw(Site *site, const Uuid *id, const Uuid *by, GError **error);

/* Agreement to a clock: begun here, then carried out by the camera, then ended here with whether it
 * was; one that failed, and one that the server did not live to end, waits again. */
PendingRow *site_clock_begin(Site *site, const Uuid *id, const Uuid *by, GError **error);
PendingRow *site_clock_end(Site *site, const Uuid *id, bool done, const Uuid *by, GError **error);
