/* report_files.c — pictures and videos that come with a report: sent with it, and looked at. */
#include "casework/report_file.h"

#include "http/api/access.h"
#include "http/api/handlers.h"
#include "http/api/report_json.h"
#include "http/api/sent_file.h"

#include <string.h>

/* Answers with what was kept; `row` is where it belongs. */
static bool keep(ApiCall *call, const ReportRow *row, GError **error)
{
    char id[UUID_TEXT];
    ReportFileRow kept;
    ApiUpload *sent = call->request->upload;
    if (!sent)
        return err_set(error, ERR_INVALID, "the body must be a picture or a video");
    if (!sent_file_bare(sent, error))
        return false;
    ReportUpload upload = {
        .path = sent->path, .bytes = sent->bytes, .first_bytes = sent->first_bytes};
    memcpy(upload.sha256, sent->sha256, sizeof upload.sha256);
    memcpy(upload.first, sent->first, sizeof upload.first);
    if (!report_file_keep(call->api->reports, &row->id, &upload, &kept, error))
        return false;
    sent->taken = true;
    call_audit(call, "report-file-add", uuid_text(&row->id, id), NULL, "ok");
    return call_json(call, 201, report_file_json(&kept));
}

/* For whoever told it, or works on it. Returns owned. */
static ReportRow *find_to_add(ApiCall *call, GError **error)
{
    Uuid me = call_maker(call);
    if (!call->api->reports) {
        err_set(error, ERR_UNAVAILABLE, "no server is running");
        return NULL;
    }
    g_autoptr(ReportRow) row = report_find(call, error);
    if (!row)
        return NULL;
    if (rights_allow(call->identity.role, ACTION_REPORTS) || uuid_equal(&row->by, &me))
        return g_steal_pointer(&row);
    err_set(error, ERR_DENIED, "only who told a report adds to it");
    return NULL;
}

bool report_file_may_add(ApiCall *call, GError **error)
{
    g_autoptr(ReportRow) row = find_to_add(call, error);
    return row != NULL;
}

bool report_file_add(ApiCall *call, GError **error)
{
    g_autoptr(ReportRow) row = find_to_add(call, error);
    return row && keep(call, row, error);
}

/* For whoever has its secret, soon after it was told; as report_followed(). */
static bool follow_to_add(ApiCall *call, ReportRow **row, GError **error)
{
    g_autoptr(ReportRow) joined = NULL;
    if (!report_followed(call, row, &joined, error))
        return false;
    return !*row || clock_now_us() - (*row)->told_us <= REPORT_FILE_AFTER_US ||
           err_set(error, ERR_INVALID, "pictures are taken for an hour after the report");
}

bool report_form_may_add(ApiCall *call, GError **error)
{
    g_autoptr(ReportRow) row = NULL;
    return follow_to_add(call, &row, error);
}

bool report_form_add(ApiCall *call, GError **error)
{
    g_autoptr(ReportRow) row = NULL;
    return follow_to_add(call, &row, error) && (!row || keep(call, row, error));
}

/* In a box of sand, whatever it is. */
bool report_file_get(ApiCall *call, GError **error)
{
    gint64 n = 0;
    ReportFileRow file;
    if (!call->api->reports)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    g_autoptr(ReportRow) row = report_find(call, error);
    if (!row)
        return false;
    if (!g_ascii_string_to_signed(call->params[1], 10, 1, INT32_MAX, &n, NULL))
        return err_set(error, ERR_NOT_FOUND, "the report has no such picture");
    int fd = report_file_open(call->api->reports, &row->id, (int)n, &file, error);
    if (fd < 0)
        return false;
    call_audit(call, "report-file", call->params[0], NULL, "ok");
    return access_sent_file(call, fd, file.bytes, file.type, file.sha256);
}
