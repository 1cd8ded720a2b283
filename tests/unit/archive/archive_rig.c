#include "archive_rig.h"

#include "archive/segment_read.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/secret.h"
#include "catalog/cameras.h"
#include "ledger/chain.h"
#include "ledger/node_key.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MONO_START_US = 1000000000 };

static int64_t epoch_us; /* node time of monotonic 0 */

void rig_time(Rig *rig, int64_t us)
{
    if (!epoch_us)
        epoch_us = us - MONO_START_US;
    clock_test_set(us - epoch_us, us);
    clock_tick();
    rig->now_us = us;
}

void rig_step(Rig *rig, int64_t us)
{
    epoch_us += us;
    rig_time(rig, rig->now_us + us);
    rig->gap_cause = GAP_CLOCK_STEP;
    rig->run_begins = true;
}

static CodecParams *video_params(uint8_t mark)
{
    const uint8_t config[] = {1, 100, 0, 40, 255, 225, 0, 4, 103, 100, 0, mark, 1, 0, 2, 104, mark};
    CodecParams *params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, config, sizeof config);
    g_strlcpy(params->rfc6381, "avc1.640028", sizeof params->rfc6381);
    params->width = 640;
    params->height = 360;
    return params;
}

static bool add_camera(CatalogDb *db, void *data, GError **error)
{
    Rig *rig = data;
    CameraRow row = {.id = rig->camera,
                     .name = (char *)"camera",
                     .owner = (char *)"commune",
                     .url = (char *)"rtsp://127.0.0.1/",
                     .created_us = RIG_START_US - MINUTE_US};
    return cameras_put(db, &row, error);
}

void rig_open(Rig *rig)
{
    g_autoptr(GError) error = NULL;
    rig->archive = archive_open(&rig->settings, rig->catalog, rig->key, &error);
    if (!rig->archive)
        fail_msg("archive: %s", error->message);
    rig->hub = hub_new(rig->camera, STREAM_MAIN);
    rig->run++;
    rig->run_begins = true;
    archive_record(rig->archive, rig->hub);
}

void rig_stop(Rig *rig)
{
    if (rig->hub)
        hub_close(rig->hub);
    archive_close(rig->archive);
    rig->archive = NULL;
    g_clear_pointer(&rig->hub, hub_unref);
}

static void open_catalog(Rig *rig)
{
    g_autofree char *path = g_build_filename(rig->dir, "catalog.db", NULL);
    g_autoptr(GError) error = NULL;
    rig->catalog = catalog_open(path, &error);
    if (!rig->catalog)
        fail_msg("catalog: %s", error->message);
}

void rig_start(Rig *rig)
{
    Rig blank = {.settings = rig->settings, .camera = rig->camera};
    *rig = blank;
    secret_init();
    rig->dir = g_dir_make_tmp("vonglau-archive-XXXXXX", NULL);
    assert_non_null(rig->dir);
    rig_time(rig, RIG_START_US);
    open_catalog(rig);
    g_autoptr(GError) error = NULL;
    rig->key = node_key_open(rig->dir, &error);
    if (uuid_is_nil(&rig->camera))
        rig->camera = (Uuid){{3}};
    assert_non_null(rig->key);
    assert_true(catalog_write_wait(rig->catalog, add_camera, rig, &error));
    rig->settings.data_path = rig->dir;
    rig->settings.node = uuid_new();
    if (!rig->settings.floor_bytes)
        rig->settings.floor_bytes = -1;
    rig->video = video_params(1);
    rig->frame_us = 66667;
    rig->key_every = 30;
    rig->bytes = 200;
    rig_open(rig);
}

void rig_close(Rig *rig)
{
    rig_stop(rig);
    g_clear_pointer(&rig->catalog, catalog_close);
}

void rig_reopen(Rig *rig)
{
    open_catalog(rig);
    rig_open(rig);
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
    return remove(path);
}

void rig_end(Rig *rig)
{
    rig_close(rig);
    node_key_free(rig->key);
    codec_params_unref(rig->video);
    codec_params_unref(rig->audio);
    nftw(rig->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_free(rig->dir);
    *rig = (Rig){0};
}

void rig_feed_one(Rig *rig, bool key)
{
    g_autoptr(AccessUnit) unit = access_unit_new(rig->video, TRACK_VIDEO, rig->bytes);
    memset(unit->data, (int)rig->number, rig->bytes);
    put_u32(unit->data, (uint32_t)rig->bytes - 4);
    put_u64(unit->data + 8, rig->number++);
    if (rig->run_begins)
        rig->run_start_us = rig->now_us;
    unit->key = key;
    unit->run_start = rig->run_begins;
    unit->gap_cause = rig->run_begins ? rig->gap_cause : GAP_UNKNOWN;
    unit->run = rig->run;
    unit->pts = (rig->now_us - rig->run_start_us) * 9 / 100;
    unit->capture_us = rig->now_us;
    unit->arrival_us = rig->now_us;
    rig->run_begins = false;
    hub_publish(rig->hub, unit);
    rig_time(rig, rig->now_us + rig->frame_us);
}

void rig_feed(Rig *rig, unsigned pictures)
{
    for (unsigned i = 0; i < pictures; i++)
        rig_feed_one(rig, rig->number % rig->key_every == 0);
}

void rig_feed_us(Rig *rig, int64_t us)
{
    int64_t until_us = rig->now_us + us;
    while (rig->now_us < until_us)
        rig_feed(rig, 1);
}

void rig_gap(Rig *rig, int64_t us, GapCause cause)
{
    rig_time(rig, rig->now_us + us);
    rig->run++;
    rig->run_begins = true;
    rig->gap_cause = cause;
    rig->number += rig->key_every - rig->number % rig->key_every;
}

void rig_hold(Rig *rig, const char *type, int64_t from_us, int64_t to_us)
{
    g_autofree char *path = g_build_filename(rig->dir, "ledger", "holds.jsonl", NULL);
    g_autoptr(Chain) chain = chain_open(path, rig->key, NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    Uuid id = {{7}};
    line_put_uuid(fields, "id", &id);
    line_put_uuid(fields, "camera", &rig->camera);
    line_put_int(fields, "from_us", from_us);
    line_put_int(fields, "to_us", to_us);
    assert_true(chain_append(chain, type, rig->now_us, fields, NULL));
}

void rig_wait_written(Rig *rig, int64_t until_us)
{
    for (int i = 0; i < 1500; i++) {
        if (archive_written_us(rig->archive, &rig->camera, STREAM_MAIN) >= until_us)
            return;
        usleep(10000);
    }
    fail_msg("not written within 15 s");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *camera_folder(Rig *rig)
{
    char id[UUID_TEXT];
    const char *volume = rig->settings.volume_path;
    g_autofree char *own = g_build_filename(rig->dir, "footage", NULL);
    return g_build_filename(volume ? volume : own, uuid_text(&rig->camera, id), NULL);
}

/* "<day>/<name>" of all files with this end, sorted. */
static GPtrArray *files_of(Rig *rig, const char *suffix)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = camera_folder(rig);
    g_autoptr(GDir) days = g_dir_open(folder, 0, NULL);
    const char *day, *name;
    while (days && (day = g_dir_read_name(days))) {
        g_autofree char *path = g_build_filename(folder, day, NULL);
        g_autoptr(GDir) names = g_dir_open(path, 0, NULL);
        while (names && (name = g_dir_read_name(names)))
            if (g_str_has_suffix(name, suffix))
                g_ptr_array_add(files, g_build_filename(day, name, NULL));
    }
    g_ptr_array_sort(files, by_name);
    return files;
}

static void add_fragment(GArray *found, SegmentReader *reader, const Fmp4FragmentInfo *fragment,
                         uint64_t offset, unsigned file)
{
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    int64_t at = (int64_t)(offset + run->offset), time = (int64_t)run->decode_time;
    for (unsigned i = 0; i < run->count; i++) {
        const Fmp4Sample *sample = &run->samples[i];
        uint8_t head[16];
        assert_int_equal(pread(segment_reader_fd(reader), head, sizeof head, at), sizeof head);
        int64_t time_us = segment_time_us(reader, TRACK_VIDEO, time + sample->composition);
        Found one = {get_u64(head + 8),
                     time_us,
                     segment_time_us(reader, TRACK_VIDEO, time + sample->duration) -
                         segment_time_us(reader, TRACK_VIDEO, time),
                     file,
                     sample->key,
                     i == 0};
        g_array_append_val(found, one);
        at += sample->size;
        time += sample->duration;
    }
}

GArray *rig_footage(Rig *rig)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Found));
    g_autoptr(GPtrArray) files = files_of(rig, ".mp4");
    g_autofree char *folder = camera_folder(rig);
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(files, i), NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, &error);
        if (!reader)
            fail_msg("%s: %s", path, error->message);
        const Fmp4FragmentInfo *fragment;
        uint64_t offset;
        while (segment_reader_next(reader, &fragment, &offset, &error))
            add_fragment(found, reader, fragment, offset, i);
        if (error)
            fail_msg("%s: %s", path, error->message);
    }
    return found;
}

void rig_expect_pictures(Rig *rig, uint64_t from, uint64_t count)
{
    g_autoptr(GArray) found = rig_footage(rig);
    for (guint i = 0; i < found->len; i++)
        if (g_array_index(found, Found, i).number != from + i)
            fail_msg("picture %u of the footage is number %lu, not %lu", i,
                     g_array_index(found, Found, i).number, from + i);
    assert_int_equal(found->len, count);
}

typedef struct SealWalk {
    Rig *rig;
    GArray *seals;
} SealWalk;

/* Every entry of a seal is the hash of the bytes in the file, and nothing is behind them. */
static void check_entries(Rig *rig, const SegmentSeal *seal)
{
    g_autofree char *folder = camera_folder(rig);
    g_autofree char *path = g_build_filename(folder, seal->file, NULL);
    g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, NULL);
    assert_non_null(reader);
    size_t size;
    g_autofree char *data = file_read(path, 1 << 30, &size, NULL);
    assert_int_equal(size, seal->bytes);
    size_t at = segment_reader_init(reader)->bytes;
    Hash hash = hash_of(data, at);
    assert_true(seal->entry_count > 1 && hash_equal(&hash, &seal->entries[0]));
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    for (size_t i = 1; i < seal->entry_count; i++) {
        assert_true(segment_reader_next(reader, &fragment, &offset, NULL));
        assert_int_equal(offset, at);
        hash = hash_of(data + offset, fragment->bytes);
        assert_true(hash_equal(&hash, &seal->entries[i]));
        at += fragment->bytes;
    }
    assert_int_equal(at, size);
}

static bool take_seal(void *data, SegmentSeal *seal, RetiredSeal *retired)
{
    SealWalk *walk = data;
    if (!seal)
        return true;
    if (seal->entries)
        check_entries(walk->rig, seal);
    g_array_append_val(walk->seals, *seal);
    *seal = (SegmentSeal){0}; /* the array has its members now */
    return true;
}

static void clear_seal(void *seal)
{
    segment_seal_clear(seal);
}

GArray *rig_seals(Rig *rig)
{
    SealWalk walk = {rig, g_array_new(FALSE, FALSE, sizeof(SegmentSeal))};
    g_array_set_clear_func(walk.seals, clear_seal);
    g_autofree char *own = g_build_filename(rig->dir, "footage", NULL);
    g_autoptr(GPtrArray) files = files_of(rig, "seals.jsonl");
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *day = g_path_get_dirname(g_ptr_array_index(files, i));
        assert_true(seal_day_each(rig->settings.volume_path ? rig->settings.volume_path : own,
                                  &rig->camera, day, take_seal, &walk, NULL));
    }
    return walk.seals;
}

Coverage *rig_coverage(Rig *rig, int64_t from_us, int64_t to_us)
{
    g_autoptr(GError) error = NULL;
    Coverage *coverage = archive_coverage(rig->archive, &rig->camera, STREAM_MAIN, from_us, to_us,
                                          RIG_START_US - MINUTE_US, GAP_NETWORK_STALL, &error);
    if (!coverage)
        fail_msg("coverage: %s", error->message);
    int64_t at_us = coverage->from_us;
    guint span = 0, gap = 0;
    while (span < coverage->spans->len || gap < coverage->gaps->len) {
        const CoverageSpan *s = span < coverage->spans->len
                                    ? &g_array_index(coverage->spans, CoverageSpan, span)
                                    : NULL;
        const CoverageGap *g =
            gap < coverage->gaps->len ? &g_array_index(coverage->gaps, CoverageGap, gap) : NULL;
        bool is_span = s && s->from_us == at_us;
        if (!is_span && (!g || g->from_us != at_us))
            fail_msg("a hole at +%" G_GINT64_FORMAT " us", at_us - coverage->from_us);
        int64_t next_us = is_span ? s->to_us : g->to_us;
        assert_true(next_us > at_us);
        at_us = next_us;
        span += is_span;
        gap += !is_span;
    }
    assert_int_equal(at_us, coverage->to_us);
    return coverage;
}

int64_t rig_gap_us(const Coverage *coverage, GapCause cause)
{
    int64_t sum_us = 0;
    for (guint i = 0; i < coverage->gaps->len; i++) {
        const CoverageGap *gap = &g_array_index(coverage->gaps, CoverageGap, i);
        sum_us += gap->cause == cause ? gap->to_us - gap->from_us : 0;
    }
    return sum_us;
}
