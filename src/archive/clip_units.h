/* clip_units.h — the pictures and the sound of a clip, read one after another by whoever decodes
 * them.
 *
 * In the order of the files: the pictures of about a second, then the sound that belongs to them.
 * Blocking, one thread at a time.
 */
#pragma once

#include "archive/clip.h"
#include "media/access_unit.h"

typedef struct ClipUnits ClipUnits;

/* Borrows `plan` until clip_units_free(). Returns owned. */
ClipUnits *clip_units_new(ClipPlan *plan);
void clip_units_free(ClipUnits *units); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClipUnits, clip_units_free)

/* The next one, returned owned, with `capture_us`: pictures from the key picture at or before the
 * begin of the clip on, which the first ones are decoded with, and sound within the clip. The first
 * picture behind a gap has `run_start`. NULL at the end, or with `error`. */
AccessUnit *clip_units_next(ClipUnits *units, GError **error);
