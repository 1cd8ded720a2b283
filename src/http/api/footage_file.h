/* footage_file.h — clips and segments as bodies of answers. */
#pragma once

#include "archive/clip.h"
#include "http/api/call.h"
#include "http/virtual_file.h"
#include "people/audit.h"

/* Takes `clip`. Returns owned. */
VirtualFile *footage_clip_file(ClipPlan *clip);

/* What of a footage file is read, as a look; the file's times. */
typedef struct FootageLook {
    AuditLook *look; /* NULL: nobody's */
    int64_t from_us, to_us;
} FootageLook;

/* The first `bytes` bytes of the footage file at `path`, without its sound unless `listen`; `name`
 * goes into the ETag. What is read of it is told to the look, which is taken. Returns owned, or
 * NULL. */
VirtualFile *footage_segment_file(const char *path, const char *name, int64_t bytes, bool listen,
                                  FootageLook look, GError **error);

/* What a film is to be saved as: "Cổng chợ 2026-11-24T07-30-00.mp4", or what the client wants
 * (RFC 6266). Returned owned. */
char *footage_disposition(const ApiCall *call, const CameraRow *row, int64_t from_us);
