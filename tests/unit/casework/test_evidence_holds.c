/* Holds in an evidence package: those that stand and keep its footage, with the ledger's lines of
 * them; and caught when the manifest tells them otherwise, even by who holds the key. */
#include "archive/archive.h"
#include "casework/evidence_holds.h"
#include "evidence_case.h"
#include "unit.h"

#include <string.h>

#define AT_US (RIG_START_US + HOUR_US)          /* when the package is made */
#define LAPSES_US (RIG_START_US + 72 * HOUR_US) /* of the hold for the package itself */

static EvidenceCase *test;
static GArray *holds;
static const Uuid of_case = {{0xc1}}, of_package = {{0xc2}}, elsewhere = {{0xc3}},
                  lapsed = {{0xc4}}, released = {{0xc5}};

static void hold(const Uuid *id, const char *kind, int64_t until_us, int64_t from_us)
{
    static const Uuid object = {{0xd1}};
    const ArchiveHold spans[] = {{test->cameras[0], from_us, from_us + MINUTE_US},
                                 {test->cameras[1], from_us, from_us + MINUTE_US}};
    assert_true(archive_hold(test->rig.archive, id, kind, &object, until_us, spans,
                             G_N_ELEMENTS(spans), NULL));
}

static int set_up(void **state)
{
    static const Uuid nobody;
    test = case_start();
    hold(&released, "case", INT64_MAX, CASE_FROM_US);
    hold(&of_case, "case", INT64_MAX, CASE_FROM_US);
    hold(&elsewhere, "case", INT64_MAX, CASE_TO_US);
    hold(&lapsed, "report", AT_US, CASE_FROM_US);
    hold(&of_package, "package", LAPSES_US, CASE_FROM_US);
    assert_true(archive_release(test->rig.archive, &released, "released", &nobody, &nobody, NULL));
    const EvidenceHoldsAsked asked = {test->rig.dir, test->cameras, 2,
                                      CASE_FROM_US,  CASE_TO_US,    AT_US};
    g_autoptr(CatalogDb) db = catalog_read(test->rig.catalog, NULL);
    holds = evidence_holds(db, &asked, NULL);
    assert_non_null(holds);
    test->holds = (const EvidenceHold *)(void *)holds->data;
    test->hold_count = holds->len;
    assert_true(case_make(test, test->zip, CASE_FROM_US, CASE_TO_US, NULL));
    case_leave(test->zip, "holds");
    return 0;
}

static int tear_down(void **state)
{
    g_array_unref(holds);
    case_end(test);
    return 0;
}

/* A fault of the lines, or of the manifest. */
#define OF_LINES PACKAGE_HOLDS ": tells of holds otherwise than the ledger"
#define OF_MANIFEST PACKAGE_MANIFEST ": tells of holds otherwise than the ledger"

/* The end of the path and what is wrong there. */
static void has_fault(const char *wanted)
{
    bool found = false;
    for (guint i = 0; i < test->report.faults->len; i++) {
        const VerifyFault *fault = test->report.faults->pdata[i];
        g_autofree char *said = g_strdup_printf("%s: %s", fault->path, fault->what);
        found |= strstr(said, wanted) != NULL;
    }
    if (!found)
        verify_print(&test->report, stderr);
    assert_true(found);
}

static void caught(const GPtrArray *parts, const char *name, const char *fault)
{
    parts_sign(parts, test->rig.key);
    parts_store(parts, test->copy);
    if (name) /* of each kind one is checked in a browser, too */
        case_leave(test->copy, name);
    assert_false(case_passes(test, test->copy, NULL));
    has_fault(fault);
}

/* Line `index` of the holds, without its newline. Returned owned. */
static char *line_of(const GPtrArray *parts, unsigned index)
{
    g_auto(GStrv) lines = g_strsplit(parts_text(parts, PACKAGE_HOLDS), "\n", -1);
    assert_true(index + 1 < g_strv_length(lines));
    return g_strdup(lines[index]);
}

static void a_package_has_the_holds_that_keep_its_footage_with_their_lines(void **state)
{
    g_auto(PackageManifest) manifest;
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const char *text = parts_text(parts, PACKAGE_MANIFEST);
    package_manifest_init(&manifest);
    assert_true(package_manifest_read(text, strlen(text), &manifest));
    assert_string_equal(manifest.basis, CASE_BASIS);
    assert_int_equal(manifest.holds->len, 2);
    const PackageHold *first = &g_array_index(manifest.holds, PackageHold, 0),
                      *second = &g_array_index(manifest.holds, PackageHold, 1);
    assert_true(uuid_equal(&first->id, &of_case) && uuid_equal(&second->id, &of_package));
    assert_int_equal(first->until_us, 0);
    assert_int_equal(second->until_us, LAPSES_US);
    assert_string_equal(second->kind, "package");
    g_auto(GStrv) lines = g_strsplit(parts_text(parts, PACKAGE_HOLDS), "\n", -1);
    assert_int_equal(g_strv_length(lines), 2 * 2 + 1); /* of both cameras, and nothing behind */
    if (!case_passes(test, test->zip, test->fingerprint))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
}

static void a_hold_that_is_told_otherwise_than_the_ledger_tells_it_is_seen(void **state)
{
    static const struct {
        const char *name, *from, *to, *fault;
    } lies[] = {
        {NULL, ",\"case\",", ",\"report\",", OF_LINES},
        {"hold-since", ",\"case\",1", ",\"case\",2", OF_LINES},
        {"hold-until", ",0,[]]", ",9000000000000000,[]]", OF_LINES},
        {NULL, "[[\"c1", "[[\"c9", OF_LINES},
        {NULL, "[[\"c1", "[[\"c9", OF_MANIFEST},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        g_autoptr(GPtrArray) parts = parts_load(test->zip);
        parts_edit(parts, PACKAGE_MANIFEST, lies[i].from, lies[i].to);
        caught(parts, lies[i].name, lies[i].fault);
    }
}

/* In the place of the nobody who asked for the first hold. */
static void people(const GPtrArray *parts, const char *first, const char *second)
{
    static const char person[] = "[\"%s\",\"%s\",\"an\",\"officer\",5]";
    g_autofree char *one = g_strdup_printf(person, "asked", first),
                    *two = g_strdup_printf(person, "approved", second),
                    *both = g_strdup_printf(",0,[%s,%s]]", one, two);
    parts_edit(parts, PACKAGE_MANIFEST, ",0,[]]", both);
}

static void a_hold_that_one_person_asked_for_and_approved_cannot_be(void **state)
{
    static const char one[] = "07070707-0000-4000-8000-000000000000",
                      other[] = "08080808-0000-4000-8000-000000000000";
    g_autoptr(GPtrArray) parts = parts_load(test->zip), two = parts_load(test->zip);
    people(parts, one, one);
    caught(parts, "hold-own", OF_MANIFEST);
    people(two, one, other);
    parts_sign(two, test->rig.key);
    parts_store(two, test->copy);
    assert_true(case_passes(test, test->copy, NULL));
}

static void a_hold_that_was_over_when_the_package_was_made_cannot_be(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    g_autofree char *at = g_strdup_printf("\"at_us\":%" G_GINT64_FORMAT, AT_US),
                    *later = g_strdup_printf("\"at_us\":%" G_GINT64_FORMAT, LAPSES_US);
    parts_edit(parts, PACKAGE_MANIFEST, at, later);
    parts_edit(parts, PACKAGE_TIME, at, later);
    caught(parts, "hold-over", OF_MANIFEST);
}

static void lines_of_holds_that_are_changed_swapped_or_gone_are_seen(void **state)
{
    g_autoptr(GPtrArray) changed = parts_load(test->zip), swapped = parts_load(test->zip),
                         fewer = parts_load(test->zip), none = parts_load(test->zip),
                         broken = parts_load(test->zip);
    parts_edit(changed, PACKAGE_HOLDS, "\"to_us\":1", "\"to_us\":2");
    caught(changed, NULL, "its signature does not hold");

    g_autofree char *first = line_of(swapped, 0), *second = line_of(swapped, 1),
                    *third = line_of(swapped, 2), *last = line_of(swapped, 3);
    g_autofree char *turned = g_strdup_printf("%s\n%s\n%s\n%s\n", second, first, third, last);
    parts_put(swapped, PACKAGE_HOLDS, turned, strlen(turned));
    caught(swapped, "hold-lines-swapped", OF_LINES);

    g_autofree char *half = g_strdup_printf("%s\n%s\n", third, last);
    parts_put(fewer, PACKAGE_HOLDS, half, strlen(half));
    caught(fewer, "hold-lines-gone", OF_MANIFEST);
    parts_put(broken, PACKAGE_HOLDS, "{}\n", 3);
    caught(broken, "hold-line-broken", "line 1 cannot be read");

    g_ptr_array_remove(none, parts_find(none, PACKAGE_HOLDS));
    caught(none, NULL, "is not there");
}

/* Lines that nobody tells of are of no package: nor a file of them. */
static void a_hold_that_is_left_out_of_the_manifest_is_seen_by_its_lines(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const char *list = strstr(parts_text(parts, PACKAGE_MANIFEST), ",\"holds\":[[");
    assert_non_null(list);
    const char *second = strstr(list, "],[\"");
    assert_non_null(second);
    g_autofree char *one = g_strndup(list, (gsize)(second + 2 - list)),
                    *all = g_strndup(list, (gsize)(strstr(list, "]]]") + 3 - list));
    parts_edit(parts, PACKAGE_MANIFEST, one, ",\"holds\":[");
    caught(parts, "hold-left-out", OF_LINES);
    g_autoptr(GPtrArray) without = parts_load(test->zip);
    parts_edit(without, PACKAGE_MANIFEST, all, ",\"holds\":[]");
    caught(without, "holds-left-out", "belongs to no package");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_has_the_holds_that_keep_its_footage_with_their_lines),
        cmocka_unit_test(a_hold_that_is_told_otherwise_than_the_ledger_tells_it_is_seen),
        cmocka_unit_test(a_hold_that_one_person_asked_for_and_approved_cannot_be),
        cmocka_unit_test(a_hold_that_was_over_when_the_package_was_made_cannot_be),
        cmocka_unit_test(lines_of_holds_that_are_changed_swapped_or_gone_are_seen),
        cmocka_unit_test(a_hold_that_is_left_out_of_the_manifest_is_seen_by_its_lines),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
