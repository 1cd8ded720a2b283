/* masks.h — the privacy masks of all cameras, and who sees without them for some minutes.
 *
 * A mask is drawn and made larger by one person, and counts at once. It is made smaller by drawing
 * another one and taking it away; taking one away, and looking without masks, is asked for by one
 * person and decided by another. Masks that were taken away go on to cover what was recorded while
 * they were in force.
 *
 * Held in memory, written to the catalog with each change. Reads never block; changes block and
 * then tell the listener. Thread-safe.
 */
#pragma once

#include "base/clock.h"
#include "catalog/masks.h"
#include "media/mask.h"

typedef struct Masks Masks;

enum {
    MASKS_MOST = 16, /* of a camera, in force */
    MASK_NAME_MOST = 80,
    MASK_WORDS_LEAST = 3,
    MASK_WORDS_MOST = 300,
    LIFTING_MINUTES_MOST = 120,
};
#define LIFTING_WAITS_US DAY_US         /* so long it waits for somebody's decision */
#define LIFTING_LISTED_US (90 * DAY_US) /* so long it is listed */

/* Borrows `catalog` until masks_free(). What was lifted when the server ended is not any more.
 * Blocks. Returns owned, or NULL. */
Masks *masks_open(Catalog *catalog, GError **error);
void masks_free(Masks *masks); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Masks, masks_free)

/* Keeps the masks in the file `path`, too, and takes from it what the catalog does not know: once,
 * right after masks_open(). What cannot be read is told in the log. Blocks. */
bool masks_keep_at(Masks *masks, const char *path, GError **error);

/* Called when what covers the pictures of `camera` has changed, or who sees without it, on the
 * thread that made the change and before its call returns. Not for a lifting that ends by itself.
 * NULL: nobody is told any more. */
typedef void (*MasksListener)(void *data, const Uuid *camera);
void masks_listen(Masks *masks, MasksListener listener, void *data);

/* ---- what is covered ---- */

/* What covers pictures of `camera` that were captured in [from, to]: the masks in force now, and
 * those that were in force then. Returns owned, or NULL: nothing. */
MaskSet *masks_over(Masks *masks, const Uuid *camera, int64_t from_us, int64_t to_us);

/* Does `account` see the camera without masks now? Then the id of the lifting is copied. */
bool masks_lifted(Masks *masks, const Uuid *camera, const Uuid *account, Uuid *lifting);

/* ---- masks ---- */

/* Copies: MaskRow *, oldest first; of one camera, or of all (NULL). Returns owned. */
GPtrArray *masks_of(Masks *masks, const Uuid *camera);

/* All of these return a copy of the row as it is then, owned, or NULL. ERR_NOT_FOUND: the camera
 * has no such mask in force; ERR_INVALID; ERR_DENIED: it takes two persons; ERR_EXISTS as told. */

MaskRow *masks_draw(Masks *masks, const Uuid *camera, const char *name, const MaskShape *shape,
                    const Uuid *by, GError **error);

/* Each may be NULL: it stays. ERR_EXISTS: the new shape does not cover all of the old one. */
MaskRow *masks_change(Masks *masks, const Uuid *camera, const Uuid *id, const char *name,
                      const MaskShape *shape, GError **error);

/* ERR_EXISTS: somebody has asked already. `by` is an account. */
MaskRow *masks_ask_end(Masks *masks, const Uuid *camera, const Uuid *id, const char *reason,
                       const Uuid *by, GError **error);

/* It stays, or (`approve`) is taken away, by another account than the one that asked. ERR_EXISTS:
 * nobody has asked. */
MaskRow *masks_decide_end(Masks *masks, const Uuid *camera, const Uuid *id, bool approve,
                          const Uuid *by, GError **error);

/* ---- liftings ---- */

/* Where one stands. */
typedef enum LiftingState {
    LIFTING_WAITING,
    LIFTING_RUNNING,
    LIFTING_ENDED,
    LIFTING_REJECTED,
    LIFTING_WITHDRAWN,
    LIFTING_LAPSED, /* nobody decided in time */
    LIFTING_STATES,
} LiftingState;
const char *lifting_state_text(LiftingState state); /* "waiting" … as in the API */

/* Its state at that moment. One that runs has ended when `until_us` is past. */
LiftingState lifting_state(const LiftingRow *row, int64_t now_us);

/* Copies of those of the last 90 days, newest first: LiftingRow *. Returns owned. */
GPtrArray *masks_liftings(Masks *masks);

/* As above. ERR_NOT_FOUND: the camera has no mask. `by` is an account. */
LiftingRow *masks_ask_lifting(Masks *masks, const Uuid *camera, const char *reason, int64_t minutes,
                              const Uuid *by, GError **error);

/* By another account than the one that asked; the minutes count from then. ERR_EXISTS: it does not
 * wait. */
LiftingRow *masks_decide_lifting(Masks *masks, const Uuid *id, bool approve, const char *words,
                                 const Uuid *by, GError **error);

/* Ends it, or takes it back. ERR_EXISTS: it is over. */
LiftingRow *masks_end_lifting(Masks *masks, const Uuid *id, const Uuid *by, GError **error);
