/* clip.c — `vonglau clip`: reads the footage files itself, beside a running server or without one.
 */
#include "archive/clip.h"

#include "archive/journal.h"
#include "archive/unsealed.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "base/uuid.h"
#include "catalog/cameras.h"
#include "catalog/masks.h"
#include "catalog/segments.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/volume.h"
#include "config/data_folder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Who asks up to “now” may have a clock a little ahead, as at the API. */
#define CLOCKS_APART_US (5 * SECOND_US)

static bool show(void *data, int64_t done_bytes, int64_t total_bytes)
{
    progress_show(data, done_bytes, total_bytes);
    return true;
}

static bool is_known(CatalogDb *db, const Uuid *camera, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(CameraRow) row = cameras_get(db, camera, &trouble);
    char id[UUID_TEXT];
    if (row)
        return true;
    if (g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        return err_set(error, ERR_NOT_FOUND,
                       "there is no camera ‘%s’; vonglau camera list shows them",
                       uuid_text(camera, id));
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

static GPtrArray *sealed_in(const DataFolder *folder, const Uuid *camera, StreamKind stream,
                            int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(Catalog) catalog = catalog_open(folder->catalog, error);
    g_autoptr(CatalogDb) db = catalog ? catalog_read(catalog, error) : NULL;
    return db && is_known(db, camera, error)
               ? segments_in(db, camera, stream, from_us, to_us, 0, error)
               : NULL;
}

static void drop_file(GArray *segments, const char *file)
{
    for (guint i = segments->len; i-- > 0;)
        if (strcmp(g_array_index(segments, ArchiveSegment, i).file, file) == 0)
            g_array_remove_index(segments, i);
}

/* What the journals have that is not sealed. */
static GArray *find_unsealed(const GPtrArray *volumes, const Uuid *camera, StreamKind stream,
                             int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(ArchiveSegment));
    g_array_set_clear_func(all, archive_segment_clear);
    for (guint i = 0; i < volumes->len; i++) {
        const char *volume = g_ptr_array_index(volumes, i);
        g_autoptr(GArray) some = unsealed_segments(volume, camera, stream, from_us, to_us, error);
        if (!some)
            return NULL;
        g_array_append_vals(all, some->data, some->len);
        g_array_set_clear_func(some, NULL); /* they are in the other now */
    }
    return g_steal_pointer(&all);
}

/* The file of a sealed segment, on whichever of the volumes it is; owned. */
static char *sealed_path(const GPtrArray *volumes, const Uuid *camera, const char *file)
{
    char *path = NULL;
    for (guint i = 0; i < volumes->len && (!path || access(path, F_OK) != 0); i++) {
        g_free(path);
        path = segment_file_path(g_ptr_array_index(volumes, i), camera, file);
    }
    return path;
}

/* What the journals have, then what the catalog has: a segment sealed in between is in both. */
static GArray *find_segments(const DataFolder *folder, const GPtrArray *volumes, const Uuid *camera,
                             StreamKind stream, int64_t from_us, int64_t to_us, GError **error)
{
    if (!data_folder_check(folder, error))
        return NULL;
    g_autoptr(GArray) segments = find_unsealed(volumes, camera, stream, from_us, to_us, error);
    g_autoptr(GPtrArray) rows =
        segments ? sealed_in(folder, camera, stream, from_us, to_us, error) : NULL;
    if (!rows)
        return NULL;
    for (guint i = 0; i < rows->len; i++) {
        const SegmentRow *row = g_ptr_array_index(rows, i);
        drop_file(segments, row->file);
        ArchiveSegment one = {.path = sealed_path(volumes, camera, row->file),
                              .file = g_strdup(row->file),
                              .from_us = row->from_us,
                              .to_us = row->to_us};
        g_array_append_val(segments, one);
    }
    g_array_sort(segments, archive_segment_by_time);
    return g_steal_pointer(&segments);
}

static ClipPlan *plan_of(const Uuid *camera, const GArray *segments, int64_t from_us, int64_t to_us,
                         GError **error)
{
    if (segments->len == 0) {
        char id[UUID_TEXT];
        err_set(
            error, ERR_NOT_FOUND,
            "no footage of camera %s in this span; the app's timeline shows where there is some",
            uuid_text(camera, id));
        return NULL;
    }
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(ClipSource));
    for (guint i = 0; i < segments->len; i++) {
        const ArchiveSegment *segment = &g_array_index(segments, ArchiveSegment, i);
        ClipSource source = {segment->path, segment->from_us, segment->to_us, segment->bytes};
        g_array_append_val(sources, source);
    }
    return clip_plan((const ClipSource *)(void *)sources->data, sources->len, from_us, to_us, true,
                     error);
}

/* Originals show what lies under masks: not by oversight. */
static bool refuse_masked(const DataFolder *folder, const Uuid *camera, int64_t from_us,
                          int64_t to_us, GError **error)
{
    g_autoptr(Catalog) catalog =
        data_folder_check(folder, error) ? catalog_open(folder->catalog, error) : NULL;
    g_autoptr(CatalogDb) db = catalog ? catalog_read(catalog, error) : NULL;
    g_autoptr(GPtrArray) masks = db ? masks_list(db, error) : NULL;
    for (guint i = 0; masks && i < masks->len; i++) {
        const MaskRow *mask = masks->pdata[i];
        bool was_there = mask->since_us < to_us && mask->until_us > from_us;
        if (uuid_equal(&mask->camera, camera) && (mask->until_us == 0 || was_there))
            return err_set(error, ERR_DENIED,
                           "a privacy mask covers this camera (%s), and a clip shows what is under "
                           "it: the app makes covered copies, and evidence by two persons; "
                           "--unmasked if that is meant",
                           mask->name);
    }
    return masks != NULL;
}

static bool cut(const char *data, const Uuid *camera, StreamKind stream, int64_t from_us,
                int64_t to_us, bool unmasked, const char *out, GError **error)
{
    g_autoptr(DataFolder) folder = data_folder_paths(data);
    if (!unmasked && !refuse_masked(folder, camera, from_us, to_us, error))
        return false;
    g_autoptr(GPtrArray) volumes = volume_paths(folder, error);
    g_autoptr(GArray) segments =
        volumes ? find_segments(folder, volumes, camera, stream, from_us, to_us, error) : NULL;
    g_autoptr(ClipPlan) plan = segments ? plan_of(camera, segments, from_us, to_us, error) : NULL;
    if (!plan)
        return false;
    unsigned gaps;
    const ClipGap *gap = clip_gaps(plan, &gaps);
    for (unsigned i = 0; i < gaps; i++) {
        char from[TIME_TEXT], to[TIME_TEXT];
        fprintf(stderr, "vonglau: no footage from %s to %s\n", time_text(gap[i].from_us, from),
                time_text(gap[i].to_us, to));
    }
    Progress progress = progress_begin("clip");
    bool written = clip_write(plan, out, show, &progress, error);
    progress_end(&progress);
    return written;
}

int command_clip(int argc, char **argv)
{
    g_autofree char *data = NULL, *camera = NULL, *from = NULL, *to = NULL, *out = NULL;
    g_autofree char *stream = NULL;
    gboolean unmasked = FALSE;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder", "DIR"},
        {"camera", 0, 0, G_OPTION_ARG_STRING, &camera, "Camera", "ID"},
        {"stream", 0, 0, G_OPTION_ARG_STRING, &stream, "main (default) or sub", "STREAM"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &from, "First instant, such as 2026-11-24T07:30:00Z",
         "T"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &to, "Last instant", "T"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "File to write", "FILE"},
        {"unmasked", 0, 0, G_OPTION_ARG_NONE, &unmasked,
         "Also of a camera with privacy masks, whose originals show what is under them", NULL},
        {NULL}};
    int status;
    if (!command_options(
            "clip --camera ID [--stream sub] --from T --to T --out FILE [--unmasked] --data DIR",
            "Cuts a clip out of the footage, without touching the pictures.", entries, &argc, &argv,
            &status))
        return status;
    if (!data || !camera || !from || !to || !out || argc > 1)
        return command_usage(
            "clip needs --data, --camera, --from, --to and --out; see vonglau clip "
            "--help");
    Uuid id;
    int64_t from_us, to_us;
    if (!uuid_parse(camera, &id))
        return command_usage("‘%s’ is not a camera's id; vonglau camera list shows them", camera);
    if (stream && !g_str_equal(stream, "main") && !g_str_equal(stream, "sub"))
        return command_usage("--stream must be main or sub");
    StreamKind kind = stream && g_str_equal(stream, "sub") ? STREAM_SUB : STREAM_MAIN;
    if (!time_parse(from, &from_us) || !time_parse(to, &to_us))
        return command_usage("--from and --to take times such as 2026-11-24T07:30:00Z or "
                             "2026-11-24T14:30:00+07:00");
    if (from_us >= to_us)
        return command_usage("--from must be before --to");
    if (from_us >= clock_now_us())
        return command_usage("--from lies in the future: nothing is recorded there yet");
    if (to_us > clock_now_us() + CLOCKS_APART_US)
        return command_usage("--to lies in the future: nothing is recorded there yet");
    g_autoptr(GError) error = NULL;
    return cut(data, &id, kind, from_us, to_us, unmasked, out, &error) ? EXIT_OK
                                                                       : command_fail(error);
}
