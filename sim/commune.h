/* commune.h — what the cameras of a demo commune are called. */
#pragma once

#include "base/error.h"

/* Names `cameras` (of Camera) as the file says: {"cameras":[{"sim":"cam01","name":…},…],…}. Cameras
 * of the file that are not simulated are passed over. */
bool commune_name(GPtrArray *cameras, const char *file, GError **error);
