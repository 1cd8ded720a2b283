/* export_job.h — one export: what was asked, how far it is, and the note of it that outlives a
 * restart. A plain value but for its texts. */
#pragma once

#include "base/error.h"
#include "base/uuid.h"
#include "media/mask.h"
#include "media/redaction.h"

#include <stdint.h>

typedef enum ExportState {
    EXPORT_WAITING,
    EXPORT_RUNNING,
    EXPORT_DONE,
    EXPORT_FAILED,
    EXPORT_CANCELLED,
    EXPORT_STATES,
} ExportState;
const char *export_state_text(ExportState state); /* "waiting" … as in the API */

/* Why one failed; EXPORT_FINE where it did not. */
typedef enum ExportTrouble {
    EXPORT_FINE,
    EXPORT_INTERRUPTED, /* the server stopped meanwhile */
    EXPORT_NO_FOOTAGE,  /* it is gone by now */
    EXPORT_NO_ROOM,
    EXPORT_UNSUPPORTED, /* the pictures cannot be decoded, or the codec changes within */
    EXPORT_BROKEN,      /* something else: the log tells */
    EXPORT_TROUBLES,
} ExportTrouble;
const char *export_trouble_text(ExportTrouble trouble); /* "interrupted" …; NULL for EXPORT_FINE */

typedef struct ExportJob {
    Uuid id;
    Uuid who; /* account or token that asked; nil: the console */
    Uuid camera;
    int64_t from_us, to_us;
    bool listen;          /* sound goes along */
    bool redacted;        /* parts of it are made unrecognisable */
    Redaction *redaction; /* which; owned, NULL: none, or it is over and was read from its note */
    MaskSet *masks;       /* cover it; a reference, NULL: nothing does, or as above */
    int64_t masks_key;    /* mask_set_key() of these */
    char *number;         /* of a redacted film, burnt in; owned, NULL: of the id */
    char *receiver;       /* whom it is for; owned, NULL: not said */
    char *hash;           /* SHA-256 of the film of a numbered one, in hex; owned, NULL: not made */
    char *reason;         /* why, as the audit log has it; owned, NULL: none was needed */
    char *who_name;       /* burnt in; owned */
    char *device;         /* what it was asked for with, burnt in; owned */
    char *where;          /* names of camera and location, burnt in; owned */
    int64_t made_us;      /* when it was asked for */
    int64_t ended_us;     /* 0: it has not */
    ExportState state;    /* never EXPORT_RUNNING in the note */
    ExportTrouble trouble;
    int64_t bytes;   /* of the file; while it runs, so far */
    double progress; /* 0 to 1 */
    unsigned ahead;  /* others that come before it */
} ExportJob;

ExportJob *export_job_copy(const ExportJob *job); /* returns owned */
void export_job_free(ExportJob *job);             /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExportJob, export_job_free)

/* The note FOLDER/<id>.json of a job, which is written anew. Blocks. */
bool export_job_write(const char *folder, const ExportJob *job, GError **error);

/* The job that the note `name` tells of, returned owned; one that was not over is
 * EXPORT_INTERRUPTED. NULL: it is no note, or what it tells of is not there. Blocks. */
ExportJob *export_job_read(const char *folder, const char *name);

/* FOLDER/<id>.mp4; returned owned. */
char *export_job_film(const char *folder, const Uuid *id);

/* Its note and its film go. Blocks. */
void export_job_remove(const char *folder, const Uuid *id);
