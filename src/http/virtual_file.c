#include "http/virtual_file.h"

#include <errno.h>
#include <unistd.h>

static bool read_fd(void *data, uint64_t offset, void *bytes, size_t size, GError **error)
{
    int fd = GPOINTER_TO_INT(data);
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(fd, (char *)bytes + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return err_errno(error, got ? errno : EIO, "a file cannot be read to its end");
        done += (size_t)got;
    }
    return true;
}

static void close_fd(void *data)
{
    close(GPOINTER_TO_INT(data));
}

VirtualFile *virtual_file_of_fd(int fd, uint64_t size, const char *type)
{
    VirtualFile *file = g_new0(VirtualFile, 1);
    *file = (VirtualFile){
        .size = size, .type = type, .data = GINT_TO_POINTER(fd), .read = read_fd, .free = close_fd};
    return file;
}

void virtual_file_free(VirtualFile *file)
{
    if (!file)
        return;
    if (file->free)
        file->free(file->data);
    g_free(file);
}
