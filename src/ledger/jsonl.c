/* The appending half of jsonl.h. */
#include "ledger/jsonl.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 << 10 };

static bool read_at(int fd, void *data, size_t size, int64_t offset)
{
    ssize_t got = pread(fd, data, size, offset);
    return got == (ssize_t)size;
}

/* Offset behind the last newline, 0 when there is none, -1 on error. */
static int64_t whole_bytes(int fd, int64_t size)
{
    g_autofree char *chunk = g_malloc(CHUNK);
    for (int64_t end = size; end > 0;) {
        size_t part = (size_t)MIN(end, CHUNK);
        if (!read_at(fd, chunk, part, end - (int64_t)part))
            return -1;
        const char *newline = memrchr(chunk, '\n', part);
        if (newline)
            return end - (int64_t)part + (newline - chunk) + 1;
        end -= (int64_t)part;
    }
    return 0;
}

/* What is cut off is on disk in its own file before it goes. */
static bool tail_keep(const char *path, int fd, int64_t from, int64_t size, GError **error)
{
    g_autofree char *torn_path = g_strdup_printf("%s.torn", path);
    g_autofree char *chunk = g_malloc(CHUNK);
    for (int64_t at = from; at < size;) {
        size_t part = (size_t)MIN(size - at, CHUNK);
        if (!read_at(fd, chunk, part, at))
            return err_errno(error, errno, "cannot read %s", path);
        if (!file_append_sync(torn_path, chunk, part, 0640, error))
            return false;
        at += (int64_t)part;
    }
    return file_append_sync(torn_path, "\n", 1, 0640, error);
}

static bool tail_cut(const char *path, int fd, int64_t *size, GError **error)
{
    char last = '\n';
    if (*size == 0 || (read_at(fd, &last, 1, *size - 1) && last == '\n'))
        return true;
    int64_t whole = whole_bytes(fd, *size);
    if (whole < 0)
        return err_errno(error, errno, "cannot read %s", path);
    if (!tail_keep(path, fd, whole, *size, error))
        return false;
    if (ftruncate(fd, whole) < 0 || fdatasync(fd) < 0)
        return err_errno(error, errno, "cannot cut the torn last line off %s", path);
    log_warning("ledger.torn", "path=%s bytes=%" G_GINT64_FORMAT, path, *size - whole);
    *size = whole;
    return true;
}

bool jsonl_repair(const char *path, GError **error)
{
    fd_auto int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return true;
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0)
        return err_errno(error, errno, "cannot open %s", path);
    int64_t size = facts.st_size;
    return tail_cut(path, fd, &size, error);
}

static bool folder_of_sync(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return folder_sync(folder, error);
}

static bool write_and_sync(const char *path, int fd, const char *lines, size_t size, GError **error)
{
    if (!fd_write_all(fd, lines, size, error)) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    if (fdatasync(fd) < 0)
        return err_errno(error, errno, "cannot sync %s", path);
    return true;
}

bool jsonl_append(const char *path, const char *lines, size_t size, mode_t mode, GError **error)
{
    g_assert(size > 0 && lines[size - 1] == '\n');
    fd_auto int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, mode);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0)
        return err_errno(error, errno, "cannot append to %s", path);
    int64_t before = facts.st_size;
    if (!tail_cut(path, fd, &before, error))
        return false;
    if (write_and_sync(path, fd, lines, size, error))
        return before > 0 || folder_of_sync(path, error);
    if (ftruncate(fd, before) < 0 || fdatasync(fd) < 0)
        log_warning("ledger.not-undone", "path=%s", path);
    return false;
}
