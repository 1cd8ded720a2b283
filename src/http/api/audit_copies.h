/* audit_copies.h — copies that bear a number, as whoever watches over the log asks for them. */
#pragma once

#include "http/api/call.h"
#include "people/audit.h"

enum { COPY_ASKED_TEXT = 48 };

/* What ?number= asks for: lines of that film, or of that package; nothing without it. `room` is
 * borrowed by the query. ERR_INVALID: it is no number; ERR_NOT_FOUND: no package has it. */
bool audit_copies_ask(const ApiCall *call, char room[COPY_ASKED_TEXT], AuditQuery *query,
                      GError **error);
