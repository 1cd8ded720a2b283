/* pending.h — what routes answer that change what takes two persons (config/pending.h). */
#pragma once

#include "config/pending.h"
#include "http/api/call.h"

/* Who calls, and the reason in the body; of the console NULL, which needs nobody. Texts are
 * borrowed from `body`. */
bool pending_read_ask(const ApiCall *call, const Json *body, PendingAsk *room, PendingAsk **ask,
                      GError **error);

/* What has to wait is in the audit log, told to those who may decide, and answered as 202. */
bool pending_answer(ApiCall *call, const PendingAsk *ask);

/* `error` refused it: that a machine asked, which is no person, goes into the audit log. */
void pending_audit_refusal(const ApiCall *call, const char *object, const GError *error);
