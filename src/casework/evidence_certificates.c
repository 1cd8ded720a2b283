#include "casework/evidence_certificates.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* It holds by itself, and is the one of this number that was made for this case. */
static bool is_as_made(const EvidenceOrder *order, const EvidenceCertificate *one, GError **error)
{
    Hash hash;
    char hex[SHA256_HEX];
    g_auto(Certificate) certificate;
    certificate_init(&certificate);
    if (!certificate_look(one->path, &certificate, &hash, error))
        return false;
    hex_encode(hash.bytes, sizeof hash.bytes, hex);
    return (strcmp(hex, one->digest) == 0 && strcmp(certificate.about.number, one->number) == 0 &&
            strcmp(certificate.about.case_number, order->case_number) == 0) ||
           err_set(error, ERR_CORRUPT, "%s is another certificate than the one that was made",
                   one->path);
}

static bool put_file(const EvidenceCertificate *one, EvidenceZip *zip, GError **error)
{
    struct stat facts;
    char name[ZIP_NAME_TEXT];
    fd_auto int fd = open(one->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &facts) < 0)
        return err_errno(error, errno, "cannot read %s", one->path);
    if (!certificate_packed_name(one->number, name))
        return err_set(error, ERR_CORRUPT, "a certificate has no number");
    return evidence_zip_begin(zip, name, facts.st_size, error) &&
           evidence_zip_copy(zip, fd, 0, (uint64_t)facts.st_size, error) &&
           evidence_zip_end(zip, error);
}

bool evidence_certificates_put(const EvidenceOrder *order, EvidenceZip *zip, bool *changed,
                               GError **error)
{
    for (size_t i = 0; i < order->certificate_count; i++) {
        g_autoptr(GError) trouble = NULL;
        if (is_as_made(order, &order->certificates[i], &trouble) &&
            put_file(&order->certificates[i], zip, &trouble))
            continue;
        *changed = g_error_matches(trouble, ERR, ERR_CORRUPT) ||
                   g_error_matches(trouble, ERR, ERR_NOT_FOUND);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    return true;
}

int64_t evidence_certificates_bytes(const EvidenceOrder *order)
{
    int64_t bytes = 0;
    struct stat facts;
    for (size_t i = 0; i < order->certificate_count; i++)
        bytes += stat(order->certificates[i].path, &facts) == 0 ? facts.st_size : 0;
    return bytes;
}
