#include "http/api/sent_file.h"

#include "base/digest.h"
#include "base/file.h"
#include "media/file_bare.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* In the page cache, so that no film is held in memory of our own. */
bool sent_file_bare(ApiUpload *sent, GError **error)
{
    FileKind kind = file_kind(sent->first, sent->first_bytes);
    size_t size = (size_t)sent->bytes;
    if (kind == FILE_UNKNOWN)
        return true;
    fd_auto int fd = open(sent->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    void *bytes = fd < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return err_errno(error, errno, "what was sent cannot be looked through");
    file_bare(kind, bytes, size);
    sha256(bytes, size, sent->sha256);
    memcpy(sent->first, bytes, sent->first_bytes);
    munmap(bytes, size);
    return fsync(fd) == 0 || err_errno(error, errno, "what was sent cannot be kept");
}
