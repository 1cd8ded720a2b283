/* Checks a negative certificate: signature, files, and that its verdict follows from what it lists.
 * Everything in it comes from whoever handed it over. */
#include "archive/certificate.h"
#include "archive/package_check.h"

#include <string.h>

typedef struct Checking {
    PackageCheck *check;
    const Certificate *certificate;
    int64_t from_us, to_us; /* asked for, to whole seconds */
} Checking;

static void fault(PackageCheck *check, const CertificateCamera *camera, const char *what)
{
    package_fault(check, camera ? &camera->id : NULL, 0, 0, CERTIFICATE_FILE, "%s", what);
}

/* ---- who signed ---- */

static void check_pem(PackageCheck *check, const PublicKey *key)
{
    size_t size;
    g_autofree char *pem = package_key_pem(key);
    g_autofree char *told = package_read(check, PACKAGE_KEY_PEM, &size);
    if (told && (size != strlen(pem) || memcmp(told, pem, size) != 0))
        package_fault(check, NULL, 0, 0, PACKAGE_KEY_PEM,
                      "is not the key that the certificate is signed by");
}

static void check_signature(Checking *checking, const char *text, size_t size)
{
    size_t keys_size, signature_size;
    PackageCheck *check = checking->check;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *keys = package_read(check, PACKAGE_KEYS, &keys_size);
    g_autofree char *path = g_strdup_printf("%s: %s", check->path, PACKAGE_KEYS);
    g_autofree char *signature = package_read(check, CERTIFICATE_SIGNATURE, &signature_size);
    KeyRing *ring = keys ? key_ring_read(keys, keys_size, path, &trouble) : NULL;
    verify_ring_take(check->verify, ring, path, trouble);
    int index = ring ? key_ring_find(ring, checking->certificate->about.key) : -1;
    if (ring && index < 0)
        package_fault(check, NULL, 0, 0, CERTIFICATE_SIGNATURE,
                      "it is signed by key %s, which is not among the node's keys",
                      checking->certificate->about.key);
    if (!ring || index < 0 || !signature)
        return;
    const PublicKey *key = key_ring_key(ring, (size_t)index);
    check_pem(check, key);
    if (signature_size != SIGNATURE_BYTES ||
        !signature_holds(key, text, size, (const uint8_t *)signature))
        fault(check, NULL, "was changed, or signed by somebody else: its signature does not hold");
}

/* ---- its files ---- */

static bool is_file(const PackageCheck *check, const ZipEntry *entry, const PackageFile *file,
                    uint8_t *chunk)
{
    Hash hash;
    uint32_t crc;
    return package_sum_entry(check, entry, chunk, &hash, &crc) && crc == entry->crc &&
           (!file || (strcmp(file->name, entry->name) == 0 &&
                      file->bytes == (int64_t)entry->bytes && hash_equal(&hash, &file->hash)));
}

/* In the order of its list; then the certificate and its signature, which are in no list. */
static void check_files(Checking *checking)
{
    PackageCheck *check = checking->check;
    static const char *const last[] = {CERTIFICATE_FILE, CERTIFICATE_SIGNATURE};
    const GArray *files = checking->certificate->about.files;
    g_autofree uint8_t *chunk = g_malloc(PACKAGE_CHUNK_BYTES);
    if (check->entries->len != files->len + G_N_ELEMENTS(last))
        fault(check, NULL, "lists other files than there are");
    for (guint i = 0; i < check->entries->len; i++) {
        const ZipEntry *entry = &g_array_index(check->entries, ZipEntry, i);
        const PackageFile *file = i < files->len ? &g_array_index(files, PackageFile, i) : NULL;
        bool stands = file || (i - files->len < G_N_ELEMENTS(last) &&
                               strcmp(entry->name, last[i - files->len]) == 0);
        if (!stands || !is_file(check, entry, file, chunk))
            package_fault(check, NULL, 0, 0, entry->name,
                          "is not what the certificate says: it was changed, added or moved");
    }
}

/* ---- what it says ---- */

static bool spans_stand(const Checking *checking, const GArray *spans)
{
    int64_t at_us = checking->from_us;
    for (guint i = 0; i < spans->len; i++) {
        const CertificateSpan *span = &g_array_index(spans, CertificateSpan, i);
        if (span->from_us < at_us || span->from_us >= span->to_us || span->to_us > checking->to_us)
            return false;
        at_us = span->to_us;
    }
    return true;
}

static bool cells_stand(const CertificateCamera *camera)
{
    bool moved = false;
    int64_t before = -1;
    for (guint i = 0; i < camera->cells->len; i++) {
        const CertificateCell *cell = &g_array_index(camera->cells, CertificateCell, i);
        if (cell->cell <= before || cell->cell >= CERTIFICATE_CELLS || cell->moved_s < 0 ||
            cell->unknown_s < 0 || (cell->moved_s == 0 && cell->unknown_s == 0) ||
            !(camera->region[cell->cell / 8] >> (7 - cell->cell % 8) & 1))
            return false;
        moved |= cell->moved_s > 0;
        before = cell->cell;
    }
    return moved == (camera->moved->len > 0);
}

static int64_t length_s(const GArray *spans)
{
    int64_t length_us = 0;
    for (guint i = 0; i < spans->len; i++) {
        const CertificateSpan *span = &g_array_index(spans, CertificateSpan, i);
        length_us += span->to_us - span->from_us;
    }
    return (length_us + 999999) / 1000000;
}

static void check_camera(Checking *checking, const CertificateCamera *camera)
{
    char id[UUID_TEXT];
    PackageCheck *check = checking->check;
    const GArray *const lists[] = {camera->gaps, camera->moved, camera->unknown, camera->partly};
    bool stands = cells_stand(camera);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        stands = stands && spans_stand(checking, lists[i]);
    if (!stands) {
        fault(check, camera, "lists spans or cells that cannot be");
        return;
    }
    if (camera->verdict != certificate_judge_camera(camera))
        fault(check, camera, "says of this camera what does not follow from what it lists");
    verify_note(
        check->verify,
        "camera %s: %s; without pictures %u times (%" G_GINT64_FORMAT
        " s), movement %u times (%" G_GINT64_FORMAT " s), not seen %u times (%" G_GINT64_FORMAT
        " s), seen in part %u times (%" G_GINT64_FORMAT
        " s), by key pictures alone %" G_GINT64_FORMAT " s; clock %s",
        uuid_text(&camera->id, id), certificate_verdict_text(camera->verdict), camera->gaps->len,
        length_s(camera->gaps), camera->moved->len, length_s(camera->moved), camera->unknown->len,
        length_s(camera->unknown), camera->partly->len, length_s(camera->partly),
        camera->sparsely_s, certificate_clock_is_well(camera) ? "within 1 s of NTP" : "doubtful");
    if (g_hash_table_add(check->verify->report->counted, g_memdup2(&camera->id, sizeof(Uuid))))
        check->verify->report->cameras++;
}

static void check_content(Checking *checking)
{
    static const char *const sentences[] = {
        [CERTIFICATE_EMPTY] = "NOTHING MOVED in the regions, and all of the time was seen",
        [CERTIFICATE_NOT_PROVEN] = "NOT PROVEN: no movement is known, but not all was seen",
        [CERTIFICATE_NOT_EMPTY] = "NOT EMPTY: something moved in a region"};
    const Certificate *certificate = checking->certificate;
    const PackageManifest *about = &certificate->about;
    PackageCheck *check = checking->check;
    if (certificate->verdict != certificate_judge(certificate))
        fault(check, NULL, "its verdict does not follow from what it lists");
    verify_note(check->verify, "negative certificate %s: %s", about->number,
                sentences[certificate->verdict]);
    checking->from_us = about->from_us - about->from_us % 1000000;
    checking->to_us = about->to_us + 999999;
    for (guint i = 0; i < certificate->cameras->len; i++)
        check_camera(checking, &g_array_index(certificate->cameras, CertificateCamera, i));
}

static bool is_canonical(const Certificate *certificate, const char *text, size_t size)
{
    g_autoptr(GString) again = certificate_write(certificate);
    return again->len == size && memcmp(again->str, text, size) == 0;
}

bool package_check_certificate(PackageCheck *check, Certificate *certificate)
{
    size_t size;
    g_autofree char *text = package_read(check, CERTIFICATE_FILE, &size);
    package_check_headers(check);
    if (!text)
        return false;
    if (!certificate_read(text, size, certificate) ||
        !package_time_plausible(certificate->about.from_us) ||
        !package_time_plausible(certificate->about.to_us) ||
        !is_canonical(certificate, text, size)) {
        fault(check, NULL, "is not a negative certificate");
        return false;
    }
    Checking checking = {.check = check, .certificate = certificate};
    check->verify->report->lines++;
    check_signature(&checking, text, size);
    check_files(&checking);
    check_content(&checking);
    return true;
}
