#include "http/api/footage_file.h"

#include "archive/segment_view.h"

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

static bool segment_bytes(void *data, uint64_t offset, void *bytes, size_t size, GError **error)
{
    return segment_view_read(data, (int64_t)offset, bytes, size, error);
}

static void segment_done(void *data)
{
    segment_view_free(data);
}

VirtualFile *footage_segment_file(const char *path, const char *name, int64_t bytes, bool listen,
                                  GError **error)
{
    SegmentView *view = segment_view_open(path, bytes, listen, error);
    if (!view)
        return NULL;
    VirtualFile *file = g_new0(VirtualFile, 1);
    *file = (VirtualFile){.size = (uint64_t)segment_view_size(view),
                          .type = "video/mp4",
                          .data = view,
                          .read = segment_bytes,
                          .free = segment_done};
    g_snprintf(file->etag, sizeof file->etag, "\"%s-%llx%s\"", name, (unsigned long long)file->size,
               listen ? "-listen" : "");
    return file;
}
