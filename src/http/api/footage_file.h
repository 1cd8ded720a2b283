/* footage_file.h — clips and segments as bodies of answers. */
#pragma once

#include "archive/clip.h"
#include "http/virtual_file.h"

/* Takes `clip`. Returns owned. */
VirtualFile *footage_clip_file(ClipPlan *clip);

/* The first `bytes` bytes of the footage file at `path`, without its sound unless `listen`; `name`
 * goes into the ETag. Returns owned, or NULL. */
VirtualFile *footage_segment_file(const char *path, const char *name, int64_t bytes, bool listen,
                                  GError **error);
