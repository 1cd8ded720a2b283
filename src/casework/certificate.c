#include "casework/certificate.h"

#include "base/clock.h"
#include "base/file.h"
#include "casework/certificate_paper.h"
#include "casework/evidence_zip.h"
#include "watch/motion_search.h"

#include <string.h>

G_STATIC_ASSERT((int)CERTIFICATE_CELLS == (int)GRID_CELLS &&
                (int)CERTIFICATE_COLUMNS == (int)GRID_COLUMNS);
enum { KEYS_MOST_BYTES = 4 << 20, REGION_HEX = 2 * CERTIFICATE_GRID_BYTES };

/* ---- regions ---- */

bool certificate_regions_read(const char *text, size_t count,
                              uint8_t regions[][CERTIFICATE_GRID_BYTES])
{
    static const uint8_t none[CERTIFICATE_GRID_BYTES] = {0};
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    if (g_strv_length(parts) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strlen(parts[i]) != REGION_HEX ||
            !hex_decode(parts[i], regions[i], CERTIFICATE_GRID_BYTES) ||
            memcmp(regions[i], none, sizeof none) == 0)
            return false;
    return true;
}

char *certificate_regions_text(uint8_t regions[][CERTIFICATE_GRID_BYTES], size_t count)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < count; i++) {
        char hex[REGION_HEX + 1];
        hex_encode(regions[i], CERTIFICATE_GRID_BYTES, hex);
        g_string_append_printf(text, "%s%s", i > 0 ? "," : "", hex);
    }
    return g_string_free(text, FALSE);
}

/* ---- what is known of a camera ---- */

static void take_gaps(const Statement *statement, unsigned index, CertificateCamera *camera)
{
    for (size_t i = 0; i < statement->gaps->len; i++) {
        const PackageGap *gap = &g_array_index(statement->gaps, PackageGap, i);
        const CertificateSpan span = {gap->from_us, gap->to_us, gap->cause};
        if (gap->camera == index)
            g_array_append_val(camera->gaps, span);
    }
}

static void take_spans(const GArray *found, GArray *spans)
{
    for (guint i = 0; i < found->len; i++) {
        const MotionSpan *one = &g_array_index(found, MotionSpan, i);
        const CertificateSpan span = {.from_us = one->from * SECOND_US,
                                      .to_us = one->to * SECOND_US};
        g_array_append_val(spans, span);
    }
}

static bool take_motion(const EvidenceOrder *order, MotionStore *motion, CertificateCamera *camera,
                        GError **error)
{
    MotionQuery query = {.camera = camera->id,
                         .from = order->from_us / SECOND_US,
                         .to = (order->to_us + SECOND_US - 1) / SECOND_US,
                         .most = CERTIFICATE_SPANS_MOST};
    memcpy(query.region, camera->region, sizeof query.region);
    g_autoptr(MotionFound) found = motion_search(motion, &query);
    if (found->to < query.to)
        return err_set(error, ERR_INVALID,
                       "too much moved for one certificate: ask for a shorter span");
    take_spans(found->moved, camera->moved);
    take_spans(found->unknown, camera->unknown);
    take_spans(found->partly, camera->partly);
    camera->fully_s = found->seen_fully;
    camera->sparsely_s = found->seen_sparsely;
    for (int i = 0; i < GRID_CELLS; i++) {
        const CertificateCell cell = {i, found->moved_in[i], found->blind[i]};
        if (cell.moved_s > 0 || cell.unknown_s > 0)
            g_array_append_val(camera->cells, cell);
    }
    return true;
}

static bool take_camera(const Statement *statement, unsigned index, const uint8_t *region,
                        MotionStore *motion, Certificate *certificate, GError **error)
{
    const EvidenceOrder *order = statement->order;
    const StatementCamera *known = &g_array_index(statement->cameras, StatementCamera, index);
    CertificateCamera *camera = certificate_add(certificate);
    camera->id = order->cameras[index];
    camera->name = g_strdup(statement_name(known));
    memcpy(camera->region, region, CERTIFICATE_GRID_BYTES);
    if (known->ntp_known && !known->ntp_unknown) {
        camera->ntp_least_us = known->ntp_least_us;
        camera->ntp_most_us = known->ntp_most_us;
    }
    const PackageClock *clock = &known->clocks[PACKAGE_EXPORT];
    if (clock->read_us != 0)
        camera->clock_us = clock->offset_us;
    take_gaps(statement, index, camera);
    if (camera->gaps->len > CERTIFICATE_SPANS_MOST)
        return err_set(error, ERR_INVALID,
                       "too many gaps for one certificate: ask for a shorter span");
    if (!take_motion(order, motion, camera, error))
        return false;
    camera->verdict = certificate_judge_camera(camera);
    return true;
}

static void tell_about(const EvidenceOrder *order, const Uuid *node, PackageManifest *about)
{
    about->id = order->id;
    about->node = *node;
    about->at_us = order->at_us;
    about->from_us = order->from_us;
    about->to_us = order->to_us;
    about->reason = g_strdup(order->reason);
    about->approval = g_strdup(order->approval);
    about->case_number = g_strdup(order->case_number);
    about->number = g_strdup(order->number);
    about->site = g_strdup(order->site);
    about->zone = g_strdup(order->zone);
    about->program = g_strdup("vonglau " VONGLAU_VERSION);
    evidence_people_copy(order->people, order->person_count, about->people);
    g_strlcpy(about->key, node_key_id(order->key), sizeof about->key);
}

/* ---- the file ---- */

static bool put_keys(const EvidenceOrder *order, EvidenceZip *zip, GError **error)
{
    size_t size = 0;
    g_autofree char *path = g_build_filename(order->data, "ledger", "keys.jsonl", NULL);
    g_autofree char *pem = package_key_pem(node_key_public(order->key));
    g_autofree char *keys = file_read(path, KEYS_MOST_BYTES, &size, error);
    return keys && evidence_zip_put(zip, PACKAGE_KEYS, keys, size, error) &&
           evidence_zip_put(zip, PACKAGE_KEY_PEM, pem, strlen(pem), error);
}

static bool put_certificate(const EvidenceOrder *order, Certificate *certificate, EvidenceZip *zip,
                            EvidenceResult *result, GError **error)
{
    const GArray *files = evidence_zip_files(zip);
    uint8_t signature[SIGNATURE_BYTES];
    g_array_append_vals(certificate->about.files, files->data, files->len);
    g_autoptr(GString) text = certificate_write(certificate);
    if (text->len > LINE_MOST_BYTES)
        return err_set(error, ERR_INVALID,
                       "too much for one certificate: ask for a shorter span or fewer cameras");
    node_key_sign(order->key, text->str, text->len, signature);
    Hash hash = hash_of(text->str, text->len);
    hex_encode(hash.bytes, sizeof hash.bytes, result->manifest);
    return evidence_zip_put(zip, CERTIFICATE_FILE, text->str, text->len, error) &&
           evidence_zip_put(zip, CERTIFICATE_SIGNATURE, signature, sizeof signature, error) &&
           evidence_zip_close(zip, error);
}

static bool write_file(const Statement *statement, Certificate *certificate, const char *path,
                       EvidenceResult *result, GError **error)
{
    const EvidenceOrder *order = statement->order;
    char fingerprint[FINGERPRINT_TEXT];
    public_key_fingerprint(node_key_public(order->key), fingerprint);
    g_autoptr(GByteArray) paper = certificate_paper(statement, certificate, fingerprint, error);
    g_autoptr(EvidenceZip) zip = paper ? evidence_zip_new(path, 0, NULL, NULL, error) : NULL;
    return zip && evidence_zip_put(zip, PACKAGE_STATEMENT, paper->data, paper->len, error) &&
           put_keys(order, zip, error) && put_certificate(order, certificate, zip, result, error);
}

static bool gather(Statement *statement, uint8_t regions[][CERTIFICATE_GRID_BYTES],
                   MotionStore *motion, Certificate *certificate, GError **error)
{
    for (unsigned i = 0; i < statement->order->camera_count; i++) {
        StatementCamera known = {0};
        statement_camera_read(statement, i, &known);
        g_array_append_val(statement->cameras, known);
        if (!take_camera(statement, i, regions[i], motion, certificate, error))
            return false;
    }
    tell_about(statement->order, &statement->node, &certificate->about);
    certificate->verdict = certificate_judge(certificate);
    return true;
}

bool certificate_make(const EvidenceOrder *order, const char *regions, MotionStore *motion,
                      const char *path, EvidenceResult *result, CertificateVerdict *verdict,
                      GError **error)
{
    uint8_t grids[PACKAGE_CAMERAS_MOST][CERTIFICATE_GRID_BYTES];
    if (!certificate_regions_read(regions, order->camera_count, grids))
        return err_set(error, ERR_CORRUPT, "the regions of this certificate cannot be read");
    g_autoptr(EvidencePlan) plan = evidence_plan_new(order, error);
    if (!plan)
        return false;
    g_autoptr(GArray) cameras = g_array_new(FALSE, TRUE, sizeof(StatementCamera));
    g_autoptr(GArray) gaps = package_gaps(&plan->facts);
    g_autoptr(GTimeZone) named = g_time_zone_new_identifier(order->zone);
    g_autoptr(GTimeZone) zone = named ? g_time_zone_ref(named) : g_time_zone_new_utc();
    g_array_set_clear_func(cameras, statement_camera_clear);
    Statement statement = {
        .order = order, .plan = plan, .cameras = cameras, .gaps = gaps, .zone = zone};
    statement.node = evidence_node(plan);
    *result = (EvidenceResult){.gaps = gaps->len};
    g_auto(Certificate) certificate;
    certificate_init(&certificate);
    if (!gather(&statement, grids, motion, &certificate, error) ||
        !write_file(&statement, &certificate, path, result, error))
        return false;
    for (unsigned i = 0; i < cameras->len; i++)
        result->gap_us += g_array_index(cameras, StatementCamera, i).lost_us;
    *verdict = certificate.verdict;
    return true;
}
