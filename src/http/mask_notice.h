/* mask_notice.h — tells open apps that the masks of a camera have changed, or who sees without them
 * (docs/reference/live.md, op “mask”): the camera only, to those who may see it; and phones of
 * somebody who asks to see without masks and waits for a second person (push.md).
 */
#pragma once

#include "config/masks.h"
#include "http/api/context.h"

/* `asked`: the lifting that is asked for anew; NULL: something else. Any thread. */
void mask_notice_tell(ApiContext *api, const Uuid *camera, const LiftingRow *asked);
