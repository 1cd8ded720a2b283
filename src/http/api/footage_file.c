#include "http/api/footage_file.h"

#include "archive/segment_view.h"
#include "base/time_text.h"

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

typedef struct SeenSegment {
    SegmentView *view;
    FootageLook look;
} SeenSegment;

/* The times of bytes [from, to) of a file: pictures lie in it about evenly. */
static void tell_seen(const SeenSegment *seen, uint64_t from, uint64_t to)
{
    const FootageLook *look = &seen->look;
    double size = (double)segment_view_size(seen->view),
           span = (double)(look->to_us - look->from_us);
    if (look->look && to > (uint64_t)segment_view_init(seen->view))
        audit_look_seen(look->look, AUDIT_JOIN_NEAR,
                        look->from_us + (int64_t)(span * ((double)from / size)),
                        look->from_us + (int64_t)(span * ((double)to / size)));
}

static bool segment_bytes(void *data, uint64_t offset, void *bytes, size_t size, GError **error)
{
    const SeenSegment *seen = data;
    if (!segment_view_read(seen->view, (int64_t)offset, bytes, size, error))
        return false;
    tell_seen(seen, offset, offset + size);
    return true;
}

static void segment_done(void *data)
{
    SeenSegment *seen = data;
    segment_view_free(seen->view);
    audit_look_free(seen->look.look);
    g_free(seen);
}

VirtualFile *footage_segment_file(const char *path, const char *name, int64_t bytes, bool listen,
                                  FootageLook look, GError **error)
{
    SegmentView *view = segment_view_open(path, bytes, listen, error);
    if (!view) {
        audit_look_free(look.look);
        return NULL;
    }
    SeenSegment *seen = g_new(SeenSegment, 1);
    *seen = (SeenSegment){view, look};
    VirtualFile *file = g_new0(VirtualFile, 1);
    *file = (VirtualFile){.size = (uint64_t)segment_view_size(view),
                          .type = "video/mp4",
                          .data = seen,
                          .read = segment_bytes,
                          .free = segment_done};
    g_snprintf(file->etag, sizeof file->etag, "\"%s-%llx%s\"", name, (unsigned long long)file->size,
               listen ? "-listen" : "");
    return file;
}

char *footage_disposition(const ApiCall *call, const CameraRow *row, int64_t from_us)
{
    const char *wanted = call_query(call, "name");
    char time[TIME_TEXT];
    g_autofree char *name =
        wanted && *wanted ? g_strdup(wanted)
                          : g_strdup_printf("%s %.19s.mp4", row->name, time_text(from_us, time));
    g_strdelimit(name, "/\\:\"<>|?*\r\n", '-');
    g_autofree char *coded = g_uri_escape_string(name, NULL, FALSE);
    return g_strdup_printf("attachment; filename=\"clip.mp4\"; filename*=UTF-8''%s", coded);
}
