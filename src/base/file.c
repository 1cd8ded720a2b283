#include "base/file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_clear(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool read_into(int fd, char *data, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t part = read(fd, data + *got, size - *got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return false;
        if (part == 0)
            break;
        *got += (size_t)part;
    }
    return true;
}

char *file_read(const char *path, size_t most_bytes, size_t *size, GError **error)
{
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0) {
        err_errno(error, errno, "cannot read %s", path);
        return NULL;
    }
    if (!S_ISREG(facts.st_mode) || (uint64_t)facts.st_size > most_bytes) {
        err_set(error, ERR_INVALID, "%s is not a regular file of at most %zu bytes", path,
                most_bytes);
        return NULL;
    }
    g_autofree char *data = g_malloc((size_t)facts.st_size + 1);
    size_t got;
    if (!read_into(fd, data, (size_t)facts.st_size, &got)) {
        err_errno(error, errno, "cannot read %s", path);
        return NULL;
    }
    data[got] = '\0';
    if (size)
        *size = got;
    return g_steal_pointer(&data);
}

bool fd_write_all(int fd, const void *data, size_t size, GError **error)
{
    const char *at = data;
    while (size > 0) {
        ssize_t part = write(fd, at, size);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return err_errno(error, errno, "cannot write");
        at += part;
        size -= (size_t)part;
    }
    return true;
}

bool fd_read_at(int fd, void *data, size_t size, off_t offset, GError **error)
{
    char *to = data;
    while (size > 0) {
        ssize_t part = pread(fd, to, size, offset);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return err_errno(error, errno, "cannot read");
        if (part == 0)
            return err_set(error, ERR_CORRUPT, "the file ends before it should");
        to += part;
        size -= (size_t)part;
        offset += part;
    }
    return true;
}

bool folder_sync(const char *path, GError **error)
{
    fd_auto int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return err_errno(error, errno, "cannot sync folder %s", path);
    return true;
}

static bool sync_parent(const char *path, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(path);
    return folder_sync(parent, error);
}

bool file_write_atomic(const char *path, const void *data, size_t size, mode_t mode, GError **error)
{
    g_autofree char *beside = g_strdup_printf("%s.new", path);
    fd_auto int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return err_errno(error, errno, "cannot write %s", beside);
    if (!fd_write_all(fd, data, size, error)) {
        g_prefix_error(error, "%s: ", beside);
        unlink(beside);
        return false;
    }
    if (fsync(fd) < 0 || rename(beside, path) < 0) {
        int code = errno;
        unlink(beside);
        return err_errno(error, code, "cannot write %s", path);
    }
    return sync_parent(path, error);
}

bool file_append_sync(const char *path, const void *data, size_t size, mode_t mode, GError **error)
{
    bool is_new = access(path, F_OK) != 0;
    fd_auto int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode);
    if (fd < 0)
        return err_errno(error, errno, "cannot append to %s", path);
    if (!fd_write_all(fd, data, size, error)) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    if (fdatasync(fd) < 0)
        return err_errno(error, errno, "cannot sync %s", path);
    return !is_new || sync_parent(path, error);
}

bool folder_make(const char *path, GError **error)
{
    struct stat facts;
    if (stat(path, &facts) == 0) {
        if (S_ISDIR(facts.st_mode))
            return true;
        return err_set(error, ERR_EXISTS, "%s is not a folder", path);
    }
    g_autofree char *parent = g_path_get_dirname(path);
    if (g_strcmp0(parent, path) != 0 && !folder_make(parent, error))
        return false;
    if (mkdir(path, 0750) < 0 && errno != EEXIST)
        return err_errno(error, errno, "cannot make folder %s", path);
    return sync_parent(path, error);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *folder_names(const char *path)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder)))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return names;
}

int file_lock(const char *path, GError **error)
{
    fd_auto int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        err_errno(error, errno, "cannot open lock %s", path);
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK)
            err_set(error, ERR_UNAVAILABLE, "%s is held by another running vonglau", path);
        else
            err_errno(error, errno, "cannot lock %s", path);
        return -1;
    }
    return g_steal_fd(&fd);
}
