/* Redacted copies in an evidence package: named as what they are, of which originals, and caught
 * when either is not so. */
#include "evidence_case.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

#define NAME "working/01/NOT-ORIGINAL_redacted-1.mp4"
#define FILM "what a film would be"

typedef struct Fixture {
    EvidenceCase *test;
    char *film;
    Redaction *redaction;
    EvidenceWorking working;
} Fixture;

static Fixture fixture;

static int set_up(void **state)
{
    g_autoptr(GError) error = NULL;
    EvidenceCase *test = fixture.test = case_start();
    fixture.film = g_build_filename(test->folder, "film.mp4", NULL);
    assert_true(g_file_set_contents(fixture.film, FILM, -1, NULL));
    fixture.redaction = redaction_new();
    fixture.redaction->camera = test->cameras[0];
    fixture.redaction->from_us = CASE_FROM_US;
    fixture.redaction->to_us = CASE_FROM_US + 20 * SECOND_US; /* in the first minute's file */
    redaction_add_box(fixture.redaction, true);
    redaction_add_moment(fixture.redaction,
                         &(RedactionMoment){CASE_FROM_US + SECOND_US, 1000, 2000, 3000, 4000});
    fixture.working = (EvidenceWorking){.redaction = fixture.redaction,
                                        .path = fixture.film,
                                        .processing = "boxes put in, coded anew",
                                        .encoder = "libx264"};
    test->working = &fixture.working;
    if (!case_make(test, test->zip, CASE_FROM_US, CASE_TO_US, &error))
        fail_msg("%s", error->message);
    return 0;
}

static int tear_down(void **state)
{
    unlink(fixture.film);
    g_free(fixture.film);
    redaction_free(fixture.redaction);
    case_end(fixture.test);
    return 0;
}

static void a_package_with_a_redacted_copy_passes_and_says_that_it_is_no_original(void **state)
{
    char camera[UUID_TEXT];
    EvidenceCase *test = fixture.test;
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const char *manifest = parts_text(parts, PACKAGE_MANIFEST);
    const Part *original = parts_media(parts, 0);
    Hash hash = hash_of(original->data->data, original->data->len);
    char hex[SHA256_HEX];
    hex_encode(hash.bytes, SHA256_BYTES, hex);
    g_autofree char *told = g_strdup_printf(
        "],\"working\":[[\"" NAME "\",[[\"%s\",\"%s\"]],\"boxes put in, coded anew\",\"libx264\","
        "[\"%s\",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",0,[[1,[[%" G_GINT64_FORMAT
        ",1000,2000,3000,4000]]]]]]],\"key\":",
        original->name, hex, uuid_text(&test->cameras[0], camera), (int64_t)CASE_FROM_US,
        (int64_t)(CASE_FROM_US + 20 * SECOND_US), (int64_t)(CASE_FROM_US + SECOND_US));
    assert_non_null(strstr(manifest, told));
    assert_string_equal(parts_text(parts, NAME), FILM);
    if (!case_passes(test, test->zip, test->fingerprint))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_int_equal(test->report.notes->len, 1);
    const char *note = g_ptr_array_index(test->report.notes, 0);
    assert_non_null(strstr(note, NAME ": NOT ORIGINAL"));
    assert_non_null(strstr(note, "media/01"));
}

static void a_byte_of_it_that_was_changed_is_seen_and_no_second_of_the_original_suffers(
    void **state)
{
    EvidenceCase *test = fixture.test;
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    parts_edit(parts, NAME, "film", "flim");
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
    const VerifyFault *fault = case_fault(test, "was changed");
    assert_true(g_str_has_suffix(fault->path, NAME));
    assert_string_equal(fault->camera, "");
    for (size_t i = 0; i < test->report.spans->len; i++)
        assert_int_not_equal(g_array_index(test->report.spans, VerifySpan, i).verdict,
                             VERDICT_ALTERED);
}

/* The manifest with `from` as `to` in it, signed anew by who holds the key. */
static void forge(const char *from, const char *to)
{
    g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
    parts_edit(parts, PACKAGE_MANIFEST, from, to);
    parts_sign(parts, fixture.test->rig.key);
    parts_store(parts, fixture.test->copy);
    assert_false(case_passes(fixture.test, fixture.test->copy, NULL));
}

static void one_that_is_said_to_be_of_other_footage_is_seen_whoever_signed_it(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
    const Part *first = parts_media(parts, 0), *second = parts_media(parts, 1);
    g_autofree char *told = g_strdup_printf(NAME "\",[[\"%s\"", first->name);
    g_autofree char *other = g_strdup_printf(NAME "\",[[\"%s\"", second->name);
    forge(told, other);
    case_fault(fixture.test, "from other footage");
    forge(NAME "\",[[", NAME "\",[[\"media/01/none.mp4\",\"" /* and one more */
                             "0000000000000000000000000000000000000000000000000000000000000000"
                             "\"],[");
    case_fault(fixture.test, "from other footage");
}

static void one_that_belongs_to_no_camera_or_time_of_the_package_is_seen(void **state)
{
    char camera[UUID_TEXT];
    uuid_text(&fixture.test->cameras[0], camera);
    g_autofree char *told =
        g_strdup_printf("\"libx264\",[\"%s\",%" G_GINT64_FORMAT, camera, (int64_t)CASE_FROM_US);
    g_autofree char *stranger =
        g_strdup_printf("\"libx264\",[\"0f6b5a93-c81e-4d27-b184-632ae7905c3d\",%" G_GINT64_FORMAT,
                        (int64_t)CASE_FROM_US);
    g_autofree char *before = g_strdup_printf("\"libx264\",[\"%s\",%" G_GINT64_FORMAT, camera,
                                              (int64_t)CASE_FROM_US - SECOND_US);
    forge(told, stranger);
    case_fault(fixture.test, "not a working copy");
    forge(told, before);
    case_fault(fixture.test, "not a working copy");
    forge("\"working\":[[\"" NAME, "\"working\":[[\"working/02/NOT-ORIGINAL_redacted-1.mp4");
    case_fault(fixture.test, "not a working copy");
    case_fault(fixture.test, "belongs to no package");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_with_a_redacted_copy_passes_and_says_that_it_is_no_original),
        cmocka_unit_test(
            a_byte_of_it_that_was_changed_is_seen_and_no_second_of_the_original_suffers),
        cmocka_unit_test(one_that_is_said_to_be_of_other_footage_is_seen_whoever_signed_it),
        cmocka_unit_test(one_that_belongs_to_no_camera_or_time_of_the_package_is_seen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
