/* report_file.h — pictures and videos that come with a report, kept as they came: originals with
 * their SHA-256, hostile until somebody's browser shows them in a box of sand.
 *
 * What a file is, its first bytes say. Bounded by count and bytes of a report, bytes of all, and
 * the room on the disk, so that nobody's pictures stop recording. All block.
 */
#pragma once

#include "casework/report_desk.h"
#include "catalog/report_files.h"
#include "media/file_kind.h"

enum { REPORT_PICTURES_MOST = 5, REPORT_VIDEOS_MOST = 1 };
#define REPORT_PICTURE_BYTES_MOST (INT64_C(8) << 20)
#define REPORT_VIDEO_BYTES_MOST (INT64_C(64) << 20)
#define REPORT_FILES_BYTES_MOST (INT64_C(5) << 30)     /* of all reports */
#define REPORT_ROOM_LEAST (INT64_C(1) << 30)           /* is left on the disk */
#define REPORT_FILE_AFTER_US (INT64_C(3600) * 1000000) /* residents have so long */

/* A file that has come in, whole and on disk. */
typedef struct ReportUpload {
    const char *path;
    int64_t bytes;
    uint8_t sha256[SHA256_BYTES];
    uint8_t first[FILE_KIND_BYTES];
    size_t first_bytes; /* that are there */
} ReportUpload;

/* Keeps it with the report: moves it away from its path when it returns true. The same file again
 * is the one there is. ERR_UNSUPPORTED: no kind that is taken; ERR_INVALID: too large, or too many;
 * ERR_FULL: no room. `*kept` tells which it is. */
bool report_file_keep(ReportDesk *desk, const Uuid *report, const ReportUpload *upload,
                      ReportFileRow *kept, GError **error);

/* Opens the nth file of the report to be read. -1 with ERR_NOT_FOUND and others. */
int report_file_open(ReportDesk *desk, const Uuid *report, int n, ReportFileRow *row,
                     GError **error);

/* Is there room on the disk of `folder` for so many bytes more? */
bool report_room_for(const char *folder, int64_t bytes, GError **error);
