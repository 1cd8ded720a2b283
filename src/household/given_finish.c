#include "household/given_finish.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "catalog/household_requests.h"
#include "household/footage_given.h"
#include "household/household_desk_state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 256 << 10 };

bool given_digest(int fd, int64_t size, uint8_t digest[SHA256_BYTES], GError **error)
{
    g_autoptr(Sha256) hash = sha256_new();
    g_autofree char *bytes = g_malloc(READ_BYTES);
    for (int64_t at = 0; at < size; at += READ_BYTES) {
        size_t part = (size_t)MIN(size - at, READ_BYTES);
        if (!fd_read_at(fd, bytes, part, at, error))
            return false;
        sha256_add(hash, bytes, part);
    }
    sha256_end(hash, digest);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    return true;
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Finishing {
    const Uuid *id;
    int64_t size; /* on the disk */
    uint8_t sha256[SHA256_BYTES];
    const char *type;
    bool whole;
} Finishing;

/* `*row`: of one that may be made whole; others leave `finishing->whole` false. */
static bool find(CatalogDb *db, Finishing *finishing, HouseholdFileRow *row, GError **error)
{
    Uuid household, request;
    g_autofree char *number = NULL;
    g_autoptr(GError) missing = NULL;
    finishing->whole = false;
    if (!household_files_get(db, finishing->id, row, &household, &request, &number, &missing)) {
        if (g_error_matches(missing, ERR, ERR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    g_autoptr(HouseholdRequestRow) of = household_requests_get(db, &request, error);
    finishing->whole = of && !of->withdrawn_us && !row->withdrawn_us && !row->done_us &&
                       row->bytes == finishing->size;
    return of != NULL;
}

static bool write_finished(CatalogDb *db, void *data, GError **error)
{
    Finishing *finishing = data;
    HouseholdFileRow row;
    if (!find(db, finishing, &row, error))
        return false;
    if (!finishing->whole)
        return true;
    row.got = row.room = row.bytes;
    row.done_us = clock_now_us();
    memcpy(row.sha256, finishing->sha256, sizeof row.sha256);
    g_strlcpy(row.type, finishing->type, sizeof row.type);
    return household_files_put(db, &row, error);
}

static bool may_finish(HouseholdDesk *desk, Finishing *finishing, GError **error)
{
    HouseholdFileRow row;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    return db && find(db, finishing, &row, error);
}

/* NULL: of no kind that is taken, or `error`. */
static const char *type_of(int fd, int64_t size, GError **error)
{
    uint8_t first[FILE_KIND_BYTES];
    size_t count = (size_t)MIN(size, FILE_KIND_BYTES);
    if (!fd_read_at(fd, first, count, 0, error))
        return NULL;
    FileKind kind = file_kind(first, count);
    return kind == FILE_UNKNOWN ? NULL : file_kind_type(kind);
}

/* With the file's lock held. */
static bool finish_locked(HouseholdDesk *desk, int fd, Finishing *finishing, GError **error)
{
    struct stat facts;
    g_autoptr(GError) trouble = NULL;
    if (fstat(fd, &facts) != 0)
        return err_errno(error, errno, "what has come cannot be looked at");
    finishing->size = facts.st_size;
    if (!S_ISREG(facts.st_mode))
        return true;
    if (!may_finish(desk, finishing, error))
        return false;
    finishing->type = finishing->whole ? type_of(fd, finishing->size, &trouble) : NULL;
    finishing->whole = finishing->type != NULL;
    if (trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    return !finishing->whole ||
           (given_digest(fd, finishing->size, finishing->sha256, error) &&
            (fdatasync(fd) == 0 || err_errno(error, errno, "a file cannot be kept")) &&
            catalog_write_wait(desk->catalog, write_finished, finishing, error));
}

bool given_finish(HouseholdDesk *desk, const Uuid *household, const Uuid *id, bool *stays,
                  GError **error)
{
    char text[UUID_TEXT];
    Finishing finishing = {.id = id};
    g_autofree char *path = given_path(desk, household, id);
    *stays = false;
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || err_errno(error, errno, "%s cannot be read", path);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        *stays = true;
        return true;
    }
    if (!finish_locked(desk, fd, &finishing, error))
        return false;
    *stays = finishing.whole;
    if (finishing.whole) {
        fchmod(fd, 0440);
        log_info("household.finished", "file=%s", uuid_text(id, text));
    }
    return true;
}
