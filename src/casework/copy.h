/* copy.h — a working copy of a clip: the clock and the camera's name burnt into its pictures.
 *
 * Coded anew as H.264, so that it also is how footage in H.265 leaves for somebody who cannot play
 * that. Each picture has its own time of capture; a gap is a black card with its times; sound goes
 * along as it is, where the plan has it. What it is a copy of stands in the file (COPY_BOX).
 */
#pragma once

#include "archive/clip.h"
#include "base/uuid.h"
#include "media/mask.h"
#include "media/redaction.h"

typedef struct CopyAsked {
    ClipPlan *plan; /* borrowed; at most COPY_MOST_US long */
    const char *path;
    Uuid id, camera;
    const char *number;     /* burnt in; NULL: of the id */
    int64_t from_us, to_us; /* as they were asked for */
    const char *where;      /* names of camera and location */
    const char *who;        /* for whom it is made */
    const char *device;     /* with what it was asked for; NULL: not said */
    const char *reason;     /* what for, as the audit log has it; NULL: not said */
    GTimeZone *zone;
    bool vietnamese;
    MaskSet *masks;             /* cover its pictures; NULL: nothing does */
    const Redaction *redaction; /* made unrecognisable; NULL: nothing is */
} CopyAsked;

#define COPY_MOST_US (INT64_C(3600) * 1000000)

/* Of the id of a copy so many letters are its number, which is burnt in. */
enum { COPY_NUMBER = 8 };

/* What is done to the pictures and the sound, in a sentence. Returned owned. */
char *copy_processing(const Redaction *redaction, const MaskSet *masks, bool sound);

/* Type of a box at the end of moov: one JSON object with what, export, number (where it has one of
 * its own), camera, stream, from, to, gaps [{from, to}], pictures, left_out (could not be decoded),
 * made, processing, encoder, and the redaction where there is one, as redaction_put() writes it. */
#define COPY_BOX "\x0f\x6b\x5a\x93\xc8\x1e\x4d\x27\xb1\x84\x63\x2a\xe7\x90\x5c\x3d"

/* Called with each picture, `done` from 0 to 1 and the bytes so far; false stops it. */
typedef bool (*CopyProgress)(void *data, double done, int64_t bytes);

/* Writes the copy; nothing stays of one that failed. ERR_UNAVAILABLE: it was stopped;
 * ERR_UNSUPPORTED, ERR_NOT_FOUND: nothing of it can be decoded; ERR_FULL, ERR_IO. Blocking, and
 * hungry: a core for about as long as docs/design/performance.md says. */
bool copy_write(const CopyAsked *asked, CopyProgress progress, void *data, GError **error);
