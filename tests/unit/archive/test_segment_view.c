#include "archive/segment_view.h"
#include "make_video.h"
#include "media/fmp4_write.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct Fixture {
    char *path;
    MadeVideo *video;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autofree char *folder = g_dir_make_tmp("vonglau-test-XXXXXX", NULL);
    fixture->path = g_build_filename(folder, "segment.mp4", NULL);
    fixture->video = make_video(
        &(VideoRecipe){.width = 160, .height = 90, .fps = 10, .pictures = 40, .key_interval = 20});
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *folder = g_path_get_dirname(fixture->path);
    g_unlink(fixture->path);
    g_rmdir(folder);
    made_video_free(fixture->video);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

/* The whole view of a file with this sound. */
static GBytes *view_of(Fixture *fixture, GPtrArray *audio, bool listen)
{
    make_segment_file(fixture->path,
                      &(SegmentRecipe){.video = fixture->video, .pictures = 40, .audio = audio});
    g_autoptr(SegmentView) view = segment_view_open(fixture->path, 0, listen, NULL);
    size_t size = (size_t)segment_view_size(view);
    uint8_t *data = g_malloc(size);
    assert_true(segment_view_read(view, 0, data, size, NULL));
    uint32_t random = 7;
    for (unsigned i = 0; i < 500; i++) {
        uint8_t part[300];
        random = random * 1664525 + 1013904223;
        size_t from = random % (size - sizeof part), length = random >> 20 & 255;
        assert_true(segment_view_read(view, (int64_t)from, part, length, NULL));
        assert_memory_equal(part, data + from, length);
    }
    return g_bytes_new_take(data, size);
}

static void assert_streams(Fixture *fixture, GBytes *view, const char *expect)
{
    gsize size;
    const char *data = g_bytes_get_data(view, &size);
    assert_true(g_file_set_contents(fixture->path, data, (gssize)size, NULL));
    g_autofree char *command = g_strdup_printf(
        "ffprobe -v warning -count_packets -show_entries stream=codec_name,nb_read_packets "
        "-of csv=p=0 %s 2>&1",
        fixture->path);
    g_autofree char *said = run_program(command);
    assert_string_equal(said, expect);
}

static void assert_sound_is(GBytes *view, GPtrArray *audio, bool there)
{
    gsize size;
    const uint8_t *data = g_bytes_get_data(view, &size);
    for (unsigned i = 2; i < audio->len; i++) {
        const AccessUnit *frame = audio->pdata[i];
        assert_int_equal(memmem(data, size, frame->data, frame->size) != NULL, there);
    }
}

static void without_sound_the_file_has_pictures_only(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GPtrArray) audio = make_audio(CODEC_AAC, 4);
    g_autoptr(GBytes) view = view_of(fixture, audio, false);
    assert_sound_is(view, audio, false);
    assert_streams(fixture, view, "h264,40\n");
}

static void with_sound_that_browsers_play_the_file_is_as_it_is(void **state)
{
    const Codec codecs[] = {CODEC_AAC, CODEC_FLAC, CODEC_OPUS};
    Fixture *fixture = *state;
    for (unsigned i = 0; i < G_N_ELEMENTS(codecs); i++) {
        g_autoptr(GPtrArray) audio = make_audio(codecs[i], 4);
        g_autoptr(GBytes) view = view_of(fixture, audio, true);
        g_autofree char *file = NULL;
        gsize size;
        assert_true(g_file_get_contents(fixture->path, &file, &size, NULL));
        assert_int_equal(size, g_bytes_get_size(view));
        assert_memory_equal(g_bytes_get_data(view, NULL), file, size);
    }
}

static void sound_that_no_browser_plays_never_goes_along(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GPtrArray) audio = make_audio(CODEC_PCMU, 4);
    g_autoptr(GBytes) view = view_of(fixture, audio, true);
    assert_sound_is(view, audio, false);
    assert_streams(fixture, view, "h264,40\n");
}

static void a_fragment_of_sound_alone_is_no_fragment_any_more(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GPtrArray) audio = make_audio(CODEC_AAC, 1);
    const AccessUnit *frame = audio->pdata[5];
    g_auto(ByteWriter) bytes = {0};
    make_segment(&bytes, &(SegmentRecipe){.video = fixture->video, .pictures = 40, .audio = audio});
    size_t at = bytes.size;
    Fmp4Sample sample = {.duration = 1024, .size = (uint32_t)frame->size, .key = true};
    fmp4_write_fragment(&bytes, &(Fmp4Fragment){.sequence = 100,
                                                .prft_us = 5000000,
                                                .tracks = {{0}, {640000, &sample, 1}}});
    size_t head = bytes.size - at;
    write_bytes(&bytes, frame->data, frame->size);
    assert_true(g_file_set_contents(fixture->path, (char *)bytes.data, (gssize)bytes.size, NULL));
    g_autoptr(SegmentView) view = segment_view_open(fixture->path, 0, false, NULL);
    assert_int_equal(segment_view_size(view), bytes.size);
    g_autofree uint8_t *data = g_malloc(head + frame->size);
    assert_true(segment_view_read(view, (int64_t)at, data, head + frame->size, NULL));
    assert_memory_equal(data + 4, "prft", 4);
    assert_memory_equal(data + get_u32(data) + 4, "free", 4);
    assert_memory_equal(data + head - 4, "free", 4);
    for (size_t i = 0; i < frame->size; i++)
        assert_int_equal(data[head + i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_sound_the_file_has_pictures_only, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(with_sound_that_browsers_play_the_file_is_as_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(sound_that_no_browser_plays_never_goes_along, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_fragment_of_sound_alone_is_no_fragment_any_more, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
