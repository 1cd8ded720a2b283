#include "casework/evidence_given.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static bool differs(const PackageConsentFile *file, bool *changed, GError **error)
{
    *changed = true;
    return err_set(error, ERR_CORRUPT,
                   "%s is not what the household gave: it was deleted or changed on the disk",
                   file->path);
}

static bool put_file(const PackageConsentFile *file, EvidenceZip *zip, bool *changed,
                     GError **error)
{
    struct stat facts;
    fd_auto int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno != ENOENT && errno != ELOOP)
        return err_errno(error, errno, "cannot read %s", file->path);
    if (fd < 0 || fstat(fd, &facts) < 0 || !S_ISREG(facts.st_mode) || facts.st_size != file->bytes)
        return differs(file, changed, error);
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (!evidence_zip_begin(zip, file->given.name, file->bytes, error) ||
        !evidence_zip_copy(zip, fd, 0, (uint64_t)file->bytes, error) ||
        !evidence_zip_end(zip, error))
        return false;
    const GArray *files = evidence_zip_files(zip);
    const PackageFile *put = &g_array_index(files, PackageFile, files->len - 1);
    return hash_equal(&put->hash, &file->given.hash) || differs(file, changed, error);
}

static bool put_consent(const PackageConsent *consent, EvidenceZip *zip, GError **error)
{
    char name[ZIP_NAME_TEXT];
    package_consent_name(consent->household, name);
    g_autoptr(GString) text = package_consent_write(consent);
    return evidence_zip_put(zip, name, text->str, text->len, error);
}

bool evidence_given_put(const EvidenceOrder *order, EvidenceZip *zip, bool *changed, GError **error)
{
    for (size_t i = 0; i < order->consent_count; i++) {
        const GArray *files = order->consents[i].files;
        for (guint j = 0; j < files->len; j++)
            if (!put_file(&g_array_index(files, PackageConsentFile, j), zip, changed, error))
                return false;
    }
    for (size_t i = 0; i < order->consent_count; i++)
        if (!put_consent(&order->consents[i], zip, error))
            return false;
    return true;
}

int64_t evidence_given_bytes(const EvidenceOrder *order)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < order->consent_count; i++) {
        const GArray *files = order->consents[i].files;
        for (guint j = 0; j < files->len; j++)
            bytes += g_array_index(files, PackageConsentFile, j).bytes;
    }
    return bytes;
}

void evidence_given_tell(const EvidenceOrder *order, PackageManifest *manifest)
{
    for (size_t i = 0; i < order->consent_count; i++) {
        const GArray *files = order->consents[i].files;
        for (guint j = 0; j < files->len; j++)
            g_array_append_val(manifest->given, g_array_index(files, PackageConsentFile, j).given);
    }
}

GArray *evidence_given_objects(const EvidenceOrder *order, int64_t *since_us)
{
    GArray *objects = g_array_new(FALSE, FALSE, sizeof(Uuid));
    for (size_t i = 0; i < order->consent_count; i++) {
        const PackageConsent *consent = &order->consents[i];
        *since_us = MIN(*since_us, consent->asked_us);
        g_array_append_val(objects, consent->request);
        g_array_append_val(objects, consent->answer);
        for (guint j = 0; j < consent->files->len; j++)
            g_array_append_val(objects,
                               g_array_index(consent->files, PackageConsentFile, j).given.file);
    }
    return objects;
}
