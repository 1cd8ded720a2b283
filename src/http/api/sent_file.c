#include "http/api/sent_file.h"

#include "base/digest.h"
#include "base/file.h"
#include "media/file_bare.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIECE_BYTES = 256 << 10 };

static bool digest_again(ApiUpload *sent, int fd, GError **error)
{
    g_autoptr(Sha256) hash = sha256_new();
    g_autofree uint8_t *piece = g_malloc(PIECE_BYTES);
    for (int64_t at = 0; at < sent->bytes; at += PIECE_BYTES) {
        size_t size = (size_t)MIN(sent->bytes - at, PIECE_BYTES);
        if (!fd_read_at(fd, piece, size, at, error))
            return false;
        if (at == 0)
            memcpy(sent->first, piece, sent->first_bytes);
        sha256_add(hash, piece, size);
    }
    sha256_end(hash, sent->sha256);
    return true;
}

/* In the page cache, and of a film only where its boxes begin: none is held in memory. */
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
    munmap(bytes, size);
    if (fsync(fd) != 0)
        return err_errno(error, errno, "what was sent cannot be kept");
    return digest_again(sent, fd, error);
}
