/* package_notice.h — tells open apps of evidence packages as they are asked for, decided and made
 * (docs/reference/live.md, op “package”): number and state only, to those who may ask for one;
 * and phones of one that waits for a second person (push.md).
 */
#pragma once

#include "casework/package_desk.h"
#include "http/api/context.h"

/* A PackageListener; `api` is the ApiContext. */
void package_notice_tell(void *api, const PackageRow *row, bool asked);
