/* An evidence package holds what was asked for, passes its check, and can be checked without us. */
#include "evidence_case.h"

#include "make_video.h"

#include "people/audit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static EvidenceCase *test;

static int set_up(void **state)
{
    test = case_start();
    return 0;
}

static int tear_down(void **state)
{
    case_end(test);
    return 0;
}

static void a_segment_that_is_asked_for_ends_early_and_no_picture_is_lost(void **state)
{
    g_autoptr(GArray) found = rig_footage(&test->rig);
    bool cut = false;
    for (size_t i = 1; i < found->len; i++) {
        const Found *before = &g_array_index(found, Found, i - 1);
        const Found *picture = &g_array_index(found, Found, i);
        bool jumps = picture->time_us - before->time_us > SECOND_US;
        assert_true(jumps || picture->number == before->number + 1);
        if (cut || picture->time_us < test->rig.now_us - 4500000 || picture->file == before->file)
            continue;
        cut = picture->key; /* where it was asked for, no minute ends */
        assert_true(cut);
    }
    assert_true(cut);
    g_autoptr(Coverage) coverage = rig_coverage(&test->rig, RIG_START_US, test->rig.now_us);
    assert_int_equal(coverage->gaps->len, 1);
}

/* Seconds behind the rig's beginning of the spans of camera `index` that have this verdict. */
static bool says(unsigned index, int64_t from_s, int64_t to_s, VerifyVerdict verdict)
{
    for (size_t i = 0; i < test->report.spans->len; i++) {
        const VerifySpan *span = &g_array_index(test->report.spans, VerifySpan, i);
        if (uuid_equal(&span->camera, &test->cameras[index]) && span->verdict == verdict &&
            (span->from_us - RIG_START_US) / SECOND_US == from_s &&
            (span->to_us - RIG_START_US) / SECOND_US == to_s)
            return true;
    }
    return false;
}

static void a_package_passes_and_says_what_each_second_is(void **state)
{
    int64_t ntp_us = clock_ntp_offset_us();
    VerifyVerdict well =
        ntp_us > -SECOND_US && ntp_us < SECOND_US ? VERDICT_AUTHENTIC : VERDICT_CLOCK_DOUBTFUL;
    if (!case_passes(test, test->zip, NULL))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_int_equal(test->report.notes->len, 0);
    assert_false(test->report.key_confirmed);
    assert_int_equal(test->report.segments, test->result.files);
    assert_true(says(0, 10, CASE_GAP_FROM_S, well));
    assert_true(says(0, CASE_GAP_FROM_S, CASE_GAP_TO_S + 1, VERDICT_GAP));
    assert_true(says(0, CASE_GAP_TO_S + 1, 120, well));
    assert_true(says(1, 10, 120, VERDICT_GAP));
    assert_false(g_array_index(test->report.complete, VerifyComplete, 0).complete);
    assert_true(case_passes(test, test->zip, test->fingerprint));
    assert_true(test->report.key_confirmed);
    /* without the gap, and without the other camera's */
    assert_true(case_make(test, test->copy, CASE_FROM_US, CASE_FROM_US + 30 * SECOND_US, NULL));
    assert_true(case_passes(test, test->copy, NULL));
    assert_true(g_array_index(test->report.complete, VerifyComplete, 0).complete);
    assert_false(g_array_index(test->report.complete, VerifyComplete, 1).complete);
}

static void gaps_are_told_with_the_cause_that_the_seals_declare(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const char *text = parts_text(parts, PACKAGE_CONTINUITY);
    char camera[UUID_TEXT], other[UUID_TEXT];
    g_autofree char *never = g_strdup_printf(
        "[\"%s\",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",\"unknown\"]",
        uuid_text(&test->cameras[1], other), (int64_t)CASE_FROM_US, (int64_t)CASE_TO_US);
    g_autofree char *incomplete = g_strdup_printf("\"complete\":[[\"%s\",0],[\"%s\",0]]",
                                                  uuid_text(&test->cameras[0], camera), other);
    assert_non_null(strstr(text, ",\"camera-offline\"]"));
    assert_non_null(strstr(text, never));
    assert_non_null(strstr(text, incomplete));
}

static void the_same_order_gives_the_same_bytes(void **state)
{
    g_autofree char *first = NULL, *again = NULL;
    gsize first_bytes, again_bytes;
    assert_true(case_make(test, test->copy, CASE_FROM_US, CASE_TO_US, NULL));
    assert_true(g_file_get_contents(test->zip, &first, &first_bytes, NULL));
    assert_true(g_file_get_contents(test->copy, &again, &again_bytes, NULL));
    assert_int_equal(first_bytes, again_bytes);
    assert_memory_equal(first, again, first_bytes);
}

/* Whether the bytes stand in a footage file of the camera. */
static bool is_recorded(const uint8_t *data, size_t size)
{
    char id[UUID_TEXT];
    g_autofree char *folder = g_build_filename(
        test->rig.dir, "footage", uuid_text(&test->rig.camera, id), "2026-11-23", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *file = NULL;
        gsize bytes;
        assert_true(g_file_get_contents(path, &file, &bytes, NULL));
        if (memmem(file, bytes, data, size))
            return true;
    }
    return false;
}

static void footage_is_original_and_begins_with_the_key_picture_before_the_span(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    for (int64_t i = 0; i < test->result.files; i++) {
        const Part *part = parts_media(parts, (unsigned)i);
        size_t begin = fragment_at(part, 0);
        assert_true(is_recorded(part->data->data, begin));
        assert_true(is_recorded(part->data->data + begin, part->data->len - begin));
    }
    const char *text = parts_text(parts, PACKAGE_CONTINUITY);
    g_autoptr(GArray) media = package_continuity_media(text, strlen(text) - 1);
    const PackageMedia *first = &g_array_index(media, PackageMedia, 0);
    const PackageMedia *last = &g_array_index(media, PackageMedia, media->len - 1);
    assert_true(first->from_us <= CASE_FROM_US);
    assert_true(first->from_us > CASE_FROM_US - 3 * SECOND_US); /* a key picture every 2 s */
    assert_true(last->to_us >= CASE_TO_US);
    assert_true(last->to_us < CASE_TO_US + 2 * SECOND_US); /* no more than was asked for */
}

static void the_clock_of_each_camera_is_told_as_it_was_read_and_else_as_not_known(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    char camera[UUID_TEXT], other[UUID_TEXT];
    uuid_text(&test->cameras[0], camera);
    uuid_text(&test->cameras[1], other);
    g_autofree char *told = g_strdup_printf(
        ",\"clocks\":[[\"%s\",\"start\",2000000,1000000,%" G_GINT64_FORMAT "],[\"%s\",\"end\"],"
        "[\"%s\",\"export\",-3000000,1000000,%" G_GINT64_FORMAT "],"
        "[\"%s\",\"start\"],[\"%s\",\"end\"],[\"%s\",\"export\"]],\"media\":",
        camera, (int64_t)RIG_START_US, camera, camera, (int64_t)RIG_START_US + MINUTE_US, other,
        other, other);
    assert_non_null(strstr(parts_text(parts, PACKAGE_TIME), told));
}

static void add_media(PackageFacts *facts, int64_t from_s, const char *codec, int64_t width)
{
    PackageMedia media = {.from_us = from_s * SECOND_US,
                          .to_us = (from_s + 10) * SECOND_US,
                          .width = width,
                          .height = 1080,
                          .pictures = 250,
                          .ticks = INT64_C(10) * VIDEO_TIMESCALE};
    g_strlcpy(media.codec, codec, sizeof media.codec);
    g_array_append_val(facts->media, media);
}

static void a_camera_that_is_set_otherwise_within_the_span_has_a_film_more(void **state)
{
    PackageFacts facts;
    package_facts_init(&facts);
    g_array_append_val(facts.cameras, test->cameras[0]);
    add_media(&facts, 0, "avc1.640028", 1920);
    add_media(&facts, 10, "avc1.640028", 1920);
    add_media(&facts, 20, "avc1.640028", 2560);
    add_media(&facts, 30, "hvc1.1.6.L120.B0", 2560);
    g_autoptr(GArray) films = package_films(&facts);
    assert_int_equal(films->len, 3);
    const PackageFilm *first = &g_array_index(films, PackageFilm, 0);
    assert_int_equal(first->from_us, 0);
    assert_int_equal(first->to_us, 20 * SECOND_US);
    assert_int_equal(first->pictures, 500);
    assert_int_equal(first->ticks, 20 * VIDEO_TIMESCALE);
    assert_int_equal(g_array_index(films, PackageFilm, 1).width, 2560);
    assert_string_equal(g_array_index(films, PackageFilm, 2).codec, "hvc1.1.6.L120.B0");
    package_facts_clear(&facts);
}

static void custody_holds_the_lines_about_this_footage_and_no_others(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const char *text = parts_text(parts, PACKAGE_CUSTODY);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    assert_int_equal(g_strv_length(lines), 2); /* one, and nothing behind it */
    assert_non_null(strstr(lines[0], "\"action\":\"replay\""));
}

/* What is printed is the hash of all other files; and a byte of the paper itself counts too. */
static void the_paper_tells_the_hash_of_the_files_and_is_one_of_them(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("vonglau-unpacked-XXXXXX", NULL);
    g_autofree char *script = g_strdup_printf(
        "cd %s && python3 -m zipfile -e %s . && grep -v ' report.pdf$' SHA256SUMS | sha256sum | "
        "cut -c1-64 && pdftotext -layout report.pdf - | tr -d ' \\n'; rm -r %s",
        folder, test->zip, folder);
    g_autofree char *out = run_program(script);
    g_auto(GStrv) lines = g_strsplit(out, "\n", 2);
    assert_int_equal(strlen(lines[0]), 64);
    /* its groups stand in two lines, of 32 digits */
    g_autofree char *first = g_strndup(lines[0], 32);
    assert_non_null(strstr(lines[1], first));
    assert_non_null(strstr(lines[1], lines[0] + 32));
    assert_non_null(strstr(lines[1], "mấtkếtnốicamera"));
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    Part *paper = parts_find(parts, PACKAGE_STATEMENT);
    paper->data->data[paper->data->len / 2] ^= 1;
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
    assert_non_null(strstr(case_fault(test, "is not what the manifest says")->path, "report.pdf"));
}

static void the_page_that_checks_it_is_one_of_its_files(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    assert_string_equal(parts_text(parts, PACKAGE_PAGE), CASE_PAGE);
    assert_non_null(strstr(parts_text(parts, PACKAGE_MANIFEST), ",[\"verify.html\","));
    parts_edit(parts, PACKAGE_PAGE, "checks", "lies");
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
    case_fault(test, "is not what the manifest says");
    test->page[0] = '#'; /* where there is none, nothing is made */
    g_autoptr(GError) error = NULL;
    assert_false(case_make(test, test->copy, CASE_FROM_US, CASE_TO_US, &error));
    test->page[0] = '/';
}

static void a_span_without_footage_is_told_and_leaves_no_file(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(test->folder, "none.zip", NULL);
    assert_false(case_make(test, path, RIG_START_US - HOUR_US, RIG_START_US - MINUTE_US, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
    g_autoptr(GDir) dir = g_dir_open(test->folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        assert_null(strstr(name, "none"));
}

/* The four steps of VERIFY.md, by programs that are not ours. */
static void what_verify_md_says_can_be_done_by_hand(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("vonglau-unpacked-XXXXXX", NULL);
    g_autofree char *script = g_strdup_printf(
        "cd %s && python3 -m zipfile -e %s . && "
        "openssl pkeyutl -verify -pubin -inkey proofs/node-key.pem -rawin -in manifest.json "
        "-sigfile manifest.sig && sha256sum -c SHA256SUMS >/dev/null && "
        "[ $(grep -c \"$(sha256sum SHA256SUMS | cut -c1-64)\" manifest.json) = 1 ] && "
        "openssl pkey -pubin -in proofs/node-key.pem -outform DER | tail -c 32 | sha256sum",
        folder, test->zip);
    const char *argv[] = {"sh", "-c", script, NULL};
    g_autofree char *out = NULL;
    int status;
    assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                             &status, NULL));
    g_autofree char *remove = g_strdup_printf("rm -r %s", folder);
    assert_int_equal(system(remove), 0);
    assert_int_equal(status, 0);
    g_auto(GStrv) groups = g_strsplit(test->fingerprint, " ", -1);
    g_autofree char *digits = g_strjoinv("", groups);
    assert_non_null(strstr(out, "Signature Verified Successfully"));
    assert_non_null(strstr(out, digits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_segment_that_is_asked_for_ends_early_and_no_picture_is_lost),
        cmocka_unit_test(a_package_passes_and_says_what_each_second_is),
        cmocka_unit_test(gaps_are_told_with_the_cause_that_the_seals_declare),
        cmocka_unit_test(the_same_order_gives_the_same_bytes),
        cmocka_unit_test(footage_is_original_and_begins_with_the_key_picture_before_the_span),
        cmocka_unit_test(the_clock_of_each_camera_is_told_as_it_was_read_and_else_as_not_known),
        cmocka_unit_test(a_camera_that_is_set_otherwise_within_the_span_has_a_film_more),
        cmocka_unit_test(custody_holds_the_lines_about_this_footage_and_no_others),
        cmocka_unit_test(the_paper_tells_the_hash_of_the_files_and_is_one_of_them),
        cmocka_unit_test(the_page_that_checks_it_is_one_of_its_files),
        cmocka_unit_test(a_span_without_footage_is_told_and_leaves_no_file),
        cmocka_unit_test(what_verify_md_says_can_be_done_by_hand),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
