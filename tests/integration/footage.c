#include "footage.h"

#include "archive/segment_read.h"
#include "base/clock.h"
#include "harness.h"
#include "media/nal.h"
#include "media/sim_sei.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

static void add_names(GPtrArray *files, const char *folder, const char *suffix, bool folders)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) == folders && g_str_has_suffix(name, suffix))
            g_ptr_array_add(files, g_steal_pointer(&path));
    }
}

/* "<day>/<name>" of a path. */
static const char *own_name(const char *path)
{
    const char *name = strrchr(path, '/');
    while (name > path && name[-1] != '/')
        name--;
    return name;
}

/* By time, whichever volume they are on. */
static int compare(const void *a, const void *b)
{
    return strcmp(own_name(*(char *const *)a), own_name(*(char *const *)b));
}

static unsigned count_slices(Codec codec, const uint8_t *data, size_t size)
{
    NalReader reader = nal_reader(data, size);
    unsigned slices = 0;
    Nal nal;
    while (nal_next(&reader, &nal))
        slices += nal_is_vcl(codec, nal.data);
    return slices;
}

static GBytes *read_sample(const SegmentReader *reader, uint64_t offset, uint32_t size)
{
    uint8_t *bytes = g_malloc(size);
    g_assert(pread(segment_reader_fd(reader), bytes, size, (off_t)offset) == (ssize_t)size);
    return g_bytes_new_take(bytes, size);
}

static void add_sounds(Footage *footage, const SegmentReader *reader,
                       const Fmp4FragmentInfo *fragment, uint64_t at)
{
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_AUDIO];
    CodecParams *params = segment_reader_init(reader)->tracks[TRACK_AUDIO];
    if (!params || run->count == 0)
        return;
    codec_params_unref(footage->sound_params);
    footage->sound_params = codec_params_ref(params);
    uint64_t offset = at + run->offset;
    int64_t ticks = (int64_t)run->decode_time,
            zero_us =
                fragment->prft_us - (int64_t)fragment->tracks[TRACK_VIDEO].decode_time * 100 / 9;
    for (unsigned i = 0; i < run->count; i++) {
        const Fmp4Sample *sample = &run->samples[i];
        Sound sound = {.capture_us = zero_us + ticks * SECOND_US / params->timescale,
                       .lasts_us = sample->duration * SECOND_US / params->timescale,
                       .begins_file = ticks < (int64_t)params->timescale / 10,
                       .data = read_sample(reader, offset, sample->size)};
        g_array_append_val(footage->sounds, sound);
        offset += sample->size;
        ticks += sample->duration;
    }
}

static void add_pictures(Footage *footage, SegmentReader *reader, const Fmp4FragmentInfo *fragment,
                         uint64_t at, char *file)
{
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    Codec codec = segment_reader_init(reader)->tracks[TRACK_VIDEO]->codec;
    uint64_t offset = at + run->offset;
    int64_t ticks = (int64_t)run->decode_time, first = ticks;
    for (unsigned i = 0; i < run->count; i++) {
        const Fmp4Sample *sample = &run->samples[i];
        g_autoptr(GBytes) data = read_sample(reader, offset, sample->size);
        const uint8_t *bytes = g_bytes_get_data(data, NULL);
        SimSei mark;
        Picture picture = {.file = file};
        picture.capture_us = fragment->prft_us + (ticks - first) * 100 / 9;
        picture.slices = count_slices(codec, bytes, sample->size);
        if (sim_sei_parse(codec, bytes, sample->size, &mark)) {
            g_strlcpy(picture.camera, mark.camera, sizeof picture.camera);
            picture.number = mark.number;
            picture.sent_us = mark.sent_us;
        } else {
            footage->unmarked++;
        }
        g_array_append_val(footage->pictures, picture);
        offset += sample->size;
        ticks += sample->duration;
    }
}

static void add_file(Footage *footage, char *file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SegmentReader) reader = segment_reader_open(file, 0, SEGMENT_OWN_TIME, &error);
    g_assert_no_error(error);
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    while (segment_reader_next(reader, &fragment, &offset, &error)) {
        add_pictures(footage, reader, fragment, offset, file);
        add_sounds(footage, reader, fragment, offset);
    }
    g_assert_no_error(error);
}

static void clear_sound(void *sound)
{
    g_bytes_unref(((Sound *)sound)->data);
}

static void add_volume(Footage *footage, const char *volume, const char *camera_id,
                       const char *suffix)
{
    g_autofree char *folder = g_build_filename(volume, camera_id, NULL);
    g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(g_free);
    add_names(days, folder, "", true);
    for (guint i = 0; i < days->len; i++)
        add_names(footage->files, g_ptr_array_index(days, i), suffix, false);
}

Footage footage_read_stream(const char *data, const char *camera_id, const char *stream)
{
    Footage footage = {.pictures = g_array_new(FALSE, FALSE, sizeof(Picture)),
                       .sounds = g_array_new(FALSE, FALSE, sizeof(Sound)),
                       .files = g_ptr_array_new_with_free_func(g_free)};
    g_array_set_clear_func(footage.sounds, clear_sound);
    g_autofree char *suffix = g_strdup_printf("-%s.mp4", stream);
    g_autoptr(GDir) dir = g_dir_open(data, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *volume = g_build_filename(data, name, NULL);
        if (g_str_has_prefix(name, "footage"))
            add_volume(&footage, volume, camera_id, suffix);
    }
    g_ptr_array_sort(footage.files, compare);
    for (guint i = 0; i < footage.files->len; i++)
        add_file(&footage, g_ptr_array_index(footage.files, i));
    return footage;
}

Footage footage_read(const char *data, const char *camera_id)
{
    return footage_read_stream(data, camera_id, "main");
}

void footage_assert_in_order(const Footage *footage, const char *camera)
{
    g_assert_cmpuint(footage->unmarked, ==, 0);
    for (guint at = 0; at < footage->pictures->len; at++) {
        const Picture *picture = &g_array_index(footage->pictures, Picture, at);
        g_assert_cmpstr(picture->camera, ==, camera);
        if (at)
            g_assert_cmpuint(picture->number, >, (picture - 1)->number);
    }
}

unsigned footage_missing(const Footage *footage, const Json *sent, int64_t from_us,
                         int64_t until_us, int64_t *first_lost_us)
{
    g_autoptr(GHashTable) recorded = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint at = 0; at < footage->pictures->len; at++)
        g_hash_table_add(recorded, &g_array_index(footage->pictures, Picture, at).number);
    unsigned missing = 0, considered = 0;
    size_t index;
    Json *row;
    json_array_foreach(sent, index, row)
    {
        int64_t sent_us = json_integer_value(json_object_get(row, "sent_us"));
        int64_t number = json_integer_value(json_object_get(row, "number"));
        if (sent_us < from_us || sent_us > until_us)
            continue;
        considered++;
        if (g_hash_table_contains(recorded, &number))
            continue;
        if (missing++ == 0)
            *first_lost_us = sent_us;
    }
    g_assert(considered > 0);
    return missing;
}

void footage_clear(Footage *footage)
{
    g_array_unref(footage->pictures);
    g_array_unref(footage->sounds);
    codec_params_unref(footage->sound_params);
    g_ptr_array_unref(footage->files);
}

void footage_assert_verifies(const char *data)
{
    g_autofree char *out = NULL;
    if (run_vonglau(&out, NULL, "verify", data, NULL) != 0)
        fail_msg("%s", out);
}
