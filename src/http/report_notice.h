/* report_notice.h — tells of reports as they come in and are taken: open apps by the socket they
 * have (docs/reference/live.md, op “report”), phones, and the site's webhook. Kind and location
 * only: never what was told, nor by whom.
 */
#pragma once

#include "casework/report_desk.h"
#include "http/api/context.h"

/* A ReportListener; `api` is the ApiContext. */
void report_notice_tell(void *api, const ReportRow *row, ReportNews news);
