/* exports.h — working copies that are made one after another, behind everything else on the
 * machine, and kept for a day.
 *
 * One at a time: a copy takes a core for as long as it lasts, and recording goes first. Their films
 * are temporary files of DATA/exports; what is not over when the server stops is told as failed and
 * not begun again by itself: who asked is there to ask again, and the machine has other things to
 * do when it comes back. Thread-safe.
 */
#pragma once

#include "archive/archive.h"
#include "casework/export_job.h"
#include "config/site.h"

typedef struct Exports Exports;

typedef struct ExportsOptions {
    const char *folder; /* made where it is missing, and cleared of what belongs to no job */
    Archive *archive;   /* borrowed until exports_close(), as is `site` */
    Site *site;
} ExportsOptions;

/* Blocks. Returns owned, or NULL. */
Exports *exports_open(const ExportsOptions *options, GError **error);

/* Stops what is being made. NULL is allowed. */
void exports_close(Exports *exports);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exports, exports_close)

enum { EXPORTS_OWN_MOST = 9, EXPORTS_MOST = 36, EXPORTS_KEPT_MOST = 500 };
#define EXPORT_KEPT_US (24 * INT64_C(3600) * 1000000)
#define EXPORTS_BYTES_MOST (INT64_C(8) << 30) /* of all films, and a tenth of the disk */

typedef enum ExportAnswer {
    EXPORT_TAKEN,
    EXPORT_OWN_TOO_MANY, /* so many of whoever asks are not over */
    EXPORT_ALL_TOO_MANY, /* so many of all */
    EXPORT_ALL_TOO_LARGE,
    EXPORT_NOT_NOTED, /* `error` says why */
} ExportAnswer;

/* Would a job of `who` be taken now? Blocks. */
ExportAnswer exports_would_take(Exports *exports, const Uuid *who);

/* Takes a job that waits: an id is given to one without, and the time. On EXPORT_TAKEN `job` is
 * what is told of it. Blocks. */
ExportAnswer exports_ask(Exports *exports, ExportJob *job, GError **error);

/* Those of `who`, newest first: ExportJob *. Returns owned. */
GPtrArray *exports_list(Exports *exports, const Uuid *who);

/* One of `who`, returned owned; NULL: there is none. */
ExportJob *exports_get(Exports *exports, const Uuid *who, const Uuid *id);

/* One that is not over is cancelled, at once for whoever looks; one that is over goes, with its
 * film. False: `who` has none of that id. Blocks. */
bool exports_remove(Exports *exports, const Uuid *who, const Uuid *id);

/* Opens the film of one that is done. Returns the descriptor, or -1. Blocks. */
int exports_film(Exports *exports, const ExportJob *job, int64_t *bytes, GError **error);
