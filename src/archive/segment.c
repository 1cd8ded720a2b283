#include "archive/segment.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPIES_MOST = 10000, ENTRIES_SPARE = 16, GAPS_SPARE = 24 };

int64_t segment_until_us(const Uuid *camera, int64_t start_us, int64_t length_us)
{
    uint8_t hash[SHA256_BYTES];
    sha256(camera->bytes, sizeof camera->bytes, hash);
    ByteReader first = byte_reader(hash, sizeof hash);
    uint32_t number = read_u32(&first);
    int64_t offset_us = (int64_t)number * 1000 % MIN(length_us, MINUTE_US);
    int64_t into_us = (start_us - offset_us) % length_us;
    int64_t until_us = start_us - into_us + length_us;
    return MIN(until_us, day_start_us(start_us) + DAY_US);
}

/* Makes the folders of camera and day; the volume's own must be there, with its volume.json. */
static bool make_folders(const char *volume_path, const char *path, GError **error)
{
    g_autofree char *day = g_path_get_dirname(path);
    g_autofree char *camera = g_path_get_dirname(day);
    g_autofree char *facts = g_build_filename(volume_path, "volume.json", NULL);
    if (access(facts, F_OK) < 0)
        return err_errno(error, errno, "volume %s", facts);
    if ((mkdir(camera, 0750) < 0 && errno != EEXIST) || (mkdir(day, 0750) < 0 && errno != EEXIST))
        return err_errno(error, errno, "cannot make folder %s", day);
    return true;
}

/* Opens a file of a name that nobody has; `id->copy` says which. */
static bool make_file(Segment *segment, const char *volume_path, GError **error)
{
    for (segment->id.copy = 0; segment->id.copy < COPIES_MOST; segment->id.copy++) {
        if (segment->id.copy == 1)
            continue; /* the second of a name is -2 */
        g_free(segment->file);
        g_free(segment->path);
        segment->file = segment_file_name(&segment->id);
        segment->path = segment_file_path(volume_path, &segment->id.camera, segment->file);
        if (segment->id.copy == 0 && !make_folders(volume_path, segment->path, error))
            return false;
        segment->fd = open(segment->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
        if (segment->fd >= 0)
            return true;
        if (errno != EEXIST)
            return err_errno(error, errno, "cannot make %s", segment->path);
    }
    return err_set(error, ERR_EXISTS, "%s and all its copies exist", segment->path);
}

Segment *segment_create(Store *store, Stream *stream, const AccessUnit *first, CodecParams *audio,
                        GError **error)
{
    Segment *segment = g_new0(Segment, 1);
    *segment = (Segment){
        .id = {.camera = stream->camera, .stream = stream->kind, .start_us = first->capture_us},
        .stream = stream,
        .tracks = {codec_params_ref(first->params), audio ? codec_params_ref(audio) : NULL},
        .until_us =
            segment_until_us(&stream->camera, first->capture_us, store->archive->segment_us),
        .fd = -1,
        .clock.from_us = first->capture_us,
        .to_us = first->capture_us,
        .entries = g_byte_array_new(),
        .gaps = g_array_new(FALSE, FALSE, sizeof(SealGap)),
    };
    segment->due_us = segment->until_us;
    if (make_file(segment, store->volume.path, error))
        return segment;
    segment_free(segment);
    return NULL;
}

/* Writes at `offset`; what one call leaves undone is done by the next. Returns 0 or errno. */
static int write_parts(int fd, struct iovec *parts, int count, off_t offset)
{
    while (count > 0) {
        ssize_t done = pwritev(fd, parts, MIN(count, IOV_MAX), offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? errno : EIO;
        offset += done;
        size_t left = (size_t)done;
        for (; count > 0 && left >= parts->iov_len; parts++, count--)
            left -= parts->iov_len;
        if (count > 0) {
            parts->iov_base = (char *)parts->iov_base + left;
            parts->iov_len -= left;
        }
    }
    return 0;
}

bool segment_append(Segment *segment, struct iovec *parts, int count, size_t total, int *code,
                    bool *torn)
{
    *torn = false;
    *code = write_parts(segment->fd, parts, count, (off_t)segment->size);
    if (*code == 0) {
        segment->size += total;
        return true;
    }
    *torn = ftruncate(segment->fd, (off_t)segment->size) < 0;
    return false;
}

void segment_add_entry(Segment *segment, const uint8_t hash[SHA256_BYTES])
{
    g_byte_array_append(segment->entries, hash, SHA256_BYTES);
}

bool segment_full(const Segment *segment)
{
    return segment->entries->len / SHA256_BYTES + ENTRIES_SPARE >= SEAL_ENTRIES_MOST ||
           segment->gaps->len + GAPS_SPARE >= SEAL_GAPS_MOST;
}

void segment_close_file(Segment *segment)
{
    fd_clear(&segment->fd);
}

void segment_free(Segment *segment)
{
    if (!segment)
        return;
    fd_clear(&segment->fd);
    for (int i = 0; i < TRACKS; i++)
        codec_params_unref(segment->tracks[i]);
    g_byte_array_unref(segment->entries);
    g_array_unref(segment->gaps);
    g_free(segment->file);
    g_free(segment->path);
    g_free(segment);
}

void segment_remove_empty(Segment *segment)
{
    segment_close_file(segment);
    unlink(segment->path);
    segment_free(segment);
}
