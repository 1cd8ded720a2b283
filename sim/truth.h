/* truth.h — what motion is measured against: for each drawn scene its sub stream as a file and
 * which cells its figures cover in each second. */
#pragma once

#include "scene.h"

/* Writes into the folder `folder`, made where missing, for each of `scenes` that knows its figures
 * SCENE.h264 (the sub stream, an Annex B byte stream, FPS pictures a second) and SCENE.json:
 * {"scene","columns","rows","seconds":[stage_cover(),…]}. */
bool truth_write(GPtrArray *scenes, const char *folder, GError **error);
