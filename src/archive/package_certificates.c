/* Negative certificates in an evidence package: each is the whole ZIP that was handed over by
 * itself, and is checked like that one; besides, it must be of the package's node and case. */
#include "archive/package_check.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

bool certificate_packed_name(const char *number, char name[ZIP_NAME_TEXT])
{
    int length = g_snprintf(name, ZIP_NAME_TEXT, CERTIFICATES_FOLDER "%s.zip", number);
    return *number && !strchr(number, '/') && length < ZIP_NAME_TEXT && zip_name_plausible(name);
}

/* What is found in the inner one is told of the outer one, what is noted with its number. Of no
 * camera: its verdicts are of the certificate, not of footage. */
static void tell(PackageCheck *check, const char *number, const VerifyReport *inner)
{
    VerifyReport *report = check->verify->report;
    for (guint i = 0; i < inner->faults->len; i++) {
        const VerifyFault *fault = inner->faults->pdata[i];
        verify_fault(check->verify, NULL, 0, 0, fault->path, "%s", fault->what);
    }
    for (guint i = 0; i < inner->notes->len; i++)
        verify_note(check->verify, "%s: %s", number, (const char *)inner->notes->pdata[i]);
    report->lines += inner->lines;
}

/* The key that it is signed by is one of those that the package has, to the bit. */
static bool is_of_ring(const PackageCheck *check, const KeyRing *own, const char *id)
{
    const KeyRing *ring = check->verify->ring;
    int index = ring ? key_ring_find(ring, id) : -1, at = own ? key_ring_find(own, id) : -1;
    return index >= 0 && at >= 0 &&
           memcmp(key_ring_key(ring, (size_t)index), key_ring_key(own, (size_t)at),
                  sizeof(PublicKey)) == 0;
}

/* It stands under its own number, and is of this node and case. */
static void check_place(PackageCheck *check, const char *name, const Certificate *certificate,
                        const KeyRing *own)
{
    char wanted[ZIP_NAME_TEXT];
    const PackageManifest *about = &certificate->about, *manifest = &check->manifest;
    if (!certificate_packed_name(about->number, wanted) || strcmp(wanted, name) != 0 ||
        !uuid_equal(&about->node, &manifest->node) ||
        strcmp(about->case_number, manifest->case_number) != 0)
        package_fault(check, NULL, 0, 0, name,
                      "is a certificate of another number, case or server than the package tells");
    if (check->verify->ring && !is_of_ring(check, own, about->key))
        package_fault(check, NULL, 0, 0, name,
                      "is signed by a key that is not among those of the package");
}

static bool open_within(PackageCheck *inner, uint64_t bytes, GError **error)
{
    return package_open_directory(inner, bytes, error) &&
           (package_entry(inner, CERTIFICATE_FILE) ||
            err_set(error, ERR_CORRUPT, "is not a negative certificate"));
}

static void check_one(PackageCheck *check, const ZipEntry *entry)
{
    PackageCheck inner;
    const VerifyOptions options = {0};
    g_auto(VerifyReport) report;
    g_auto(Certificate) certificate;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *path = g_strdup_printf("%s: %s", check->path, entry->name);
    verify_report_init(&report);
    certificate_init(&certificate);
    Verify verify = {.options = &options, .report = &report};
    package_check_init(&inner, &verify, path, check->fd);
    inner.begin = check->begin + package_entry_at(entry);
    if (!open_within(&inner, entry->bytes, &trouble))
        package_fault(check, NULL, 0, 0, entry->name, "%s", trouble->message);
    else if (package_check_certificate(&inner, &certificate))
        check_place(check, entry->name, &certificate, verify.ring);
    tell(check, certificate.about.number, &report);
    package_check_clear(&inner);
    key_ring_free(verify.ring);
}

void package_check_certificates(PackageCheck *check)
{
    for (guint i = 0; i < check->entries->len; i++) {
        const ZipEntry *entry = &g_array_index(check->entries, ZipEntry, i);
        if (g_str_has_prefix(entry->name, CERTIFICATES_FOLDER))
            check_one(check, entry);
    }
}

/* ---- by itself ---- */

static bool look_at(PackageCheck *check, uint64_t bytes, Certificate *certificate, Hash *hash,
                    GError **error)
{
    size_t size;
    if (!open_within(check, bytes, error))
        return false;
    bool read = package_check_certificate(check, certificate);
    g_autofree char *text = package_read(check, CERTIFICATE_FILE, &size);
    const GPtrArray *faults = check->verify->report->faults;
    if (faults->len > 0) {
        const VerifyFault *fault = faults->pdata[0];
        return err_set(error, ERR_CORRUPT, "%s: %s", fault->path, fault->what);
    }
    if (text)
        *hash = hash_of(text, size);
    return read && text;
}

bool certificate_look(const char *path, Certificate *certificate, Hash *hash, GError **error)
{
    struct stat about;
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &about) < 0 || !S_ISREG(about.st_mode))
        return err_errno(error, fd < 0 ? errno : EINVAL, "cannot read %s", path);
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    const VerifyOptions options = {0};
    Verify verify = {.options = &options, .report = &report};
    PackageCheck check;
    package_check_init(&check, &verify, path, fd);
    bool looked = look_at(&check, (uint64_t)about.st_size, certificate, hash, error);
    package_check_clear(&check);
    key_ring_free(verify.ring);
    return looked;
}
