/* masked.h — what of a camera's pictures is covered for whoever asks. The only place of the API
 * that decides it; who answers with pictures asks here, or the dispatcher lets nothing out.
 */
#pragma once

#include "http/api/call.h"
#include "media/mask.h"

/* What covers pictures of `camera` from `from_us` to `to_us` for whoever calls; where they see
 * without masks, the lifting goes into the audit log with what the call does. Returns owned, or
 * NULL: nothing. */
MaskSet *masked_for(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us);

/* The same of what leaves: nobody's lifting counts. */
MaskSet *masked_leaving(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us);

/* What is answered has pictures of no camera: nothing can cover them. */
void masked_no_camera(ApiCall *call);

/* Is more covered by now than what was told last? A picture takes its time to be made. */
bool masked_is_stale(const ApiCall *call);

/* Where only what nothing covers can be answered: true when something does, and the answer is 409
 * "masked", which says what to ask for `instead`. Takes `masks`, which one of the above gave. */
bool masked_refused(ApiCall *call, MaskSet *masks, const char *instead);

/* What a file is of, and mask_set_key() of what covers it (0: nothing). */
typedef struct MaskedFile {
    const Uuid *camera;
    int64_t from_us, to_us;
    uint64_t key;
} MaskedFile;

/* A file that may be handed out now: as soon as it may not be any more (a mask is drawn, a lifting
 * ends), reading it fails. Takes `file`; returns it. */
VirtualFile *masked_guard(ApiCall *call, VirtualFile *file, const MaskedFile *of);

/* What covers live pictures of it for them, as above. `*lifted`: something does for others. */
MaskSet *masked_live(ApiContext *api, const Identity *who, const Uuid *camera, bool *lifted);

/* "unmasked …" with the lifting by which they see it without masks, or NULL. Returned owned. */
char *masked_lifting(ApiContext *api, const Identity *who, const Uuid *camera);

/* Does the address lead to the host of a camera with masks? For looks at an address before it is a
 * camera. */
bool masked_host(ApiCall *call, const char *url);

/* How many masks of the camera are in force. */
unsigned masked_count(ApiContext *api, const Uuid *camera);
