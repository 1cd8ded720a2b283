/* clip.h — an encoded stream of one scene, held in memory once and shared by all cameras.
 *
 * A unit is one picture: NAL units each behind a 4-byte length. The clip is complete and does not
 * change once it is served; it can be kept in a file and read back.
 */
#pragma once

#include "media/access_unit.h"

#include <glib.h>

typedef struct ClipUnit {
    uint32_t offset; /* in data */
    uint32_t size;
    uint32_t mark_at; /* where an SEI NAL unit may go: before the first slice */
    uint32_t key;     /* 1: IDR */
} ClipUnit;

typedef struct Clip {
    Codec codec;
    int width, height;
    GArray *units; /* of ClipUnit */
    GByteArray *data;
    GByteArray *config; /* body of avcC or hvcC */
} Clip;

Clip *clip_new(Codec codec, int width, int height);
void clip_free(Clip *clip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clip, clip_free)

/* Appends one picture given as an Annex B byte stream. The first must be a key picture with its
 * parameter sets, from which `config` is made. */
void clip_add(Clip *clip, const uint8_t *annex_b, size_t size, bool key);

/* Appends all of `next`, coded alike. */
void clip_join(Clip *clip, const Clip *next);

/* `count` units from `from` on, copied, coded alike. Returns owned. */
Clip *clip_cut(const Clip *clip, uint32_t from, uint32_t count);

uint32_t clip_count(const Clip *clip);
const ClipUnit *clip_unit(const Clip *clip, uint32_t index);
const uint8_t *clip_bytes(const Clip *clip, const ClipUnit *unit);

/* The file is written beside and renamed, so that two programs may share a cache. */
bool clip_save(const Clip *clip, const char *path, GError **error);

/* Returns owned, or NULL when the file is missing, of another version or damaged. */
Clip *clip_load(const char *path);
