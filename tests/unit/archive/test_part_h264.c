#include "archive/part_h264.h"
#include "base/clock.h"
#include "make_video.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>

enum { FPS = 20, PICTURES = 80, KEY_EVERY = 20, PARTS = 2 };

/* Four seconds of H.265 with sound, in two parts. */
typedef struct Fixture {
    char *folder, *path;
    MadeVideo *video;
    GPtrArray *audio;
    SegmentReader *reader;
    GArray *parts;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = g_dir_make_tmp("vonglau-test-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "segment.mp4", NULL);
    fixture->video = make_video(&(VideoRecipe){.codec = CODEC_H265,
                                               .width = 320,
                                               .height = 180,
                                               .fps = FPS,
                                               .pictures = PICTURES,
                                               .key_interval = KEY_EVERY,
                                               .b_frames = 2});
    fixture->audio = make_audio(CODEC_AAC, 4);
    make_segment_file(fixture->path, &(SegmentRecipe){.video = fixture->video,
                                                      .pictures = PICTURES,
                                                      .audio = fixture->audio,
                                                      .from_us = 1000 * SECOND_US});
    fixture->reader = segment_reader_open(fixture->path, 0, SEGMENT_OWN_TIME, NULL);
    fixture->parts = segment_parts(fixture->reader, INT64_MIN, INT64_MAX, 2 * SECOND_US, NULL);
    assert_int_equal(fixture->parts->len, PARTS);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    segment_reader_free(fixture->reader);
    g_array_unref(fixture->parts);
    g_ptr_array_unref(fixture->audio);
    made_video_free(fixture->video);
    g_unlink(fixture->path);
    g_rmdir(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->folder);
    g_free(fixture);
    return 0;
}

/* Part `i`, or the init part when it is -1. Returns owned. */
static Buffer *made(const Fixture *fixture, int i, bool sound, bool key_only)
{
    const PartH264 wanted = {
        .reader = fixture->reader,
        .part = i < 0 ? NULL : &g_array_index(fixture->parts, SegmentPart, (guint)i),
        .sound = sound,
        .key_only = key_only,
    };
    g_autoptr(GError) error = NULL;
    Buffer *bytes = part_h264_make(&wanted, &error);
    if (!bytes)
        fail_msg("%s", error->message);
    return bytes;
}

/* What programs of others say of init part and parts behind each other. */
static void assert_plays(const Fixture *fixture, bool sound, const char *expect)
{
    g_auto(ByteWriter) film = {0};
    for (int i = -1; i < PARTS; i++) {
        g_autoptr(Buffer) bytes = made(fixture, i, sound, false);
        write_bytes(&film, bytes->data, bytes->size);
    }
    g_autofree char *path = g_build_filename(fixture->folder, "made.mp4", NULL);
    assert_true(g_file_set_contents(path, (const char *)film.data, (gssize)film.size, NULL));
    g_autofree char *probe = g_strdup_printf(
        "ffprobe -v warning -count_packets -show_entries stream=codec_name,nb_read_packets "
        "-of csv=p=0 %s 2>&1 && ffmpeg -v error -xerror -i %s -f null - 2>&1",
        path, path);
    g_autofree char *said = run_program(probe);
    g_unlink(path);
    assert_string_equal(said, expect);
}

static void parts_play_as_h264_with_the_sound_as_it_was(void **state)
{
    const Fixture *fixture = *state;
    g_autofree char *expect =
        g_strdup_printf("h264,%d\naac,%u\n", PICTURES / 2, fixture->audio->len);
    assert_plays(fixture, true, expect);
}

static void who_may_not_listen_has_no_sound_in_them(void **state)
{
    g_autofree char *expect = g_strdup_printf("h264,%d\n", PICTURES / 2);
    assert_plays(*state, false, expect);
}

static void their_times_are_those_of_the_file_and_meet(void **state)
{
    const Fixture *fixture = *state;
    Fmp4FragmentInfo info = {0};
    int64_t at = 0;
    size_t need;
    for (int i = 0; i < PARTS; i++) {
        const SegmentPart *part = &g_array_index(fixture->parts, SegmentPart, (guint)i);
        g_autoptr(Buffer) bytes = made(fixture, i, true, false);
        assert_int_equal(fmp4_read_fragment(bytes->data, bytes->size, &info, &need), FMP4_OK);
        assert_int_equal(info.bytes, bytes->size);
        const Fmp4ReadRun *run = &info.tracks[TRACK_VIDEO];
        assert_true(run->samples[0].key);
        int64_t starts_us =
            segment_time_us(fixture->reader, TRACK_VIDEO, (int64_t)run->decode_time);
        assert_in_range(starts_us - part->time_us + 100, 0, 200);
        if (i)
            assert_int_equal(run->decode_time, at);
        at = (int64_t)(run->decode_time + run->duration);
    }
    fmp4_fragment_info_clear(&info);
}

static void of_a_part_the_first_picture_alone_can_be_had(void **state)
{
    g_autoptr(Buffer) bytes = made(*state, 1, true, true);
    Fmp4FragmentInfo info = {0};
    size_t need;
    assert_int_equal(fmp4_read_fragment(bytes->data, bytes->size, &info, &need), FMP4_OK);
    assert_int_equal(info.tracks[TRACK_VIDEO].count, 1);
    assert_true(info.tracks[TRACK_VIDEO].samples[0].key);
    assert_int_equal(info.tracks[TRACK_AUDIO].count, 0);
    fmp4_fragment_info_clear(&info);
}

static void it_gives_up_when_told_to(void **state)
{
    const Fixture *fixture = *state;
    const atomic_bool stop = true;
    const PartH264 wanted = {.reader = fixture->reader,
                             .part = &g_array_index(fixture->parts, SegmentPart, 0),
                             .stop = &stop};
    g_autoptr(GError) error = NULL;
    assert_null(part_h264_make(&wanted, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNAVAILABLE));
}

static void of_pictures_that_cannot_be_decoded_nothing_is_made(void **state)
{
    Fixture *fixture = *state;
    for (unsigned i = 0; i < PICTURES; i++) {
        AccessUnit *unit = fixture->video->units->pdata[i];
        memset(unit->data + 6, (int)i, unit->size - 6);
    }
    make_segment_file(fixture->path,
                      &(SegmentRecipe){.video = fixture->video, .pictures = PICTURES});
    g_autoptr(SegmentReader) reader = segment_reader_open(fixture->path, 0, SEGMENT_OWN_TIME, NULL);
    g_autoptr(GError) error = NULL;
    assert_null(part_h264_make(&(PartH264){.reader = reader}, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNSUPPORTED));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(parts_play_as_h264_with_the_sound_as_it_was),
        TEST(who_may_not_listen_has_no_sound_in_them),
        TEST(their_times_are_those_of_the_file_and_meet),
        TEST(of_a_part_the_first_picture_alone_can_be_had),
        TEST(it_gives_up_when_told_to),
        TEST(of_pictures_that_cannot_be_decoded_nothing_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
