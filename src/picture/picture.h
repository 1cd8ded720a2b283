/* picture.h — one coded picture into a JPEG. The only face of libav in the program.
 *
 * Blocking and hungry (about 10–40 ms of a core for 1080p): for a pool thread, never the ingest or
 * HTTP thread. One decoder a call, no threads of its own. Input may be garbage: then it is an
 * error.
 */
#pragma once

#include "base/buffer.h"
#include "media/access_unit.h"
#include "media/file_kind.h"
#include "media/mask.h"

/* A picture is neither wider nor higher than this; a JPEG not wider. */
enum { PICTURE_MAX_PX = 8192 };

/* Decodes the key picture `unit` (H.264 or H.265) and codes it as JPEG `width_px` wide, height in
 * proportion (0, or wider than the picture: as it is), covered by `masks` (NULL: nothing is). On
 * true `*jpeg` is returned owned.
 * ERR_UNSUPPORTED: not a video codec we decode; ERR_CORRUPT: it cannot be decoded. */
bool picture_jpeg_from_unit(const AccessUnit *unit, int width_px, MaskSet *masks, Buffer **jpeg,
                            GError **error);

/* The same of a JPEG that was made before, in its size. */
bool picture_jpeg_masked(const uint8_t *made, size_t size, MaskSet *masks, Buffer **jpeg,
                         GError **error);

/* A picture file that somebody sent (JPEG, PNG or WebP), `width_px` wide as above. */
bool picture_jpeg_from_file(FileKind kind, const uint8_t *data, size_t size, int width_px,
                            Buffer **jpeg, GError **error);
