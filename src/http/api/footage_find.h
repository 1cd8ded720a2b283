/* footage_find.h — which footage a call is about, and whether it may be made into H.264 for it. */
#pragma once

#include "archive/archive.h"
#include "http/api/call.h"

/* The camera of the path, removed ones included: their footage stays until retention. Returned
 * owned; NULL: there is none, or no server runs. */
CameraRow *footage_camera(ApiCall *call, GError **error);

/* Of ?codec&stream of playlists: main or sub, and is H.264 wanted in place of H.265? */
bool footage_query_stream(const ApiCall *call, StreamKind *kind, GError **error);
bool footage_query_h264(const ApiCall *call, bool *h264, GError **error);

/* The segment that the path names, borrowed from `*list`, which is returned owned. NULL:
 * ERR_NOT_FOUND. */
const ArchiveSegment *footage_named(ApiCall *call, const CameraRow *row, GArray **list,
                                    GError **error);

/* Does this server make H.264 of H.265? Otherwise the answer is set: 422, "transcoding-off". */
bool footage_is_made(ApiCall *call);

/* May whoever calls have a part of the camera's footage made now? Otherwise the answer is set, as
 * above or 503, "transcoding-limit": come again. */
bool footage_may_make(ApiCall *call, const Uuid *camera);
