#include "http/api/package_case.h"

#include "base/log.h"
#include "casework/case_desk.h"
#include "http/problem.h"

#include <string.h>

bool package_case_read(ApiCall *call, const char *name, char **number, GError **error)
{
    char text[CASE_NUMBER_TEXT];
    g_autoptr(GError) missing = NULL;
    if (!call->api->cases)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    g_autoptr(CaseRow) row = case_desk_find(call->api->cases, name, &missing);
    if (!row && !g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    if (!row)
        problem_set(call->response, 422, "no-such-case", "there is no case ‘%.64s’", name);
    else if (case_is_over(row))
        problem_set(call->response, 409, "case-over",
                    "nobody works on this case any more: reopen it first");
    else
        *number = g_strdup(case_number(row->year, row->seq, text));
    return *number != NULL;
}

char *package_case_number(const ApiCall *call, const char *name)
{
    char text[CASE_NUMBER_TEXT];
    g_autoptr(CaseRow) row = call->api->cases ? case_desk_find(call->api->cases, name, NULL) : NULL;
    return g_strdup(row ? case_number(row->year, row->seq, text) : name);
}

void package_case_left(ApiCall *call, const PackageRow *row)
{
    char id[UUID_TEXT];
    Changes changes = {0};
    Uuid me = call_maker(call);
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseRow) before = NULL;
    g_autoptr(CaseRow) after =
        call->api->cases
            ? case_desk_hand_over(call->api->cases, row->case_number, &me, &before, &error)
            : NULL;
    if (error)
        log_warning("package.case", "package=%s cause=\"%s\"", uuid_text(&row->id, id),
                    error->message);
    if (!after)
        return;
    changes_text(&changes, "state", before->state, after->state);
    call_audit_changes(call, "case-state", uuid_text(&after->id, id), &changes);
}
