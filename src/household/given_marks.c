#include "household/given_marks.h"

#include "base/log.h"
#include "catalog/household_files.h"
#include "people/audit.h"

/* What came after the copy has no row, and stays on the disk for that. */
static bool keep(CatalogDb *db, GivenMarks *marks, const AuditRow *line, GError **error)
{
    HouseholdFileRow row;
    Uuid file, household, request;
    g_autofree char *number = NULL;
    g_autoptr(GError) missing = NULL;
    if (!uuid_parse(line->object, &file))
        return true;
    if (!household_files_get(db, &file, &row, &household, &request, &number, &missing)) {
        if (g_error_matches(missing, ERR, ERR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    if (row.evidence_us)
        return true;
    row.evidence_us = line->time_us;
    marks->kept++;
    return household_files_put(db, &row, error);
}

bool given_marks_rows(CatalogDb *db, void *data, GError **error)
{
    GivenMarks *marks = data;
    marks->kept = 0;
    if (marks->copy->is_whole || !marks->copy->at_us)
        return true;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) lines =
        audit_since(marks->audit, GIVEN_KEEP_ACTION, marks->copy->at_us, &trouble);
    if (!lines)
        log_error("household.marks",
                  "folder=%s cause=\"%s: what was kept as evidence since the "
                  "copy goes by age unless it is kept again\"",
                  marks->audit, trouble->message);
    for (guint i = 0; lines && i < lines->len; i++)
        if (!keep(db, marks, lines->pdata[i], error))
            return false;
    if (marks->kept > 0)
        log_warning("household.marks",
                    "kept=%u cause=\"evidence by the audit log alone: it is to "
                    "be put into its case again\"",
                    marks->kept);
    return true;
}
