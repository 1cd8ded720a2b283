#include "archive/package_look.h"

#include "archive/package_check.h"
#include "archive/root_line.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Looking {
    PackageLook *look;
    GArray *days; /* int64_t: numbers of the roots of days */
} Looking;

static void take_seal(PackageCheck *check, void *data, unsigned number, const char *text,
                      size_t size)
{
    Looking *looking = data;
    g_auto(SegmentSeal) seal = {0};
    if (!segment_seal_parse(text, size, &seal) || !seal.entries)
        return;
    PackageSealed sealed = {.camera = seal.camera,
                            .volume = seal.volume,
                            .seq = seal.seq,
                            .hash = seal.seal.hash,
                            .to_us = seal.to_us};
    g_array_append_val(looking->look->sealed, sealed);
}

static void take_root(PackageCheck *check, void *data, unsigned number, const char *text,
                      size_t size)
{
    Looking *looking = data;
    g_auto(RootLine) root = {0};
    if (root_line_parse(text, size, &root) && root.kind == ROOT_DAY)
        g_array_append_val(looking->days, root.head.seq);
}

static bool is_of_day(const Looking *looking, int64_t root)
{
    for (size_t i = 0; i < looking->days->len; i++)
        if (g_array_index(looking->days, int64_t, i) == root)
            return true;
    return false;
}

static void take_path(PackageCheck *check, void *data, unsigned number, const char *text,
                      size_t size)
{
    Looking *looking = data;
    PackagePath path;
    if (!package_path_read(text, size, &path) || !is_of_day(looking, path.root))
        return;
    for (size_t i = 0; i < looking->look->sealed->len; i++) {
        PackageSealed *sealed = &g_array_index(looking->look->sealed, PackageSealed, i);
        sealed->day |= sealed->seq == path.seq && uuid_equal(&sealed->volume, &path.volume) &&
                       uuid_equal(&sealed->camera, &path.camera);
    }
}

static void take_all(PackageCheck *check, PackageLook *look)
{
    size_t size;
    g_autofree char *manifest = package_read(check, PACKAGE_MANIFEST, &size);
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(int64_t));
    Looking looking = {.look = look, .days = days};
    if (manifest)
        look->hash = hash_of(manifest, size);
    for (unsigned i = 0; i < check->manifest.cameras->len; i++) {
        char name[ZIP_NAME_TEXT];
        package_seals_name(i, name);
        package_each_line(check, name, take_seal, &looking);
    }
    package_each_line(check, PACKAGE_ROOTS, take_root, &looking);
    package_each_line(check, PACKAGE_PATHS, take_path, &looking);
    if (!package_entry(check, PACKAGE_DAYS))
        return;
    package_each_line(check, PACKAGE_DAYS, take_root, &looking);
    package_each_line(check, PACKAGE_DAYS, take_path, &looking);
}

static bool look_at(PackageCheck *check, uint64_t file_bytes, PackageLook *look, GError **error)
{
    if (!package_open_directory(check, file_bytes, error))
        return false;
    if (package_read_manifest(check))
        take_all(check, look);
    const GPtrArray *faults = check->verify->report->faults;
    if (faults->len == 0) {
        const ZipEntry *last = &g_array_index(check->entries, ZipEntry, check->entries->len - 1);
        look->entries = g_array_ref(check->entries);
        look->end = package_entry_at(last) + last->bytes;
        package_manifest_clear(&look->manifest);
        look->manifest = check->manifest;
        package_manifest_init(&check->manifest);
        return true;
    }
    const VerifyFault *fault = g_ptr_array_index(faults, 0);
    return err_set(error, ERR_CORRUPT, "%s: %s", fault->path, fault->what);
}

bool package_look(const char *path, PackageLook *look, GError **error)
{
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    *look = (PackageLook){.sealed = g_array_new(FALSE, TRUE, sizeof(PackageSealed))};
    package_manifest_init(&look->manifest);
    if (fd < 0 || fstat(fd, &about) < 0 || !S_ISREG(about.st_mode))
        return err_errno(error, fd < 0 ? errno : EINVAL, "cannot read %s", path);
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    const VerifyOptions options = {0};
    Verify verify = {.options = &options, .report = &report};
    PackageCheck check;
    package_check_init(&check, &verify, path, fd);
    bool looked = look_at(&check, (uint64_t)about.st_size, look, error);
    package_check_clear(&check);
    key_ring_free(verify.ring);
    return looked;
}

void package_look_clear(PackageLook *look)
{
    package_manifest_clear(&look->manifest);
    g_array_unref(look->sealed);
    if (look->entries)
        g_array_unref(look->entries);
}
