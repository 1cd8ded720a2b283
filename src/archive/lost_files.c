#include "archive/lost_files.h"

#include "archive/segment.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/time_text.h"
#include "catalog/segments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAYS_SEARCHED = 2, NAMES_TRIED = 1000 };

bool lost_file_move(const char *volume_path, const Uuid *camera, const char *file, GError **error)
{
    char id[UUID_TEXT];
    g_autofree char *from = segment_file_path(volume_path, camera, file);
    g_autofree char *to = g_build_filename(volume_path, "lost", uuid_text(camera, id), file, NULL);
    g_autofree char *folder = g_path_get_dirname(to);
    if (!folder_make(folder, error))
        return false;
    for (int i = 1; i < NAMES_TRIED; i++) {
        g_autofree char *name = i == 1 ? g_strdup(to) : g_strdup_printf("%s-%d", to, i);
        if (renameat2(AT_FDCWD, from, AT_FDCWD, name, RENAME_NOREPLACE) == 0) {
            log_warning("archive.file_lost", "file=%s moved=%s reason=\"not in journal or seals\"",
                        from, name);
            return folder_sync(folder, error);
        }
        if (errno != EEXIST)
            return err_errno(error, errno, "cannot move %s to %s", from, name);
    }
    return err_set(error, ERR_EXISTS, "%s: too many files of this name in lost/", from);
}

static bool in_journals(const GPtrArray *known, const SegmentId *camera, const char *file)
{
    for (guint i = 0; i < known->len; i++) {
        const SegmentJournal *journal = g_ptr_array_index(known, i);
        if (!uuid_equal(&journal->id.camera, &camera->camera))
            continue;
        g_autofree char *name = segment_file_name(&journal->id);
        if (strcmp(name, file) == 0)
            return true;
    }
    return false;
}

static bool is_open(Archive *archive, const SegmentId *id, const char *file)
{
    bool found = false;
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->segments->len && !found; i++) {
        const Segment *segment = g_ptr_array_index(archive->segments, i);
        found = uuid_equal(&segment->id.camera, &id->camera) && strcmp(segment->file, file) == 0;
    }
    pthread_mutex_unlock(&archive->lock);
    return found;
}

/* 1: in the catalog or in the seals; 0: not; -1: that cannot be told. */
static int is_sealed(Store *store, const SegmentId *id, const char *file, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(store->archive->catalog, error);
    if (!db)
        return -1;
    g_autoptr(SegmentRow) row = segments_get(db, &id->camera, file, NULL);
    if (row)
        return 1;
    g_auto(SegmentSeal) seal = {0};
    return seal_find(store->volume.path, &id->camera, file, &seal, error);
}

static void look_at(Store *store, const GPtrArray *known, SegmentId *id, const char *file,
                    int64_t opened_wall_us)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = segment_file_path(store->volume.path, &id->camera, file);
    struct stat facts;
    if (!segment_file_parse(file, id) || stat(path, &facts) < 0)
        return;
    int64_t changed_us = facts.st_mtim.tv_sec * SECOND_US + facts.st_mtim.tv_nsec / 1000;
    if (changed_us >= opened_wall_us || is_open(store->archive, id, file) ||
        in_journals(known, id, file))
        return;
    int sealed = is_sealed(store, id, file, &error);
    if (sealed == 0)
        lost_file_move(store->volume.path, &id->camera, file, &error);
    if (error)
        log_error("archive.file_unlisted", "file=%s error=\"%s\"", path, error->message);
}

static void search_day(Store *store, const GPtrArray *known, const Uuid *camera, const char *day,
                       int64_t opened_wall_us)
{
    g_autofree char *folder = segment_file_path(store->volume.path, camera, day);
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (!g_str_has_suffix(name, ".mp4"))
            continue;
        g_autofree char *file = g_build_filename(day, name, NULL);
        SegmentId id = {.camera = *camera};
        look_at(store, known, &id, file, opened_wall_us);
    }
}

static void search_camera(Store *store, const GPtrArray *known, const Uuid *camera,
                          int64_t opened_wall_us)
{
    g_autofree char *folder = segment_file_path(store->volume.path, camera, "");
    g_autoptr(GPtrArray) days = folder_names(folder);
    unsigned searched = 0;
    for (guint i = days->len; i > 0 && searched < DAYS_SEARCHED; i--) {
        const char *day = g_ptr_array_index(days, i - 1);
        int64_t start_us;
        if (!day_parse(day, &start_us))
            continue;
        search_day(store, known, camera, day, opened_wall_us);
        searched++;
    }
}

void lost_files_search(Store *store, const GPtrArray *known, int64_t opened_wall_us)
{
    g_autoptr(GPtrArray) names = folder_names(store->volume.path);
    for (guint i = 0; i < names->len; i++) {
        Uuid camera;
        if (uuid_parse(g_ptr_array_index(names, i), &camera))
            search_camera(store, known, &camera, opened_wall_us);
    }
}
