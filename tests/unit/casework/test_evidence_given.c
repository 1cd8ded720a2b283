/* What households gave, in an evidence package: the bytes that arrived, apart from the server's own
 * footage, with what the household agreed to; and caught when any of it is not so. */
#include "base/file.h"
#include "evidence_case.h"
#include "people/audit.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

#define FILM_NAME "household/01/given-1.mp4"
#define PHOTO_NAME "household/01/given-2.jpg"
#define CONSENT "consent/01.json"
#define FILM "what a household's film would be"
#define PHOTO "and a photo"
#define CASE "VV-2026-0042"

typedef struct Fixture {
    EvidenceCase *test;
    char *folder;
    PackageConsent consent;
} Fixture;

static Fixture fixture;

static void add_file(unsigned n, const char *type, const char *bytes)
{
    char leaf[16];
    g_snprintf(leaf, sizeof leaf, "given-%u", n);
    PackageConsentFile file = {
        .given = {.household = 1,
                  .file = {{0xf1, (uint8_t)n}},
                  .answer = fixture.consent.answer,
                  .request = fixture.consent.request,
                  .given_us = RIG_START_US + n * MINUTE_US,
                  .hash = hash_of(bytes, strlen(bytes))},
        .bytes = (int64_t)strlen(bytes),
        .begun_us = RIG_START_US + 30 * SECOND_US,
        .kept_us = RIG_START_US + 10 * MINUTE_US,
        .path = g_build_filename(fixture.folder, leaf, NULL),
    };
    g_strlcpy(file.given.type, type, sizeof file.given.type);
    assert_true(package_given_name(1, n, type, file.given.name));
    assert_true(g_file_set_contents(file.path, bytes, -1, NULL));
    g_array_append_val(fixture.consent.files, file);
}

static void note(Audit *audit, const char *action, const Uuid *object, const Uuid *actor,
                 const char *address)
{
    char id[UUID_TEXT];
    const AuditEntry entry = {.actor = *actor,
                              .action = action,
                              .object = uuid_text(object, id),
                              .address = address,
                              .reason = CASE,
                              .result = "ok"};
    audit_append(audit, &entry);
}

/* What stands in the log of how it came. */
static void log_custody(void)
{
    const Uuid officer = {{7}}, nobody = {0}, stranger = {{9, 9, 9}};
    const PackageConsent *consent = &fixture.consent;
    const Uuid *film = &g_array_index(consent->files, PackageConsentFile, 0).given.file;
    g_autofree char *folder = g_build_filename(fixture.test->rig.dir, "ledger", "audit", NULL);
    g_autoptr(Audit) audit = audit_open(folder, fixture.test->rig.key, NULL);
    note(audit, "household-ask", &consent->request, &officer, "10.0.0.1");
    note(audit, "household-link", &consent->answer, &officer, "10.0.0.1");
    note(audit, "household-given", film, &nobody, "203.0.113.77");
    note(audit, "household-file", film, &officer, "10.0.0.1");
    note(audit, "household-file", &stranger, &officer, "10.0.0.1");
}

static int set_up(void **state)
{
    g_autoptr(GError) error = NULL;
    EvidenceCase *test = fixture.test = case_start();
    fixture.folder = g_dir_make_tmp("vonglau-given-XXXXXX", NULL);
    PackageConsent *consent = &fixture.consent;
    package_consent_init(consent);
    consent->household = 1;
    consent->request = (Uuid){{0xaa, 1}};
    consent->answer = (Uuid){{0xbb, 2}};
    consent->pin_us = RIG_START_US - DAY_US;
    consent->may_ask_us = RIG_START_US - HOUR_US;
    consent->case_number = g_strdup(CASE);
    consent->what = g_strdup("Xe máy đỏ <b>");
    consent->unit = g_strdup("Công an xã");
    consent->from_us = RIG_START_US;
    consent->to_us = RIG_START_US + HOUR_US;
    consent->radius_m = 150;
    consent->asked_us = RIG_START_US;
    consent->deadline_us = RIG_START_US + DAY_US;
    add_file(1, "video/mp4", FILM);
    add_file(2, "image/jpeg", PHOTO);
    const PackageLookAt look = {1, RIG_START_US + 11 * MINUTE_US, "officer", "look"};
    g_array_append_val(consent->looks, look);
    log_custody();
    test->consent = consent;
    if (!case_make(test, test->zip, CASE_FROM_US, CASE_TO_US, &error))
        fail_msg("%s", error->message);
    return 0;
}

static const char *path_of(unsigned n)
{
    return g_array_index(fixture.consent.files, PackageConsentFile, n - 1).path;
}

static int tear_down(void **state)
{
    unlink(path_of(1));
    unlink(path_of(2));
    rmdir(fixture.folder);
    g_free(fixture.folder);
    package_consent_clear(&fixture.consent);
    case_end(fixture.test);
    return 0;
}

static void it_has_the_bytes_that_arrived_and_says_whose_they_are_not(void **state)
{
    EvidenceCase *test = fixture.test;
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    assert_string_equal(parts_text(parts, FILM_NAME), FILM);
    assert_string_equal(parts_text(parts, PHOTO_NAME), PHOTO);
    if (!case_passes(test, test->zip, test->fingerprint))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_int_equal(test->report.notes->len, 2);
    const char *told = g_ptr_array_index(test->report.notes, 0);
    assert_non_null(strstr(told, FILM_NAME ": given by household 01, not recorded by this server"));
    assert_non_null(strstr(told, "clock not checked, no verdict a second"));
    for (size_t i = 0; i < test->report.spans->len; i++) /* of the server's cameras alone */
        assert_true(uuid_equal(&g_array_index(test->report.spans, VerifySpan, i).camera,
                               &test->cameras[0]) ||
                    uuid_equal(&g_array_index(test->report.spans, VerifySpan, i).camera,
                               &test->cameras[1]));
}

static void its_consent_tells_what_was_asked_and_agreed_to_and_every_look(void **state)
{
    PackageConsent read;
    g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
    const char *text = parts_text(parts, CONSENT);
    package_consent_init(&read);
    assert_true(package_consent_read(text, strlen(text), &read));
    assert_string_equal(read.what, "Xe máy đỏ <b>");
    assert_string_equal(read.case_number, CASE);
    assert_int_equal(read.may_ask_us, RIG_START_US - HOUR_US);
    assert_int_equal(read.to_us - read.from_us, HOUR_US);
    assert_int_equal(read.looks->len, 1);
    assert_string_equal(g_array_index(read.looks, PackageLookAt, 0).role, "officer");
    assert_non_null(strstr(text, "\"clock\":\"of the device, not checked\""));
    package_consent_clear(&read);
}

static void its_custody_tells_how_it_came_and_not_from_which_address(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
    const char *custody = parts_text(parts, PACKAGE_CUSTODY);
    assert_non_null(strstr(custody, "household-ask"));
    assert_non_null(strstr(custody, "household-link"));
    const char *look = strstr(custody, "\"household-file\"");
    assert_non_null(look);
    assert_null(strstr(look + 1, "\"household-file\"")); /* of another file */
    assert_null(strstr(custody, "203.0.113.77"));
}

/* Whatever was done to the package is a fault of `name`. */
static void assert_seen(const GPtrArray *parts, const char *what, const char *name)
{
    EvidenceCase *test = fixture.test;
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL));
    const VerifyFault *fault = case_fault(test, what);
    assert_true(g_str_has_suffix(fault->path, name));
    assert_string_equal(fault->camera, "");
    for (size_t i = 0; i < test->report.spans->len; i++)
        assert_int_not_equal(g_array_index(test->report.spans, VerifySpan, i).verdict,
                             VERDICT_ALTERED);
}

static void each_byte_that_was_changed_is_seen_and_no_second_of_other_footage_suffers(void **state)
{
    for (size_t at = 0; at < strlen(FILM); at++) {
        g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
        parts_find(parts, FILM_NAME)->data->data[at] ^= 0x10;
        assert_seen(parts, "was changed", FILM_NAME);
    }
    g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
    parts_edit(parts, CONSENT, "150", "950");
    assert_seen(parts, "was changed", CONSENT);
}

static void one_taken_out_put_in_or_swapped_is_seen(void **state)
{
    g_autoptr(GPtrArray) without = parts_load(fixture.test->zip);
    g_ptr_array_remove(without, parts_find(without, PHOTO_NAME));
    assert_seen(without, "added, taken out or moved", PHOTO_NAME);
    g_autoptr(GPtrArray) swapped = parts_load(fixture.test->zip);
    g_autofree char *film = g_strdup(parts_text(swapped, FILM_NAME));
    parts_put(swapped, FILM_NAME, PHOTO, strlen(PHOTO));
    parts_put(swapped, PHOTO_NAME, film, strlen(film));
    assert_seen(swapped, "was changed", FILM_NAME);
    g_autoptr(GPtrArray) renamed = parts_load(fixture.test->zip);
    Part *photo = parts_find(renamed, PHOTO_NAME);
    g_free(photo->name);
    photo->name = g_strdup("household/01/given-3.jpg");
    assert_seen(renamed, "belongs to no package", "household/01/given-3.jpg");
}

/* For the test of verify.html: the whole, and one whose bytes were changed after they came, with
 * the list made and signed anew. */
static void what_was_changed_and_signed_anew_is_left_for_the_page(void **state)
{
    EvidenceCase *test = fixture.test;
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    case_leave(test->zip, "whole-given");
    parts_edit(parts, FILM_NAME, "film", "flim");
    assert_seen(parts, "was changed", FILM_NAME);
    case_leave(test->copy, "given-changed");
    parts_sign(parts, test->rig.key);
    assert_seen(parts, "not what the household gave", FILM_NAME);
    case_leave(test->copy, "given-signed-anew");
}

/* Signed anew by who holds the key. */
static void forge(const char *name, const char *from, const char *to, const char *what)
{
    g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
    parts_edit(parts, name, from, to);
    parts_sign(parts, fixture.test->rig.key);
    parts_store(parts, fixture.test->copy);
    assert_false(case_passes(fixture.test, fixture.test->copy, NULL));
    case_fault(fixture.test, what);
}

static void what_its_own_words_contradict_is_seen_whoever_signed_it(void **state)
{
    forge(FILM_NAME, "film", "flim", "not what the household gave");
    forge(CONSENT, "\"household\":1", "\"household\":2", "does not tell of what");
    forge(CONSENT, "\"video/mp4\"", "\"video/webm\"", "does not tell of what");
    forge(CONSENT, CASE, "VV-2026-0043", "does not tell of what");
    forge(CONSENT, "not checked", "checked now", "does not tell of what");
    forge(CONSENT, "[[2,", "[[3,",
          "does not tell of what"); /* a look at a file that is not there */
    forge(PACKAGE_MANIFEST, "\"image/jpeg\"]]", "\"image/png\"]]", "no file of a household");
    forge(PACKAGE_MANIFEST, "\"image/jpeg\"]]", "\"text/html\"]]", "no file of a household");
    forge(PACKAGE_MANIFEST, "\"given\":[[\"" FILM_NAME, "\"given\":[[\"media/01/given-1.mp4",
          "no file of a household");
}

static void a_name_that_leads_out_of_the_package_is_none(void **state)
{
    static const char *const names[] = {"household/../given-1.mp4", "/household/01/given-1.mp4",
                                        "household/01/<b>.mp4", "household/01/\\u202e4pm.mp4"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *given = g_strdup_printf("\"given\":[[\"%s", names[i]);
        g_autoptr(GPtrArray) parts = parts_load(fixture.test->zip);
        parts_edit(parts, PACKAGE_MANIFEST, "\"given\":[[\"" FILM_NAME, given);
        parts_store(parts, fixture.test->copy);
        assert_false(case_passes(fixture.test, fixture.test->copy, NULL));
        case_fault(fixture.test, "is not the manifest of a package");
    }
}

/* A making that fails for what lies there is not what arrived, and leaves nothing. */
static void assert_refused(void)
{
    g_autoptr(GError) error = NULL;
    EvidenceCase *test = fixture.test;
    unlink(test->copy);
    assert_false(case_make(test, test->copy, CASE_FROM_US, CASE_TO_US, &error));
    assert_non_null(strstr(error->message, "not what the household gave"));
    assert_true(test->result.given_changed);
    g_autoptr(GPtrArray) names = folder_names(test->folder);
    assert_int_equal(names->len, 2); /* the whole package, and the page */
}

static void what_was_altered_grew_shrank_went_or_became_a_link_on_the_disk_is_refused(void **state)
{
    static const char *const others[] = {"what a household's flim would be", FILM FILM, "what", ""};
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        assert_true(g_file_set_contents(path_of(1), others[i], -1, NULL));
        assert_refused();
    }
    unlink(path_of(1));
    assert_refused();
    assert_int_equal(symlink(path_of(2), path_of(1)), 0);
    assert_refused();
    unlink(path_of(1));
    assert_true(g_file_set_contents(path_of(1), FILM, -1, NULL));
    assert_true(case_make(fixture.test, fixture.test->copy, CASE_FROM_US, CASE_TO_US, &error));
    assert_false(fixture.test->result.given_changed);
    g_autoptr(GPtrArray) one = parts_load(fixture.test->zip),
                         other = parts_load(fixture.test->copy);
    assert_string_equal(parts_text(one, PACKAGE_MANIFEST), parts_text(other, PACKAGE_MANIFEST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_the_bytes_that_arrived_and_says_whose_they_are_not),
        cmocka_unit_test(its_consent_tells_what_was_asked_and_agreed_to_and_every_look),
        cmocka_unit_test(its_custody_tells_how_it_came_and_not_from_which_address),
        cmocka_unit_test(each_byte_that_was_changed_is_seen_and_no_second_of_other_footage_suffers),
        cmocka_unit_test(one_taken_out_put_in_or_swapped_is_seen),
        cmocka_unit_test(what_was_changed_and_signed_anew_is_left_for_the_page),
        cmocka_unit_test(what_its_own_words_contradict_is_seen_whoever_signed_it),
        cmocka_unit_test(a_name_that_leads_out_of_the_package_is_none),
        cmocka_unit_test(what_was_altered_grew_shrank_went_or_became_a_link_on_the_disk_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
