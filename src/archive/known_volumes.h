/* known_volumes.h — DATA/volumes.json: which volume stands in which folder, as this node has seen.
 *
 *   {"format":1,"volumes":{"/srv/disk1/footage":UUID, …}}
 *
 * It outlives the catalog: a folder that is known to hold a volume is never made one anew, so that
 * nothing is written below a disk that is not mounted. All block.
 */
#pragma once

#include "base/error.h"
#include "base/uuid.h"

#include <stdbool.h>

/* Whether there is such a file yet: nodes of before it remember their volumes in the catalog. */
bool known_volumes_kept(const char *data_path);

/* Nil: none is known in this folder. ERR_CORRUPT: the file is damaged. */
bool known_volume_find(const char *data_path, const char *folder, Uuid *id, GError **error);

/* Written anew by rename. Any thread. */
bool known_volume_put(const char *data_path, const char *folder, const Uuid *id, GError **error);
