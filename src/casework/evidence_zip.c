#include "casework/evidence_zip.h"

#include "archive/package.h"
#include "base/file.h"
#include "base/queue.h"
#include "base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { BUFFERS = 8, BUFFER_BYTES = 1 << 20 };

typedef struct Piece {
    size_t size;
    uint8_t data[BUFFER_BYTES];
} Piece;

struct EvidenceZip {
    char *path, *beside;
    int fd;
    bool closed;
    GArray *entries; /* ZipEntry */
    GArray *files;   /* PackageFile */
    uint64_t at;     /* end of the file */
    /* the file that is being written */
    ZipEntry entry;
    int64_t wanted; /* bytes; -1: not known */
    /* A piece is idle, or filled by the writer and then in work with both threads; the hasher makes
     * it idle again, and the writer, who takes idle ones only, is through with it before that. */
    Queue *idle, *filled;
    Thread *hasher;
    Sha256 *hash; /* the hasher's while a piece is not idle, else the writer's */
    int64_t done_bytes, total_bytes;
    EvidenceProgress progress;
    void *progress_data;
};

static void hash_pieces(void *data)
{
    EvidenceZip *zip = data;
    Piece *piece;
    while ((piece = queue_pop(zip->filled, -1))) {
        sha256_add(zip->hash, piece->data, piece->size);
        queue_push(zip->idle, piece);
    }
}

EvidenceZip *evidence_zip_new(const char *path, int64_t total_bytes, EvidenceProgress progress,
                              void *data, GError **error)
{
    char name[UUID_TEXT];
    Uuid uuid = uuid_new();
    g_autofree char *beside = g_strdup_printf("%s.%.8s.part", path, uuid_text(&uuid, name));
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_errno(error, errno, "cannot write %s", beside);
        return NULL;
    }
    EvidenceZip *zip = g_new0(EvidenceZip, 1);
    zip->path = g_strdup(path);
    zip->beside = g_steal_pointer(&beside);
    zip->fd = fd;
    zip->entries = g_array_new(FALSE, TRUE, sizeof(ZipEntry));
    zip->files = g_array_new(FALSE, TRUE, sizeof(PackageFile));
    zip->hash = sha256_new();
    zip->total_bytes = total_bytes;
    zip->progress = progress;
    zip->progress_data = data;
    zip->idle = queue_new();
    zip->filled = queue_new();
    for (unsigned i = 0; i < BUFFERS; i++)
        queue_push(zip->idle, g_new(Piece, 1));
    zip->hasher = thread_start("evidence-hash", hash_pieces, zip);
    return zip;
}

void evidence_zip_free(EvidenceZip *zip)
{
    if (!zip)
        return;
    queue_close(zip->filled);
    thread_join(zip->hasher);
    queue_free(zip->idle, g_free);
    queue_free(zip->filled, g_free);
    fd_clear(&zip->fd);
    if (!zip->closed)
        unlink(zip->beside);
    g_array_unref(zip->entries);
    g_array_unref(zip->files);
    sha256_free(zip->hash);
    g_free(zip->path);
    g_free(zip->beside);
    g_free(zip);
}

static bool write_all(EvidenceZip *zip, const void *data, size_t size, GError **error)
{
    zip->at += size;
    return fd_write_all(zip->fd, data, size, error);
}

/* The hasher is through with all pieces: the hash is the writer's. */
static void wait_hashed(EvidenceZip *zip)
{
    Piece *pieces[BUFFERS];
    for (unsigned i = 0; i < BUFFERS; i++)
        pieces[i] = queue_pop(zip->idle, -1);
    for (unsigned i = 0; i < BUFFERS; i++)
        queue_push(zip->idle, pieces[i]);
}

bool evidence_zip_begin(EvidenceZip *zip, const char *name, int64_t bytes, GError **error)
{
    g_auto(ByteWriter) header = {0};
    zip->entry = (ZipEntry){.offset = zip->at, .bytes = bytes < 0 ? 0 : (uint64_t)bytes};
    zip->wanted = bytes;
    g_strlcpy(zip->entry.name, name, sizeof zip->entry.name);
    g_assert(zip_name_plausible(zip->entry.name));
    zip_put_local(&header, &zip->entry);
    zip->entry.bytes = 0;
    return write_all(zip, header.data, header.size, error);
}

bool evidence_zip_add(EvidenceZip *zip, const void *data, size_t size, GError **error)
{
    wait_hashed(zip);
    sha256_add(zip->hash, data, size);
    zip->entry.crc = zip_crc(zip->entry.crc, data, size);
    zip->entry.bytes += size;
    return write_all(zip, data, size, error);
}

static bool copy_piece(EvidenceZip *zip, int fd, uint64_t at, size_t bytes, GError **error)
{
    Piece *piece = queue_pop(zip->idle, -1);
    piece->size = bytes;
    if (!fd_read_at(fd, piece->data, bytes, (off_t)at, error)) {
        queue_push(zip->idle, piece);
        return false;
    }
    queue_push(zip->filled, piece);
    zip->entry.crc = zip_crc(zip->entry.crc, piece->data, bytes);
    zip->entry.bytes += bytes;
    return write_all(zip, piece->data, bytes, error);
}

bool evidence_zip_copy(EvidenceZip *zip, int fd, uint64_t at, uint64_t bytes, GError **error)
{
    while (bytes > 0) {
        size_t part = (size_t)MIN(bytes, BUFFER_BYTES);
        if (!copy_piece(zip, fd, at, part, error))
            return false;
        at += part;
        bytes -= part;
        zip->done_bytes += (int64_t)part;
        if (zip->progress && !zip->progress(zip->progress_data, zip->done_bytes, zip->total_bytes))
            return err_set(error, ERR_UNAVAILABLE, "the package was stopped");
    }
    return true;
}

/* The header was written before the sums were known. */
static bool mend_header(EvidenceZip *zip, GError **error)
{
    g_auto(ByteWriter) header = {0};
    zip_put_local(&header, &zip->entry);
    ssize_t written = pwrite(zip->fd, header.data, header.size, (off_t)zip->entry.offset);
    return written == (ssize_t)header.size ||
           err_errno(error, written < 0 ? errno : EIO, "cannot write %s", zip->beside);
}

bool evidence_zip_end(EvidenceZip *zip, GError **error)
{
    PackageFile file = {.bytes = (int64_t)zip->entry.bytes};
    wait_hashed(zip);
    sha256_end(zip->hash, file.hash.bytes);
    g_strlcpy(file.name, zip->entry.name, sizeof file.name);
    if (zip->wanted < 0 ? file.bytes >= UINT32_MAX : file.bytes != zip->wanted)
        return err_set(error, ERR_CORRUPT, "%s has another size than was planned", file.name);
    g_array_append_val(zip->files, file);
    g_array_append_val(zip->entries, zip->entry);
    return mend_header(zip, error);
}

bool evidence_zip_put(EvidenceZip *zip, const char *name, const void *data, size_t size,
                      GError **error)
{
    return evidence_zip_begin(zip, name, (int64_t)size, error) &&
           evidence_zip_add(zip, data, size, error) && evidence_zip_end(zip, error);
}

const GArray *evidence_zip_files(const EvidenceZip *zip)
{
    return zip->files;
}

bool evidence_zip_close(EvidenceZip *zip, GError **error)
{
    g_auto(ByteWriter) directory = {0};
    zip_put_directory(&directory, (const ZipEntry *)(void *)zip->entries->data, zip->entries->len,
                      zip->at);
    if (!write_all(zip, directory.data, directory.size, error))
        return false;
    /* A package that is said to be made is there after a power cut, too. */
    if (fdatasync(zip->fd) < 0 || rename(zip->beside, zip->path) < 0)
        return err_errno(error, errno, "cannot write %s", zip->path);
    zip->closed = true;
    g_autofree char *folder = g_path_get_dirname(zip->path);
    return folder_sync(folder, error);
}
