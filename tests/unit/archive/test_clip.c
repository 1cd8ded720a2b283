/* Clips of files that the footage writer made, checked by ffmpeg and byte for byte. */
#include "archive/clip.h"
#include "archive/segment_read.h"
#include "base/clock.h"
#include "make_video.h"
#include "media/hls.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define START_US INT64_C(1795504059120000)

typedef struct Fixture {
    char *folder, *first, *second, *clip;
    MadeVideo *video; /* 12 s at 15 pictures/s, a key picture each 2 s */
    GPtrArray *aac;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = g_dir_make_tmp("vonglau-test-XXXXXX", NULL);
    fixture->first = g_build_filename(fixture->folder, "first.mp4", NULL);
    fixture->second = g_build_filename(fixture->folder, "second.mp4", NULL);
    fixture->clip = g_build_filename(fixture->folder, "clip.mp4", NULL);
    fixture->video = make_video(&(VideoRecipe){
        .width = 320, .height = 180, .fps = 15, .pictures = 180, .key_interval = 30});
    fixture->aac = make_audio(CODEC_AAC, 12);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *command = g_strdup_printf("rm -r %s", fixture->folder);
    g_free(run_program(command));
    made_video_free(fixture->video);
    g_ptr_array_unref(fixture->aac);
    g_free(fixture->folder);
    g_free(fixture->first);
    g_free(fixture->second);
    g_free(fixture->clip);
    g_free(fixture);
    return 0;
}

/* A plan that must come about, over `first` (and `second`, where given a start). */
static ClipPlan *plan(Fixture *fixture, int64_t second_us, int64_t from_us, int64_t to_us,
                      bool audio)
{
    const ClipSource sources[] = {{fixture->first, START_US, START_US + 12 * SECOND_US, 0},
                                  {fixture->second, second_us, second_us + 12 * SECOND_US, 0}};
    g_autoptr(GError) error = NULL;
    ClipPlan *made = clip_plan(sources, second_us ? 2 : 1, from_us, to_us, audio, &error);
    if (!made)
        fail_msg("%s", error->message);
    return made;
}

static void write_clip(Fixture *fixture, ClipPlan *made)
{
    g_autoptr(GError) error = NULL;
    if (!clip_write(made, fixture->clip, NULL, NULL, &error))
        fail_msg("%s", error->message);
    g_autofree char *command =
        g_strdup_printf("ffmpeg -v warning -i %s -f null - 2>&1", fixture->clip);
    g_autofree char *said = run_program(command);
    assert_string_equal(said, "");
}

static double probe(Fixture *fixture, const char *what)
{
    g_autofree char *command = g_strdup_printf(
        "ffprobe -v error %s -of default=nw=1:nk=1 %s | head -1", what, fixture->clip);
    g_autofree char *said = run_program(command);
    return g_ascii_strtod(said, NULL);
}

static void assert_near(double is, double expect, double most)
{
    if (is < expect - most || is > expect + most)
        fail_msg("%f is not within %f of %f", is, most, expect);
}

/* Pictures that a player shows. */
static unsigned shown(Fixture *fixture)
{
    return (unsigned)probe(fixture, "-count_frames -select_streams v -show_entries "
                                    "stream=nb_read_frames");
}

static void a_whole_file_becomes_a_clip_of_all_its_pictures(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 180, .from_us = START_US});
    g_autoptr(ClipPlan) made = plan(fixture, 0, START_US, START_US + 12 * SECOND_US, true);
    unsigned gaps;
    clip_gaps(made, &gaps);
    assert_int_equal(gaps, 0);
    assert_int_equal(clip_pictures(made), 180);
    assert_false(clip_has_audio(made));
    write_clip(fixture, made);
    assert_int_equal(shown(fixture), 180);
    assert_near(probe(fixture, "-show_entries format=duration"), 12.0, 0.001);
}

static void playback_starts_at_the_asked_instant_between_key_pictures(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(fixture->first, &(SegmentRecipe){.video = fixture->video,
                                                       .pictures = 180,
                                                       .audio = fixture->aac,
                                                       .from_us = START_US});
    /* from picture 50 (key picture: 30) to picture 100 */
    int64_t from_us = START_US + 50 * SECOND_US / 15, to_us = START_US + 100 * SECOND_US / 15;
    g_autoptr(ClipPlan) made = plan(fixture, 0, from_us, to_us, true);
    assert_int_equal(clip_from_us(made), from_us);
    assert_int_equal(clip_to_us(made), to_us);
    assert_int_equal(clip_pictures(made), 71); /* 30 to 100 */
    assert_true(clip_has_audio(made));
    write_clip(fixture, made);
    assert_in_range(shown(fixture), 50, 51);
    assert_near(probe(fixture, "-show_entries format=duration"), 50 / 15.0, 0.002);
    assert_near(probe(fixture, "-select_streams a -show_entries stream=start_time"), 0, 0.065);
}

static void pictures_out_of_order_are_cut_as_shown(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(MadeVideo) video = make_video(&(VideoRecipe){.width = 320,
                                                           .height = 180,
                                                           .fps = 10,
                                                           .pictures = 100,
                                                           .key_interval = 20,
                                                           .b_frames = 2});
    make_segment_file(fixture->first,
                      &(SegmentRecipe){.video = video, .pictures = 100, .from_us = START_US});
    g_autoptr(ClipPlan) made = plan(fixture, 0, START_US + 2500000, START_US + 6500000, false);
    unsigned gaps;
    clip_gaps(made, &gaps);
    assert_int_equal(gaps, 0);
    write_clip(fixture, made);
    assert_in_range(shown(fixture), 40, 41);
    assert_near(probe(fixture, "-show_entries format=duration"), 4.0, 0.001);
    assert_near(probe(fixture, "-select_streams v -show_entries frame=pts_time"), 0, 0.001);
}

static void sound_that_was_not_asked_for_is_not_in_the_bytes(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(fixture->first, &(SegmentRecipe){.video = fixture->video,
                                                       .pictures = 180,
                                                       .audio = fixture->aac,
                                                       .from_us = START_US});
    g_autoptr(ClipPlan) made = plan(fixture, 0, START_US, START_US + 12 * SECOND_US, false);
    assert_false(clip_has_audio(made));
    write_clip(fixture, made);
    g_autofree char *data = NULL;
    gsize size;
    assert_true(g_file_get_contents(fixture->clip, &data, &size, NULL));
    const AccessUnit *frame = fixture->aac->pdata[20];
    assert_null(memmem(data, size, frame->data, frame->size));
}

static void two_files_without_a_gap_play_as_one(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 90, .from_us = START_US});
    int64_t second_us = START_US + 6 * SECOND_US;
    make_segment_file(fixture->second, &(SegmentRecipe){.video = fixture->video,
                                                        .first = 90,
                                                        .pictures = 90,
                                                        .from_us = second_us});
    g_autoptr(ClipPlan) made =
        plan(fixture, second_us, START_US + 4 * SECOND_US, START_US + 10 * SECOND_US, false);
    unsigned gaps;
    clip_gaps(made, &gaps);
    assert_int_equal(gaps, 0);
    assert_int_equal(clip_pictures(made), 91);
    write_clip(fixture, made);
    assert_in_range(shown(fixture), 90, 91);
    assert_near(probe(fixture, "-show_entries format=duration"), 6.0, 0.001);
}

static void a_gap_keeps_its_real_time_and_is_listed(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(fixture->first, &(SegmentRecipe){.video = fixture->video,
                                                       .pictures = 90,
                                                       .from_us = START_US,
                                                       .gap_at = 60,
                                                       .gap_ms = 2500});
    int64_t second_us = START_US + 20 * SECOND_US;
    make_segment_file(fixture->second, &(SegmentRecipe){.video = fixture->video,
                                                        .first = 90,
                                                        .pictures = 90,
                                                        .from_us = second_us});
    g_autoptr(ClipPlan) made =
        plan(fixture, second_us, START_US - 10 * SECOND_US, START_US + 30 * SECOND_US, false);
    unsigned count;
    const ClipGap *gaps = clip_gaps(made, &count);
    assert_int_equal(count, 4);
    const int64_t expect[][2] = {{-10000, 0}, {4000, 6500}, {8500, 20000}, {26000, 30000}};
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(gaps[i].from_us, START_US + expect[i][0] * 1000);
        assert_int_equal(gaps[i].to_us, START_US + expect[i][1] * 1000);
    }
    assert_int_equal(clip_from_us(made), START_US);
    assert_int_equal(clip_to_us(made), second_us + 6 * SECOND_US);
    write_clip(fixture, made);
    assert_near(probe(fixture, "-show_entries format=duration"), 26.0, 0.001);
    g_autofree char *command = g_strdup_printf(
        "ffprobe -v error -show_entries packet=pts_time -of csv=p=0 %s | sed -n '60p;61p;91p'",
        fixture->clip);
    g_autofree char *times = run_program(command);
    assert_string_equal(times, "3.933333\n6.500000\n20.000000\n");
}

static void a_clip_that_begins_in_a_gap_begins_with_the_next_picture(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 90, .from_us = START_US});
    int64_t second_us = START_US + 20 * SECOND_US;
    make_segment_file(fixture->second, &(SegmentRecipe){.video = fixture->video,
                                                        .first = 90,
                                                        .pictures = 90,
                                                        .from_us = second_us});
    g_autoptr(ClipPlan) made =
        plan(fixture, second_us, START_US + 10 * SECOND_US, START_US + 23 * SECOND_US, false);
    assert_int_equal(clip_from_us(made), second_us);
    assert_int_equal(clip_pictures(made), 46);
}

static void any_range_reads_as_the_file_has_it(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(fixture->first, &(SegmentRecipe){.video = fixture->video,
                                                       .pictures = 90,
                                                       .audio = fixture->aac,
                                                       .from_us = START_US});
    g_autoptr(ClipPlan) made =
        plan(fixture, 0, START_US + 1 * SECOND_US, START_US + 5 * SECOND_US, true);
    write_clip(fixture, made);
    g_autofree char *data = NULL;
    gsize size;
    assert_true(g_file_get_contents(fixture->clip, &data, &size, NULL));
    assert_int_equal(size, clip_size(made));
    g_autofree char *part = g_malloc(size);
    uint32_t random = 1;
    for (unsigned i = 0; i < 300; i++) {
        random = random * 1664525 + 1013904223;
        size_t from = random % size;
        random = random * 1664525 + 1013904223;
        size_t length = random % (i % 3 ? 900 : size) % (size - from + 1);
        assert_true(clip_read(made, (int64_t)from, part, length, NULL));
        assert_memory_equal(part, data + from, length);
    }
}

static void a_change_of_size_gives_a_second_sample_description(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(MadeVideo) larger = make_video(
        &(VideoRecipe){.width = 640, .height = 360, .fps = 15, .pictures = 30, .key_interval = 30});
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 30, .from_us = START_US});
    int64_t second_us = START_US + 2 * SECOND_US;
    make_segment_file(fixture->second,
                      &(SegmentRecipe){.video = larger, .pictures = 30, .from_us = second_us});
    g_autoptr(ClipPlan) made = plan(fixture, second_us, START_US, START_US + 4 * SECOND_US, false);
    g_autoptr(GError) error = NULL;
    assert_true(clip_write(made, fixture->clip, NULL, NULL, &error));
    assert_int_equal(shown(fixture), 60);
    g_autofree char *data = NULL;
    gsize size;
    assert_true(g_file_get_contents(fixture->clip, &data, &size, NULL));
    const char *stsd = memmem(data, size, "stsd", 4);
    assert_int_equal(stsd[11], 2);
}

static void a_change_of_codec_is_an_error_that_names_the_instant(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(MadeVideo) other = make_video(&(VideoRecipe){.codec = CODEC_H265,
                                                           .width = 320,
                                                           .height = 180,
                                                           .fps = 15,
                                                           .pictures = 30,
                                                           .key_interval = 30});
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 30, .from_us = START_US});
    int64_t second_us = START_US + 2 * SECOND_US;
    make_segment_file(fixture->second,
                      &(SegmentRecipe){.video = other, .pictures = 30, .from_us = second_us});
    const ClipSource sources[] = {{fixture->first, START_US, second_us, 0},
                                  {fixture->second, second_us, second_us + 2 * SECOND_US, 0}};
    g_autoptr(GError) error = NULL;
    assert_null(clip_plan(sources, 2, START_US, START_US + 4 * SECOND_US, false, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNSUPPORTED));
    assert_non_null(strstr(error->message, "2026-11-24T07:07:41.120Z"));
}

static void spans_that_make_no_sense_or_are_empty_are_told(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 30, .from_us = START_US});
    const ClipSource source = {fixture->first, START_US, START_US + 2 * SECOND_US, 0};
    g_autoptr(GError) error = NULL;
    assert_null(clip_plan(&source, 1, START_US, START_US, false, &error));
    assert_true(g_error_matches(error, ERR, ERR_INVALID));
    g_clear_error(&error);
    assert_null(
        clip_plan(&source, 1, START_US + 60 * SECOND_US, START_US + 70 * SECOND_US, false, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
    g_clear_error(&error);
    assert_null(
        clip_plan(&source, 1, START_US + 2500000, START_US + 70 * SECOND_US, false, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
    g_clear_error(&error);
    assert_null(clip_plan(NULL, 0, START_US, START_US + 70 * SECOND_US, false, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
}

/* 12 s of video in the second file, unreadable from its middle on. */
static void make_damaged_second(Fixture *fixture, int64_t from_us)
{
    g_auto(ByteWriter) bytes = {0};
    make_segment(&bytes,
                 &(SegmentRecipe){.video = fixture->video, .pictures = 180, .from_us = from_us});
    uint8_t *from = bytes.data + bytes.size / 2;
    uint8_t *moof = memmem(from, bytes.size / 2, "moof", 4);
    memcpy(moof, "xxxx", 4);
    assert_true(g_file_set_contents(fixture->second, (char *)bytes.data, (gssize)bytes.size, NULL));
}

static void a_source_that_is_gone_or_damaged_is_a_gap(void **state)
{
    Fixture *fixture = *state;
    g_unlink(fixture->first);
    int64_t second_us = START_US + 12 * SECOND_US;
    make_damaged_second(fixture, second_us);
    g_autoptr(ClipPlan) made =
        plan(fixture, second_us, START_US + 4 * SECOND_US, START_US + 24 * SECOND_US, false);
    unsigned count;
    const ClipGap *gaps = clip_gaps(made, &count);
    assert_int_equal(count, 2);
    assert_int_equal(gaps[0].from_us, START_US + 4 * SECOND_US);
    assert_int_equal(gaps[0].to_us, second_us);
    assert_int_equal(gaps[1].to_us, START_US + 24 * SECOND_US);
    write_clip(fixture, made);
}

static bool stop(void *data, int64_t done, int64_t total)
{
    return false;
}

static void a_copy_that_is_stopped_or_fails_leaves_nothing(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 30, .from_us = START_US});
    g_autoptr(ClipPlan) made = plan(fixture, 0, START_US, START_US + SECOND_US, false);
    g_autofree char *folder = g_build_filename(fixture->folder, "out", NULL);
    g_autofree char *path = g_build_filename(folder, "clip.mp4", NULL);
    g_autoptr(GError) error = NULL;
    assert_false(clip_write(made, path, NULL, NULL, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
    g_clear_error(&error);
    assert_int_equal(g_mkdir(folder, 0700), 0);
    assert_false(clip_write(made, path, stop, NULL, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNAVAILABLE));
    assert_int_equal(g_rmdir(folder), 0); /* it is empty */
}

static void the_picture_at_an_instant_is_the_key_picture_before_it(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 180, .from_us = START_US});
    g_autoptr(SegmentReader) reader =
        segment_reader_open(fixture->first, 0, SEGMENT_OWN_TIME, NULL);
    const struct {
        int64_t at_ms;
        unsigned expect;
    } cases[] = {{-5000, 0}, {0, 0}, {1999, 0}, {2000, 30}, {7900, 90}, {60000, 150}};
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(AccessUnit) unit =
            segment_key_picture(reader, START_US + cases[i].at_ms * 1000, NULL);
        const AccessUnit *expect = fixture->video->units->pdata[cases[i].expect];
        assert_true(unit->key);
        assert_int_equal(unit->size, expect->size);
        assert_memory_equal(unit->data, expect->data, expect->size);
        assert_int_equal(unit->capture_us, START_US + cases[i].expect * SECOND_US / 15);
        assert_true(codec_params_equal(unit->params, fixture->video->params));
    }
}

static void parts_begin_with_key_pictures_and_cover_the_file(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(fixture->first, &(SegmentRecipe){.video = fixture->video,
                                                       .pictures = 180,
                                                       .audio = fixture->aac,
                                                       .from_us = START_US,
                                                       .gap_at = 90,
                                                       .gap_ms = 5000});
    g_autoptr(SegmentReader) reader =
        segment_reader_open(fixture->first, 0, SEGMENT_OWN_TIME, NULL);
    g_autoptr(GArray) parts =
        segment_parts(reader, START_US, START_US + 17 * SECOND_US, 4 * SECOND_US, NULL);
    assert_int_equal(parts->len, 4); /* 4 s, 2 s and the gap, 4 s, 2 s */
    const int64_t starts_ms[] = {0, 4000, 11000, 15000}, lengths_ms[] = {4000, 2000, 4000, 2000};
    uint64_t at = segment_reader_init(reader)->bytes;
    for (unsigned i = 0; i < 4; i++) {
        const SegmentPart *part = &g_array_index(parts, SegmentPart, i);
        assert_int_equal(part->offset, at);
        assert_int_equal(part->time_us, START_US + starts_ms[i] * 1000);
        assert_int_equal(part->duration_us, lengths_ms[i] * 1000);
        assert_int_equal(part->gap_before, i == 2);
        assert_int_equal(part->whole, i != 3);
        assert_int_equal(part->sound, i < 2); /* of 12 s, in a film of 17 */
        at += part->bytes;
    }
    g_autoptr(GArray) few =
        segment_parts(reader, START_US + 5 * SECOND_US, START_US + 5500000, 4 * SECOND_US, NULL);
    assert_int_equal(few->len, 1);
}

static void parts_end_where_damage_begins(void **state)
{
    Fixture *fixture = *state;
    make_damaged_second(fixture, START_US);
    g_autoptr(SegmentReader) reader = NULL;
    assert_true(segment_reader_try(fixture->second, 0, SEGMENT_OWN_TIME, &reader, NULL));
    g_autoptr(GArray) parts = segment_parts(reader, 0, INT64_MAX, 2 * SECOND_US, NULL);
    assert_in_range(parts->len, 2, 4);
    SegmentReader *none = NULL;
    assert_true(segment_reader_try("/nowhere.mp4", 0, SEGMENT_OWN_TIME, &none, NULL));
    assert_null(none);
}

static void add_parts(GArray *list, const char *path, const char *uri)
{
    g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, NULL);
    g_autoptr(GArray) parts = segment_parts(reader, 0, INT64_MAX, 2 * SECOND_US, NULL);
    for (unsigned i = 0; i < parts->len; i++) {
        const SegmentPart *part = &g_array_index(parts, SegmentPart, i);
        HlsPart entry = {.uri = uri,
                         .init_bytes = segment_reader_init(reader)->bytes,
                         .offset = part->offset,
                         .bytes = part->bytes,
                         .time_us = part->time_us,
                         .duration_us = part->duration_us,
                         .discontinuity = i == 0 || part->gap_before};
        g_array_append_val(list, entry);
    }
}

static void a_playlist_of_parts_holds_every_picture(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(fixture->first, &(SegmentRecipe){.video = fixture->video,
                                                       .pictures = 90,
                                                       .audio = fixture->aac,
                                                       .from_us = START_US});
    make_segment_file(fixture->second, &(SegmentRecipe){.video = fixture->video,
                                                        .first = 90,
                                                        .pictures = 90,
                                                        .audio = fixture->aac,
                                                        .from_us = START_US + 6 * SECOND_US});
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(HlsPart));
    add_parts(list, fixture->first, "first.mp4");
    add_parts(list, fixture->second, "second.mp4");
    g_autoptr(GString) text = g_string_new(NULL);
    hls_write_playlist(text, (const HlsPart *)(void *)list->data, list->len, true);
    g_autofree char *path = g_build_filename(fixture->folder, "list.m3u8", NULL);
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    g_autofree char *command = g_strdup_printf(
        "ffprobe -v error -allowed_extensions ALL -count_packets -select_streams v -show_entries "
        "stream=nb_read_packets -of default=nw=1:nk=1 %s 2>&1 | sort -u",
        path);
    g_autofree char *said = run_program(command);
    assert_string_equal(said, "180\n");
}

static void an_open_file_is_read_up_to_its_valid_bytes(void **state)
{
    Fixture *fixture = *state;
    make_segment_file(
        fixture->first,
        &(SegmentRecipe){.video = fixture->video, .pictures = 180, .from_us = START_US});
    g_autoptr(SegmentReader) whole = segment_reader_open(fixture->first, 0, SEGMENT_OWN_TIME, NULL);
    const Fmp4FragmentInfo *fragment;
    uint64_t offset = 0;
    for (unsigned i = 0; i < 3; i++)
        assert_true(segment_reader_next(whole, &fragment, &offset, NULL));
    int64_t valid = (int64_t)(offset + fragment->bytes);
    for (int less = 0; less < 2; less++) {
        g_autoptr(SegmentReader) part =
            segment_reader_open(fixture->first, valid - less, SEGMENT_OWN_TIME, NULL);
        g_autoptr(GError) error = NULL;
        unsigned count = 0;
        while (segment_reader_next(part, &fragment, &offset, &error))
            count++;
        assert_null(error);
        assert_int_equal(count, 3 - less);
    }
}

static void a_file_of_something_else_is_told_apart(void **state)
{
    Fixture *fixture = *state;
    assert_true(g_file_set_contents(fixture->first, "not footage at all", -1, NULL));
    g_autoptr(GError) error = NULL;
    assert_null(segment_reader_open(fixture->first, 0, SEGMENT_OWN_TIME, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    g_clear_error(&error);
    assert_null(segment_reader_open("/nowhere/x.mp4", 0, SEGMENT_OWN_TIME, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_becomes_a_clip_of_all_its_pictures),
        cmocka_unit_test(playback_starts_at_the_asked_instant_between_key_pictures),
        cmocka_unit_test(pictures_out_of_order_are_cut_as_shown),
        cmocka_unit_test(sound_that_was_not_asked_for_is_not_in_the_bytes),
        cmocka_unit_test(two_files_without_a_gap_play_as_one),
        cmocka_unit_test(a_gap_keeps_its_real_time_and_is_listed),
        cmocka_unit_test(a_clip_that_begins_in_a_gap_begins_with_the_next_picture),
        cmocka_unit_test(any_range_reads_as_the_file_has_it),
        cmocka_unit_test(a_change_of_size_gives_a_second_sample_description),
        cmocka_unit_test(a_change_of_codec_is_an_error_that_names_the_instant),
        cmocka_unit_test(spans_that_make_no_sense_or_are_empty_are_told),
        cmocka_unit_test(a_source_that_is_gone_or_damaged_is_a_gap),
        cmocka_unit_test(a_copy_that_is_stopped_or_fails_leaves_nothing),
        cmocka_unit_test(the_picture_at_an_instant_is_the_key_picture_before_it),
        cmocka_unit_test(parts_begin_with_key_pictures_and_cover_the_file),
        cmocka_unit_test(parts_end_where_damage_begins),
        cmocka_unit_test(a_playlist_of_parts_holds_every_picture),
        cmocka_unit_test(an_open_file_is_read_up_to_its_valid_bytes),
        cmocka_unit_test(a_file_of_something_else_is_told_apart),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
