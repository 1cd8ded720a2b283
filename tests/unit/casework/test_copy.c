/* Working copies of footage files, looked at as a player does, by ffmpeg. */
#include "casework/copy.h"

#include "archive/archive.h"
#include "base/clock.h"
#include "burnt.h"
#include "casework/copy_text.h"
#include "make_video.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_US INT64_C(1795966428550000)
enum { FPS = 15, PICTURES = 90, WIDTH = 640, HEIGHT = 360 };

typedef struct Fixture {
    char *folder, *segment, *copy;
    MadeVideo *video; /* 6 s, a key picture each second */
    GPtrArray *aac;
    GTimeZone *zone;
    double told; /* the newest progress */
    unsigned tells, stop_at;
    const Redaction *redaction; /* of the next copy */
    double fov_deg;             /* of the camera's lens; 0: not known */
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = g_dir_make_tmp("vonglau-test-XXXXXX", NULL);
    fixture->segment = g_build_filename(fixture->folder, "segment.mp4", NULL);
    fixture->copy = g_build_filename(fixture->folder, "copy.mp4", NULL);
    fixture->video = make_video(&(VideoRecipe){
        .width = WIDTH, .height = HEIGHT, .fps = FPS, .pictures = PICTURES, .key_interval = FPS});
    fixture->aac = make_audio(CODEC_AAC, 6);
    fixture->zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
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
    g_time_zone_unref(fixture->zone);
    g_free(fixture->folder);
    g_free(fixture->segment);
    g_free(fixture->copy);
    g_free(fixture);
    return 0;
}

static bool tell(void *data, double done, int64_t bytes)
{
    Fixture *fixture = data;
    assert_true(done >= fixture->told && done <= 1);
    assert_true(bytes > 0);
    fixture->told = done;
    return ++fixture->tells != fixture->stop_at;
}

/* What is copied, of a camera with a lens of 90° when the fixture says so. */
static ClipPlan *plan_of(const Fixture *fixture, int64_t from_us, int64_t to_us)
{
    const PlaceLens lens = {fixture->fov_deg, 0};
    const ArchiveSegment segment = {
        .path = fixture->segment, .from_us = START_US, .to_us = START_US + 60 * SECOND_US};
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(ArchiveSegment));
    g_array_append_val(segments, segment);
    ClipPlan *plan = clip_plan_segments(segments, from_us, to_us, true, &lens, NULL);
    assert_non_null(plan);
    return plan;
}

static bool copy(Fixture *fixture, int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(ClipPlan) plan = plan_of(fixture, from_us, to_us);
    const CopyAsked asked = {.plan = plan,
                             .path = fixture->copy,
                             .id = uuid_new(),
                             .camera = uuid_new(),
                             .from_us = from_us,
                             .to_us = to_us,
                             .where = "Cổng chợ · Chợ, Che Căn",
                             .who = "an.nv",
                             .zone = fixture->zone,
                             .vietnamese = true,
                             .redaction = fixture->redaction};
    fixture->told = 0;
    fixture->tells = 0;
    return copy_write(&asked, tell, fixture, error);
}

static void assert_copied(Fixture *fixture, int64_t from_us, int64_t to_us)
{
    g_autoptr(GError) error = NULL;
    if (!copy(fixture, from_us, to_us, &error))
        fail_msg("%s", error->message);
    g_autofree char *command = g_strdup_printf("ffmpeg -v warning -i %s -fps_mode passthrough "
                                               "-enc_time_base:v 1:90000 -f null - 2>&1",
                                               fixture->copy);
    g_autofree char *said = run_program(command);
    assert_string_equal(said, "");
}

static char *probe(const Fixture *fixture, const char *what)
{
    g_autofree char *command = g_strdup_printf(
        "ffprobe -v error %s -of default=nw=1:nk=1 %s | head -1", what, fixture->copy);
    return g_strchomp(run_program(command));
}

static void assert_lasts(const Fixture *fixture, double seconds)
{
    g_autofree char *said = probe(fixture, "-show_entries format=duration");
    double is = g_ascii_strtod(said, NULL);
    if (is < seconds - 0.07 || is > seconds + 0.07)
        fail_msg("it lasts %f s, not %f", is, seconds);
}

/* The brightness of all pictures, one after another. Returned owned. */
static uint8_t *read_pictures(const Fixture *fixture, gsize *count)
{
    char *bytes = NULL;
    gsize size;
    g_autofree char *raw = g_build_filename(fixture->folder, "raw", NULL);
    g_autofree char *command =
        g_strdup_printf("ffmpeg -y -v error -i %s -map 0:v -fps_mode passthrough "
                        "-enc_time_base:v 1:90000 -f rawvideo "
                        "-pix_fmt yuv420p %s",
                        fixture->copy, raw);
    g_free(run_program(command));
    assert_true(g_file_get_contents(raw, &bytes, &size, NULL));
    *count = size / (WIDTH * HEIGHT * 3 / 2);
    return (uint8_t *)bytes;
}

/* That moment, and neither a tenth of a second before it nor after. */
static bool has_clock(const Fixture *fixture, const uint8_t *pictures, unsigned i, int64_t at_us)
{
    const BurntEdge edge = {pictures + (size_t)i * (WIDTH * HEIGHT * 3 / 2), WIDTH, WIDTH, HEIGHT};
    g_autofree char *clock = copy_clock_text(at_us, fixture->zone, true);
    g_autofree char *before = copy_clock_text(at_us - SECOND_US / 10, fixture->zone, true);
    g_autofree char *after = copy_clock_text(at_us + SECOND_US / 10, fixture->zone, true);
    return burnt_is_there(&edge, 1, clock, before) && burnt_is_there(&edge, 1, clock, after);
}

static int64_t picture_us(unsigned number)
{
    return START_US + (int64_t)number * SECOND_US / FPS;
}

static void a_copy_has_each_picture_with_its_own_time_and_the_sound(void **state)
{
    Fixture *fixture = *state;
    gsize count;
    make_segment_file(fixture->segment, &(SegmentRecipe){.video = fixture->video,
                                                         .pictures = PICTURES,
                                                         .audio = fixture->aac,
                                                         .from_us = START_US});
    assert_copied(fixture, picture_us(20), picture_us(70));
    g_autofree uint8_t *pictures = read_pictures(fixture, &count);
    assert_int_equal(count, 51); /* 20 to 70 */
    for (unsigned i = 0; i < count; i++) {
        assert_true(has_clock(fixture, pictures, i, picture_us(20 + i)));
        assert_false(has_clock(fixture, pictures, i, picture_us(20 + i) + SECOND_US / 10));
    }
    assert_true(fixture->tells >= count && fixture->told > 0.97);
    assert_lasts(fixture, 51.0 / FPS);
    g_autofree char *sound = probe(fixture, "-select_streams a -show_entries stream=codec_name");
    assert_string_equal(sound, "aac");
}

static void clips_and_copies_tell_how_much_their_pictures_show(void **state)
{
    Fixture *fixture = *state;
    gsize size;
    g_autofree char *bytes = NULL;
    fixture->fov_deg = 90;
    make_segment_file(
        fixture->segment,
        &(SegmentRecipe){.video = fixture->video, .pictures = PICTURES, .from_us = START_US});
    g_autoptr(ClipPlan) plan = plan_of(fixture, picture_us(0), picture_us(15));
    assert_true(clip_write(plan, fixture->copy, NULL, NULL, NULL));
    g_autofree char *comment = probe(fixture, "-show_entries format_tags=comment");
    g_autofree char *vi = place_sight_text(WIDTH, &(PlaceLens){90, 0}, true);
    g_autofree char *en = place_sight_text(WIDTH, &(PlaceLens){90, 0}, false);
    g_autofree char *wanted = g_strdup_printf("%s / %s (EN 62676-4)", vi, en);
    assert_string_equal(comment, wanted);
    assert_copied(fixture, picture_us(0), picture_us(15));
    assert_true(g_file_get_contents(fixture->copy, &bytes, &size, NULL));
    fixture->fov_deg = 0;
    g_autofree char *told = g_strdup_printf("\"sight\":\"%s\"", en);
    assert_non_null(memmem(bytes, size, told, strlen(told)));
}

static void a_copy_says_in_its_file_what_it_is(void **state)
{
    Fixture *fixture = *state;
    gsize size;
    g_autofree char *bytes = NULL;
    make_segment_file(
        fixture->segment,
        &(SegmentRecipe){.video = fixture->video, .pictures = PICTURES, .from_us = START_US});
    assert_copied(fixture, picture_us(0), picture_us(15));
    g_autofree char *title = probe(fixture, "-show_entries format_tags=title");
    assert_string_equal(title, "BẢN SAO – KHÔNG PHẢI BẢN GỐC – Cổng chợ · Chợ, Che Căn");
    assert_true(g_file_get_contents(fixture->copy, &bytes, &size, NULL));
    const char *box = memmem(bytes, size, COPY_BOX, 16);
    assert_non_null(box);
    assert_non_null(strstr(box, "\"what\":\"COPY – NOT ORIGINAL\""));
    assert_non_null(strstr(box, "\"from\":\"2026-11-29T15:33:48.550Z\""));
    assert_non_null(strstr(box, "\"pictures\":16,\"left_out\":0"));
    assert_null(memmem(bytes, size, CLIP_BOX, 16));
    /* a player finds the tables before the pictures */
    assert_true((char *)memmem(bytes, size, "moov", 4) < (char *)memmem(bytes, size, "mdat", 4));
}

static void a_gap_is_a_black_card_and_the_clock_jumps(void **state)
{
    Fixture *fixture = *state;
    gsize count;
    make_segment_file(fixture->segment, &(SegmentRecipe){.video = fixture->video,
                                                         .pictures = PICTURES,
                                                         .audio = fixture->aac,
                                                         .from_us = START_US,
                                                         .gap_at = 45,
                                                         .gap_ms = 10000});
    assert_copied(fixture, START_US - 5 * SECOND_US, START_US + 20 * SECOND_US);
    g_autofree uint8_t *pictures = read_pictures(fixture, &count);
    assert_int_equal(count, PICTURES + 3); /* before, between, after */
    assert_true(has_clock(fixture, pictures, 45, picture_us(44)));
    assert_true(has_clock(fixture, pictures, 47, picture_us(45) + 10 * SECOND_US));
    static const unsigned cards[] = {0, 46, PICTURES + 2};
    for (size_t i = 0; i < G_N_ELEMENTS(cards); i++) {
        const uint8_t *card = pictures + (size_t)cards[i] * (WIDTH * HEIGHT * 3 / 2);
        uint64_t sum = 0;
        for (int at = 0; at < WIDTH * HEIGHT; at++)
            sum += card[at];
        assert_in_range(sum / (WIDTH * HEIGHT), 16, 30);
    }
    assert_lasts(fixture, 3 + 3 + 3 + 3 + 3);
}

static void one_that_is_stopped_leaves_nothing(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autofree char *part = g_strconcat(fixture->copy, ".part", NULL);
    unlink(fixture->copy);
    make_segment_file(
        fixture->segment,
        &(SegmentRecipe){.video = fixture->video, .pictures = PICTURES, .from_us = START_US});
    fixture->stop_at = 30;
    assert_false(copy(fixture, picture_us(0), picture_us(80), &error));
    fixture->stop_at = 0;
    assert_true(g_error_matches(error, ERR, ERR_UNAVAILABLE));
    assert_int_equal(fixture->tells, 30);
    assert_int_not_equal(access(fixture->copy, F_OK), 0);
    assert_int_not_equal(access(part, F_OK), 0);
}

/* How far the points of 24 × 12 px are from their average, on average. In a made film that is 12.
 */
static int unevenness(const uint8_t *picture, int left, int top)
{
    int sum = 0, off = 0;
    for (int i = 0; i < 24 * 12; i++)
        sum += picture[(top + i / 24) * WIDTH + left + i % 24];
    for (int i = 0; i < 24 * 12; i++)
        off += abs(picture[(top + i / 24) * WIDTH + left + i % 24] - sum / (24 * 12));
    return off / (24 * 12);
}

/* The film as it is without letters, and in the middle of it a box that moves from left to right
 * within four seconds. */
static void a_redacted_copy_has_boxes_in_place_of_what_was_there(void **state)
{
    Fixture *fixture = *state;
    gsize count, size;
    g_autofree char *bytes = NULL;
    g_autoptr(Redaction) redaction = redaction_new();
    redaction->from_us = picture_us(0);
    redaction->to_us = picture_us(60);
    redaction_add_box(redaction, true);
    redaction_add_moment(redaction, &(RedactionMoment){picture_us(0), 1000, 4000, 2000, 2000});
    redaction_add_moment(redaction, &(RedactionMoment){picture_us(60), 7000, 4000, 2000, 2000});
    make_segment_file(
        fixture->segment,
        &(SegmentRecipe){.video = fixture->video, .pictures = PICTURES, .from_us = START_US});
    fixture->redaction = redaction;
    assert_copied(fixture, picture_us(0), picture_us(60));
    fixture->redaction = NULL;
    g_autofree uint8_t *pictures = read_pictures(fixture, &count);
    assert_int_equal(count, 61);
    for (unsigned i = 0; i < count; i += 10) {
        const uint8_t *picture = pictures + (size_t)i * (WIDTH * HEIGHT * 3 / 2);
        const uint8_t *line = picture + (size_t)180 * WIDTH;
        int left = 64 + (int)i * 384 / 60, beside = 0;
        assert_in_range(unevenness(picture, left + 36, 183), 0, 2);
        for (int x = 8; x < WIDTH - 8; x++)
            if (x < left - 8 || x > left + 128 + 8)
                beside += abs(line[x] - CLAMP(((x ^ 180) + (int)i * 3) & 255, 16, 235));
        assert_in_range(beside, 0, 24 * (WIDTH - 160));
    }
    g_autofree char *title = probe(fixture, "-show_entries format_tags=title");
    assert_true(g_str_has_prefix(title, "BẢN SAO ĐÃ CHE – KHÔNG PHẢI BẢN GỐC – "));
    assert_true(g_file_get_contents(fixture->copy, &bytes, &size, NULL));
    const char *box = memmem(bytes, size, COPY_BOX, 16);
    assert_non_null(strstr(box, "\"what\":\"REDACTED COPY – NOT ORIGINAL\""));
    assert_non_null(strstr(box, "boxes replaced by cells"));
    assert_non_null(strstr(box, "\"encoder\":\"libx264 superfast crf 23\""));
    assert_non_null(strstr(box, ",1000,4000,2000,2000],["));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_has_each_picture_with_its_own_time_and_the_sound),
        cmocka_unit_test(a_copy_says_in_its_file_what_it_is),
        cmocka_unit_test(clips_and_copies_tell_how_much_their_pictures_show),
        cmocka_unit_test(a_gap_is_a_black_card_and_the_clock_jumps),
        cmocka_unit_test(a_redacted_copy_has_boxes_in_place_of_what_was_there),
        cmocka_unit_test(one_that_is_stopped_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
