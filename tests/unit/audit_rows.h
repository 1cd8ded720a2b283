/* audit_rows.h — the newest lines of an audit log, as tests look at them. */
#pragma once

#include "people/audit.h"

/* AuditRow *, newest first; returns owned. */
static inline GPtrArray *audit_rows(Audit *audit, unsigned limit)
{
    g_autofree char *next = NULL;
    const AuditQuery query = {.to_us = INT64_MAX, .limit = limit};
    return audit_search(audit, &query, &next, NULL);
}
