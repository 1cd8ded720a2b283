#include "base/file.h"
#include "base/time_text.h"
#include "catalog/care.h"
#include "catalog/mend.h"
#include "catalog/migrations.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A database in WAL mode is up to three files. */
static const char *const parts[] = {"", "-wal", "-shm"};

static void remove_parts(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *part = g_strconcat(path, parts[i], NULL);
        unlink(part);
    }
}

static bool move_parts(const char *from, const char *to, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *source = g_strconcat(from, parts[i], NULL);
        g_autofree char *target = g_strconcat(to, parts[i], NULL);
        if (rename(source, target) < 0 && errno != ENOENT)
            return err_errno(error, errno, "cannot set %s aside", source);
    }
    return true;
}

static bool fill(CatalogDb *db, const CatalogSource *sources, size_t count, GError **error)
{
    for (size_t i = 0; i < count; i++)
        if (!db_exec(db, "BEGIN", error) || !sources[i].fill(db, sources[i].data, error) ||
            !db_exec(db, "COMMIT", error))
            return false;
    return true;
}

static bool make_at(const char *path, const CatalogSource *sources, size_t count, GError **error)
{
    CatalogDb *db = db_open(path, DB_REBUILD, error);
    bool made = db && db_exec(db, "PRAGMA cache_size = -65536", error) &&
                migrations_run(db, error) && fill(db, sources, count, error);
    db_close(db);
    fd_auto int fd = made ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (made && (fd < 0 || fsync(fd) < 0))
        return err_errno(error, errno, "cannot write %s", path);
    return made;
}

static char *aside_name(const char *path, int64_t now_us)
{
    g_autofree char *folder = g_path_get_dirname(path);
    char text[TIME_TEXT];
    time_text(now_us, text);
    return g_strdup_printf("%s/catalog-damaged-%.4s%.2s%.2sT%.2s%.2s%.2sZ.db", folder, text,
                           text + 5, text + 8, text + 11, text + 14, text + 17);
}

static char *fresh_name(const char *path)
{
    return g_strdup_printf("%s.rebuild", path);
}

/* What is only from a newer program is not damaged. */
static bool check_version(const char *path, GError **error)
{
    int version = 0;
    CatalogDb *db = access(path, F_OK) == 0 ? db_open(path, DB_READ, NULL) : NULL;
    bool known = db && migrations_version(db, &version, NULL);
    db_close(db);
    if (!known || version <= migrations_newest())
        return true;
    return err_set(error, ERR_VERSION,
                   "the catalog is sound, but has version %d, this vonglau knows versions up to "
                   "%d: install the newer vonglau that made it, or move %s away first",
                   version, migrations_newest(), path);
}

bool rebuild_make(const char *path, const CatalogSource *sources, size_t count, GError **error)
{
    g_autofree char *fresh = fresh_name(path);
    if (!check_version(path, error))
        return false;
    remove_parts(fresh);
    if (make_at(fresh, sources, count, error))
        return true;
    remove_parts(fresh);
    return false;
}

bool rebuild_place(const char *path, int64_t now_us, char **aside, GError **error)
{
    g_autofree char *fresh = fresh_name(path), *folder = g_path_get_dirname(path);
    g_autofree char *old = access(path, F_OK) == 0 ? aside_name(path, now_us) : NULL;
    if (!old)
        remove_parts(path); /* a log of the one that is gone would be taken for the new one's */
    if (old && !move_parts(path, old, error))
        return false;
    if (rename(fresh, path) < 0)
        return err_errno(error, errno, "cannot put the new catalog in place at %s", path);
    if (aside)
        *aside = g_steal_pointer(&old);
    return folder_sync(folder, error);
}

bool catalog_rebuild(const char *path, const CatalogSource *sources, size_t count, int64_t now_us,
                     char **aside, GError **error)
{
    return rebuild_make(path, sources, count, error) && rebuild_place(path, now_us, aside, error);
}
