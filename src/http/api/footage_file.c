#include "http/api/footage_file.h"

#include <errno.h>
#include <fcntl.h>

static bool clip_bytes(void *data, uint64_t offset, void *bytes, size_t size, GError **error)
{
    return clip_read(data, (int64_t)offset, bytes, size, error);
}

static void clip_done(void *data)
{
    clip_plan_free(data);
}

VirtualFile *footage_clip_file(ClipPlan *clip)
{
    VirtualFile *file = g_new0(VirtualFile, 1);
    *file = (VirtualFile){.size = (uint64_t)clip_size(clip),
                          .type = "video/mp4",
                          .data = clip,
                          .read = clip_bytes,
                          .free = clip_done};
    g_snprintf(file->etag, sizeof file->etag, "\"%.64s\"", clip_tag(clip));
    return file;
}

VirtualFile *footage_segment_file(const char *path, const char *name, int64_t bytes, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        err_errno(error, errno, "the segment %s cannot be read", name);
        return NULL;
    }
    VirtualFile *file = virtual_file_of_fd(fd, (uint64_t)bytes, "video/mp4");
    g_snprintf(file->etag, sizeof file->etag, "\"%s-%llx\"", name, (unsigned long long)bytes);
    return file;
}
