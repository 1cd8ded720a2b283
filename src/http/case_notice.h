/* case_notice.h — tells open apps of cases as they are opened and change (docs/reference/live.md,
 * op “case”): number and state only, to those who work on cases; and phones, once, of one that is
 * overdue (push.md).
 */
#pragma once

#include "casework/case_desk.h"
#include "http/api/context.h"

/* A CaseListener; `api` is the ApiContext. */
void case_notice_tell(void *api, const CaseRow *row, bool late);
