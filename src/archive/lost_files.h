/* lost_files.h — footage files that no journal and no seal line knows: moved to VOLUME/lost/, told,
 * never deleted (FOOTAGE §5). Blocking; the keeper's thread.
 */
#pragma once

#include "archive/good_run.h"
#include "archive/store.h"

/* Moves "<camera>/<file>" to lost/<camera>/<file>, with "-n" behind the name when it is taken. */
bool lost_file_move(const char *volume_path, const Uuid *camera, const char *file, GError **error);

/* Looks through the newest days of each camera: only there can a kill have left a file unlisted.
 * `known`: SegmentJournal of earlier runs; `opened_wall_us`: files changed since belong to this
 * run. */
void lost_files_search(Store *store, const GPtrArray *known, int64_t opened_wall_us);
