/* Looking into seals.jsonl files, line by line. */
#include "archive/seal.h"

#include "base/error.h"
#include "base/log.h"
#include "ledger/jsonl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static char *day_file(const char *volume_folder, const Uuid *camera, const char *day)
{
    char name[UUID_TEXT];
    return g_build_filename(volume_folder, uuid_text(camera, name), day, "seals.jsonl", NULL);
}

/* A missing file is an empty one: `*reader` is then NULL. */
static bool open_if_there(const char *path, JsonlReader **reader, GError **error)
{
    *reader = NULL;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    *reader = jsonl_reader_open(path, error);
    return *reader;
}

int seal_find(const char *volume_folder, const Uuid *camera, const char *file, SegmentSeal *seal,
              GError **error)
{
    g_autofree char *day = g_path_get_dirname(file);
    g_autofree char *path = day_file(volume_folder, camera, day);
    g_autofree char *member = g_strdup_printf(",\"file\":\"%s\",", file);
    g_autoptr(JsonlReader) reader = NULL;
    if (!open_if_there(path, &reader, error))
        return -1;
    const char *line;
    size_t size;
    int got = reader ? 1 : 0;
    while (got > 0 && (got = jsonl_next(reader, &line, &size, error)) > 0) {
        if (!strstr(line, member) || !segment_seal_parse(line, size, seal))
            continue;
        if (strcmp(seal->file, file) == 0)
            return 1;
        segment_seal_clear(seal);
    }
    return got;
}

/* False when the visitor has had enough. */
static bool line_visit(const char *path, const char *line, size_t size, SealVisit visit, void *data)
{
    g_auto(SegmentSeal) segment = {0};
    RetiredSeal retired;
    if (segment_seal_parse(line, size, &segment))
        return visit(data, &segment, NULL);
    if (retired_seal_parse(line, size, &retired))
        return visit(data, NULL, &retired);
    log_warning("seal.unreadable", "path=%s", path);
    return true;
}

bool seal_day_each(const char *volume_folder, const Uuid *camera, const char *day, SealVisit visit,
                   void *data, GError **error)
{
    g_autofree char *path = day_file(volume_folder, camera, day);
    g_autoptr(JsonlReader) reader = NULL;
    if (!open_if_there(path, &reader, error))
        return false;
    const char *line;
    size_t size;
    int got = reader ? 1 : 0;
    while (got > 0 && (got = jsonl_next(reader, &line, &size, error)) > 0)
        if (!line_visit(path, line, size, visit, data))
            return true;
    return got == 0;
}
