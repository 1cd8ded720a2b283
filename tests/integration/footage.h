/* footage.h — what is really in the footage: each picture with its mark and its time, and each
 * frame of sound, in file order. */
#pragma once

#include "base/json.h"
#include "base/uuid.h"
#include "media/access_unit.h"

#include <glib.h>
#include <stdint.h>

typedef struct Picture {
    char camera[16];    /* by its mark */
    uint64_t number;    /* by its mark */
    int64_t sent_us;    /* by its mark */
    int64_t capture_us; /* by the footage: prft and tfdt */
    unsigned slices;    /* NAL units of the picture itself */
    char *file;         /* borrowed from the footage */
} Picture;

typedef struct Sound {
    int64_t capture_us; /* by the footage */
    int64_t lasts_us;
    bool begins_file; /* what was going on when the file began stands at its very beginning */
    GBytes *data;     /* owned by the footage */
} Sound;

typedef struct Footage {
    GArray *pictures;          /* Picture, in the order of the files */
    GArray *sounds;            /* Sound, in the order of the files */
    CodecParams *sound_params; /* of the last file with sound; owned, NULL: there is none */
    GPtrArray *files;          /* owned paths, in order */
    unsigned unmarked;         /* pictures without a mark: must be none */
} Footage;

/* Reads all segments of a camera's stream (“main”, “sub”) below DATA/footage and further
 * volumes DATA/footage…; the first: of its
 * main stream. Fails the test on a file that does not parse. */
Footage footage_read(const char *data, const char *camera_id);
Footage footage_read_stream(const char *data, const char *camera_id, const char *stream);
void footage_clear(Footage *footage);

/* Fails the test unless all pictures are of this camera, by their mark, each once and in order. */
void footage_assert_in_order(const Footage *footage, const char *camera);

/* How many of the pictures that a camera says it sent (sim_sent(), scripted_camera_sent()) from
 * `from_us` to `until_us` are not in the footage; `first_lost_us` is when the first of them was
 * sent. Fails the test when it sent none. */
unsigned footage_missing(const Footage *footage, const Json *sent, int64_t from_us,
                         int64_t until_us, int64_t *first_lost_us);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Footage, footage_clear)

/* Fails the test, with what is said, unless `vonglau verify` passes on the data folder. */
void footage_assert_verifies(const char *data);
