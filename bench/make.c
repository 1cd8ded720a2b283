/* make.c — footage that nobody recorded, for the parts that need much of it.
 *
 *   bench-make hour DATA     an hour of the folder's first camera: 12 segments, 15 pictures a
 *                            second, 2 Mbit/s; random bytes for pictures (a clip does not look
 *                            into them)
 *   bench-make sealed DATA   two such hours of its first four cameras, with the node's seals over
 * them bench-make month DATA    30 days of all its cameras, in the catalog only: segments of 5
 *                            minutes, 10 gaps a day
 *   bench-make long DATA     the same of 152 days: with 32 cameras 1.4 million segments
 *
 * DATA is a folder that `vonglau serve` has made, and which no server holds now. Prints JSON: the
 * cameras, the span, and how many segments there are.
 */
#include "archive/seal.h"
#include "archive/volume.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "catalog/cameras.h"
#include "catalog/coverage.h"
#include "catalog/segments.h"
#include "config/data_folder.h"
#include "ledger/node_key.h"
#include "media/fmp4_write.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEGMENT_S = 300,
    SEALED_CAMERAS = 4,
    SEALED_HOURS = 2,
    FPS = 15,
    PICTURE_BYTES = 16700,
    MONTH_DAYS = 30,
    LONG_DAYS = 152,
    GAPS_A_DAY = 10
};

static const uint8_t avcc[] = {1,    0x64, 0, 0x28, 0xff, 0xe1, 0,    4,   0x67,
                               0x64, 0,    0, 1,    0,    2,    0x68, 0xee};

static void check(bool done, const GError *error)
{
    if (done)
        return;
    fprintf(stderr, "bench-make: %s\n", error->message);
    exit(1);
}

typedef struct History {
    CameraRow *camera;
    int64_t from_us, to_us;
} History;

/* ---- hours of files ---- */

static void add_second(ByteWriter *to, int64_t from_us, unsigned second, uint64_t *random)
{
    Fmp4Sample samples[FPS];
    for (unsigned i = 0; i < FPS; i++) {
        bool key = second % 2 == 0 && i == 0;
        samples[i] = (Fmp4Sample){.duration = VIDEO_TIMESCALE / FPS,
                                  .size = PICTURE_BYTES - 16 * i + (key ? 30000 : 0),
                                  .key = key};
    }
    fmp4_write_fragment(
        to, &(Fmp4Fragment){.sequence = second + 1,
                            .prft_us = from_us + second * SECOND_US,
                            .tracks = {{(uint64_t)second * VIDEO_TIMESCALE, samples, FPS}}});
    for (unsigned i = 0; i < FPS; i++)
        for (uint32_t k = 0; k < samples[i].size; k++) {
            *random = *random * 6364136223846793005u + 1442695040888963407u;
            write_u8(to, (uint8_t)(*random >> 56));
        }
}

static char *segment_name(int64_t from_us)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(from_us / SECOND_US);
    return g_date_time_format(at, "%Y-%m-%d/%H%M%S.000Z-main.mp4");
}

static SegmentRow segment_row(const Uuid *camera, char *file, int64_t from_us, int64_t bytes)
{
    return (SegmentRow){.camera = *camera,
                        .volume = *camera, /* of no account here */
                        .file = file,
                        .stream = STREAM_MAIN,
                        .state = SEGMENT_SEALED,
                        .from_us = from_us,
                        .to_us = from_us + SEGMENT_S * SECOND_US,
                        .bytes = bytes,
                        .pictures = SEGMENT_S * FPS,
                        .seq = 1,
                        .codec = (char *)"avc1.640028",
                        .width = 1920,
                        .height = 1080};
}

static bool put_row(CatalogDb *db, void *row, GError **error)
{
    return segments_put(db, row, error);
}

/* `ends`: where the init part and each fragment end. */
static void seal_segment(SealChain *chain, const char *name, int64_t from_us,
                         const ByteWriter *bytes, const size_t ends[SEGMENT_S + 1])
{
    Hash entries[SEGMENT_S + 1];
    g_autoptr(GError) error = NULL;
    for (size_t i = 0, at = 0; i <= SEGMENT_S; at = ends[i++])
        entries[i] = hash_of(bytes->data + at, ends[i] - at);
    SegmentSeal seal = {.from_us = from_us,
                        .to_us = from_us + SEGMENT_S * SECOND_US,
                        .bytes = (int64_t)bytes->size,
                        .pictures = SEGMENT_S * FPS,
                        .codec = "avc1.640028",
                        .width = 1920,
                        .height = 1080,
                        .entries = entries,
                        .entry_count = SEGMENT_S + 1};
    g_strlcpy(seal.file, name, sizeof seal.file);
    check(seal_chain_append(chain, &seal, &error), error);
}

/* `chain`: seals it too; or NULL. */
static void make_segment(Catalog *catalog, const char *folder, const Uuid *camera, int64_t from_us,
                         SealChain *chain)
{
    size_t ends[SEGMENT_S + 1];
    g_autoptr(CodecParams) params =
        codec_params_new(CODEC_H264, VIDEO_TIMESCALE, avcc, sizeof avcc);
    params->width = 1920;
    params->height = 1080;
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_init(
        &bytes,
        &(Fmp4Init){.tracks = {params}, .footage = true, .camera = *camera, .from_us = from_us});
    uint64_t random = (uint64_t)from_us;
    ends[0] = bytes.size;
    for (unsigned second = 0; second < SEGMENT_S; second++) {
        add_second(&bytes, from_us, second, &random);
        ends[second + 1] = bytes.size;
    }
    g_autofree char *name = segment_name(from_us), *path = g_build_filename(folder, name, NULL);
    g_autofree char *day = g_path_get_dirname(path);
    g_mkdir_with_parents(day, 0750);
    g_autoptr(GError) error = NULL;
    check(g_file_set_contents(path, (char *)bytes.data, (gssize)bytes.size, &error), error);
    SegmentRow row = segment_row(camera, name, from_us, (int64_t)bytes.size);
    check(catalog_write_wait(catalog, put_row, &row, &error), error);
    if (chain)
        seal_segment(chain, name, from_us, &bytes, ends);
}

/* The chain of the camera on the folder's own volume. */
static SealChain *chain_of(const DataFolder *folder, const CameraRow *camera, NodeKey **key)
{
    Uuid volume = {0}, node;
    g_autoptr(GError) error = NULL;
    *key = node_key_open(folder->path, &error);
    check(*key != NULL && volume_read_ids(folder->footage, &volume, &node, &error), error);
    SealChain *chain = seal_chain_load(folder->footage, volume, camera->id, *key, &error);
    check(chain != NULL, error);
    return chain;
}

static void make_hours(Catalog *catalog, const DataFolder *folder, const CameraRow *camera,
                       int64_t from_us, int64_t to_us, bool sealed)
{
    g_autoptr(NodeKey) key = NULL;
    g_autoptr(SealChain) chain = sealed ? chain_of(folder, camera, &key) : NULL;
    char id[UUID_TEXT];
    g_autofree char *footage = g_build_filename(folder->footage, uuid_text(&camera->id, id), NULL);
    for (int64_t at = from_us; at < to_us; at += SEGMENT_S * SECOND_US)
        make_segment(catalog, footage, &camera->id, at, chain);
}

static History make_files(Catalog *catalog, const DataFolder *folder, const GPtrArray *cameras,
                          bool sealed)
{
    History made = {.from_us = (clock_wall_us() / HOUR_US - 1 - SEALED_HOURS) * HOUR_US};
    made.to_us = made.from_us + (sealed ? SEALED_HOURS : 1) * HOUR_US;
    for (guint i = 0; i < cameras->len; i++)
        make_hours(catalog, folder, cameras->pdata[i], made.from_us, made.to_us, sealed);
    return made;
}

/* ---- a month of rows ---- */

static bool add_segments(CatalogDb *db, const Uuid *camera, int64_t from_us, int64_t to_us,
                         GError **error)
{
    int64_t bytes = (int64_t)SEGMENT_S * FPS * PICTURE_BYTES;
    for (int64_t at = from_us; at < to_us; at += SEGMENT_S * SECOND_US) {
        g_autofree char *name = segment_name(at);
        SegmentRow row = segment_row(camera, name, at, bytes);
        if (!segments_put(db, &row, error))
            return false;
    }
    return true;
}

/* A gap of 3 s in each tenth of a day. */
static bool add_coverage(CatalogDb *db, const Uuid *camera, int64_t from_us, int64_t to_us,
                         GError **error)
{
    const int64_t every_us = DAY_US / GAPS_A_DAY, gap_us = 3 * SECOND_US;
    for (int64_t at = from_us; at < to_us; at += every_us)
        if (!coverage_add(db, camera, STREAM_MAIN, at, at + every_us - gap_us, error) ||
            !coverage_add_gap(db, camera, STREAM_MAIN, at + every_us - gap_us, at + every_us,
                              GAP_CAMERA_OFFLINE, error))
            return false;
    return true;
}

static bool make_history(CatalogDb *db, void *data, GError **error)
{
    const History *history = data;
    const Uuid *id = &history->camera->id;
    history->camera->created_us = history->from_us;
    return cameras_put(db, history->camera, error) &&
           add_segments(db, id, history->from_us, history->to_us, error) &&
           add_coverage(db, id, history->from_us, history->to_us, error);
}

/* Of all cameras, up to this hour. */
static History make_histories(Catalog *catalog, const GPtrArray *cameras, int days)
{
    History history = {.to_us = clock_wall_us() / HOUR_US * HOUR_US};
    history.from_us = history.to_us - days * DAY_US;
    for (guint i = 0; i < cameras->len; i++) {
        g_autoptr(GError) error = NULL;
        history.camera = cameras->pdata[i];
        check(catalog_write_wait(catalog, make_history, &history, &error), error);
    }
    return history;
}

static void print_made(const GPtrArray *cameras, const History *made)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < cameras->len; i++)
        g_string_append_printf(ids, "%s%s", i ? "," : "",
                               uuid_text(&((const CameraRow *)cameras->pdata[i])->id, id));
    int64_t segments = (made->to_us - made->from_us) / (SEGMENT_S * SECOND_US) * cameras->len;
    printf("{\"cameras\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"segments\":%" G_GINT64_FORMAT "}\n",
           ids->str, time_text(made->from_us, from), time_text(made->to_us, to), segments);
}

int main(int argc, char **argv)
{
    const char *kind = argc == 3 ? argv[1] : "";
    int days = strcmp(kind, "month") == 0 ? MONTH_DAYS : strcmp(kind, "long") == 0 ? LONG_DAYS : 0;
    bool sealed = strcmp(kind, "sealed") == 0;
    if (!days && !sealed && strcmp(kind, "hour") != 0) {
        fputs("usage: bench-make hour|sealed|month|long DATA\n", stderr);
        return 2;
    }
    secret_init();
    g_autoptr(GError) error = NULL;
    g_autoptr(DataFolder) folder = data_folder_open(argv[2], &error);
    g_autoptr(Catalog) catalog = folder ? catalog_open(folder->catalog, &error) : NULL;
    g_autoptr(CatalogDb) db = catalog ? catalog_read(catalog, &error) : NULL;
    g_autoptr(GPtrArray) cameras = db ? cameras_list(db, &error) : NULL;
    check(cameras != NULL && cameras->len > 0, error);
    g_clear_pointer(&db, catalog_read_end);
    guint count = days ? cameras->len : sealed ? MIN(SEALED_CAMERAS, cameras->len) : 1;
    g_ptr_array_set_size(cameras, (gint)count);
    History made = days ? make_histories(catalog, cameras, days)
                        : make_files(catalog, folder, cameras, sealed);
    print_made(cameras, &made);
    return 0;
}
