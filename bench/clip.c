/* bench-clip FOLDER — how long cutting one hour takes, against `cp --reflink=never` of the same
 * bytes.
 *
 * Makes an hour of footage in FOLDER (12 segments, 15 pictures a second, 2 Mbit/s; random bytes for
 * pictures: a clip does not look into them), then measures by turns, from the page cache, and
 * prints JSON.
 */
#include "archive/clip.h"
#include "base/clock.h"
#include "media/fmp4_write.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEGMENTS = 12, SEGMENT_S = 300, FPS = 15, PICTURE_BYTES = 16700, ROUNDS = 5 };

#define START_US INT64_C(1795503600000000)

static const uint8_t avcc[] = {1,    0x64, 0, 0x28, 0xff, 0xe1, 0,    4,   0x67,
                               0x64, 0,    0, 1,    0,    2,    0x68, 0xee};

static void add_second(ByteWriter *to, unsigned second, uint64_t *random)
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
                            .prft_us = START_US + second * SECOND_US,
                            .tracks = {{(uint64_t)second * VIDEO_TIMESCALE, samples, FPS}}});
    for (unsigned i = 0; i < FPS; i++)
        for (uint32_t k = 0; k < samples[i].size; k++) {
            *random = *random * 6364136223846793005u + 1442695040888963407u;
            write_u8(to, (uint8_t)(*random >> 56));
        }
}

static char *segment_path(const char *folder, unsigned i)
{
    return g_strdup_printf("%s/%02u.mp4", folder, i);
}

static void make_hour(const char *folder)
{
    g_autoptr(CodecParams) params =
        codec_params_new(CODEC_H264, VIDEO_TIMESCALE, avcc, sizeof avcc);
    params->width = 1920;
    params->height = 1080;
    uint64_t random = 1;
    for (unsigned i = 0; i < SEGMENTS; i++) {
        g_autofree char *path = segment_path(folder, i);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        g_auto(ByteWriter) bytes = {0};
        fmp4_write_init(&bytes, &(Fmp4Init){.tracks = {params},
                                            .footage = true,
                                            .from_us = START_US + i * SEGMENT_S * SECOND_US});
        for (unsigned second = 0; second < SEGMENT_S; second++)
            add_second(&bytes, second, &random);
        g_autoptr(GError) error = NULL;
        if (!g_file_set_contents(path, (char *)bytes.data, (gssize)bytes.size, &error))
            g_error("%s", error->message);
    }
}

/* Microseconds of planning and of planning and writing. */
static void measure_clip(const char *folder, const char *out, int64_t *plan_us, int64_t *all_us)
{
    ClipSource sources[SEGMENTS];
    for (unsigned i = 0; i < SEGMENTS; i++) {
        int64_t from_us = START_US + i * SEGMENT_S * SECOND_US;
        sources[i] =
            (ClipSource){segment_path(folder, i), from_us, from_us + SEGMENT_S * SECOND_US, 0};
    }
    g_autoptr(GError) error = NULL;
    int64_t begin_us = clock_mono_us();
    g_autoptr(ClipPlan) plan =
        clip_plan(sources, SEGMENTS, START_US, START_US + HOUR_US, true, &error);
    *plan_us = clock_mono_us() - begin_us;
    if (!plan || !clip_write(plan, out, NULL, NULL, &error))
        g_error("%s", error->message);
    *all_us = clock_mono_us() - begin_us;
    for (unsigned i = 0; i < SEGMENTS; i++)
        g_free((char *)sources[i].path);
}

static int64_t measure_cp(const char *folder, const char *out)
{
    g_autofree char *command =
        g_strdup_printf("cp --reflink=never '%s/clip.mp4' '%s'", folder, out);
    int64_t begin_us = clock_mono_us();
    if (system(command) != 0)
        g_error("%s failed", command);
    return clock_mono_us() - begin_us;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench-clip FOLDER\n");
        return 2;
    }
    const char *folder = argv[1];
    g_mkdir_with_parents(folder, 0750);
    make_hour(folder);
    g_autofree char *clip = g_build_filename(folder, "clip.mp4", NULL);
    g_autofree char *copy = g_build_filename(folder, "copy.mp4", NULL);
    int64_t plan_us[ROUNDS], clip_us[ROUNDS], cp_us[ROUNDS];
    measure_clip(folder, clip, &plan_us[0], &clip_us[0]); /* warms the cache */
    for (unsigned i = 0; i < ROUNDS; i++) {
        g_autofree char *again = g_build_filename(folder, "again.mp4", NULL);
        sync();
        measure_clip(folder, again, &plan_us[i], &clip_us[i]);
        g_unlink(again);
        sync();
        cp_us[i] = measure_cp(folder, copy);
        g_unlink(copy);
    }
    GStatBuf facts;
    g_stat(clip, &facts);
    qsort(plan_us, ROUNDS, sizeof *plan_us, compare);
    qsort(clip_us, ROUNDS, sizeof *clip_us, compare);
    qsort(cp_us, ROUNDS, sizeof *cp_us, compare);
    printf("{\"bytes\":%lld,\"plan_ms\":%.1f,\"clip_ms\":%.1f,\"cp_ms\":%.1f,\"ratio\":%.2f}\n",
           (long long)facts.st_size, (double)plan_us[ROUNDS / 2] / 1e3,
           (double)clip_us[ROUNDS / 2] / 1e3, (double)cp_us[ROUNDS / 2] / 1e3,
           (double)clip_us[ROUNDS / 2] / (double)cp_us[ROUNDS / 2]);
    return 0;
}
