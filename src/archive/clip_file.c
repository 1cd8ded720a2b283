/* The bytes of a clip: read at an offset, or written to a file. */
#include "archive/clip_plan.h"

#include "base/file.h"
#include "base/uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_BYTES = 16 << 20, COPY_BYTES = 1 << 20 };

static int source_fd(const ClipPlan *plan, const ClipExtent *extent)
{
    return segment_reader_fd(plan->readers->pdata[extent->source]);
}

/* The extent that holds byte `at` of the mdat's content. */
static unsigned find_extent(const ClipPlan *plan, uint64_t at)
{
    unsigned low = 0, high = plan->extents->len - 1;
    while (low < high) {
        unsigned middle = (low + high + 1) / 2;
        if (g_array_index(plan->extents, ClipExtent, middle).to <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

bool clip_read(ClipPlan *plan, int64_t offset, void *buffer, size_t size, GError **error)
{
    uint8_t *to = buffer;
    uint64_t at = (uint64_t)offset;
    g_assert(offset >= 0 && size <= (uint64_t)clip_size(plan) - at);
    if (at < plan->front.size) {
        size_t part = MIN(size, plan->front.size - at);
        memcpy(to, plan->front.data + at, part);
        to += part;
        at += part;
        size -= part;
    }
    if (size == 0)
        return true;
    at -= plan->front.size;
    for (unsigned i = find_extent(plan, at); size > 0; i++) {
        const ClipExtent *extent = &g_array_index(plan->extents, ClipExtent, i);
        uint64_t skip = at - extent->to;
        size_t part = MIN(size, extent->bytes - skip);
        if (!fd_read_at(source_fd(plan, extent), to, part, (off_t)(extent->from + skip), error))
            return false;
        to += part;
        at += part;
        size -= part;
    }
    return true;
}

/* How one copy goes on. */
typedef struct Copy {
    ClipPlan *plan;
    int fd;
    uint8_t *buffer; /* once the kernel has refused to copy by itself */
    int64_t done, told;
    ClipProgress progress;
    void *data;
} Copy;

static bool tell(Copy *copy, size_t bytes, GError **error)
{
    copy->done += (int64_t)bytes;
    int64_t total = clip_size(copy->plan);
    if (!copy->progress || (copy->done - copy->told < PROGRESS_BYTES && copy->done < total))
        return true;
    copy->told = copy->done;
    return copy->progress(copy->data, copy->done, total) ||
           err_set(error, ERR_UNAVAILABLE, "the copy was stopped");
}

static bool copy_through_memory(Copy *copy, int from, uint64_t at, uint64_t bytes, GError **error)
{
    while (bytes > 0) {
        size_t part = MIN(bytes, COPY_BYTES);
        if (!fd_read_at(from, copy->buffer, part, (off_t)at, error) ||
            !fd_write_all(copy->fd, copy->buffer, part, error) || !tell(copy, part, error))
            return false;
        at += part;
        bytes -= part;
    }
    return true;
}

static bool copy_extent(Copy *copy, const ClipExtent *extent, GError **error)
{
    int from = source_fd(copy->plan, extent);
    off_t at = (off_t)extent->from;
    uint64_t left = extent->bytes;
    while (left > 0 && !copy->buffer) {
        ssize_t part = copy_file_range(from, &at, copy->fd, NULL, MIN(left, PROGRESS_BYTES), 0);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0 && errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
            return err_errno(error, errno, "cannot copy footage");
        if (part <= 0) { /* not between these file systems; memory tells an early end */
            copy->buffer = g_malloc(COPY_BYTES);
            break;
        }
        left -= (uint64_t)part;
        if (!tell(copy, (size_t)part, error))
            return false;
    }
    return copy_through_memory(copy, from, (uint64_t)at, left, error);
}

static bool copy_all(Copy *copy, GError **error)
{
    ClipPlan *plan = copy->plan;
    if (!fd_write_all(copy->fd, plan->front.data, plan->front.size, error) ||
        !tell(copy, plan->front.size, error))
        return false;
    for (unsigned i = 0; i < plan->extents->len; i++)
        if (!copy_extent(copy, &g_array_index(plan->extents, ClipExtent, i), error))
            return false;
    return true;
}

bool clip_write(ClipPlan *plan, const char *path, ClipProgress progress, void *data, GError **error)
{
    char name[UUID_TEXT];
    Uuid uuid = uuid_new();
    g_autofree char *beside = g_strdup_printf("%s.%.8s.part", path, uuid_text(&uuid, name));
    fd_auto int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_errno(error, errno, "cannot write %s", beside);
    Copy copy = {.plan = plan, .fd = fd, .progress = progress, .data = data};
    bool done = copy_all(&copy, error);
    g_free(copy.buffer);
    if (done && rename(beside, path) < 0)
        done = err_errno(error, errno, "cannot write %s", path);
    if (!done) {
        g_prefix_error(error, "%s: ", path);
        unlink(beside);
    }
    return done;
}
