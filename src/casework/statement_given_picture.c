/* Pictures of what households gave. Whatever a phone wrote may be wrong: then there is no picture,
 * and the statement says so. */
#include "base/file.h"
#include "casework/statement.h"
#include "media/mp4_first.h"
#include "picture/picture.h"

#include <fcntl.h>
#include <string.h>

enum {
    PICTURE_WIDTH_PX = 720,
    PHOTO_MOST_BYTES = 32 << 20,
    MOVIE_MOST_BYTES = 64 << 20, /* moov of a film of some hours */
    SAMPLE_MOST_BYTES = 16 << 20,
    BOXES_MOST = 4096,
};

/* Some bytes of the file, or NULL. Returns owned. */
static uint8_t *read_part(int fd, const PackageConsentFile *file, uint64_t at, size_t bytes)
{
    if (at > (uint64_t)file->bytes || bytes > (uint64_t)file->bytes - at)
        return NULL;
    g_autofree uint8_t *part = g_malloc(bytes);
    return fd_read_at(fd, part, bytes, (off_t)at, NULL) ? g_steal_pointer(&part) : NULL;
}

static Buffer *photo(int fd, const PackageConsentFile *file, FileKind kind)
{
    Buffer *jpeg = NULL;
    if (file->bytes > PHOTO_MOST_BYTES)
        return NULL;
    g_autofree uint8_t *data = read_part(fd, file, 0, (size_t)file->bytes);
    if (data)
        picture_jpeg_from_file(kind, data, (size_t)file->bytes, PICTURE_WIDTH_PX, &jpeg, NULL);
    return jpeg;
}

/* The body of moov, wherever it stands. Returns owned, or NULL. */
static uint8_t *read_movie(int fd, const PackageConsentFile *file, size_t *size)
{
    uint64_t at = 0, all = (uint64_t)file->bytes;
    for (unsigned i = 0; i < BOXES_MOST && at < all; i++) {
        char type[5];
        unsigned head;
        uint64_t bytes;
        size_t seen = (size_t)MIN(all - at, 16);
        g_autofree uint8_t *first = read_part(fd, file, at, seen);
        if (!first || !mp4_box_head(first, seen, all - at, type, &head, &bytes))
            return NULL;
        if (strcmp(type, "moov") == 0) {
            *size = (size_t)(bytes - head);
            return *size <= MOVIE_MOST_BYTES ? read_part(fd, file, at + head, *size) : NULL;
        }
        at += bytes;
    }
    return NULL;
}

static Buffer *film(int fd, const PackageConsentFile *file)
{
    size_t size = 0;
    Mp4First first;
    Buffer *jpeg = NULL;
    g_autofree uint8_t *movie = read_movie(fd, file, &size);
    if (!movie || !mp4_first_picture(movie, size, &first) || first.bytes > SAMPLE_MOST_BYTES)
        return NULL;
    g_autofree uint8_t *sample = read_part(fd, file, first.at, first.bytes);
    if (!sample)
        return NULL;
    g_autoptr(CodecParams) params =
        codec_params_new(first.codec, VIDEO_TIMESCALE, first.config, first.config_bytes);
    g_autoptr(AccessUnit) unit = access_unit_new(params, TRACK_VIDEO, first.bytes);
    memcpy(unit->data, sample, first.bytes);
    unit->key = true;
    picture_jpeg_from_unit(unit, PICTURE_WIDTH_PX, NULL, &jpeg, NULL);
    return jpeg;
}

Buffer *statement_given_picture(const PackageConsentFile *file)
{
    FileKind kind = file_kind_of_type(file->given.type);
    fd_auto int fd =
        file->path ? open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
    if (fd < 0)
        return NULL;
    return file_kind_is_video(kind) ? film(fd, file) : photo(fd, file, kind);
}
