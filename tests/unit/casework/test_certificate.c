/* A negative certificate says “nothing moved” only of what was seen all the time, by a clock that
 * was right; and whoever changes it is seen. */
#include "evidence_case.h"

#include "../ledger/ledger_fixture.h"
#include "ledger/node_key.h"
#include "make_video.h"

#include <string.h>

static EvidenceCase *test;

/* Of the camera that recorded; the region is the left half of the picture. */
enum { FROM_S = 12, TO_S = 60, IN_REGION = 5 * CERTIFICATE_COLUMNS + 3, OUTSIDE = 30 };

typedef struct Scene {
    int from_s, to_s;         /* asked for, behind the rig's beginning */
    int moves_s, moving_cell; /* at this second; 0: never */
    int blind_s, blind_cell;  /* the same */
    int unseen_s;             /* there is no grid of this second */
} Scene;

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

static void watch(MotionStore *store, const Scene *scene)
{
    for (int s = 0; s < 125; s++) {
        MotionSecond second = {.second = RIG_START_US / SECOND_US + s, .seen = SEEN_FULL};
        if (scene->moves_s && s == scene->moves_s)
            grid_set(second.moved, scene->moving_cell);
        if (scene->blind_s && s == scene->blind_s)
            grid_set(second.blind, scene->blind_cell);
        if (!scene->unseen_s || s != scene->unseen_s)
            motion_store_add(store, &test->cameras[0], &second);
    }
}

static char *left_half(void)
{
    uint8_t region[1][CERTIFICATE_GRID_BYTES] = {{0}};
    for (int cell = 0; cell < CERTIFICATE_CELLS; cell++)
        if (cell % CERTIFICATE_COLUMNS < CERTIFICATE_COLUMNS / 2)
            grid_set(region[0], cell);
    return certificate_regions_text(region, 1);
}

static void read_back(Certificate *certificate)
{
    g_autoptr(GPtrArray) parts = parts_load(test->copy);
    const char *text = parts_text(parts, CERTIFICATE_FILE);
    certificate_init(certificate);
    assert_true(certificate_read(text, strlen(text), certificate));
}

/* Makes the certificate of a scene at test->copy, reads it. */
static CertificateVerdict make(const Scene *scene, Certificate *certificate)
{
    g_autofree char *folder = g_dir_make_tmp("vonglau-motion-XXXXXX", NULL), *region = left_half();
    MotionStore *store = motion_store_new(folder, 3650);
    watch(store, scene);
    CertificateVerdict verdict =
        case_certify(test, store, region, RIG_START_US + scene->from_s * SECOND_US,
                     RIG_START_US + scene->to_s * SECOND_US, test->copy);
    motion_store_free(store);
    folder_remove(folder);
    read_back(certificate);
    assert_int_equal(certificate->verdict, verdict);
    return verdict;
}

static const CertificateCamera *camera_of(const Certificate *certificate)
{
    assert_int_equal(certificate->cameras->len, 1);
    return &g_array_index(certificate->cameras, CertificateCamera, 0);
}

static bool notes(const char *what)
{
    for (size_t i = 0; i < test->report.notes->len; i++)
        if (strstr(g_ptr_array_index(test->report.notes, i), what))
            return true;
    return false;
}

static void what_was_seen_all_the_time_and_did_not_move_is_certified(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, TO_S, 30, OUTSIDE, 0, 0, 0}; /* beside the region something does */
    CertificateVerdict verdict = make(&scene, &certificate);
    const CertificateCamera *camera = camera_of(&certificate);
    assert_int_equal(camera->gaps->len + camera->moved->len + camera->unknown->len +
                         camera->partly->len + camera->cells->len,
                     0);
    assert_int_equal(camera->fully_s, TO_S - FROM_S);
    /* whether this machine's clock is known to be right is not the test's to say */
    bool well = certificate_clock_is_well(camera);
    assert_int_equal(verdict, well ? CERTIFICATE_EMPTY : CERTIFICATE_NOT_PROVEN);
    assert_true(case_passes(test, test->copy, test->fingerprint));
    assert_true(test->report.key_confirmed);
    assert_true(notes(well ? "NOTHING MOVED" : "NOT PROVEN"));
    assert_true(notes(well ? "within 1 s" : "clock doubtful"));
}

static void what_moved_in_the_region_is_said_with_its_cell_and_time(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, TO_S, 30, IN_REGION, 0, 0, 0};
    assert_int_equal(make(&scene, &certificate), CERTIFICATE_NOT_EMPTY);
    const CertificateCamera *camera = camera_of(&certificate);
    const CertificateSpan *moved = &g_array_index(camera->moved, CertificateSpan, 0);
    const CertificateCell *cell = &g_array_index(camera->cells, CertificateCell, 0);
    assert_int_equal(moved->from_us, RIG_START_US + 30 * SECOND_US);
    assert_int_equal(moved->to_us, RIG_START_US + 31 * SECOND_US);
    assert_int_equal(cell->cell, IN_REGION);
    assert_int_equal(cell->moved_s, 1);
    assert_true(case_passes(test, test->copy, NULL));
    assert_true(notes("NOT EMPTY"));
}

static void what_could_not_be_seen_is_never_no_motion(void **state)
{
    g_auto(Certificate) blind, unseen;
    const Scene dark = {FROM_S, TO_S, 0, 0, 30, IN_REGION, 0},
                lost = {FROM_S, TO_S, 0, 0, 0, 0, 40};
    assert_int_equal(make(&dark, &blind), CERTIFICATE_NOT_PROVEN);
    assert_int_equal(camera_of(&blind)->partly->len, 1);
    assert_int_equal(g_array_index(camera_of(&blind)->cells, CertificateCell, 0).unknown_s, 1);
    assert_int_equal(make(&lost, &unseen), CERTIFICATE_NOT_PROVEN);
    assert_int_equal(camera_of(&unseen)->unknown->len, 1);
    assert_true(case_passes(test, test->copy, NULL));
    assert_true(notes("NOT PROVEN"));
    assert_true(notes("not seen 1 times (1 s)"));
}

static void a_gap_is_told_with_its_cause_on_the_first_page(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, 110, 0, 0, 0, 0, 0};
    assert_int_equal(make(&scene, &certificate), CERTIFICATE_NOT_PROVEN);
    const CertificateSpan *gap = &g_array_index(camera_of(&certificate)->gaps, CertificateSpan, 0);
    assert_int_equal(gap->cause, GAP_CAMERA_OFFLINE);
    assert_true(case_passes(test, test->copy, NULL));
    g_autofree char *folder = g_dir_make_tmp("vonglau-unpacked-XXXXXX", NULL);
    g_autofree char *script = g_strdup_printf("cd %s && python3 -m zipfile -e %s . && "
                                              "pdftotext -l 1 -layout report.pdf - ; rm -r %s",
                                              folder, test->copy, folder);
    g_autofree char *out = run_program(script);
    const char *asked = strstr(out, "1. Yêu cầu"), *missing = strstr(out, "không có hình 1 lần");
    assert_non_null(missing);
    assert_true(missing < asked); /* before anything else */
    assert_non_null(strstr(out, "CHƯA ĐỦ CĂN CỨ"));
}

static void a_clock_that_is_doubtful_or_was_set_proves_nothing(void **state)
{
    g_auto(Certificate) certificate;
    certificate_init(&certificate);
    CertificateCamera *camera = certificate_add(&certificate);
    assert_int_equal(certificate_judge(&certificate), CERTIFICATE_NOT_PROVEN); /* not known */
    camera->ntp_least_us = -1500;
    camera->ntp_most_us = 2500;
    assert_int_equal(certificate_judge(&certificate), CERTIFICATE_EMPTY);
    camera->ntp_most_us = 3 * SECOND_US;
    assert_int_equal(certificate_judge(&certificate), CERTIFICATE_NOT_PROVEN);
    camera->ntp_most_us = 2500;
    const CertificateSpan step = {1, 2, GAP_CLOCK_STEP};
    g_array_append_val(camera->gaps, step);
    assert_false(certificate_clock_is_well(camera));
}

static void a_byte_changed_anywhere_is_seen(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, TO_S, 30, IN_REGION, 0, 0, 0};
    g_autofree char *data = NULL;
    gsize size;
    make(&scene, &certificate);
    assert_true(g_file_get_contents(test->copy, &data, &size, NULL));
    for (size_t i = 0; i<size; i += i + 4000> size ? 17 : 499) {
        data[i] ^= 0x10;
        assert_true(g_file_set_contents(test->copy, data, (gssize)size, NULL));
        if (case_passes(test, test->copy, NULL))
            fail_msg("byte %zu was changed, and nobody saw it", i);
        data[i] ^= 0x10;
    }
}

static void sign(const GPtrArray *parts, Certificate *certificate, const NodeKey *key)
{
    uint8_t signature[SIGNATURE_BYTES];
    g_strlcpy(certificate->about.key, node_key_id(key), sizeof certificate->about.key);
    g_autoptr(GString) text = certificate_write(certificate);
    node_key_sign(key, text->str, text->len, signature);
    parts_put(parts, CERTIFICATE_FILE, text->str, text->len);
    parts_put(parts, CERTIFICATE_SIGNATURE, signature, sizeof signature);
    parts_store(parts, test->copy);
}

static void a_verdict_that_does_not_follow_is_seen_even_under_a_right_signature(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, TO_S, 30, IN_REGION, 0, 0, 0};
    make(&scene, &certificate);
    g_autoptr(GPtrArray) parts = parts_load(test->copy);
    CertificateCamera *camera = &g_array_index(certificate.cameras, CertificateCamera, 0);
    certificate.verdict = CERTIFICATE_EMPTY;
    camera->verdict = CERTIFICATE_EMPTY;
    sign(parts, &certificate, test->rig.key);
    assert_false(case_passes(test, test->copy, NULL));
    case_fault(test, "does not follow from what it lists");
    g_array_set_size(camera->moved, 0); /* hidden, and the cell forgotten */
    sign(parts, &certificate, test->rig.key);
    assert_false(case_passes(test, test->copy, NULL));
    case_fault(test, "lists spans or cells that cannot be");
}

/* The whole may be judged rightly: what is said of each camera follows, too. */
static void a_camera_of_which_it_says_better_than_it_lists_is_seen(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, TO_S, 30, IN_REGION, 0, 0, 0};
    make(&scene, &certificate);
    g_autoptr(GPtrArray) parts = parts_load(test->copy);
    g_array_index(certificate.cameras, CertificateCamera, 0).verdict = CERTIFICATE_EMPTY;
    sign(parts, &certificate, test->rig.key);
    assert_false(case_passes(test, test->copy, NULL));
}

/* With all checksums of the ZIP as they must be. */
static void what_it_says_cannot_be_changed_by_who_does_not_have_the_key(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, TO_S, 30, IN_REGION, 0, 0, 0};
    make(&scene, &certificate);
    g_autoptr(GPtrArray) parts = parts_load(test->copy);
    g_free(certificate.about.reason);
    certificate.about.reason = g_strdup("of another case");
    g_autoptr(GString) text = certificate_write(&certificate);
    parts_put(parts, CERTIFICATE_FILE, text->str, text->len);
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
}

static void one_signed_by_another_key_is_seen(void **state)
{
    g_auto(Certificate) certificate;
    const Scene scene = {FROM_S, TO_S, 0, 0, 0, 0, 0};
    make(&scene, &certificate);
    g_autofree char *elsewhere = g_dir_make_tmp("vonglau-stranger-XXXXXX", NULL);
    g_autoptr(NodeKey) stranger = node_key_open(elsewhere, NULL);
    g_autoptr(GPtrArray) parts = parts_load(test->copy);
    sign(parts, &certificate, stranger);
    assert_false(case_passes(test, test->copy, NULL));
    case_fault(test, "which is not among the node's keys");
    folder_remove(elsewhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_seen_all_the_time_and_did_not_move_is_certified),
        cmocka_unit_test(what_moved_in_the_region_is_said_with_its_cell_and_time),
        cmocka_unit_test(what_could_not_be_seen_is_never_no_motion),
        cmocka_unit_test(a_gap_is_told_with_its_cause_on_the_first_page),
        cmocka_unit_test(a_clock_that_is_doubtful_or_was_set_proves_nothing),
        cmocka_unit_test(a_byte_changed_anywhere_is_seen),
        cmocka_unit_test(a_verdict_that_does_not_follow_is_seen_even_under_a_right_signature),
        cmocka_unit_test(a_camera_of_which_it_says_better_than_it_lists_is_seen),
        cmocka_unit_test(what_it_says_cannot_be_changed_by_who_does_not_have_the_key),
        cmocka_unit_test(one_signed_by_another_key_is_seen),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
