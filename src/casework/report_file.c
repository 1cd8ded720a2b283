#include "casework/report_file.h"

#include "base/clock.h"
#include "base/file.h"
#include "casework/report_desk_state.h"
#include "casework/report_privacy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

bool report_room_for(const char *folder, int64_t bytes, GError **error)
{
    struct statvfs facts;
    if (statvfs(folder, &facts) != 0)
        return err_errno(error, errno, "%s cannot be looked at", folder);
    int64_t free_bytes = (int64_t)facts.f_bavail * (int64_t)facts.f_frsize;
    return free_bytes - bytes >= REPORT_ROOM_LEAST ||
           err_set(error, ERR_FULL,
                   "there is no room for pictures on the server now; the report itself is kept");
}

static char *folder_of(const ReportDesk *desk, const Uuid *report)
{
    char id[UUID_TEXT];
    return g_build_filename(desk->folder, uuid_text(report, id), NULL);
}

static char *path_of(const char *folder, const uint8_t sha256[SHA256_BYTES])
{
    char name[SHA256_HEX];
    hex_encode(sha256, SHA256_BYTES, name);
    return g_build_filename(folder, name, NULL);
}

/* ---- keeping one ---- */

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Keeping {
    const Uuid *report;
    const ReportFileRow *asked;
    ReportFileRow kept;
} Keeping;

static bool is_within_bounds(CatalogDb *db, const Keeping *keeping, const GArray *rows,
                             GError **error)
{
    int64_t bytes = 0;
    int count = 0;
    bool video = file_kind_is_video(file_kind_of_type(keeping->asked->type));
    for (guint i = 0; i < rows->len; i++)
        count += video ==
                 file_kind_is_video(file_kind_of_type(g_array_index(rows, ReportFileRow, i).type));
    if (count >= (video ? REPORT_VIDEOS_MOST : REPORT_PICTURES_MOST))
        return err_set(error, ERR_INVALID, "a report has at most %d pictures and %d video",
                       REPORT_PICTURES_MOST, REPORT_VIDEOS_MOST);
    return report_files_bytes(db, &bytes, error) &&
           (bytes + keeping->asked->bytes <= REPORT_FILES_BYTES_MOST ||
            err_set(error, ERR_FULL,
                    "the pictures of all reports take what they may; the report itself is kept"));
}

/* One that came in while it was erased is not kept. */
static bool is_there_to_add_to(CatalogDb *db, const Uuid *id, GError **error)
{
    g_autoptr(ReportRow) report = reports_get(db, id, error);
    return report && (report->erased < REPORT_ERASED ||
                      err_set(error, ERR_INVALID, "the report was erased: nothing is added to it"));
}

static bool write_file(CatalogDb *db, void *data, GError **error)
{
    Keeping *keeping = data;
    if (!is_there_to_add_to(db, keeping->report, error))
        return false;
    g_autoptr(GArray) rows = report_files_list(db, keeping->report, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        keeping->kept = g_array_index(rows, ReportFileRow, i);
        if (memcmp(keeping->kept.sha256, keeping->asked->sha256, SHA256_BYTES) == 0)
            return true;
    }
    keeping->kept = *keeping->asked;
    return rows && is_within_bounds(db, keeping, rows, error) &&
           report_files_add(db, keeping->report, &keeping->kept, error);
}

static bool describe(const ReportUpload *upload, ReportFileRow *row, GError **error)
{
    FileKind kind = file_kind(upload->first, upload->first_bytes);
    if (kind == FILE_UNKNOWN)
        return err_set(error, ERR_UNSUPPORTED,
                       "only pictures (JPEG, PNG, WebP) and videos (MP4, WebM, MOV) are taken");
    bool video = file_kind_is_video(kind);
    if (upload->bytes > (video ? REPORT_VIDEO_BYTES_MOST : REPORT_PICTURE_BYTES_MOST))
        return err_set(error, ERR_INVALID, "a picture may have at most 8 MiB, a video 64 MiB");
    *row = (ReportFileRow){.bytes = upload->bytes, .sent_us = clock_now_us()};
    memcpy(row->sha256, upload->sha256, sizeof row->sha256);
    g_strlcpy(row->type, file_kind_type(kind), sizeof row->type);
    return true;
}

static bool move(const char *from, const char *to, const char *folder, GError **error)
{
    if (!folder_make(folder, error))
        return false;
    return (rename(from, to) == 0 ||
            err_errno(error, errno, "a picture cannot be put at %s", to)) &&
           folder_sync(folder, error);
}

static bool is_kept(const ReportDesk *desk, const Uuid *report, const ReportFileRow *asked)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, NULL);
    g_autoptr(GArray) rows = db ? report_files_list(db, report, NULL) : NULL;
    for (guint i = 0; rows && i < rows->len; i++)
        if (memcmp(g_array_index(rows, ReportFileRow, i).sha256, asked->sha256, SHA256_BYTES) == 0)
            return true;
    return !rows; /* not known: better a file too many */
}

bool report_file_keep(ReportDesk *desk, const Uuid *report, const ReportUpload *upload,
                      ReportFileRow *kept, GError **error)
{
    ReportFileRow asked;
    if (!describe(upload, &asked, error) || !report_room_for(desk->folder, 0, error))
        return false;
    g_autofree char *folder = folder_of(desk, report), *path = path_of(folder, asked.sha256);
    if (!move(upload->path, path, folder, error))
        return false;
    Keeping keeping = {.report = report, .asked = &asked};
    if (!catalog_write_wait(desk->catalog, write_file, &keeping, error)) {
        if (!is_kept(desk, report, &asked))
            unlink(path);
        return false;
    }
    *kept = keeping.kept;
    return true;
}

int report_file_open(ReportDesk *desk, const Uuid *report, int n, ReportFileRow *row,
                     GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(GArray) rows = db ? report_files_list(db, report, error) : NULL;
    if (!rows)
        return -1;
    for (guint i = 0; i < rows->len; i++) {
        *row = g_array_index(rows, ReportFileRow, i);
        if (row->n != n)
            continue;
        g_autofree char *folder = folder_of(desk, report), *path = path_of(folder, row->sha256);
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
            err_errno(error, errno, "the picture %s cannot be read", path);
        return fd;
    }
    err_set(error, ERR_NOT_FOUND, "the report has no such picture");
    return -1;
}
