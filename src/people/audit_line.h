/* audit_line.h — private to people/: an audit entry as the members of a chained line, and back.
 *
 * {"v":1,"type":"audit","seq":N,"time_us":I,"actor":UUID or "","device":T,"address":T,"action":T,
 *  "object":T,"reason":T,"result":T,"from_us":I,"to_us":I,["changes":[T,T,T,…],]"prev":…,"key":…,
 *  "sig":…}
 *
 * "changes" holds field, before, after of each field that changed, one after the other.
 */
#pragma once

#include "people/audit.h"

#include <glib.h>

#define AUDIT_TYPE "audit"

/* Texts are cut to a bound and made valid UTF-8. Returns owned. */
GString *audit_fields(const AuditEntry *entry, int64_t time_us);

/* Returns owned, or NULL when the line is no audit entry. */
AuditRow *audit_row_read(const char *text, size_t size);
