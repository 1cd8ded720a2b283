/* csv.h — a table as spreadsheets save it (RFC 4180): commas or semicolons, quotes, CR LF or LF.
 *
 * Pure; bounded by rows, columns and bytes of a field.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum { CSV_ROWS_MOST = 4096, CSV_COLUMNS_MOST = 32, CSV_FIELD_BYTES_MOST = 2048 };

typedef struct CsvRow {
    unsigned line;     /* where it begins, from 1 */
    GPtrArray *fields; /* char *, blanks at the ends taken off; owned */
} CsvRow;

/* All rows but empty ones: array of CsvRow, owned. The separator is the one that the first line
 * has more of: `,`, `;` or a tab. NULL with ERR_INVALID that names the line. */
GPtrArray *csv_read(const char *text, size_t size, GError **error);
