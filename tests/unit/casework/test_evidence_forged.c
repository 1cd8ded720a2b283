/* Every way to tamper with an evidence package that EVIDENCE.md names, and some more: each is seen.
 *
 * With VONGLAU_FORGED naming a folder, one package of each kind stays there, and the one that they
 * were made of, for the test of verify.html (tests/e2e/verify-page.test.mjs).
 */
#include "evidence_case.h"

#include "../ledger/ledger_fixture.h"
#include "archive/root_line.h"
#include "ledger/chain.h"
#include "ledger/node_key.h"

#include <string.h>

static EvidenceCase *test;
static char *elsewhere; /* another node's data folder */
static NodeKey *stranger;

static int set_up(void **state)
{
    test = case_start();
    case_leave(test->zip, "whole");
    elsewhere = g_dir_make_tmp("vonglau-stranger-XXXXXX", NULL);
    stranger = node_key_open(elsewhere, NULL);
    assert_non_null(stranger);
    return 0;
}

static int tear_down(void **state)
{
    case_end(test);
    node_key_free(stranger);
    folder_remove(elsewhere);
    g_free(elsewhere);
    return 0;
}

static void store_bytes(const uint8_t *data, size_t size)
{
    assert_true(g_file_set_contents(test->copy, (const char *)data, (gssize)size, NULL));
}

static void caught(const GPtrArray *parts, const char *name)
{
    parts_store(parts, test->copy);
    case_leave(test->copy, name);
    assert_false(case_passes(test, test->copy, NULL));
    assert_true(test->report.faults->len > 0);
}

/* Seconds behind the recording's beginning that are called altered; -1: none. */
static void altered_span(int64_t *from_s, int64_t *to_s)
{
    *from_s = *to_s = -1;
    for (size_t i = 0; i < test->report.spans->len; i++) {
        const VerifySpan *span = &g_array_index(test->report.spans, VerifySpan, i);
        if (span->verdict != VERDICT_ALTERED)
            continue;
        assert_true(uuid_equal(&span->camera, &test->cameras[0]));
        if (*from_s < 0)
            *from_s = (span->from_us - RIG_START_US) / SECOND_US;
        *to_s = (span->to_us - RIG_START_US) / SECOND_US;
    }
}

/* Seconds that fragment `index` of the first footage file is in. */
static int64_t fragment_second(const GPtrArray *parts, unsigned index)
{
    const char *text = parts_text(parts, PACKAGE_CONTINUITY);
    g_autoptr(GArray) media = package_continuity_media(text, strlen(text) - 1);
    return (g_array_index(media, PackageMedia, 0).from_us - RIG_START_US) / SECOND_US + index;
}

static void a_byte_changed_anywhere_is_seen(void **state)
{
    g_autofree char *data = NULL;
    gsize size;
    assert_true(g_file_get_contents(test->zip, &data, &size, NULL));
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    g_autofree bool *flip = g_new0(bool, size);
    size_t at = 0;
    for (size_t i = 0; i < parts->len; i++) { /* headers, and both ends of each file */
        const Part *part = g_ptr_array_index(parts, i);
        size_t begin = at + 30 + strlen(part->name), end = begin + part->data->len;
        for (size_t j = at; j < begin; j += 7)
            flip[j] = true;
        for (size_t j = begin; j < end; j += MAX(1, part->data->len / 5))
            flip[j] = true;
        flip[end > begin ? end - 1 : begin - 1] = true;
        at = end;
    }
    for (size_t j = at; j < size; j += 13)
        flip[j] = true;
    size_t in_footage =
        30 + strlen(parts_media(parts, 0)->name) + fragment_at(parts_media(parts, 0), 12) + 300;
    flip[in_footage] = true;
    for (size_t j = 0; j < size; j++) {
        if (!flip[j])
            continue;
        data[j] ^= 0x10;
        store_bytes((uint8_t *)data, size);
        if (case_passes(test, test->copy, NULL))
            fail_msg("byte %zu was changed, and nobody saw it", j);
        if (j == in_footage)
            case_leave(test->copy, "byte-flipped");
        data[j] ^= 0x10;
    }
}

static void a_package_cut_off_anywhere_is_seen(void **state)
{
    g_autofree char *data = NULL;
    gsize size;
    assert_true(g_file_get_contents(test->zip, &data, &size, NULL));
    for (size_t part = 0; part < 40; part++) {
        store_bytes((uint8_t *)data, part < 20 ? size - 1 - part : size * (part - 20) / 20);
        assert_false(case_passes(test, test->copy, NULL));
    }
    case_leave(test->copy, "cut-off");
}

static void a_fragment_dropped_is_named_to_the_second(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    Part *part = parts_media(parts, 0);
    size_t begin = fragment_at(part, 7), end = fragment_at(part, 8);
    int64_t second = fragment_second(parts, 7), from_s, to_s;
    g_byte_array_remove_range(part->data, (guint)begin, (guint)(end - begin));
    caught(parts, "fragment-dropped");
    case_fault(test, "fragment 8 is missing");
    altered_span(&from_s, &to_s);
    assert_int_equal(from_s, second);
    assert_in_range(to_s - from_s, 1, 2);
}

static void two_fragments_swapped_are_named(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    Part *part = parts_media(parts, 0);
    size_t first = fragment_at(part, 4), second = fragment_at(part, 5), end = fragment_at(part, 6);
    g_autofree uint8_t *moved = g_memdup2(part->data->data + first, second - first);
    memmove(part->data->data + first, part->data->data + second, end - second);
    memcpy(part->data->data + first + (end - second), moved, second - first);
    caught(parts, "fragments-swapped");
    case_fault(test, "was moved");
    int64_t from_s, to_s;
    altered_span(&from_s, &to_s);
    assert_true(from_s >= fragment_second(parts, 4) && to_s <= fragment_second(parts, 7));
}

/* 16 bytes out of the first picture of a fragment, with all sizes mended. */
static void strip(Part *part, unsigned index)
{
    enum { STRIPPED = 16 };
    size_t begin = fragment_at(part, index);
    uint8_t *moof = part->data->data + begin + get_u32(part->data->data + begin);
    uint8_t *mdat = moof + get_u32(moof);
    uint32_t size = 0;
    for (uint8_t *at = moof; at + 4 < mdat && !size; at++) /* the first sample's size in trun */
        if (get_u32(at) == test->rig.bytes) {
            size = get_u32(at) - STRIPPED;
            put_u32(at, size);
        }
    assert_true(size > 0);
    put_u32(mdat, get_u32(mdat) - STRIPPED);
    put_u32(mdat + 8, get_u32(mdat + 8) - STRIPPED); /* length of its NAL unit */
    g_byte_array_remove_range(part->data, (guint)(mdat + 12 - part->data->data), STRIPPED);
}

static void what_is_stripped_out_of_a_picture_is_seen_though_it_still_plays(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    strip(parts_media(parts, 0), 9);
    caught(parts, "stripped");
    case_fault(test, "fragment 10 was changed");
    parts_sign(parts, test->rig.key); /* even by who holds the key: the seal is older */
    caught(parts, "stripped-signed");
    case_fault(test, "fragment 10 was changed");
}

/* Other boxes around the same pictures, as another program writes them: without wall clocks. */
static void a_film_muxed_anew_is_seen(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    Part *part = parts_media(parts, 0);
    for (size_t at = fragment_at(part, 0); at < part->data->len; at = fragment_at(part, 0))
        g_byte_array_remove_range(part->data, (guint)at, get_u32(part->data->data + at));
    caught(parts, "muxed-anew");
    case_fault(test, "were changed");
    parts_sign(parts, test->rig.key);
    caught(parts, "muxed-anew-signed");
    case_fault(test, "were changed");
}

static void two_packages_spliced_are_seen(void **state)
{
    g_autofree char *path = g_build_filename(test->folder, "other.zip", NULL);
    assert_true(case_make(test, path, CASE_FROM_US + 20 * SECOND_US, CASE_TO_US, NULL));
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    g_autoptr(GPtrArray) others = parts_load(path);
    unlink(path);
    const Part *other = parts_media(others, 0);
    parts_put(parts, parts_media(parts, 0)->name, other->data->data, other->data->len);
    caught(parts, "spliced");
    case_fault(test, "is not what the manifest says");
    const char *manifest = parts_text(others, PACKAGE_MANIFEST);
    parts_put(parts, PACKAGE_MANIFEST, manifest, strlen(manifest));
    caught(parts, "spliced-manifest");
    case_fault(test, "its signature does not hold");
}

static void clock_facts_that_were_changed_are_seen(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    parts_edit(parts, PACKAGE_TIME, "\"ntp_us\":1200", "\"ntp_us\":7");
    caught(parts, "clock");
    case_fault(test, "is not what the manifest says");
    g_autoptr(GPtrArray) signed_anew = parts_load(test->zip);
    parts_edit(signed_anew, PACKAGE_TIME, "\"at_us\":1", "\"at_us\":2");
    parts_sign(signed_anew, test->rig.key);
    caught(signed_anew, "clock-signed");
    case_fault(test, "another time of its making");
    g_autoptr(GPtrArray) sealed = parts_load(test->zip);
    parts_edit(sealed, "proofs/seals-01.jsonl", "\"offset_us\":0", "\"offset_us\":5000000");
    parts_sign(sealed, test->rig.key);
    caught(sealed, "clock-of-seal");
    case_fault(test, "its signature does not hold");
}

/* Even by who holds the key: the films are there. */
static void what_is_told_of_the_films_is_counted_again(void **state)
{
    static const struct {
        const char *name, *from, *to;
    } lies[] = {{"film-codec", "\"avc1.640028\",", "\"hvc1.1.6.L93.B0\","},
                {"film-width", "\",640,", "\",1920,"},
                {"film-height", ",640,360,", ",640,1080,"},
                {"film-pictures", ",360,1350,", ",360,2700,"},
                {"film-lasts", ",1350,8100042]", ",1350,4050021]"}};
    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        g_autoptr(GPtrArray) parts = parts_load(test->zip);
        parts_edit(parts, PACKAGE_MANIFEST, lies[i].from, lies[i].to);
        parts_sign(parts, test->rig.key);
        caught(parts, lies[i].name);
        case_fault(test, "tells other codecs, sizes, numbers or times of pictures");
    }
}

/* A list of lists is taken out of a file. */
static void cut(const GPtrArray *parts, const char *name, const char *member)
{
    const char *list = strstr(parts_text(parts, name), member);
    assert_non_null(list);
    g_autofree char *all = g_strndup(list, (size_t)(strstr(list, "]]") + 2 - list));
    parts_edit(parts, name, all, "");
}

static void readings_of_a_clock_that_cannot_be_are_seen(void **state)
{
    static const struct {
        const char *name, *from, *to, *fault;
    } lies[] = {
        {"reading-later", "2000000,1000000,17", "2000000,1000000,27", "that cannot be"},
        {"reading-doubt", "2000000,1000000,17", "2000000,-1000000,17", "that cannot be"},
        {"reading-left-out", "\",\"end\"],", "\",\"start\"],", "does not tell what the seals"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        g_autoptr(GPtrArray) parts = parts_load(test->zip);
        parts_edit(parts, PACKAGE_TIME, lies[i].from, lies[i].to);
        parts_sign(parts, test->rig.key);
        caught(parts, lies[i].name);
        case_fault(test, lies[i].fault);
    }
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    cut(parts, PACKAGE_TIME, ",\"clocks\":[");
    parts_sign(parts, test->rig.key);
    caught(parts, "readings-gone");
    case_fault(test, "does not tell the clock of each camera");
}

/* As packages were before they told of their legal basis and of holds. */
static void a_package_of_the_second_format_holds_as_it_did(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    parts_edit(parts, PACKAGE_MANIFEST, CASE_BASIS_MEMBERS, "");
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL)); /* a manifest of this format tells of them */
    parts_edit(parts, PACKAGE_MANIFEST, "\"format\":3", "\"format\":2");
    parts_sign(parts, test->rig.key);
    parts_store(parts, test->copy);
    case_leave(test->copy, "second-format");
    if (!case_passes(test, test->copy, test->fingerprint))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
}

/* As packages were before they told of films and of the cameras' clocks. */
static void a_package_of_the_first_format_holds_as_it_did(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    cut(parts, PACKAGE_MANIFEST, ",\"films\":[");
    parts_store(parts, test->copy);
    assert_false(case_passes(test, test->copy, NULL)); /* a manifest of this format tells of them */
    parts_edit(parts, PACKAGE_MANIFEST, "\"format\":3", "\"format\":1");
    parts_edit(parts, PACKAGE_MANIFEST, CASE_BASIS_MEMBERS, "");
    cut(parts, PACKAGE_TIME, ",\"clocks\":[");
    parts_sign(parts, test->rig.key);
    parts_store(parts, test->copy);
    case_leave(test->copy, "first-format");
    if (!case_passes(test, test->copy, test->fingerprint))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
}

static void a_gap_that_is_hidden_is_seen_even_under_a_right_signature(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    parts_edit(parts, PACKAGE_CONTINUITY, "camera-offline", "paused");
    parts_sign(parts, test->rig.key);
    caught(parts, "gap-hidden");
    case_fault(test, "does not tell what the seals and the footage tell");
}

static void a_seal_line_left_out_breaks_the_chain(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    const char *text = parts_text(parts, "proofs/seals-01.jsonl");
    const char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
    g_autofree char *less = g_strdup_printf("%.*s%s", (int)(second - text), text, third);
    parts_put(parts, "proofs/seals-01.jsonl", less, strlen(less));
    parts_sign(parts, test->rig.key);
    caught(parts, "seal-left-out");
    case_fault(test, "lines are missing");
    case_fault(test, "no seal of this package holds for it");
}

static void a_camera_removed_from_the_manifest_is_seen(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    char other[UUID_TEXT];
    g_autofree char *camera =
        g_strdup_printf(",[\"id\",\"%s\"]", uuid_text(&test->cameras[1], other));
    parts_edit(parts, PACKAGE_MANIFEST, camera, "");
    caught(parts, "camera-removed");
    case_fault(test, "its signature does not hold");
    parts_sign(parts, test->rig.key);
    caught(parts, "camera-removed-signed");
    case_fault(test, "belongs to no package");
}

static void a_manifest_signed_by_another_node_is_seen(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    parts_sign(parts, stranger);
    caught(parts, "other-node");
    case_fault(test, "not among the node's keys");
    g_autofree char *keys = g_build_filename(elsewhere, "ledger", "keys.jsonl", NULL);
    g_autofree char *text = text_load(keys);
    g_autofree char *pem = package_key_pem(node_key_public(stranger));
    parts_put(parts, PACKAGE_KEYS, text, strlen(text));
    parts_put(parts, PACKAGE_KEY_PEM, pem, strlen(pem));
    parts_sign(parts, stranger); /* with its keys: then the seals are not its own */
    caught(parts, "other-node-keys");
    case_fault(test, "not among the node's keys");
}

static void files_added_removed_or_renamed_are_seen(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    g_free(parts_media(parts, 0)->name);
    ((Part *)g_ptr_array_index(parts, 0))->name = g_strdup("media/01/2026-11-23_other.mp4");
    caught(parts, "file-renamed");
    g_autoptr(GPtrArray) fewer = parts_load(test->zip);
    g_ptr_array_remove_index(fewer, 1);
    caught(fewer, "file-removed");
    g_autoptr(GPtrArray) twice = parts_load(test->zip);
    g_free(((Part *)g_ptr_array_index(twice, 1))->name);
    ((Part *)g_ptr_array_index(twice, 1))->name = g_strdup(parts_media(twice, 0)->name);
    caught(twice, "file-twice");
    case_fault(test, "its directory was changed");
}

/* Header and directory agree on a sum that is not the file's. */
static void a_checksum_changed_in_both_places_is_seen(void **state)
{
    g_autofree char *data = NULL;
    gsize size;
    uint64_t directory;
    assert_true(g_file_get_contents(test->zip, &data, &size, NULL));
    assert_true(zip_directory_find((uint8_t *)data + size - ZIP_END_MOST_BYTES, ZIP_END_MOST_BYTES,
                                   size, &directory));
    data[ZIP_CRC_AT] ^= 1;
    data[directory + ZIP_CRC_AT + 2] ^= 1;
    store_bytes((uint8_t *)data, size);
    case_leave(test->copy, "checksum");
    assert_false(case_passes(test, test->copy, NULL));
    case_fault(test, "its checksum in the ZIP was changed");
}

static void a_line_of_custody_that_is_missing_or_foreign_is_seen(void **state)
{
    g_autoptr(GPtrArray) parts = parts_load(test->zip);
    parts_put(parts, PACKAGE_CUSTODY, "", 0);
    caught(parts, "custody-missing");
    case_fault(test, "is not what the manifest says");
    parts_put(parts, PACKAGE_CUSTODY, "{}\n", 3);
    parts_sign(parts, test->rig.key);
    caught(parts, "custody-foreign");
    case_fault(test, "no line of the audit log");
}

/* The seals of camera 1 signed anew, each following the one before; their hashes in `hashes`. Lines
 * without leaves, at the end, are left out. */
static GString *seals_anew(const GPtrArray *parts, GArray *seals)
{
    GString *text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(parts_text(parts, "proofs/seals-01.jsonl"), "\n", -1);
    Hash prev = {0};
    for (char **line = lines; *line && **line; line++) {
        SegmentSeal seal;
        assert_true(segment_seal_parse(*line, strlen(*line), &seal));
        if (seal.entries) {
            seal.prev = seals->len > 0 ? prev : seal.prev;
            g_autoptr(GString) made = segment_seal_write(&seal, stranger);
            g_string_append_len(text, made->str, (gssize)made->len);
            prev = seal.seal.hash;
            g_array_append_val(seals, seal); /* gaps and entries stay with it */
        }
    }
    return text;
}

static char *root_anew(const GArray *seals, GString *paths)
{
    g_autoptr(GArray) hashes = g_array_new(FALSE, FALSE, sizeof(Hash));
    const SegmentSeal *last = &g_array_index(seals, SegmentSeal, seals->len - 1);
    RootChain chain = {last->camera, last->volume, last->seq};
    RootLine root = {.kind = ROOT_INTERIM, .day_us = RIG_START_US, .at_us = RIG_START_US + HOUR_US};
    for (size_t i = 0; i < seals->len; i++)
        g_array_append_val(hashes, g_array_index(seals, SegmentSeal, i).seal.hash);
    const Hash *entries = (const Hash *)(void *)hashes->data;
    root.day_us = root.day_us / DAY_US * DAY_US;
    root.chains = g_array_new(FALSE, FALSE, sizeof(RootChain));
    g_array_append_val(root.chains, chain);
    root.entries = hashes->len;
    root.root = merkle_root(entries, hashes->len);
    for (size_t i = 0; i < seals->len; i++) {
        PackagePath path = {last->camera, last->volume, .root = 1, .index = (int64_t)i};
        path.seq = g_array_index(seals, SegmentSeal, i).seq;
        path.length = merkle_path(entries, hashes->len, i, path.path);
        package_path_put(paths, &path);
    }
    g_autofree char *file = g_build_filename(elsewhere, "roots.jsonl", NULL);
    g_autoptr(Chain) log = chain_open(file, stranger, NULL);
    g_autoptr(GString) fields = g_string_new(NULL);
    root_line_put(fields, &root);
    assert_true(chain_append(log, "root", root.at_us, fields, NULL));
    root_line_clear(&root);
    return text_load(file);
}

/* The whole package as if the stranger's node had recorded it. */
static GPtrArray *package_anew(void)
{
    GPtrArray *parts = parts_load(test->zip);
    g_autoptr(GArray) seals = g_array_new(FALSE, TRUE, sizeof(SegmentSeal));
    g_autoptr(GString) paths = g_string_new(NULL);
    g_autoptr(GString) lines = seals_anew(parts, seals);
    g_autofree char *root = root_anew(seals, paths);
    g_autofree char *path = g_build_filename(elsewhere, "ledger", "keys.jsonl", NULL);
    g_autofree char *keys = text_load(path);
    g_autofree char *pem = package_key_pem(node_key_public(stranger));
    parts_put(parts, "proofs/seals-01.jsonl", lines->str, lines->len);
    parts_put(parts, PACKAGE_ROOTS, root, strlen(root));
    parts_put(parts, PACKAGE_PATHS, paths->str, paths->len);
    parts_put(parts, PACKAGE_KEYS, keys, strlen(keys));
    parts_put(parts, PACKAGE_KEY_PEM, pem, strlen(pem));
    parts_put(parts, PACKAGE_CUSTODY, "", 0);
    parts_sign(parts, stranger);
    for (size_t i = 0; i < seals->len; i++)
        segment_seal_clear(&g_array_index(seals, SegmentSeal, i));
    return parts;
}

static void a_package_signed_anew_as_a_whole_is_told_from_ours_by_the_key_alone(void **state)
{
    g_autoptr(GPtrArray) parts = package_anew();
    parts_store(parts, test->copy);
    case_leave(test->copy, "signed-anew");
    if (!case_passes(test, test->copy, NULL))
        verify_print(&test->report, stderr);
    assert_int_equal(test->report.faults->len, 0);
    assert_false(test->report.key_confirmed);
    assert_string_not_equal(test->report.fingerprint, test->fingerprint);
    assert_false(case_passes(test, test->copy, test->fingerprint));
    case_fault(test, "signed by another key than the one asked for");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_changed_anywhere_is_seen),
        cmocka_unit_test(a_package_cut_off_anywhere_is_seen),
        cmocka_unit_test(a_fragment_dropped_is_named_to_the_second),
        cmocka_unit_test(two_fragments_swapped_are_named),
        cmocka_unit_test(what_is_stripped_out_of_a_picture_is_seen_though_it_still_plays),
        cmocka_unit_test(a_film_muxed_anew_is_seen),
        cmocka_unit_test(two_packages_spliced_are_seen),
        cmocka_unit_test(clock_facts_that_were_changed_are_seen),
        cmocka_unit_test(what_is_told_of_the_films_is_counted_again),
        cmocka_unit_test(readings_of_a_clock_that_cannot_be_are_seen),
        cmocka_unit_test(a_package_of_the_first_format_holds_as_it_did),
        cmocka_unit_test(a_package_of_the_second_format_holds_as_it_did),
        cmocka_unit_test(a_gap_that_is_hidden_is_seen_even_under_a_right_signature),
        cmocka_unit_test(a_seal_line_left_out_breaks_the_chain),
        cmocka_unit_test(a_camera_removed_from_the_manifest_is_seen),
        cmocka_unit_test(a_manifest_signed_by_another_node_is_seen),
        cmocka_unit_test(files_added_removed_or_renamed_are_seen),
        cmocka_unit_test(a_checksum_changed_in_both_places_is_seen),
        cmocka_unit_test(a_line_of_custody_that_is_missing_or_foreign_is_seen),
        cmocka_unit_test(a_package_signed_anew_as_a_whole_is_told_from_ours_by_the_key_alone),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
