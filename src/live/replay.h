/* replay.h — footage of H.265 played back in browsers that know none: made into H.264 part by part,
 * as they are asked for.
 *
 * What was made last is kept in memory, for whoever watches the same; who may have it made is
 * decided with the live pictures that are made (places.h). Thread-safe; blocking where it says so.
 */
#pragma once

#include "archive/part_h264.h"
#include "live/places.h"

typedef struct Replay Replay;

/* Borrows `places`. Returns owned. */
Replay *replay_new(Places *places);
void replay_free(Replay *replay); /* NULL is allowed */

/* What is being made is given up, and nothing is made any more. */
void replay_stop(Replay *replay);

/* False: this server makes none. */
bool replay_on(const Replay *replay);

/* May `who` have footage of `camera` made now? Asked anew for each part. False: as many watch such
 * footage, or such live pictures, as may. */
bool replay_place(Replay *replay, const Uuid *who, const Uuid *camera);

/* The part, as it was made before or is made now; `file` names the file that it is of, like no
 * other. `stop` is not looked at. Blocking, and hungry; see part_h264_make() for errors. Returns
 * owned, or NULL. */
Buffer *replay_part(Replay *replay, const char *file, const PartH264 *wanted, GError **error);
