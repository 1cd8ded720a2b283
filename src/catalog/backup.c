#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "catalog/care.h"
#include "catalog/copies.h"
#include "catalog/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    STEP_PAGES = 256,
    KEEP_HOURS = 24,
    KEEP_DAYS = 7,
    NAME_TEXT = sizeof "catalog-20261124T072739Z.db",
};

static void copy_name(int64_t at_us, char name[static NAME_TEXT])
{
    char text[TIME_TEXT]; /* 2026-11-24T07:27:39.123Z */
    time_text(at_us, text);
    g_snprintf(name, NAME_TEXT, "catalog-%.4s%.2s%.2sT%.2s%.2s%.2sZ.db", text, text + 5, text + 8,
               text + 11, text + 14, text + 17);
}

bool copy_time(const char *name, int64_t *at_us)
{
    char text[TIME_TEXT], again[NAME_TEXT];
    if (strlen(name) != NAME_TEXT - 1)
        return false;
    g_snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", name + 8, name + 12, name + 14,
               name + 17, name + 19, name + 21);
    if (!time_parse(text, at_us))
        return false;
    copy_name(*at_us, again);
    return strcmp(name, again) == 0;
}

/* SQLite copies pages as they are: damage in rows that nobody reads would go into copy after copy,
 * until the last sound one is thinned out. */
static bool is_sound(CatalogDb *db, GError **error)
{
    g_auto(Query) query = query_begin(db, "PRAGMA quick_check(1)");
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    g_autofree char *text = column_text(&query, 0);
    return g_strcmp0(text, "ok") == 0 ||
           err_set(error, ERR_CORRUPT, "the catalog is damaged, no copy is made of it: %s", text);
}

/* The source holds one snapshot throughout, so that the writer, who goes on, does not make SQLite
 * begin anew at each of its commits. */
static bool copy_pages(CatalogDb *from, CatalogDb *to, CatalogProgress progress, void *data,
                       GError **error)
{
    if (!db_exec(from, "BEGIN; SELECT count(*) FROM settings", error) || !is_sound(from, error))
        return false;
    sqlite3_backup *copy = sqlite3_backup_init(to->sqlite, "main", from->sqlite, "main");
    if (!copy)
        return db_failed(to, error);
    int result;
    while ((result = sqlite3_backup_step(copy, STEP_PAGES)) == SQLITE_OK)
        if (progress) {
            uint64_t total = (uint64_t)sqlite3_backup_pagecount(copy);
            progress(data, total - (uint64_t)sqlite3_backup_remaining(copy), total);
        }
    sqlite3_backup_finish(copy);
    db_exec(from, "ROLLBACK", NULL);
    return result == SQLITE_DONE || db_failed(to, error);
}

bool copy_whole(const char *path, const char *part, CatalogProgress progress, void *data,
                GError **error)
{
    CatalogDb *from = db_open(path, DB_READ, error);
    CatalogDb *to = from ? db_open(part, DB_REBUILD, error) : NULL;
    bool copied = to && copy_pages(from, to, progress, data, error);
    db_close(to);
    db_close(from);
    return copied;
}

static bool settle(const char *part, const char *copy, const char *folder, GError **error)
{
    fd_auto int fd = open(part, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0 || rename(part, copy) < 0)
        return err_errno(error, errno, "cannot write %s", copy);
    return folder_sync(folder, error);
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(*(char *const *)b, *(char *const *)a);
}

GPtrArray *copies_in(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    int64_t at_us;
    while (dir && (name = g_dir_read_name(dir)))
        if (copy_time(name, &at_us))
            g_ptr_array_add(names, g_strdup(name));
    if (dir)
        g_dir_close(dir);
    g_ptr_array_sort(names, newest_first);
    return names;
}

/* Keeps the newest copy of each of the last 24 hours, and of each of the last 7 days, that have
 * one. */
static void thin_out(const char *folder)
{
    g_autoptr(GPtrArray) names = copies_in(folder);
    int64_t hour = INT64_MAX, day = INT64_MAX;
    unsigned hours = 0, days = 0;
    for (guint i = 0; i < names->len; i++) {
        int64_t at_us = 0;
        copy_time(names->pdata[i], &at_us);
        bool keep = false;
        if (at_us / HOUR_US < hour && hours < KEEP_HOURS) {
            hour = at_us / HOUR_US;
            hours++;
            keep = true;
        }
        if (at_us / DAY_US < day && days < KEEP_DAYS) {
            day = at_us / DAY_US;
            days++;
            keep = true;
        }
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        if (!keep)
            unlink(path);
    }
}

bool catalog_backup(const char *path, const char *folder, int64_t now_us, CatalogProgress progress,
                    void *data, char **copy, GError **error)
{
    char name[NAME_TEXT];
    copy_name(now_us, name);
    g_autofree char *whole = g_build_filename(folder, name, NULL);
    g_autofree char *part = g_strdup_printf("%s.part", whole);
    if (!folder_make(folder, error))
        return false;
    unlink(part);
    if (!copy_whole(path, part, progress, data, error) || !settle(part, whole, folder, error)) {
        unlink(part);
        return false;
    }
    thin_out(folder);
    if (copy)
        *copy = g_steal_pointer(&whole);
    return true;
}
