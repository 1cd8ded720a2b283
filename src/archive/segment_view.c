#include "archive/segment_view.h"

#include "archive/segment_read.h"
#include "base/file.h"

#include <string.h>

/* Bytes that read differently: "free" where `is_name`, else zeros. */
typedef struct Patch {
    uint64_t offset, bytes;
    bool is_name;
} Patch;

struct SegmentView {
    SegmentReader *reader;
    char *path;
    int64_t size;
    GArray *patches; /* Patch, in order of offset */
};

static void add_patch(SegmentView *view, uint64_t offset, uint64_t bytes, bool is_name)
{
    Patch patch = {offset, bytes, is_name};
    if (bytes)
        g_array_append_val(view->patches, patch);
}

static void mute_head(SegmentView *view, uint64_t offset, size_t head_bytes)
{
    size_t at[FMP4_TRACK_BOXES];
    unsigned count =
        fmp4_track_boxes(segment_reader_head(view->reader), head_bytes, TRACK_AUDIO, at);
    for (unsigned i = 0; i < count; i++)
        add_patch(view, offset + at[i], 4, true);
}

/* Of sound alone nothing may stay: a fragment without a track is no fragment. */
static void blank_fragment(SegmentView *view, const Fmp4FragmentInfo *fragment, uint64_t offset)
{
    const uint8_t *head = segment_reader_head(view->reader);
    size_t moof = fragment->prft_us == FMP4_NO_PRFT ? 0 : get_u32(head);
    add_patch(view, offset + moof + 4, 4, true);
    add_patch(view, offset + fragment->head_bytes - 4, 4, true);
}

static bool mute(SegmentView *view, GError **error)
{
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    GError *trouble = NULL;
    mute_head(view, 0, segment_reader_init(view->reader)->bytes);
    view->size = (int64_t)segment_reader_init(view->reader)->bytes;
    while (segment_reader_next(view->reader, &fragment, &offset, &trouble)) {
        const Fmp4ReadRun *sound = &fragment->tracks[TRACK_AUDIO];
        if (fragment->tracks[TRACK_VIDEO].count)
            mute_head(view, offset, fragment->head_bytes);
        else
            blank_fragment(view, fragment, offset);
        add_patch(view, offset + sound->offset, sound->bytes, false);
        view->size = (int64_t)(offset + fragment->bytes);
    }
    if (trouble && !g_error_matches(trouble, ERR, ERR_CORRUPT)) {
        g_propagate_error(error, trouble);
        return false;
    }
    g_clear_error(&trouble);
    return true;
}

/* G.711 as older footage holds it is what Media Source Extensions refuse (003-g711-in-mp4). */
bool segment_view_plays(Codec codec)
{
    return codec != CODEC_PCMA && codec != CODEC_PCMU;
}

SegmentView *segment_view_open(const char *path, int64_t valid_bytes, bool audio, GError **error)
{
    g_autoptr(SegmentView) view = g_new0(SegmentView, 1);
    view->path = g_strdup(path);
    view->patches = g_array_new(FALSE, FALSE, sizeof(Patch));
    view->reader = segment_reader_open(path, valid_bytes, SEGMENT_OWN_TIME, error);
    if (!view->reader)
        return NULL;
    view->size = segment_reader_bytes(view->reader);
    const CodecParams *sound = segment_reader_init(view->reader)->tracks[TRACK_AUDIO];
    bool silent = sound && (!audio || !segment_view_plays(sound->codec));
    return !silent || mute(view, error) ? g_steal_pointer(&view) : NULL;
}

void segment_view_free(SegmentView *view)
{
    if (!view)
        return;
    segment_reader_free(view->reader);
    g_array_unref(view->patches);
    g_free(view->path);
    g_free(view);
}

int64_t segment_view_size(const SegmentView *view)
{
    return view->size;
}

int64_t segment_view_init(const SegmentView *view)
{
    return (int64_t)segment_reader_init(view->reader)->bytes;
}

/* The first patch that ends behind `offset`. */
static unsigned find_patch(const SegmentView *view, uint64_t offset)
{
    unsigned low = 0, high = view->patches->len;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        const Patch *patch = &g_array_index(view->patches, Patch, middle);
        if (patch->offset + patch->bytes <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void apply(const Patch *patch, uint64_t offset, uint8_t *data, size_t size)
{
    uint64_t begin = MAX(patch->offset, offset);
    uint64_t end = MIN(patch->offset + patch->bytes, offset + size);
    if (begin >= end)
        return;
    if (patch->is_name)
        memcpy(data + (begin - offset), &"free"[begin - patch->offset], end - begin);
    else
        memset(data + (begin - offset), 0, end - begin);
}

bool segment_view_read(SegmentView *view, int64_t offset, void *buffer, size_t size, GError **error)
{
    uint64_t at = (uint64_t)offset;
    g_assert(offset >= 0 && at <= (uint64_t)view->size && size <= (uint64_t)view->size - at);
    if (!fd_read_at(segment_reader_fd(view->reader), buffer, size, offset, error)) {
        g_prefix_error(error, "%s: ", view->path);
        return false;
    }
    for (unsigned i = find_patch(view, at); i < view->patches->len; i++) {
        const Patch *patch = &g_array_index(view->patches, Patch, i);
        if (patch->offset >= at + size)
            break;
        apply(patch, at, buffer, size);
    }
    return true;
}
