/* A negative certificate in an evidence package: byte for byte the file that was made, checked like
 * one that comes alone, and caught when any of it is not so. */
#include "evidence_case.h"

#include "../ledger/ledger_fixture.h"
#include "base/error.h"
#include "base/file.h"
#include "casework/evidence_certificates.h"
#include "ledger/node_key.h"
#include "make_video.h"
#include "unit.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define NAME "certificates/" CASE_CERTIFICATE_NUMBER ".zip"

static EvidenceCase *test;
static char *folder; /* of the certificate */
static char *path;
static char *digest;
static EvidenceCertificate certificate;

/* Where somebody looked all the time, and nothing moved. */
static void certify(void)
{
    uint8_t region[1][CERTIFICATE_GRID_BYTES] = {{0xff}};
    g_autofree char *regions = certificate_regions_text(region, 1);
    g_autofree char *grids = g_build_filename(folder, "motion", NULL);
    MotionStore *store = motion_store_new(grids, 3650);
    for (int s = 0; s < 125; s++) {
        const MotionSecond second = {.second = RIG_START_US / SECOND_US + s, .seen = SEEN_FULL};
        motion_store_add(store, &test->cameras[0], &second);
    }
    const int64_t from_us = RIG_START_US + 12 * SECOND_US, to_us = RIG_START_US + 60 * SECOND_US;
    CertificateVerdict verdict = case_certify(test, store, regions, from_us, to_us, path);
    motion_store_free(store);
    digest = g_strdup(test->result.manifest);
    certificate = (EvidenceCertificate){.path = path,
                                        .number = CASE_CERTIFICATE_NUMBER,
                                        .digest = digest,
                                        .verdict = certificate_verdict_text(verdict),
                                        .cameras = 1,
                                        .from_us = from_us,
                                        .to_us = to_us,
                                        .made_us = RIG_START_US + HOUR_US};
}

static int set_up(void **state)
{
    g_autoptr(GError) error = NULL;
    test = case_start();
    folder = g_dir_make_tmp("vonglau-packed-XXXXXX", NULL);
    path = g_build_filename(folder, "certificate.zip", NULL);
    certify();
    test->certificate = &certificate;
    if (!case_make(test, test->zip, CASE_FROM_US, CASE_TO_US, &error))
        fail_msg("%s", error->message);
    return 0;
}

static int tear_down(void **state)
{
    folder_remove(folder);
    g_free(folder);
    g_free(path);
    g_free(digest);
    case_end(test);
    return 0;
}

static bool notes(const char *what)
{
    for (guint i = 0; i < test->report.notes->len; i++)
        if (strstr(test->report.notes->pdata[i], what))
            return true;
    return false;
}

/* The words of the statement, owned. */
static char *paper(void)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const GByteArray *pdf = parts_find(parts, PACKAGE_STATEMENT)->data;
    g_autofree char *file = g_build_filename(folder, "report.pdf", NULL);
    assert_true(g_file_set_contents(file, (const char *)pdf->data, (gssize)pdf->len, NULL));
    g_autofree char *command = g_strdup_printf("pdftotext -layout %s -", file);
    return run_program(command);
}

static void it_goes_along_byte_for_byte_and_is_named_with_what_it_says(void **state)
{
    g_autofree char *made = NULL;
    gsize size;
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const GByteArray *packed = parts_find(parts, NAME)->data;
    assert_true(g_file_get_contents(path, &made, &size, NULL));
    assert_int_equal(packed->len, size);
    assert_memory_equal(packed->data, made, size);
    if (!case_passes(test, test->zip, test->fingerprint))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_true(notes("negative certificate " CASE_CERTIFICATE_NUMBER));
    g_autofree char *words = paper();
    const char *vietnamese = strstr(words, CASE_CERTIFICATE_NUMBER);
    assert_non_null(vietnamese);
    assert_non_null(strstr(vietnamese + 1, CASE_CERTIFICATE_NUMBER)); /* and in English */
    assert_non_null(strstr(words, "Giấy xác nhận không có chuyển động"));
    assert_non_null(strstr(words, "Negative certificates"));
}

/* Whatever was done to the package is a fault of `name`, and no second of footage is worse for it.
 */
static void assert_seen(const GPtrArray *parts, const char *what, const char *name)
{
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
    const VerifyFault *fault = case_fault(test, what);
    if (!g_str_has_suffix(fault->path, name))
        fail_msg("%s, not %s", fault->path, name);
    assert_string_equal(fault->camera, "");
    for (guint i = 0; i < test->report.spans->len; i++)
        assert_int_not_equal(g_array_index(test->report.spans, VerifySpan, i).verdict,
                             VERDICT_ALTERED);
}

static void a_byte_changed_anywhere_is_seen_even_under_a_right_signature(void **state)
{
    g_autoptr(GPtrArray) whole = parts_load(test->zip);
    const guint size = parts_find(whole, NAME)->data->len;
    for (guint at = 1; at < size; at += size / 61) {
        g_autoptr(GPtrArray) parts = parts_load(test->zip);
        parts_find(parts, NAME)->data->data[at] ^= 0x10;
        assert_seen(parts, "is not what the manifest says", NAME);
        parts_sign(parts, test->rig.key);
        parts_store(parts, test->copy);
        if (case_passes(test, test->copy, NULL))
            fail_msg("byte %u was changed, and nobody saw it", at);
    }
}

static void one_taken_out_or_put_in_is_seen(void **state)
{
    g_autoptr(GPtrArray) without = parts_load(test->zip);
    case_leave(test->zip, "whole-certificate");
    g_ptr_array_remove(without, parts_find(without, NAME));
    assert_seen(without, "added, taken out or moved", NAME);
    case_leave(test->copy, "certificate-removed");
    g_autoptr(GPtrArray) twice = parts_load(test->zip);
    Part *page = parts_find(twice, PACKAGE_PAGE);
    g_free(page->name);
    page->name = g_strdup("certificates/CC-2026-0009.zip");
    assert_seen(twice, "added, taken out or moved", PACKAGE_PAGE);
    case_leave(test->copy, "certificate-added");
}

/* The certificate as it is edited, in a package that who holds the key signed anew. */
static void forge(const char *from, const char *to, const NodeKey *key, const char *what,
                  const char *left)
{
    uint8_t signature[SIGNATURE_BYTES];
    g_autoptr(GPtrArray) inner = parts_load(path), parts = parts_load(test->zip);
    parts_edit(inner, CERTIFICATE_FILE, from, to);
    const GByteArray *text = parts_find(inner, CERTIFICATE_FILE)->data;
    node_key_sign(key, text->data, text->len, signature);
    parts_put(inner, CERTIFICATE_SIGNATURE, signature, sizeof signature);
    g_autofree char *file = g_build_filename(folder, "forged.zip", NULL), *bytes = NULL;
    gsize size;
    parts_store(inner, file);
    assert_true(g_file_get_contents(file, &bytes, &size, NULL));
    parts_put(parts, NAME, bytes, size);
    parts_sign(parts, test->rig.key);
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
    case_fault(test, what);
    case_leave(test->copy, left);
}

static void what_its_own_words_contradict_is_seen_whoever_signed_it(void **state)
{
    g_autofree char *elsewhere = g_dir_make_tmp("vonglau-stranger-XXXXXX", NULL);
    NodeKey *stranger = node_key_open(elsewhere, NULL);
    g_autofree char *key = g_strdup_printf("\"key\":\"%s\"", node_key_id(test->rig.key));
    g_autofree char *other = g_strdup_printf("\"key\":\"%s\"", node_key_id(stranger));
    forge(CASE_NUMBER, "VV-2026-0043", test->rig.key, "of another number, case or server",
          "certificate-of-another-case");
    forge(CASE_CERTIFICATE_NUMBER, "CC-2026-0009", test->rig.key,
          "of another number, case or server", "certificate-of-another-number");
    forge("\"v\":1", "\"v\":1", stranger, "its signature does not hold", "certificate-unsigned");
    forge(key, other, stranger, "not among the node's keys", "certificate-of-another-node");
    node_key_free(stranger);
    folder_remove(elsewhere);
}

static void a_certificate_that_is_not_as_it_was_made_is_not_packed(void **state)
{
    g_autofree char *made = NULL;
    gsize size;
    const EvidenceCertificate whole = certificate;
    assert_true(g_file_get_contents(path, &made, &size, NULL));
    for (int i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;
        if (i == 0)
            made[size / 2] ^= 1;
        else if (i == 1)
            certificate.digest = test->result.manifest; /* that of the package */
        else if (i == 2)
            certificate.number = "CC-2026-0009";
        if (i == 3)
            unlink(path);
        else
            assert_true(g_file_set_contents(path, made, (gssize)size, NULL));
        unlink(test->copy);
        assert_false(case_make(test, test->copy, CASE_FROM_US, CASE_TO_US, &error));
        assert_true(test->result.certificate_changed);
        assert_int_equal(access(test->copy, F_OK), -1);
        if (i == 0)
            made[size / 2] ^= 1;
        certificate = whole;
    }
    assert_true(g_file_set_contents(path, made, (gssize)size, NULL));
}

/* It says nothing of the certificate: asked for again, the package is made. */
static void what_the_server_lacks_is_not_laid_on_a_certificate(void **state)
{
    bool changed = true;
    struct rlimit files;
    g_autoptr(GError) error = NULL;
    const EvidenceOrder order = {.certificates = &certificate, .certificate_count = 1};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    const struct rlimit none = {0, files.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    bool put = evidence_certificates_put(&order, NULL, &changed, &error);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    assert_false(put);
    assert_true(g_error_matches(error, ERR, ERR_IO)); /* too many open files */
    assert_false(changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_along_byte_for_byte_and_is_named_with_what_it_says),
        cmocka_unit_test(a_byte_changed_anywhere_is_seen_even_under_a_right_signature),
        cmocka_unit_test(one_taken_out_or_put_in_is_seen),
        cmocka_unit_test(what_its_own_words_contradict_is_seen_whoever_signed_it),
        cmocka_unit_test(a_certificate_that_is_not_as_it_was_made_is_not_packed),
        cmocka_unit_test(what_the_server_lacks_is_not_laid_on_a_certificate),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
