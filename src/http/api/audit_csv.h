/* audit_csv.h — lines of the audit log as a table for spreadsheets (RFC 4180, UTF-8 with its mark,
 * which Excel needs). */
#pragma once

#include "http/api/context.h"
#include "people/audit.h"

/* A table without lines. Returns owned. */
GString *audit_csv_new(void);

/* Adds lines, AuditRow *; times also in `zone`. */
void audit_csv_add(GString *text, ApiContext *api, const GPtrArray *rows, GTimeZone *zone);

/* Appends one cell, quoted. What a spreadsheet would take for a formula gets an apostrophe in front
 * (OWASP, “CSV Injection”). */
void csv_cell(GString *text, const char *cell);
