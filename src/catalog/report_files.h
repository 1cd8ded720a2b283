/* report_files.h — rows of the pictures and videos that came with a report. The files themselves
 * lie below DATA/reports, named by their digest. */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct ReportFileRow {
    int n; /* of the report, from 1 */
    int64_t bytes;
    int64_t sent_us;
    uint8_t sha256[SHA256_BYTES];
    char type[24]; /* "image/jpeg" */
} ReportFileRow;

/* As the next of the report with this id; sets `row->n`. */
bool report_files_add(CatalogDb *db, const Uuid *report, ReportFileRow *row, GError **error);

/* ReportFileRow by value, in their order. Returns owned, or NULL. */
GArray *report_files_list(CatalogDb *db, const Uuid *report, GError **error);

/* Bytes of all files of all reports. */
bool report_files_bytes(CatalogDb *db, int64_t *bytes, GError **error);
