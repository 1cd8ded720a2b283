/* report_json.h — reports as the API tells them and takes them, and who sees which.
 *
 * Whoever works on reports sees all; others those of locations within their reach, and what they
 * wrote themselves. Who told it is protected: the commander sees it, and the officer who has the
 * report.
 */
#pragma once

#include "casework/report_desk.h"
#include "http/api/call.h"

/* A ReportQuery's `may`; `call` is an ApiCall. */
bool report_may_see(void *call, const ReportRow *row);

/* The report of the path, as far as whoever calls may see it; ERR_NOT_FOUND otherwise. Returns
 * owned. */
ReportRow *report_find(ApiCall *call, GError **error);

/* Report of openapi.yaml, without whoever told it. Returns owned. */
Json *report_json(const ApiCall *call, const ReportRow *row);

/* May whoever calls see who told it? */
bool report_may_see_person(const ApiCall *call, const ReportRow *row);
Json *report_file_json(const ReportFileRow *row); /* returns owned */
Json *report_person_json(const ReportRow *row);   /* returns owned; NULL: nobody is named */

/* What whoever told it reads; `joined`: what it was joined to, or NULL. Returns owned. */
Json *report_followed_json(const ReportRow *row, const ReportRow *joined);

/* The name of an account, "" for none. Returns owned. */
char *report_name_of(const ApiContext *api, const Uuid *account);

/* What a body tells. `asked` holds what `told` points to. */
typedef struct ReportAsked {
    ReportTold told;
    Uuid location, camera, key;
    PlacePoint place;
} ReportAsked;
bool report_read(const Json *body, ReportAsked *asked, GError **error);

/* Too many: answers 429, and is true. */
bool report_answer_wait(ApiCall *call, int64_t wait_us);

/* The report of the path, for whoever has its secret, and the one it is joined to or NULL; both
 * owned. True without a report: too many ask, and 429 is answered. */
bool report_followed(ApiCall *call, ReportRow **row, ReportRow **joined, GError **error);
