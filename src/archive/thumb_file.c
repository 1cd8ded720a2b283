#include "archive/thumb_file.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/time_text.h"
#include "media/thumb_head.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    ENTRIES_MOST = 3600,       /* an hour of one a second; what follows is not looked at */
    SEGMENT_MOST_MINUTES = 15, /* FOOTAGE §2: a file that began before the hour may reach into it */
};

char *thumb_file_path(const char *day_folder, int64_t capture_us)
{
    int hour = (int)((capture_us - day_start_us(capture_us)) / HOUR_US);
    return g_strdup_printf("%s/thumbs-%02d", day_folder, hour);
}

/* Returns where the whole part of the file ends. */
static off_t walk(int fd, off_t size, GArray *entries)
{
    off_t at = 0;
    uint8_t bytes[THUMB_HEAD_BYTES];
    ThumbHead head;
    while (entries->len < ENTRIES_MOST && size - at >= THUMB_HEAD_BYTES &&
           fd_read_at(fd, bytes, sizeof bytes, at, NULL) && thumb_head_read(bytes, &head) &&
           size - at - THUMB_HEAD_BYTES >= (off_t)head.bytes) {
        ThumbEntry entry = {head.capture_us, at + THUMB_HEAD_BYTES, head.bytes, head.sum};
        g_array_append_val(entries, entry);
        at = entry.offset + (off_t)head.bytes;
    }
    return at;
}

static int open_file(const char *path, int flags, off_t *size, GError **error)
{
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0640);
    struct stat facts;
    if (fd >= 0 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode)) {
        *size = facts.st_size;
        return fd;
    }
    err_errno(error, fd < 0 ? errno : EINVAL, "cannot open %s", path);
    fd_clear(&fd);
    return -1;
}

GArray *thumb_file_list(const char *path, GError **error)
{
    off_t size;
    fd_auto int fd = open_file(path, O_RDONLY, &size, error);
    if (fd < 0)
        return NULL;
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(ThumbEntry));
    walk(fd, size, entries);
    return entries;
}

Buffer *thumb_file_picture(const char *path, const ThumbEntry *entry, GError **error)
{
    off_t size;
    fd_auto int fd = open_file(path, O_RDONLY, &size, error);
    g_autoptr(Buffer) jpeg = fd >= 0 ? buffer_new(entry->bytes) : NULL;
    if (!jpeg || !fd_read_at(fd, jpeg->data, jpeg->size, entry->offset, error))
        return NULL;
    if (crc32c(jpeg->data, jpeg->size) != entry->sum) {
        err_set(error, ERR_CORRUPT, "%s: the picture at %lld is damaged", path,
                (long long)entry->offset);
        return NULL;
    }
    return g_steal_pointer(&jpeg);
}

static bool cut(int fd, const char *path, off_t size, GError **error)
{
    return ftruncate(fd, size) == 0 || err_errno(error, errno, "cannot cut %s", path);
}

bool thumb_file_append(const char *path, bool mend, int64_t capture_us, const Buffer *jpeg,
                       GError **error)
{
    off_t size;
    if (jpeg->size == 0 || jpeg->size > THUMB_MOST_BYTES)
        return err_set(error, ERR_INVALID, "a thumbnail of %zu bytes", jpeg->size);
    fd_auto int fd = open_file(path, O_RDWR | O_CREAT | O_APPEND, &size, error);
    if (fd < 0)
        return false;
    if (mend) {
        g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ThumbEntry));
        off_t whole = walk(fd, size, entries);
        if (whole < size && !cut(fd, path, whole, error))
            return false;
        size = whole;
    }
    uint8_t bytes[THUMB_HEAD_BYTES];
    ThumbHead head = {capture_us, (uint32_t)jpeg->size, crc32c(jpeg->data, jpeg->size)};
    thumb_head_write(&head, bytes);
    struct iovec parts[] = {{bytes, sizeof bytes}, {(void *)jpeg->data, jpeg->size}};
    ssize_t wrote = writev(fd, parts, G_N_ELEMENTS(parts));
    if (wrote == (ssize_t)(sizeof bytes + jpeg->size))
        return true;
    int trouble = wrote < 0 ? errno : ENOSPC;
    (void)cut(fd, path, size, NULL); /* else the next run does */
    return err_errno(error, trouble, "cannot write %s", path);
}

/* ---- hours without footage ---- */

static int two_digits(const char *text)
{
    return g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[1])
               ? (text[0] - '0') * 10 + (text[1] - '0')
               : -1;
}

/* Marks the hours of the day that a segment named `name` may hold pictures of. */
static void mark_hours(const char *name, bool hours[24])
{
    int hour = two_digits(name), minute = hour < 0 ? -1 : two_digits(name + 2);
    if (!g_str_has_suffix(name, ".mp4") || hour < 0 || hour > 23 || minute < 0)
        return;
    hours[hour] = true;
    if (hour < 23 && minute >= 60 - SEGMENT_MOST_MINUTES - 1)
        hours[hour + 1] = true;
}

void thumb_files_tidy(const char *day_folder)
{
    bool hours[24] = {false};
    g_autoptr(GPtrArray) names = folder_names(day_folder);
    for (guint i = 0; i < names->len; i++)
        mark_hours(names->pdata[i], hours);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        int hour = g_str_has_prefix(name, "thumbs-") ? two_digits(name + strlen("thumbs-")) : -1;
        if (hour < 0 || hour > 23 || hours[hour])
            continue;
        g_autofree char *path = g_build_filename(day_folder, name, NULL);
        if (unlink(path) < 0 && errno != ENOENT)
            log_warning("archive.thumbnails_kept", "file=%s cause=\"%s\"", path, g_strerror(errno));
    }
}
