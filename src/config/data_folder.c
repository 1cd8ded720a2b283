#include "config/data_folder.h"

#include "base/file.h"
#include "base/json.h"
#include "base/time_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "config/site_state.h"

DataFolder *data_folder_paths(const char *path)
{
    DataFolder *folder = g_new0(DataFolder, 1);
    folder->lock = -1;
    folder->path = g_canonicalize_filename(path, NULL);
    folder->catalog = g_build_filename(folder->path, "catalog.db", NULL);
    folder->site = g_build_filename(folder->path, "site.json", NULL);
    folder->config = g_build_filename(folder->path, "config.yaml", NULL);
    folder->socket = g_build_filename(folder->path, "control.sock", NULL);
    folder->keys = g_build_filename(folder->path, "keys", NULL);
    folder->secrets_key = g_build_filename(folder->keys, "secrets.key", NULL);
    folder->ledger = g_build_filename(folder->path, "ledger", NULL);
    folder->audit = g_build_filename(folder->ledger, "audit", NULL);
    folder->footage = g_build_filename(folder->path, "footage", NULL);
    folder->backup = g_build_filename(folder->path, "backup", NULL);
    folder->events = g_build_filename(folder->path, "events", NULL);
    folder->motion = g_build_filename(folder->path, "motion", NULL);
    folder->views = g_build_filename(folder->path, "views", NULL);
    folder->reports = g_build_filename(folder->path, "reports", NULL);
    folder->household = g_build_filename(folder->path, "household", NULL);
    folder->packages = g_build_filename(folder->path, "packages", NULL);
    folder->exports = g_build_filename(folder->path, "exports", NULL);
    folder->map = g_build_filename(folder->path, "map.geojson", NULL);
    return folder;
}

bool data_folder_check(const DataFolder *folder, GError **error)
{
    if (access(folder->catalog, F_OK) == 0 || access(folder->site, F_OK) == 0)
        return true;
    if (errno == EACCES)
        return err_set(error, ERR_DENIED,
                       "no rights on the data folder %s: run this as the user that owns it",
                       folder->path);
    return err_set(error, ERR_NOT_FOUND,
                   "%s is not a data folder: check --data; a new one is made by vonglau serve",
                   folder->path);
}

static bool is_read_only(const char *path)
{
    struct statvfs facts;
    return statvfs(path, &facts) == 0 && (facts.f_flag & ST_RDONLY);
}

static bool make_folders(const DataFolder *folder, GError **error)
{
    const char *const paths[] = {folder->path, folder->ledger,  folder->audit,
                                 folder->keys, folder->footage, folder->backup};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
        if (!folder_make(paths[i], error))
            return false;
    if (access(folder->path, R_OK | W_OK | X_OK) < 0)
        return err_errno(error, errno, "cannot write into %s", folder->path);
    if (chmod(folder->keys, 0700) < 0)
        return err_errno(error, errno, "cannot close %s to others", folder->keys);
    return true;
}

/* The lock file tells people who holds it, and when a server was last alive: always of one size, so
 * that it can be written where no room is left. */
static bool write_lock(const DataFolder *folder, GError **error)
{
    char text[64], when[TIME_TEXT];
    int size = g_snprintf(text, sizeof text, "%10d\n%s\n", (int)getpid(),
                          time_text(folder->alive_us, when));
    if (pwrite(folder->lock, text, (size_t)size, 0) != size)
        return err_errno(error, errno, "cannot write the lock of %s", folder->path);
    return true;
}

static int64_t read_alive(int lock)
{
    char text[64] = "";
    int64_t alive_us = 0;
    ssize_t size = pread(lock, text, sizeof text - 1, 0);
    char *line = size > 0 ? strchr(text, '\n') : NULL;
    if (line && time_parse(g_strstrip(line), &alive_us))
        return alive_us;
    return 0;
}

void data_folder_alive(DataFolder *folder, int64_t now_us)
{
    folder->alive_us = now_us;
    write_lock(folder, NULL);
}

static bool take_lock(DataFolder *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder->path, "lock", NULL);
    folder->lock = file_lock(path, error);
    if (folder->lock < 0)
        return false;
    folder->alive_us = read_alive(folder->lock);
    return write_lock(folder, error);
}

/* A site file that cannot be read is no hindrance: it is a copy, and is written anew. */
static bool check_format(const DataFolder *folder, GError **error)
{
    size_t size;
    int64_t format = SITE_FORMAT;
    g_autofree char *text = file_read(folder->site, SITE_FILE_MOST, &size, NULL);
    g_autoptr(Json) site = text ? json_parse(text, size, NULL) : NULL;
    if (site && json_get_int(site, "format", &format, NULL) && format > SITE_FORMAT)
        return err_set(error, ERR_VERSION,
                       "it has format %" PRId64
                       ", this vonglau knows formats up to %d: install the "
                       "newer vonglau that made it",
                       format, SITE_FORMAT);
    return true;
}

/* What to do, in place of what the system calls it. */
static void explain(const char *path, GError **error)
{
    if (g_error_matches(*error, ERR, ERR_DENIED) && is_read_only(path))
        g_prefix_error(error,
                       "data folder %s is on a disk that is mounted read-only: mount it for "
                       "writing, or give another folder with --data: ",
                       path);
    else if (g_error_matches(*error, ERR, ERR_DENIED))
        g_prefix_error(
            error,
            "data folder %s: no rights; run as the user that owns it, or give it to this "
            "one with ‘chown -R %d %s’: ",
            path, (int)getuid(), path);
    else if (g_error_matches(*error, ERR, ERR_UNAVAILABLE))
        g_prefix_error(error,
                       "data folder %s is in use: stop the other server first, or give "
                       "another folder with --data: ",
                       path);
    else
        g_prefix_error(error, "data folder %s: ", path);
}

DataFolder *data_folder_open(const char *path, GError **error)
{
    g_autoptr(DataFolder) folder = data_folder_paths(path);
    GError *trouble = NULL;
    if (make_folders(folder, &trouble) && take_lock(folder, &trouble) &&
        check_format(folder, &trouble))
        return g_steal_pointer(&folder);
    explain(folder->path, &trouble);
    g_propagate_error(error, trouble);
    return NULL;
}

void data_folder_close(DataFolder *folder)
{
    if (!folder)
        return;
    fd_clear(&folder->lock);
    g_free(folder->path);
    g_free(folder->catalog);
    g_free(folder->site);
    g_free(folder->config);
    g_free(folder->socket);
    g_free(folder->secrets_key);
    g_free(folder->keys);
    g_free(folder->ledger);
    g_free(folder->audit);
    g_free(folder->footage);
    g_free(folder->backup);
    g_free(folder->events);
    g_free(folder->motion);
    g_free(folder->views);
    g_free(folder->reports);
    g_free(folder->household);
    g_free(folder->exports);
    g_free(folder->packages);
    g_free(folder->map);
    g_free(folder);
}
