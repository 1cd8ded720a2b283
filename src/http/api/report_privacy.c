/* report_privacy.c — what whoever told a report may have done with what is kept of it: wished by
 * them, with the link of their report or in person; a copy, and erased, by whoever has the right.
 */
#include "casework/report_privacy.h"

#include "http/api/access.h"
#include "http/api/handlers.h"
#include "http/api/report_json.h"
#include "http/problem.h"

#include <string.h>

static ReportDesk *desk_of(const ApiCall *call, GError **error)
{
    if (!call->api->reports)
        err_set(error, ERR_UNAVAILABLE, "no server is running");
    return call->api->reports;
}

static bool read_wish(ApiCall *call, ReportWish *wish, GError **error)
{
    static const char *const members[] = {"wish", NULL};
    const char *text = NULL;
    const Json *body = call_body(call, members, error);
    return body && json_get_text(body, "wish", &text, error) &&
           (report_wish_parse(text, wish) ||
            err_set(error, ERR_INVALID, "‘wish’ must be copy or erasure"));
}

static void audit_wish(const ApiCall *call, const char *action, const ReportRow *row,
                       ReportWish wish)
{
    char id[UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "wish", "", report_wish_text(wish));
    call_audit_changes(call, action, uuid_text(&row->id, id), &changes);
}

/* Of somebody who comes to the post, or calls. */
bool report_wish_add(ApiCall *call, GError **error)
{
    ReportWish wish;
    g_autoptr(ReportRow) seen = desk_of(call, error) ? report_find(call, error) : NULL;
    if (!seen || !read_wish(call, &wish, error))
        return false;
    g_autoptr(ReportRow) row = report_desk_wish(call->api->reports, &seen->id, wish, error);
    if (!row)
        return false;
    audit_wish(call, "report-wish", row, wish);
    return call_json(call, 200, report_json(call, row));
}

bool report_form_wish(ApiCall *call, GError **error)
{
    ReportWish wish;
    g_autoptr(ReportRow) row = NULL, joined = NULL;
    if (!report_followed(call, &row, &joined, error))
        return false;
    if (!row)
        return true;
    if (!read_wish(call, &wish, error))
        return false;
    g_autoptr(ReportRow) after = report_desk_wish(call->api->reports, &row->id, wish, error);
    if (!after)
        return false;
    audit_wish(call, "report-wish", after, wish);
    return call_json(call, 200, report_followed_json(after, joined));
}

bool report_wish_end(ApiCall *call, GError **error)
{
    ReportWish wish;
    g_autoptr(ReportRow) seen = desk_of(call, error) ? report_find(call, error) : NULL;
    if (!seen)
        return false;
    if (!report_wish_parse(call->params[1], &wish))
        return err_set(error, ERR_NOT_FOUND, "nobody waits for that");
    g_autoptr(ReportRow) row = report_desk_wish_done(call->api->reports, &seen->id, wish, error);
    if (!row)
        return false;
    audit_wish(call, "report-wish-end", row, wish);
    return call_json(call, 200, report_json(call, row));
}

bool report_copy_get(ApiCall *call, GError **error)
{
    int64_t bytes = 0;
    char number[REPORT_NUMBER_TEXT];
    g_autoptr(ReportRow) row = desk_of(call, error) ? report_find(call, error) : NULL;
    int fd = row ? report_desk_copy(call->api->reports, row, &bytes, error) : -1;
    if (fd < 0)
        return false;
    call_audit(call, "report-copy", call->params[0], NULL, "ok");
    call_header(call, "content-disposition",
                g_strdup_printf("attachment; filename=\"%s.zip\"",
                                report_number(row->year, row->seq, number)));
    call_header(call, "cache-control", g_strdup("no-store"));
    return call_file(call, virtual_file_of_fd(fd, (uint64_t)bytes, "application/zip"));
}

bool report_erase(ApiCall *call, GError **error)
{
    Changes changes = {0};
    GError *trouble = NULL;
    g_autoptr(ReportRow) seen = desk_of(call, error) ? report_find(call, error) : NULL,
                         before = NULL;
    if (!seen)
        return false;
    g_autoptr(ReportRow) row = report_desk_erase(call->api->reports, &seen->id, &before, &trouble);
    if (!row && g_error_matches(trouble, ERR, ERR_EXISTS)) {
        problem_set(call->response, 409, "erased", "%s", trouble->message);
        g_error_free(trouble);
        return true;
    }
    if (!row) {
        g_propagate_error(error, trouble);
        return false;
    }
    changes_text(&changes, "erased", report_erased_text((ReportErased)before->erased),
                 report_erased_text((ReportErased)row->erased));
    call_audit_changes(call, "report-erase", call->params[0], &changes);
    return call_json(call, 200, report_json(call, row));
}
