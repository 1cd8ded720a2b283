#include "casework/evidence.h"

#include "base/file.h"
#include "casework/evidence_certificates.h"
#include "casework/evidence_given.h"
#include "casework/evidence_holds.h"
#include "casework/evidence_plan.h"
#include "casework/statement.h"
#include "people/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { KEYS_MOST_BYTES = 4 << 20, PAGE_MOST_BYTES = 1 << 20 };

typedef struct Making {
    const EvidenceOrder *order;
    EvidencePlan *plan;
    EvidenceZip *zip;
    EvidenceResult *result;
    unsigned custody_lines;
} Making;

static bool put_media(Making *making, const EvidenceMedia *media, GError **error)
{
    fd_auto int fd = open(media->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(error, errno, "cannot read %s", media->path);
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return evidence_zip_begin(making->zip, media->media.name,
                              (int64_t)(media->init_bytes + media->bytes), error) &&
           evidence_zip_copy(making->zip, fd, 0, media->init_bytes, error) &&
           evidence_zip_copy(making->zip, fd, media->at, media->bytes, error) &&
           evidence_zip_end(making->zip, error);
}

static bool put_footage(Making *making, GError **error)
{
    for (size_t i = 0; i < making->plan->media->len; i++)
        if (!put_media(making, &g_array_index(making->plan->media, EvidenceMedia, i), error))
            return false;
    return true;
}

/* The film of a working copy, or -1; `*bytes` is its size. */
static int open_working(const EvidenceWorking *working, int64_t *bytes, GError **error)
{
    struct stat facts;
    fd_auto int fd = open(working->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &facts) < 0) {
        err_errno(error, errno, "cannot read %s", working->path);
        return -1;
    }
    *bytes = facts.st_size;
    return g_steal_fd(&fd);
}

static unsigned camera_of(const EvidenceOrder *order, const Uuid *camera)
{
    unsigned at = 0;
    while (at + 1 < order->camera_count && !uuid_equal(&order->cameras[at], camera))
        at++;
    return at;
}

static bool put_working(Making *making, unsigned index, GError **error)
{
    int64_t bytes = 0;
    char name[ZIP_NAME_TEXT];
    const EvidenceWorking *working = &making->order->working[index];
    fd_auto int fd = open_working(working, &bytes, error);
    package_working_name(camera_of(making->order, &working->redaction->camera), index, name);
    return fd >= 0 && evidence_zip_begin(making->zip, name, bytes, error) &&
           evidence_zip_copy(making->zip, fd, 0, (uint64_t)bytes, error) &&
           evidence_zip_end(making->zip, error);
}

static bool put_all_working(Making *making, GError **error)
{
    for (unsigned i = 0; i < making->order->working_count; i++)
        if (!put_working(making, i, error))
            return false;
    return true;
}

static bool put_text(Making *making, const char *name, const GString *text, GError **error)
{
    return evidence_zip_put(making->zip, name, text->str, text->len, error);
}

/* Clocks are told of each camera, known or not. */
static GArray *clocks_of(const EvidenceOrder *order)
{
    GArray *clocks = g_array_new(FALSE, TRUE, sizeof(PackageClock));
    g_array_set_size(clocks, (guint)order->camera_count * PACKAGE_MOMENTS);
    for (size_t i = 0; order->clocks && i < clocks->len; i++)
        g_array_index(clocks, PackageClock, i) = order->clocks[i];
    return clocks;
}

static bool put_facts(Making *making, GError **error)
{
    const PackageFacts *facts = &making->plan->facts;
    g_autoptr(GString) continuity = package_continuity(facts);
    g_auto(PackageTime) told = {.at_us = making->order->at_us,
                                .ntp_us = making->order->ntp_us,
                                .clocks = clocks_of(making->order)};
    g_autoptr(GString) time = package_time(facts, &told);
    if (continuity->len > LINE_MOST_BYTES)
        return err_set(error, ERR_INVALID,
                       "too many gaps for one package: make several of shorter spans");
    return put_text(making, PACKAGE_CONTINUITY, continuity, error) &&
           put_text(making, PACKAGE_TIME, time, error);
}

static bool put_keys(Making *making, GError **error)
{
    g_autofree char *path = g_build_filename(making->order->data, "ledger", "keys.jsonl", NULL);
    g_autofree char *pem = package_key_pem(node_key_public(making->order->key));
    size_t size = 0;
    g_autofree char *keys = file_read(path, KEYS_MOST_BYTES, &size, error);
    return keys && evidence_zip_put(making->zip, PACKAGE_KEYS, keys, size, error) &&
           evidence_zip_put(making->zip, PACKAGE_KEY_PEM, pem, strlen(pem), error);
}

static bool put_roots(Making *making, GError **error)
{
    g_autoptr(GString) roots = g_string_new(NULL);
    g_autoptr(GString) paths = g_string_new(NULL);
    return evidence_proofs(making->order, making->plan, ROOT_INTERIM, roots, paths,
                           &making->result->unproven, error) &&
           put_text(making, PACKAGE_ROOTS, roots, error) &&
           put_text(making, PACKAGE_PATHS, paths, error);
}

static bool put_seal_lines(Making *making, unsigned camera, GError **error)
{
    for (size_t i = 0; i < making->plan->lines->len; i++) {
        const EvidenceLine *line = &g_array_index(making->plan->lines, EvidenceLine, i);
        if (line->camera != camera)
            continue;
        g_autofree char *text = evidence_line_read(line, error);
        if (!text || !evidence_zip_add(making->zip, text, strlen(text), error) ||
            !evidence_zip_add(making->zip, "\n", 1, error))
            return false;
    }
    return true;
}

static bool put_seals(Making *making, GError **error)
{
    for (unsigned camera = 0; camera < making->order->camera_count; camera++) {
        char name[ZIP_NAME_TEXT];
        package_seals_name(camera, name);
        if (!evidence_zip_begin(making->zip, name, -1, error) ||
            !put_seal_lines(making, camera, error) || !evidence_zip_end(making->zip, error))
            return false;
    }
    return true;
}

static bool put_custody(Making *making, PackageManifest *manifest, GError **error)
{
    const EvidenceOrder *order = making->order;
    g_autofree char *folder = g_build_filename(order->data, "ledger", "audit", NULL);
    AuditExtract extract = {.cameras = order->cameras,
                            .camera_count = order->camera_count,
                            .from_us = order->from_us,
                            .to_us = order->to_us,
                            .package = order->id,
                            .objects_from_us = order->from_us};
    g_autoptr(GArray) objects = evidence_given_objects(order, &extract.objects_from_us);
    extract.objects = (const Uuid *)(void *)objects->data;
    extract.object_count = objects->len;
    g_autoptr(GString) lines = audit_extract(folder, &extract, error);
    manifest->audit_seq = extract.head_seq;
    manifest->audit_head = extract.head;
    for (const char *at = lines ? strchr(lines->str, '\n') : NULL; at; at = strchr(at + 1, '\n'))
        making->custody_lines++;
    return lines && put_text(making, PACKAGE_CUSTODY, lines, error);
}

static bool put_holds(Making *making, GError **error)
{
    g_autoptr(GString) lines = evidence_holds_lines(making->order);
    return making->order->hold_count == 0 || put_text(making, PACKAGE_HOLDS, lines, error);
}

Uuid evidence_node(const EvidencePlan *plan)
{
    return plan->volumes->len > 0 ? g_array_index(plan->volumes, EvidenceVolume, 0).node
                                  : (Uuid){0};
}

void evidence_people_copy(const PackagePerson *people, size_t count, GArray *into)
{
    for (size_t i = 0; i < count; i++) {
        const PackagePerson *one = &people[i];
        PackagePerson person = {.part = g_strdup(one->part),
                                .name = g_strdup(one->name),
                                .role = g_strdup(one->role),
                                .id = one->id,
                                .at_us = one->at_us};
        g_array_append_val(into, person);
    }
}

/* Copies are listed with what they were made from, whose hashes are known by now. */
static void tell_working(const Making *making, PackageManifest *manifest)
{
    for (unsigned i = 0; i < making->order->working_count; i++) {
        const EvidenceWorking *one = &making->order->working[i];
        const Redaction *redaction = one->redaction;
        unsigned camera = camera_of(making->order, &redaction->camera);
        PackageWorking working = {
            .parents = package_parents(making->plan->facts.media, evidence_zip_files(making->zip),
                                       camera, redaction->from_us, redaction->to_us),
            .processing = g_strdup(one->processing),
            .encoder = g_strdup(one->encoder),
            .redaction = redaction_copy(redaction)};
        package_working_name(camera, i, working.name);
        g_array_append_val(manifest->working, working);
    }
}

static void tell_manifest(const Making *making, PackageManifest *manifest)
{
    const EvidenceOrder *order = making->order;
    manifest->id = order->id;
    manifest->node = evidence_node(making->plan);
    manifest->at_us = order->at_us;
    manifest->from_us = order->from_us;
    manifest->to_us = order->to_us;
    manifest->reason = g_strdup(order->reason);
    manifest->made = g_strdup(order->made);
    manifest->approval = g_strdup(order->approval);
    manifest->basis = g_strdup(order->basis);
    manifest->case_number = g_strdup(order->case_number);
    manifest->number = g_strdup(order->number);
    evidence_people_copy(order->people, order->person_count, manifest->people);
    manifest->site = g_strdup(order->site);
    manifest->zone = g_strdup(order->zone);
    manifest->program = g_strdup("vonglau " VONGLAU_VERSION);
    g_array_append_vals(manifest->cameras, order->cameras, (guint)order->camera_count);
    for (size_t i = 0; i < order->camera_count; i++)
        g_ptr_array_add(manifest->camera_facts, g_strdup(order->facts[i]));
    g_array_unref(manifest->films);
    manifest->films = package_films(&making->plan->facts);
    g_strlcpy(manifest->key, node_key_id(order->key), sizeof manifest->key);
}

/* Last of the files that the list of files tells of: it holds the hash of that list. */
static bool put_statement(Making *making, GError **error)
{
    StatementFacts facts = {.files = evidence_zip_files(making->zip),
                            .node = evidence_node(making->plan),
                            .custody_lines = making->custody_lines,
                            .unproven = making->result->unproven};
    g_autoptr(GByteArray) pdf = statement_make(making->order, making->plan, &facts, error);
    return pdf && evidence_zip_put(making->zip, PACKAGE_STATEMENT, pdf->data, pdf->len, error);
}

static bool put_manifest(Making *making, PackageManifest *manifest, GError **error)
{
    g_autoptr(GString) sums = package_sums(evidence_zip_files(making->zip));
    if (!put_text(making, PACKAGE_SUMS, sums, error))
        return false;
    tell_manifest(making, manifest);
    tell_working(making, manifest);
    evidence_given_tell(making->order, manifest);
    evidence_holds_tell(making->order, manifest);
    const GArray *files = evidence_zip_files(making->zip);
    g_array_append_vals(manifest->files, files->data, files->len);
    g_autoptr(GString) text = package_manifest_write(manifest);
    if (text->len > LINE_MOST_BYTES)
        return err_set(error, ERR_INVALID,
                       "too many files for one package: make several of shorter spans or of fewer "
                       "cameras");
    uint8_t signature[SIGNATURE_BYTES];
    node_key_sign(making->order->key, text->str, text->len, signature);
    Hash hash = hash_of(text->str, text->len);
    hex_encode(hash.bytes, sizeof hash.bytes, making->result->manifest);
    return put_text(making, PACKAGE_MANIFEST, text, error) &&
           evidence_zip_put(making->zip, PACKAGE_SIGNATURE, signature, sizeof signature, error);
}

/* How to check it without us: a page for any browser, and what to type. */
static bool put_checks(Making *making, GError **error)
{
    const char *path = making->order->page;
    size_t size = 0;
    g_autofree char *page = path ? file_read(path, PAGE_MOST_BYTES, &size, error) : NULL;
    if (path && (!page || !evidence_zip_put(making->zip, PACKAGE_PAGE, page, size, error)))
        return false;
    return evidence_zip_put(making->zip, PACKAGE_README, evidence_readme, strlen(evidence_readme),
                            error);
}

static bool put_all(Making *making, GError **error)
{
    g_auto(PackageManifest) manifest;
    package_manifest_init(&manifest);
    return put_footage(making, error) && put_all_working(making, error) &&
           evidence_given_put(making->order, making->zip, &making->result->given_changed, error) &&
           evidence_certificates_put(making->order, making->zip,
                                     &making->result->certificate_changed, error) &&
           put_facts(making, error) && put_keys(making, error) && put_roots(making, error) &&
           put_seals(making, error) && put_custody(making, &manifest, error) &&
           put_holds(making, error) && put_checks(making, error) && put_statement(making, error) &&
           put_manifest(making, &manifest, error) && evidence_zip_close(making->zip, error);
}

static void tell_result(const EvidencePlan *plan, EvidenceResult *result)
{
    g_autoptr(GArray) gaps = package_gaps(&plan->facts);
    *result = (EvidenceResult){.files = plan->media->len, .bytes = plan->bytes, .gaps = gaps->len};
    for (size_t i = 0; i < gaps->len; i++) {
        const PackageGap *gap = &g_array_index(gaps, PackageGap, i);
        result->gap_us += gap->to_us - gap->from_us;
    }
}

static int64_t working_bytes(const EvidenceOrder *order)
{
    int64_t bytes = 0;
    struct stat facts;
    for (size_t i = 0; i < order->working_count; i++)
        bytes += stat(order->working[i].path, &facts) == 0 ? facts.st_size : 0;
    return bytes;
}

bool evidence_make(const EvidenceOrder *order, const char *path, EvidenceProgress progress,
                   void *data, EvidenceResult *result, GError **error)
{
    g_autoptr(EvidencePlan) plan = evidence_plan_new(order, error);
    if (!plan)
        return false;
    tell_result(plan, result);
    if (plan->media->len == 0 && (order->camera_count > 0 || order->consent_count == 0))
        return err_set(error, ERR_NOT_FOUND,
                       "no footage of these cameras in this span; the app's timeline shows where "
                       "there is some");
    if (plan->media->len > PACKAGE_MEDIA_MOST)
        return err_set(
            error, ERR_INVALID,
            "%u footage files are too many for one package (%d): make several of shorter "
            "spans or of fewer cameras",
            plan->media->len, PACKAGE_MEDIA_MOST);
    int64_t total_bytes = plan->bytes + working_bytes(order) + evidence_given_bytes(order) +
                          evidence_certificates_bytes(order);
    g_autoptr(EvidenceZip) zip = evidence_zip_new(path, total_bytes, progress, data, error);
    Making making = {.order = order, .plan = plan, .zip = zip, .result = result};
    return zip && put_all(&making, error);
}
