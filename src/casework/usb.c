#include "casework/usb.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 20, NAMES_MOST = 99 };
#define PART ".vonglau.part"

/* ---- volumes ---- */

static bool name_plausible(const char *name)
{
    return *name && *name != '.' && strlen(name) <= USB_NAME_MOST && !strchr(name, '/') &&
           g_utf8_validate(name, -1, NULL);
}

/* The volume's folder; -1 with errno: there is none, or nothing is mounted on it. */
static int volume_open(const char *root, const char *name, bool unmounted)
{
    struct stat above, here;
    fd_auto int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fd_auto int volume = folder >= 0 && name_plausible(name)
                             ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                             : -1;
    if (volume < 0 || fstat(folder, &above) < 0 || fstat(volume, &here) < 0)
        return -1;
    if (unmounted || above.st_dev != here.st_dev)
        return g_steal_fd(&volume);
    errno = ENODEV;
    return -1;
}

static void volume_free(void *data)
{
    UsbVolume *volume = data;
    g_free(volume->name);
    g_free(volume);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(UsbVolume *const *)a)->name, (*(UsbVolume *const *)b)->name);
}

GPtrArray *usb_volumes(const char *root, bool unmounted)
{
    GPtrArray *volumes = g_ptr_array_new_with_free_func(volume_free);
    g_autoptr(GPtrArray) names = folder_names(root);
    for (guint i = 0; i < names->len; i++) {
        struct statvfs space;
        fd_auto int fd = volume_open(root, names->pdata[i], unmounted);
        if (fd < 0 || fstatvfs(fd, &space) < 0)
            continue;
        UsbVolume *volume = g_new0(UsbVolume, 1);
        volume->name = g_strdup(names->pdata[i]);
        volume->free_bytes = (int64_t)(space.f_bavail * space.f_frsize);
        volume->total_bytes = (int64_t)(space.f_blocks * space.f_frsize);
        g_ptr_array_add(volumes, volume);
    }
    g_ptr_array_sort(volumes, by_name);
    return volumes;
}

/* ---- copying ---- */

static bool fail(GError **error, int saved_errno, const UsbCopy *copy)
{
    if (saved_errno == ENOSPC || saved_errno == EDQUOT)
        return err_set(error, ERR_FULL, "‘%s’ is full", copy->volume);
    if (saved_errno == EFBIG)
        return err_set(error, ERR_UNSUPPORTED,
                       "the file system of ‘%s’ takes no file so large: format it as exFAT",
                       copy->volume);
    return err_set(error, ERR_NOT_FOUND, "‘%s’ is away, or was pulled out: %s", copy->volume,
                   g_strerror(saved_errno));
}

static bool is_stopped(const UsbCopy *copy, GError **error)
{
    return copy->stop && atomic_load(copy->stop) &&
           !err_set(error, ERR_UNAVAILABLE, "the copy was stopped");
}

static bool write_piece(int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, data, size);
        if (written < 0 && errno != EINTR)
            return false;
        data += MAX(written, 0);
        size -= (size_t)MAX(written, 0);
    }
    return true;
}

static bool write_all(const UsbCopy *copy, int to, uint8_t *piece, uint8_t digest[SHA256_BYTES],
                      GError **error)
{
    g_autoptr(Sha256) hash = sha256_new();
    for (int64_t at = 0; at < copy->bytes;) {
        size_t size = (size_t)MIN(copy->bytes - at, PIECE_BYTES);
        if (is_stopped(copy, error) || !fd_read_at(copy->from, piece, size, at, error))
            return false;
        if (!write_piece(to, piece, size))
            return fail(error, errno, copy);
        sha256_add(hash, piece, size);
        at += (int64_t)size;
        if (copy->progress)
            copy->progress(copy->data, at);
    }
    sha256_end(hash, digest);
    return fsync(to) == 0 || fail(error, errno, copy);
}

/* From the stick: what the kernel still holds of it is dropped before. */
static bool read_back(const UsbCopy *copy, int volume, uint8_t *piece,
                      const uint8_t wanted[SHA256_BYTES], GError **error)
{
    uint8_t digest[SHA256_BYTES];
    g_autoptr(Sha256) hash = sha256_new();
    fd_auto int fd = openat(volume, PART, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail(error, errno, copy);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    for (int64_t at = 0; at < copy->bytes;) {
        ssize_t size = pread(fd, piece, PIECE_BYTES, at);
        if (size <= 0)
            return fail(error, size < 0 ? errno : EIO, copy);
        if (is_stopped(copy, error))
            return false;
        sha256_add(hash, piece, (size_t)size);
        at += size;
        if (copy->progress)
            copy->progress(copy->data, copy->bytes + MIN(at, copy->bytes));
    }
    sha256_end(hash, digest);
    return memcmp(digest, wanted, sizeof digest) == 0 ||
           err_set(error, ERR_CORRUPT, "what was read back from ‘%s’ is not what was written",
                   copy->volume);
}

static bool pick_name(const UsbCopy *copy, int volume, char file[USB_FILE_TEXT], GError **error)
{
    for (int i = 1; i <= NAMES_MOST; i++) {
        if (i == 1)
            g_snprintf(file, USB_FILE_TEXT, "%s.zip", copy->stem);
        else
            g_snprintf(file, USB_FILE_TEXT, "%s-%d.zip", copy->stem, i);
        if (faccessat(volume, file, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
            return errno == ENOENT || fail(error, errno, copy);
    }
    return err_set(error, ERR_FULL, "‘%s’ has too many copies of this already", copy->volume);
}

static bool give_name(const UsbCopy *copy, int volume, const char *file, GError **error)
{
    return (renameat(volume, PART, volume, file) == 0 && fsync(volume) == 0) ||
           fail(error, errno, copy);
}

static bool copy_to(const UsbCopy *copy, int volume, char file[USB_FILE_TEXT],
                    char hash[SHA256_HEX], GError **error)
{
    struct statvfs space;
    uint8_t digest[SHA256_BYTES] = {0};
    g_autofree uint8_t *piece = g_malloc(PIECE_BYTES);
    if (fstatvfs(volume, &space) < 0)
        return fail(error, errno, copy);
    if ((int64_t)(space.f_bavail * space.f_frsize) < copy->bytes)
        return fail(error, ENOSPC, copy);
    unlinkat(volume, PART, 0); /* of one that a power cut ended */
    fd_auto int to =
        openat(volume, PART, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (to < 0)
        return fail(error, errno, copy);
    bool done = write_all(copy, to, piece, digest, error) &&
                read_back(copy, volume, piece, digest, error) &&
                pick_name(copy, volume, file, error);
    hex_encode(digest, sizeof digest, hash);
    done = done && (!copy->whole || copy->whole(copy->data, hash, error)) &&
           give_name(copy, volume, file, error);
    if (!done)
        unlinkat(volume, PART, 0);
    return done;
}

bool usb_copy(const UsbCopy *copy, char file[USB_FILE_TEXT], char hash[SHA256_HEX], GError **error)
{
    fd_auto int volume = volume_open(copy->root, copy->volume, copy->unmounted);
    if (volume < 0)
        return fail(error, errno, copy);
    return copy_to(copy, volume, file, hash, error);
}

void usb_sweep(const char *root, bool unmounted)
{
    g_autoptr(GPtrArray) volumes = usb_volumes(root, unmounted);
    for (guint i = 0; i < volumes->len; i++) {
        const UsbVolume *one = volumes->pdata[i];
        fd_auto int volume = volume_open(root, one->name, unmounted);
        if (volume >= 0)
            unlinkat(volume, PART, 0);
    }
}
