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

/* The same where only what has no mask can be answered: true when there is one, and the answer is
 * 409 "masked", which says what to ask for `instead`. */
bool masked_refused(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us,
                    const char *instead);

/* How many masks of the camera are in force. */
unsigned masked_count(ApiContext *api, const Uuid *camera);
