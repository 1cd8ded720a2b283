/* case_json.h — cases as the API tells them and takes them. Whoever works on cases sees all of
 * them: what a case says of footage does not show it.
 */
#pragma once

#include "casework/case_desk.h"
#include "http/api/call.h"

/* The desk, or ERR_UNAVAILABLE: no server is running. */
CaseDesk *case_desk_of(const ApiCall *call, GError **error);

/* The case of the path, by id or number. Returns owned, or NULL. */
CaseRow *case_find(ApiCall *call, GError **error);

/* Who works on a case: an account or a token, not the console. */
bool case_worker(const ApiCall *call, Uuid *who, GError **error);

/* Case of openapi.yaml, without its items and history. Returns owned. */
Json *case_json(const ApiCall *call, const CaseRow *row);

/* The same with all that it gathers. Returns owned, or NULL. */
Json *case_whole_json(const ApiCall *call, const CaseRow *row, GError **error);

Json *case_item_json(const ApiCall *call, const CaseItemRow *row); /* returns owned */

/* The line of the audit log that an item (`action` "case-item") is in, or out. */
void case_audit_item(ApiCall *call, const char *action, const CaseRow *row,
                     const CaseItemRow *item);

/* Its holds, with what there is of them by now, and what whoever calls may do. Returns owned, or
 * NULL. */
Json *case_holds_json(const ApiCall *call, CatalogDb *db, const CaseRow *row, GError **error);

/* Answers what the desk would not do: 409 with a word for it, or the error. */
bool case_answer_refusal(ApiCall *call, CaseRefusal refusal, GError *trouble, GError **error);

/* The reason of lines in the audit log about this case: "case VV-2026-0042". */
void case_audit_reason(ApiCall *call, const CaseRow *row);
