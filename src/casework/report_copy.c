/* All that is kept of a report, as whoever told it may have it: a ZIP that any computer opens. */
#include "base/file.h"
#include "base/json.h"
#include "casework/case.h"
#include "casework/evidence_zip.h"
#include "casework/report_desk_state.h"
#include "casework/report_file.h"
#include "casework/report_privacy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char about[] =
    "Tệp này gồm mọi dữ liệu còn được lưu về một tin báo, trao cho người đã báo tin theo yêu cầu.\n"
    "report.json: nội dung tin, thời gian, nơi xảy ra, người báo, câu trả lời (mở bằng trình duyệt "
    "hoặc trình soạn thảo văn bản).\n"
    "files/: ảnh và phim đã gửi kèm, nguyên vẹn như khi gửi.\n"
    "Hình của camera không thuộc dữ liệu này.\n"
    "\n"
    "This file has all that is still kept of one report, handed to whoever told it on request.\n"
    "report.json: what was told, when, where, by whom, and the answer; any browser or text editor "
    "opens it.\n"
    "files/: pictures and videos as they were sent.\n"
    "Footage of cameras is no part of it.\n";

static void set_text(Json *json, const char *name, const char *text)
{
    if (*text)
        json_object_set_new(json, name, json_string(text));
}

static void set_time(Json *json, const char *name, int64_t time_us)
{
    if (time_us)
        json_object_set_new(json, name, json_time(time_us));
}

static void set_where(ReportDesk *desk, Json *json, const ReportRow *row)
{
    g_autoptr(LocationRow) location = site_location_get(desk->site, &row->location);
    if (location) {
        set_text(json, "location", location->name);
        set_text(json, "village", location->village ? location->village : "");
    }
    if (row->has_place)
        json_object_set_new(json, "place",
                            json_pack("{s:f, s:f}", "lat", row->latitude, "lon", row->longitude));
    set_text(json, "where", row->where_text);
}

static void file_name(const ReportFileRow *file, char name[ZIP_NAME_TEXT])
{
    const char *kind = strchr(file->type, '/');
    g_snprintf(name, ZIP_NAME_TEXT, "files/%d.%s", file->n,
               !kind                             ? "bin"
               : strcmp(kind, "/quicktime") == 0 ? "mov"
               : strcmp(kind, "/jpeg") == 0      ? "jpg"
                                                 : kind + 1);
}

static Json *files_json(const ReportRow *row)
{
    char name[ZIP_NAME_TEXT], digest[SHA256_HEX];
    Json *list = json_array();
    for (guint i = 0; i < row->files->len; i++) {
        const ReportFileRow *file = &g_array_index(row->files, ReportFileRow, i);
        file_name(file, name);
        hex_encode(file->sha256, sizeof file->sha256, digest);
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:o}", "file", name, "type", file->type,
                                        "sha256", digest, "sent_at", json_time(file->sent_us)));
    }
    return list;
}

/* Which case it belongs to is the reporter's to know, what is in it is not. */
static void set_case(ReportDesk *desk, Json *json, const ReportRow *row)
{
    char number[CASE_NUMBER_TEXT];
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, NULL);
    g_autoptr(CaseRow) of = db ? cases_get_thing(db, &row->id, NULL) : NULL;
    if (of)
        set_text(json, "case", case_number(of->year, of->seq, number));
}

static Json *copy_json(ReportDesk *desk, const ReportRow *row)
{
    char number[REPORT_NUMBER_TEXT], joined[REPORT_NUMBER_TEXT];
    g_autofree char *site = site_name(desk->site);
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "site", site, "number",
                           report_number(row->year, row->seq, number), "kind", row->kind, "source",
                           row->source, "state", row->state);
    set_time(json, "told_at", row->told_us);
    set_time(json, "from", row->from_us);
    set_time(json, "to", row->to_us);
    set_text(json, "span_words", row->span_words);
    set_where(desk, json, row);
    set_text(json, "text", row->text);
    set_text(json, "reporter_name", row->reporter);
    set_text(json, "reporter_phone", row->phone);
    set_text(json, "vneid", row->vneid);
    set_text(json, "answer", row->answer);
    set_time(json, "answered_at", row->answered_us);
    if (row->joined_ref)
        set_text(json, "joined_to", report_number(row->joined_year, row->joined_seq, joined));
    set_case(desk, json, row);
    json_object_set_new(json, "cameras_held", json_integer(row->holds->len));
    json_object_set_new(json, "files", files_json(row));
    return json;
}

static bool put_file(ReportDesk *desk, EvidenceZip *zip, const ReportRow *row, int n,
                     GError **error)
{
    char name[ZIP_NAME_TEXT];
    ReportFileRow file;
    fd_auto int fd = report_file_open(desk, &row->id, n, &file, error);
    if (fd < 0)
        return false;
    file_name(&file, name);
    return evidence_zip_begin(zip, name, file.bytes, error) &&
           evidence_zip_copy(zip, fd, 0, (uint64_t)file.bytes, error) &&
           evidence_zip_end(zip, error);
}

static bool write_copy(ReportDesk *desk, const char *path, const ReportRow *row, GError **error)
{
    g_autoptr(Json) json = copy_json(desk, row);
    g_autofree char *text = json_lines(json);
    g_autoptr(EvidenceZip) zip = evidence_zip_new(path, 0, NULL, NULL, error);
    if (!zip || !evidence_zip_put(zip, "README.txt", about, strlen(about), error) ||
        !evidence_zip_put(zip, "report.json", text, strlen(text), error))
        return false;
    for (guint i = 0; i < row->files->len; i++)
        if (!put_file(desk, zip, row, g_array_index(row->files, ReportFileRow, i).n, error))
            return false;
    return evidence_zip_close(zip, error);
}

int report_desk_copy(ReportDesk *desk, const ReportRow *row, int64_t *bytes, GError **error)
{
    char name[UUID_TEXT];
    struct stat facts;
    Uuid id = uuid_new();
    g_autofree char *path = g_build_filename(desk->incoming, uuid_text(&id, name), NULL);
    if (!folder_make(desk->incoming, error) || !write_copy(desk, path, row, error))
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    unlink(path); /* whoever reads it has it open */
    if (fd < 0 || fstat(fd, &facts) < 0) {
        err_errno(error, errno, "the copy of a report cannot be read");
        fd_clear(&fd);
        return -1;
    }
    *bytes = facts.st_size;
    return fd;
}
