#include "casework/evidence_upgrade.h"

#include "archive/package_look.h"
#include "archive/verify.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/evidence_plan.h"
#include "ledger/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the lines ---- */

static bool is_of_node(const char *data, const PackageLook *look, GError **error)
{
    g_autofree char *path = g_build_filename(data, "ledger", "keys.jsonl", NULL);
    g_autoptr(KeyRing) ring = key_ring_load(path, error);
    return ring && (key_ring_find(ring, look->manifest.key) >= 0 ||
                    err_set(error, ERR_DENIED,
                            "another node made this package (its key is %s): only the server that "
                            "recorded it has the roots of its days",
                            look->manifest.key));
}

static bool lacks_any(const PackageLook *look)
{
    for (size_t i = 0; i < look->sealed->len; i++)
        if (!g_array_index(look->sealed, PackageSealed, i).day)
            return true;
    return false;
}

static unsigned camera_index(const PackageLook *look, const Uuid *camera)
{
    const GArray *cameras = look->manifest.cameras;
    for (unsigned i = 0; i < cameras->len; i++)
        if (uuid_equal(&g_array_index(cameras, Uuid, i), camera))
            return i;
    return 0; /* of no camera of the package: no chain is found under it */
}

static GArray *lacking_media(const PackageLook *look)
{
    GArray *media = g_array_new(FALSE, TRUE, sizeof(EvidenceMedia));
    for (size_t i = 0; i < look->sealed->len; i++) {
        const PackageSealed *sealed = &g_array_index(look->sealed, PackageSealed, i);
        EvidenceMedia one = {.seal = sealed->hash};
        one.media.camera = camera_index(look, &sealed->camera);
        one.media.volume = sealed->volume;
        one.media.seq = sealed->seq;
        if (!sealed->day)
            g_array_append_val(media, one);
    }
    return media;
}

static unsigned count_lines(const GString *text)
{
    unsigned count = 0;
    for (const char *at = strchr(text->str, '\n'); at; at = strchr(at + 1, '\n'))
        count++;
    return count;
}

static bool not_yet(int64_t now_us, unsigned unproven, GError **error)
{
    char next[TIME_TEXT];
    if (unproven > 0)
        return err_set(error, ERR_UNAVAILABLE,
                       "the root of a day is there, but lines of other cameras under it cannot be "
                       "read: is a volume away?");
    time_text(day_start_us(now_us) + DAY_US + MINUTE_US, next);
    return err_set(error, ERR_UNAVAILABLE,
                   "the root of its day is not made yet: it comes a minute after the day ends in "
                   "UTC, the next one at %.16sZ; try again then",
                   next);
}

static GString *prove(const EvidenceOrder *order, const EvidencePlan *plan, int64_t now_us,
                      GError **error)
{
    unsigned unproven = 0;
    g_autoptr(GString) paths = g_string_new(NULL);
    GString *lines = g_string_new(NULL);
    bool made = evidence_proofs(order, plan, ROOT_DAY, lines, paths, &unproven, error);
    if (made && count_lines(paths) == plan->media->len) {
        g_string_append_len(lines, paths->str, (gssize)paths->len);
        return lines;
    }
    g_string_free(lines, TRUE);
    if (made)
        not_yet(now_us, unproven, error);
    return NULL;
}

GString *evidence_day_proofs(const char *data, const char *const *volumes, const char *path,
                             int64_t now_us, GError **error)
{
    g_auto(PackageLook) look;
    if (!package_look(path, &look, error) || !is_of_node(data, &look, error))
        return NULL;
    if (!lacks_any(&look)) {
        err_set(error, ERR_EXISTS, "this package has the proofs of its days already");
        return NULL;
    }
    g_autoptr(GArray) found = evidence_volumes(volumes);
    g_autoptr(GArray) media = lacking_media(&look);
    const EvidencePlan plan = {.volumes = found, .media = media};
    const EvidenceOrder order = {.data = data,
                                 .cameras = (const Uuid *)(void *)look.manifest.cameras->data,
                                 .camera_count = look.manifest.cameras->len,
                                 .from_us = look.manifest.from_us};
    return prove(&order, &plan, now_us, error);
}

/* ---- the file ---- */

static bool passes(const char *path, const char *what, GError **error)
{
    g_auto(VerifyReport) report;
    const VerifyOptions options = {0};
    verify_report_init(&report);
    if (!verify_target(path, &options, &report, error))
        return false;
    if (verify_passed(&report))
        return true;
    const VerifyFault *fault = report.faults->len > 0 ? g_ptr_array_index(report.faults, 0) : NULL;
    return err_set(error, ERR_CORRUPT, "%s%s%s", what, fault ? ": " : "", fault ? fault->what : "");
}

static bool copy_bytes(int from, int to, uint64_t bytes, GError **error)
{
    enum { PIECE_BYTES = 1 << 20 };
    g_autofree uint8_t *piece = g_malloc(PIECE_BYTES);
    for (uint64_t at = 0; at < bytes;) {
        size_t size = (size_t)MIN(bytes - at, PIECE_BYTES);
        if (!fd_read_at(from, piece, size, (off_t)at, error) ||
            !fd_write_all(to, piece, size, error))
            return false;
        at += size;
    }
    return true;
}

/* What stands behind the files that were there: one more, and the directory of them all. */
static bool write_tail(int fd, const PackageLook *look, const char *lines, size_t size,
                       GError **error)
{
    g_auto(ByteWriter) tail = {0};
    g_autoptr(GArray) entries = g_array_copy(look->entries);
    ZipEntry entry = {.offset = look->end, .bytes = size, .crc = zip_crc(0, lines, size)};
    g_strlcpy(entry.name, PACKAGE_DAYS, sizeof entry.name);
    g_array_append_val(entries, entry);
    zip_put_local(&tail, &entry);
    write_bytes(&tail, lines, size);
    zip_put_directory(&tail, (const ZipEntry *)(void *)entries->data, entries->len,
                      look->end + tail.size);
    return fd_write_all(fd, tail.data, tail.size, error);
}

static bool write_beside(const char *path, const char *beside, const PackageLook *look,
                         const char *lines, size_t size, GError **error)
{
    struct stat about;
    fd_auto int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0 || fstat(from, &about) < 0)
        return err_errno(error, errno, "cannot read %s", path);
    fd_auto int to = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0)
        return err_errno(error, errno, "cannot write %s", beside);
    if (!copy_bytes(from, to, look->end, error) || !write_tail(to, look, lines, size, error))
        return false;
    return (fchmod(to, about.st_mode & 0777) == 0 && fdatasync(to) == 0) ||
           err_errno(error, errno, "cannot write %s", beside);
}

static bool has_added(const PackageLook *look)
{
    const ZipEntry *last = &g_array_index(look->entries, ZipEntry, look->entries->len - 1);
    return strcmp(last->name, PACKAGE_DAYS) == 0;
}

bool evidence_upgrade(const char *path, const char *lines, size_t size, GError **error)
{
    g_auto(PackageLook) look;
    if (!package_look(path, &look, error) ||
        !passes(path, "this package was changed: nothing is added to it", error))
        return false;
    if (has_added(&look))
        return err_set(error, ERR_EXISTS, "this package has the proofs of its days already");
    char name[UUID_TEXT];
    Uuid unique = uuid_new();
    g_autofree char *beside = g_strdup_printf("%s.%.8s.zip", path, uuid_text(&unique, name));
    bool made = write_beside(path, beside, &look, lines, size, error) &&
                passes(beside, "these lines do not prove anything of this package", error);
    if (made && rename(beside, path) == 0) {
        g_autofree char *folder = g_path_get_dirname(path);
        return folder_sync(folder, error);
    }
    if (made)
        err_errno(error, errno, "cannot write %s", path);
    unlink(beside);
    return false;
}
