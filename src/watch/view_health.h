/* view_health.h — whether a camera still shows what it should: black, frozen, covered, out of focus
 * or moved.
 *
 * Pictures go in, at most one a second is looked at; what begins and ends comes out. Each verdict
 * must hold for a while before it begins and be gone for a while before it ends, so that a lorry
 * before the lens is no alarm. The reference view is learnt over the first two minutes, follows the
 * seasons slowly while the view fits, and learns other lights (lamps, infrared) of the same place;
 * it is never learnt from a covered, soft or moved view. A camera that is moved on purpose learns
 * each place it comes to rest at as another right view. Pure: times are those of the pictures. All
 * calls from one thread at a time. How well it does: docs/design/camera-health.md.
 */
#pragma once

#include "watch/view_reference.h"

typedef enum ViewVerdict {
    VIEW_BLACK,
    VIEW_FROZEN,
    VIEW_COVERED,
    VIEW_OUT_OF_FOCUS,
    VIEW_MOVED,
    VIEW_VERDICTS
} ViewVerdict;

typedef struct ViewChange {
    ViewVerdict verdict;
    bool begins;
    int64_t at_us; /* when it was first seen, or no longer: before it is told */
} ViewChange;

typedef struct ViewHealth ViewHealth;

/* `reference` (borrowed) is what was kept, or NULL: it will be learnt. Returns owned. */
ViewHealth *view_health_new(const ViewReference *reference);
void view_health_free(ViewHealth *health);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ViewHealth, view_health_free)

/* Fills `changes` and returns how many there are. Pictures too soon after the last one, too small
 * or too large are not looked at. */
size_t view_health_see(ViewHealth *health, const LumaPicture *picture,
                       ViewChange changes[VIEW_VERDICTS]);

/* The view as it is now is right: it becomes the only reference. False when no picture that could
 * be one was seen yet. What stood ends with the next picture. */
bool view_health_accept(ViewHealth *health);

/* The camera is being moved on purpose, or was until now: nothing is judged by the reference until
 * it has come to rest at a view that fits, or the new one has been learnt beside the others. */
void view_health_steered(ViewHealth *health);

/* A camera that `roams` can turn by itself or by others' hands: a view from elsewhere is taken as
 * view_health_steered() and not told as moved. At first it does not. */
void view_health_roams(ViewHealth *health, bool roams);

/* Bits 1 << ViewVerdict of what stands now. */
unsigned view_health_standing(const ViewHealth *health);

/* Borrowed. `*version` grows when it has changed enough to be kept anew. */
const ViewReference *view_health_reference(const ViewHealth *health, unsigned *version);
