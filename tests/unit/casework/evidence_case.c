#include "evidence_case.h"

#include "base/bytes.h"
#include "base/file.h"
#include "ledger/node_key.h"
#include "people/audit.h"

#include <string.h>
#include <unistd.h>

/* Somebody looked at the footage while it was recorded. */
static void look(const EvidenceCase *test)
{
    char id[UUID_TEXT];
    g_autofree char *folder = g_build_filename(test->rig.dir, "ledger", "audit", NULL);
    g_autoptr(Audit) audit = audit_open(folder, test->rig.key, NULL);
    AuditEntry entry = {.action = "replay",
                        .object = uuid_text(&test->rig.camera, id),
                        .result = "ok",
                        .from_us = RIG_START_US + 20 * SECOND_US,
                        .to_us = RIG_START_US + 30 * SECOND_US};
    audit_append(audit, &entry);
    entry.from_us = entry.to_us = RIG_START_US - HOUR_US; /* of other footage */
    audit_append(audit, &entry);
    entry.object = uuid_text(&test->rig.settings.node, id); /* of no camera here */
    audit_append(audit, &entry);
}

static void record(EvidenceCase *test)
{
    Rig *rig = &test->rig;
    rig->settings.segment_us = MINUTE_US;
    rig->camera = (Uuid){{5}}; /* its segments end 59.7 s after a full minute */
    rig_start(rig);
    rig_feed_us(rig, CASE_GAP_FROM_S * SECOND_US);
    rig_gap(rig, (CASE_GAP_TO_S - CASE_GAP_FROM_S) * SECOND_US, GAP_CAMERA_OFFLINE);
    rig_feed_us(rig, 50 * SECOND_US);
    rig_wait_written(rig, rig->now_us - 2 * SECOND_US);
    int64_t to_us = rig->now_us - 1; /* the next picture begins another segment */
    assert_false(archive_seal_until(rig->archive, &rig->camera, STREAM_MAIN, to_us, 0));
    rig_feed_us(rig, 4 * SECOND_US);
    assert_true(archive_seal_until(rig->archive, &rig->camera, STREAM_MAIN, to_us, 5 * SECOND_US));
}

bool case_make(EvidenceCase *test, const char *path, int64_t from_us, int64_t to_us, GError **error)
{
    g_autofree char *volume = g_build_filename(test->rig.dir, "footage", NULL);
    const char *volumes[] = {volume, NULL};
    const char *facts[] = {",\"name\",\"C\\u1ed5ng ch\\u1ee3\",\"fov_deg\",68", ""};
    char asked[] = "asked", approved[] = "approved", officer[] = "officer", head[] = "commander",
         first[] = "cán bộ", second[] = "chỉ huy";
    const PackagePerson people[] = {
        {.part = asked, .name = first, .role = officer, .id = {{7}}, .at_us = RIG_START_US},
        {.part = approved, .name = second, .role = head, .id = {{8}}, .at_us = RIG_START_US + 1},
    };
    /* of the first camera, at the start and when the package was made; of the other one nothing */
    const PackageClock clocks[2 * PACKAGE_MOMENTS] = {
        [PACKAGE_START] = {2 * SECOND_US, SECOND_US, RIG_START_US},
        [PACKAGE_EXPORT] = {-3 * SECOND_US, SECOND_US, RIG_START_US + MINUTE_US}};
    EvidenceOrder order = {.data = test->rig.dir,
                           .volumes = volumes,
                           .cameras = test->cameras,
                           .facts = facts,
                           .clocks = clocks,
                           .camera_count = 2,
                           .from_us = from_us,
                           .to_us = to_us,
                           .at_us = RIG_START_US + HOUR_US,
                           .ntp_us = 1200,
                           .id = {{1, 2, 3}},
                           .reason = "va chạm trước cổng chợ",
                           .basis = CASE_BASIS,
                           .made = "server",
                           .approval = "before",
                           .case_number = CASE_NUMBER,
                           .number = "CC-2026-0007",
                           .people = people,
                           .person_count = 2,
                           .site = "Xã thử",
                           .zone = "Asia/Ho_Chi_Minh",
                           .holds = test->holds,
                           .hold_count = test->hold_count,
                           .working = test->working,
                           .working_count = test->working ? 1 : 0,
                           .consents = test->consent,
                           .consent_count = test->consent ? 1 : 0,
                           .certificates = test->certificate,
                           .certificate_count = test->certificate ? 1 : 0,
                           .page = test->page,
                           .key = test->rig.key};
    return evidence_make(&order, path, NULL, NULL, &test->result, error);
}

CertificateVerdict case_certify(EvidenceCase *test, MotionStore *watched, const char *regions,
                                int64_t from_us, int64_t to_us, const char *path)
{
    g_autofree char *volume = g_build_filename(test->rig.dir, "footage", NULL);
    const char *volumes[] = {volume, NULL}, *facts[] = {",\"name\",\"C\\u1ed5ng ch\\u1ee3\""};
    const EvidenceOrder order = {.data = test->rig.dir,
                                 .volumes = volumes,
                                 .cameras = test->cameras,
                                 .facts = facts,
                                 .camera_count = 1,
                                 .from_us = from_us,
                                 .to_us = to_us,
                                 .at_us = RIG_START_US + HOUR_US,
                                 .id = {{1, 2, 3}},
                                 .reason = "báo mất xe, không thấy ai vào sân",
                                 .made = "server",
                                 .approval = "before",
                                 .case_number = CASE_NUMBER,
                                 .number = CASE_CERTIFICATE_NUMBER,
                                 .site = "Xã thử",
                                 .zone = "Asia/Ho_Chi_Minh",
                                 .key = test->rig.key};
    CertificateVerdict verdict = CERTIFICATE_EMPTY;
    g_autoptr(GError) error = NULL;
    if (!certificate_make(&order, regions, watched, path, &test->result, &verdict, &error))
        fail_msg("%s", error->message);
    return verdict;
}

void case_leave(const char *path, const char *name)
{
    const char *folder = g_getenv("VONGLAU_FORGED");
    g_autofree char *data = NULL, *place = NULL;
    gsize size;
    if (!folder)
        return;
    place = g_strdup_printf("%s/%s.zip", folder, name);
    assert_true(g_file_get_contents(path, &data, &size, NULL));
    assert_true(g_file_set_contents(place, data, (gssize)size, NULL));
}

void case_place(EvidenceCase *test)
{
    test->cameras[0] = test->rig.camera;
    test->cameras[1] = uuid_new();
    test->folder = g_dir_make_tmp("vonglau-evidence-XXXXXX", NULL);
    test->zip = g_build_filename(test->folder, "package.zip", NULL);
    test->copy = g_build_filename(test->folder, "copy.zip", NULL);
    test->page = g_build_filename(test->folder, "page.html", NULL);
    assert_true(g_file_set_contents(test->page, CASE_PAGE, -1, NULL));
}

EvidenceCase *case_start(void)
{
    EvidenceCase *test = g_new0(EvidenceCase, 1);
    g_autoptr(GError) error = NULL;
    record(test);
    look(test);
    assert_true(archive_make_roots(test->rig.archive, NULL));
    case_place(test);
    public_key_fingerprint(node_key_public(test->rig.key), test->fingerprint);
    verify_report_init(&test->report);
    if (!case_make(test, test->zip, CASE_FROM_US, CASE_TO_US, &error))
        fail_msg("%s", error->message);
    return test;
}

void case_end(EvidenceCase *test)
{
    unlink(test->zip);
    unlink(test->copy);
    unlink(test->page);
    rmdir(test->folder);
    rig_end(&test->rig);
    verify_report_clear(&test->report);
    g_free(test->folder);
    g_free(test->zip);
    g_free(test->copy);
    g_free(test->page);
    g_free(test);
}

bool case_passes(EvidenceCase *test, const char *path, const char *key)
{
    VerifyOptions options = {.key_fingerprint = key};
    verify_report_clear(&test->report);
    verify_report_init(&test->report);
    assert_true(verify_target(path, &options, &test->report, NULL));
    return verify_passed(&test->report);
}

const VerifyFault *case_fault(const EvidenceCase *test, const char *what)
{
    for (size_t i = 0; i < test->report.faults->len; i++) {
        const VerifyFault *fault = g_ptr_array_index(test->report.faults, i);
        if (strstr(fault->what, what))
            return fault;
    }
    verify_print(&test->report, stderr);
    fail_msg("no fault says ‘%s’", what);
    return NULL;
}

static void part_free(void *data)
{
    Part *part = data;
    g_free(part->name);
    g_byte_array_unref(part->data);
    g_free(part);
}

GPtrArray *parts_load(const char *path)
{
    g_autofree char *data = NULL;
    gsize size;
    uint64_t offset;
    assert_true(g_file_get_contents(path, &data, &size, NULL));
    assert_true(zip_directory_find((uint8_t *)data + size - ZIP_END_MOST_BYTES, ZIP_END_MOST_BYTES,
                                   size, &offset));
    g_autoptr(GArray) entries = zip_directory_read((uint8_t *)data + offset, size - offset, offset);
    assert_non_null(entries);
    GPtrArray *parts = g_ptr_array_new_with_free_func(part_free);
    for (size_t i = 0; i < entries->len; i++) {
        const ZipEntry *entry = &g_array_index(entries, ZipEntry, i);
        Part *part = g_new0(Part, 1);
        part->name = g_strdup(entry->name);
        part->data = g_byte_array_new();
        g_byte_array_append(part->data, (uint8_t *)data + entry->offset + zip_local_bytes(entry),
                            (guint)entry->bytes);
        g_ptr_array_add(parts, part);
    }
    return parts;
}

Part *parts_find(const GPtrArray *parts, const char *name)
{
    for (size_t i = 0; i < parts->len; i++) {
        Part *part = g_ptr_array_index(parts, i);
        if (strcmp(part->name, name) == 0)
            return part;
    }
    fail_msg("the package has no %s", name);
    return NULL;
}

const char *parts_text(const GPtrArray *parts, const char *name)
{
    GByteArray *data = parts_find(parts, name)->data;
    g_byte_array_append(data, (const uint8_t *)"", 1);
    g_byte_array_set_size(data, data->len - 1);
    return (const char *)data->data;
}

void parts_put(const GPtrArray *parts, const char *name, const void *data, size_t size)
{
    Part *part = parts_find(parts, name);
    g_byte_array_set_size(part->data, 0);
    g_byte_array_append(part->data, data, (guint)size);
}

void parts_edit(const GPtrArray *parts, const char *name, const char *from, const char *to)
{
    const char *text = parts_text(parts, name), *at = strstr(text, from);
    assert_non_null(at);
    g_autofree char *edited =
        g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    parts_put(parts, name, edited, strlen(edited));
}

void parts_store(const GPtrArray *parts, const char *path)
{
    g_auto(ByteWriter) zip = {0};
    g_autoptr(GArray) entries = g_array_new(FALSE, TRUE, sizeof(ZipEntry));
    for (size_t i = 0; i < parts->len; i++) {
        const Part *part = g_ptr_array_index(parts, i);
        ZipEntry entry = {.bytes = part->data->len, .offset = zip.size};
        entry.crc = zip_crc(0, part->data->data, part->data->len);
        g_strlcpy(entry.name, part->name, sizeof entry.name);
        zip_put_local(&zip, &entry);
        if (part->data->len > 0)
            write_bytes(&zip, part->data->data, part->data->len);
        g_array_append_val(entries, entry);
    }
    zip_put_directory(&zip, (const ZipEntry *)(void *)entries->data, entries->len, zip.size);
    assert_true(g_file_set_contents(path, (const char *)zip.data, (gssize)zip.size, NULL));
}

static PackageFile file_of(const Part *part)
{
    PackageFile file = {.bytes = part->data->len,
                        .hash = hash_of(part->data->data, part->data->len)};
    g_strlcpy(file.name, part->name, sizeof file.name);
    return file;
}

void parts_sign(const GPtrArray *parts, const NodeKey *key)
{
    g_auto(PackageManifest) manifest;
    package_manifest_init(&manifest);
    const char *text = parts_text(parts, PACKAGE_MANIFEST);
    assert_true(package_manifest_read(text, strlen(text), &manifest));
    g_array_set_size(manifest.files, 0);
    for (size_t i = 0; i < parts->len; i++) {
        const Part *part = g_ptr_array_index(parts, i);
        if (strcmp(part->name, PACKAGE_SUMS) == 0) {
            g_autoptr(GString) sums = package_sums(manifest.files);
            parts_put(parts, PACKAGE_SUMS, sums->str, sums->len);
        }
        PackageFile file = file_of(part);
        if (!g_str_has_prefix(part->name, "manifest."))
            g_array_append_val(manifest.files, file);
    }
    g_strlcpy(manifest.key, node_key_id(key), sizeof manifest.key);
    g_autoptr(GString) made = package_manifest_write(&manifest);
    uint8_t signature[SIGNATURE_BYTES];
    node_key_sign(key, made->str, made->len, signature);
    parts_put(parts, PACKAGE_MANIFEST, made->str, made->len);
    parts_put(parts, PACKAGE_SIGNATURE, signature, sizeof signature);
}

Part *parts_media(const GPtrArray *parts, unsigned index)
{
    Part *part = g_ptr_array_index(parts, index);
    assert_true(g_str_has_prefix(part->name, "media/"));
    return part;
}

size_t fragment_at(const Part *part, unsigned index)
{
    size_t at = 0;
    for (unsigned found = 0; at < part->data->len; at += get_u32(part->data->data + at))
        if (memcmp(part->data->data + at + 4, "prft", 4) == 0 && found++ == index)
            return at;
    assert_int_equal(at, part->data->len);
    return at;
}
