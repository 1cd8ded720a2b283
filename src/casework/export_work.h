/* export_work.h — making one export: from its job to its film. Private to casework/. */
#pragma once

#include "archive/archive.h"
#include "casework/export_job.h"
#include "config/site.h"

typedef struct ExportWork {
    const char *folder;
    Archive *archive;
    Site *site;
    int64_t most_bytes; /* that the film may have */

    /* Called with each picture; false stops it. */
    bool (*progress)(void *data, double done, int64_t bytes);
    void *data;
} ExportWork;

/* Makes the film of `job` and says in it how it went: state, trouble, bytes. One that was stopped
 * is EXPORT_CANCELLED. Blocks as long as it takes. */
void export_work(const ExportWork *work, ExportJob *job);

/* Room that the films of all jobs have on the disk of `folder`. */
int64_t export_room(const char *folder);
