/* A package whose first pictures go on with a group of pictures that the footage file before began;
 * and one of several cameras, whose footage is sealed at once. */
#include "evidence_case.h"

#include "base/thread.h"
#include "casework/evidence_seal.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { KEY_EVERY_S = 40, CUT_S = 69 }; /* the minute ends at 59.7 s and waits 10 s for a key */

static EvidenceCase *test;

static int set_up(void **state)
{
    test = g_new0(EvidenceCase, 1);
    Rig *rig = &test->rig;
    rig->settings.segment_us = MINUTE_US;
    rig->camera = (Uuid){{5}};
    rig_start(rig);
    rig->key_every = KEY_EVERY_S * 15;
    case_place(test);
    verify_report_init(&test->report);
    return 0;
}

static int tear_down(void **state)
{
    case_end(test);
    return 0;
}

/* Up to 100 s, in two files: the second begins within the group of the key picture at 40 s. */
static void record(void)
{
    Rig *rig = &test->rig;
    rig_feed_us(rig, 100 * SECOND_US);
    rig_wait_written(rig, rig->now_us - 2 * SECOND_US);
    int64_t to_us = rig->now_us - 1;
    assert_false(archive_seal_until(rig->archive, &rig->camera, STREAM_MAIN, to_us, 0));
    rig_feed_us(rig, 25 * SECOND_US); /* up to the next key picture */
    assert_true(archive_seal_until(rig->archive, &rig->camera, STREAM_MAIN, to_us, 5 * SECOND_US));
    assert_true(archive_make_roots(rig->archive, NULL));
}

/* The footage of a package of [from_s, to_s); PackageMedia, returned owned. */
static GArray *made(int64_t from_s, int64_t to_s)
{
    g_autoptr(GError) error = NULL;
    if (!case_make(test, test->zip, RIG_START_US + from_s * SECOND_US,
                   RIG_START_US + to_s * SECOND_US, &error))
        fail_msg("%s", error->message);
    if (!case_passes(test, test->zip, NULL)) {
        verify_print(&test->report, stderr);
        fail();
    }
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const char *text = parts_text(parts, PACKAGE_CONTINUITY);
    return package_continuity_media(text, strlen(text) - 1);
}

static double begins_s(const GArray *media, unsigned index)
{
    return (double)(g_array_index(media, PackageMedia, index).from_us - RIG_START_US) / SECOND_US;
}

static bool noted(const char *what)
{
    for (size_t i = 0; i < test->report.notes->len; i++)
        if (strstr(g_ptr_array_index(test->report.notes, i), what))
            return true;
    return false;
}

static void the_group_that_the_first_pictures_go_on_with_comes_along(void **state)
{
    record();
    g_autoptr(GArray) media = made(72, 78);
    assert_int_equal(media->len, 2);
    assert_true(begins_s(media, 0) > KEY_EVERY_S - 1 && begins_s(media, 0) < KEY_EVERY_S + 1);
    assert_true(begins_s(media, 1) >= CUT_S && begins_s(media, 1) < 72);
    assert_true(g_array_index(test->report.complete, VerifyComplete, 0).complete);
    assert_true(noted("go on with a group of pictures that begins in media/01/"));
    assert_int_equal(test->report.spans->len,
                     2); /* of seconds that were asked for, a camera each */
    assert_int_equal(g_array_index(test->report.spans, VerifySpan, 0).from_us,
                     RIG_START_US + 72 * SECOND_US);
}

static void nothing_comes_along_where_a_key_picture_stands_before_the_span(void **state)
{
    record();
    g_autoptr(GArray) media = made(85, 95);
    assert_int_equal(media->len, 1);
    assert_true(begins_s(media, 0) > 79 && begins_s(media, 0) < 81);
    assert_int_equal(test->report.notes->len, 0);
}

static void pictures_that_nothing_leads_to_are_told_to_stay_unseen(void **state)
{
    char id[UUID_TEXT];
    record();
    g_autoptr(GArray) seals = rig_seals(&test->rig);
    const SegmentSeal *before = &g_array_index(seals, SegmentSeal, 0);
    g_autofree char *gone = g_build_filename(test->rig.dir, "footage",
                                             uuid_text(&test->rig.camera, id), before->file, NULL);
    assert_int_equal(unlink(gone), 0);
    g_autoptr(GArray) media = made(72, 78);
    assert_int_equal(media->len, 1);
    assert_true(noted("cannot be decoded with this package"));
}

static void pictures_with_the_same_times_as_others_are_told_and_their_clock_is_doubtful(
    void **state)
{
    Rig *rig = &test->rig;
    rig->key_every = 15;
    rig_feed_us(rig, 30 * SECOND_US);
    rig->run++;
    rig_step(rig, -10 * SECOND_US);
    rig_feed_us(rig, 60 * SECOND_US);
    rig_wait_written(rig, rig->now_us - 2 * SECOND_US);
    int64_t to_us = rig->now_us - 1;
    assert_false(archive_seal_until(rig->archive, &rig->camera, STREAM_MAIN, to_us, 0));
    rig_feed_us(rig, 4 * SECOND_US);
    assert_true(archive_seal_until(rig->archive, &rig->camera, STREAM_MAIN, to_us, 5 * SECOND_US));
    assert_true(archive_make_roots(rig->archive, NULL));
    g_autoptr(GArray) media = made(5, 50);
    assert_true(media->len >= 2);
    assert_true(noted("the node's clock was set back, or pictures came late"));
    for (size_t i = 0; i < test->report.spans->len; i++) {
        const VerifySpan *span = &g_array_index(test->report.spans, VerifySpan, i);
        if (uuid_equal(&span->camera, &rig->camera) &&
            span->from_us <= RIG_START_US + 25 * SECOND_US &&
            span->to_us > RIG_START_US + 25 * SECOND_US)
            assert_int_equal(span->verdict, VERDICT_CLOCK_DOUBTFUL);
    }
}

typedef struct Sealing {
    atomic_bool ends;
    int64_t to_us;
} Sealing;

/* The first camera of the two never comes to an end. */
static void seal(void *data)
{
    Sealing *sealing = data;
    const Uuid cameras[] = {test->cameras[1], test->cameras[0]};
    evidence_seal(test->rig.archive, cameras, 2, sealing->to_us, &sealing->ends);
}

static void a_camera_is_sealed_while_another_is_waited_for(void **state)
{
    Rig *rig = &test->rig;
    rig->key_every = 15;
    rig_feed_us(rig, 30 * SECOND_US);
    rig_wait_written(rig, rig->now_us - 2 * SECOND_US);
    Sealing sealing = {.to_us = rig->now_us - 1};
    Thread *thread = thread_start("seal", seal, &sealing);
    size_t sealed = 0;
    for (int look = 0; look < 200 && sealed == 0; look++) { /* 10 s at most */
        if (look < 42) /* not so far that nothing more can come of the first camera */
            rig_feed(rig, 1);
        g_usleep(50000);
        g_autoptr(GArray) seals = rig_seals(rig);
        sealed = seals->len;
    }
    atomic_store(&sealing.ends, true);
    rig_time(rig, rig->now_us + MINUTE_US); /* nothing is waited for so long */
    thread_join(thread);
    assert_int_equal(sealed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_group_that_the_first_pictures_go_on_with_comes_along,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            nothing_comes_along_where_a_key_picture_stands_before_the_span, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pictures_that_nothing_leads_to_are_told_to_stay_unseen,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            pictures_with_the_same_times_as_others_are_told_and_their_clock_is_doubtful, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(a_camera_is_sealed_while_another_is_waited_for, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
