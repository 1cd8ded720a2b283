/* An evidence package: the ZIP, the manifest, the bytes of each file; then what the files say.
 *
 * Everything in it comes from whoever handed it over. Faults name the file within the package, and
 * camera and span where one can be named.
 */
#include "archive/package_check.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void package_fault(PackageCheck *check, const Uuid *camera, int64_t from_us, int64_t to_us,
                   const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *path =
        name ? g_strdup_printf("%s: %s", check->path, name) : g_strdup(check->path);
    verify_fault(check->verify, camera, from_us, to_us, path, "%s", what);
}

int package_signature(PackageCheck *check, const LineHead *head, const char *text,
                      const Uuid *camera, int64_t from_us, int64_t to_us, const char *name,
                      unsigned number)
{
    g_autofree char *path = g_strdup_printf("%s: %s", check->path, name);
    return verify_signature(check->verify, head, text, camera, from_us, to_us, path, number);
}

const ZipEntry *package_entry(const PackageCheck *check, const char *name)
{
    for (size_t i = 0; i < check->entries->len; i++) {
        const ZipEntry *entry = &g_array_index(check->entries, ZipEntry, i);
        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

uint64_t package_entry_at(const ZipEntry *entry)
{
    return entry->offset + zip_local_bytes(entry);
}

char *package_read(PackageCheck *check, const char *name, size_t *size)
{
    g_autoptr(GError) trouble = NULL;
    const ZipEntry *entry = package_entry(check, name);
    if (!entry || entry->bytes > PACKAGE_TEXT_MOST_BYTES) {
        package_fault(check, NULL, 0, 0, name, entry ? "is too large to be true" : "is not there");
        return NULL;
    }
    *size = (size_t)entry->bytes;
    g_autofree char *text = g_malloc0(*size + 1);
    if (fd_read_at(check->fd, text, *size, (off_t)(check->begin + package_entry_at(entry)),
                   &trouble))
        return g_steal_pointer(&text);
    package_fault(check, NULL, 0, 0, name, "%s", trouble->message);
    return NULL;
}

void package_each_line(PackageCheck *check, const char *name, PackageTakeLine take, void *data)
{
    size_t size;
    unsigned number = 0;
    g_autofree char *text = package_read(check, name, &size);
    for (size_t at = 0; text && at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at : size - at;
        text[at + length] = '\0';
        take(check, data, ++number, text + at, length);
        at += length + 1;
    }
}

bool package_open_directory(PackageCheck *check, uint64_t file_bytes, GError **error)
{
    uint8_t end[ZIP_END_MOST_BYTES];
    size_t seen = MIN(sizeof end, file_bytes);
    uint64_t offset;
    if (!fd_read_at(check->fd, end, seen, (off_t)(check->begin + file_bytes - seen), error))
        return false;
    if (!zip_directory_find(end, seen, file_bytes, &offset))
        return err_set(error, ERR_CORRUPT,
                       "it does not end as a package ends: it was cut off, or is none");
    size_t size = (size_t)(file_bytes - offset);
    g_autofree uint8_t *directory = g_malloc(size);
    if (!fd_read_at(check->fd, directory, size, (off_t)(check->begin + offset), error))
        return false;
    check->entries = zip_directory_read(directory, size, offset);
    return check->entries || err_set(error, ERR_CORRUPT,
                                     "its directory was changed, or bytes were put in, taken out "
                                     "or moved, or another program packed it anew");
}

void package_check_headers(PackageCheck *check)
{
    g_auto(ByteWriter) wanted = {0};
    for (size_t i = 0; i < check->entries->len; i++) {
        const ZipEntry *entry = &g_array_index(check->entries, ZipEntry, i);
        uint8_t found[ZIP_NAME_TEXT + 64];
        byte_writer_clear(&wanted);
        zip_put_local(&wanted, entry);
        if (!fd_read_at(check->fd, found, wanted.size, (off_t)(check->begin + entry->offset),
                        NULL) ||
            memcmp(found, wanted.data, wanted.size) != 0)
            package_fault(check, NULL, 0, 0, entry->name,
                          "its header in the file is not what the directory says");
    }
}

static void check_signature(PackageCheck *check, const char *text, size_t size)
{
    size_t signature_bytes;
    g_autofree char *signature = package_read(check, PACKAGE_SIGNATURE, &signature_bytes);
    if (!signature || !check->verify->ring)
        return;
    int index = key_ring_find(check->verify->ring, check->manifest.key);
    if (index < 0) {
        package_fault(check, NULL, 0, 0, PACKAGE_SIGNATURE,
                      "the manifest is signed by key %s, which is not among the node's keys",
                      check->manifest.key);
        return;
    }
    const PublicKey *key = key_ring_key(check->verify->ring, (size_t)index);
    g_autofree char *pem = package_key_pem(key);
    size_t pem_bytes;
    g_autofree char *told = package_read(check, PACKAGE_KEY_PEM, &pem_bytes);
    if (told && (pem_bytes != strlen(pem) || memcmp(told, pem, pem_bytes) != 0))
        package_fault(check, NULL, 0, 0, PACKAGE_KEY_PEM,
                      "is not the key that the manifest is signed by");
    check->manifest_signed = signature_bytes == SIGNATURE_BYTES &&
                             signature_holds(key, text, size, (const uint8_t *)signature);
    if (!check->manifest_signed)
        package_fault(check, NULL, 0, 0, PACKAGE_MANIFEST,
                      "was changed, or signed by somebody else: its signature does not hold");
}

static bool cameras_differ(const GArray *cameras)
{
    for (size_t i = 0; i < cameras->len; i++)
        for (size_t j = 0; j < i; j++)
            if (uuid_equal(&g_array_index(cameras, Uuid, i), &g_array_index(cameras, Uuid, j)))
                return false;
    return true;
}

bool package_read_manifest(PackageCheck *check)
{
    size_t size, keys_size;
    g_autofree char *text = package_read(check, PACKAGE_MANIFEST, &size);
    g_autofree char *keys = package_read(check, PACKAGE_KEYS, &keys_size);
    g_autofree char *keys_path = g_strdup_printf("%s: %s", check->path, PACKAGE_KEYS);
    g_autoptr(GError) trouble = NULL;
    KeyRing *ring = keys ? key_ring_read(keys, keys_size, keys_path, &trouble) : NULL;
    verify_ring_take(check->verify, ring, keys_path, trouble);
    PackageManifest *manifest = &check->manifest;
    if (!text)
        return false;
    if (!package_manifest_read(text, size, manifest) || !cameras_differ(manifest->cameras) ||
        !package_time_plausible(manifest->from_us) || !package_time_plausible(manifest->to_us)) {
        package_fault(check, NULL, 0, 0, PACKAGE_MANIFEST, "is not the manifest of a package");
        return false;
    }
    check_signature(check, text, size);
    return true;
}

/* The camera whose footage a name says it is; NULL: of none. */
static const Uuid *camera_of_name(const PackageCheck *check, const char *name)
{
    unsigned number = 0;
    if (!g_str_has_prefix(name, "media/"))
        return NULL;
    for (const char *at = name + strlen("media/"); g_ascii_isdigit(*at) && number < 1000; at++)
        number = number * 10 + (unsigned)(*at - '0');
    return number > 0 && number <= check->manifest.cameras->len
               ? &g_array_index(check->manifest.cameras, Uuid, number - 1)
               : NULL;
}

bool package_sum_entry(const PackageCheck *check, const ZipEntry *entry, uint8_t *chunk, Hash *hash,
                       uint32_t *crc)
{
    g_autoptr(Sha256) running = sha256_new();
    uint64_t at = check->begin + package_entry_at(entry), left = entry->bytes;
    *crc = 0;
    while (left > 0) {
        size_t part = (size_t)MIN(left, PACKAGE_CHUNK_BYTES);
        if (!fd_read_at(check->fd, chunk, part, (off_t)at, NULL))
            return false;
        sha256_add(running, chunk, part);
        *crc = zip_crc(*crc, chunk, part);
        at += part;
        left -= part;
    }
    sha256_end(running, hash->bytes);
    return true;
}

static void check_file(PackageCheck *check, const PackageFile *file, const ZipEntry *entry,
                       uint8_t *chunk)
{
    Hash hash;
    uint32_t crc;
    const Uuid *camera = camera_of_name(check, file->name);
    if (strcmp(file->name, entry->name) != 0)
        package_fault(check, camera, 0, 0, file->name,
                      "the manifest lists it where the package has %s: files were added, taken out "
                      "or moved",
                      entry->name);
    else if (file->bytes != (int64_t)entry->bytes ||
             !package_sum_entry(check, entry, chunk, &hash, &crc) ||
             !hash_equal(&hash, &file->hash))
        package_fault(check, camera, 0, 0, file->name,
                      "is not what the manifest says: it was changed");
    else if (crc != entry->crc)
        package_fault(check, camera, 0, 0, file->name, "its checksum in the ZIP was changed");
}

/* All files but manifest and signature, which come last and are not in the list; and what may have
 * been added behind them. */
static void check_files(PackageCheck *check)
{
    const GArray *files = check->manifest.files, *entries = check->entries;
    g_autofree uint8_t *chunk = g_malloc(PACKAGE_CHUNK_BYTES);
    static const char *const last[] = {PACKAGE_MANIFEST, PACKAGE_SIGNATURE, PACKAGE_DAYS};
    bool added = entries->len > 0 &&
                 strcmp(g_array_index(entries, ZipEntry, entries->len - 1).name, PACKAGE_DAYS) == 0;
    unsigned behind = added ? 3 : 2;
    if (entries->len != files->len + behind)
        package_fault(check, NULL, 0, 0, PACKAGE_MANIFEST,
                      "lists %u files, and the package has %u beside manifest and signature",
                      files->len, entries->len < behind ? 0 : entries->len - behind);
    for (size_t i = 0; i < MIN(files->len, entries->len); i++)
        check_file(check, &g_array_index(files, PackageFile, i),
                   &g_array_index(entries, ZipEntry, i), chunk);
    for (size_t i = 0; i < behind; i++) {
        size_t at = files->len + i;
        const ZipEntry *entry = at < entries->len ? &g_array_index(entries, ZipEntry, at) : NULL;
        Hash hash;
        uint32_t crc;
        if (!entry || strcmp(entry->name, last[i]) != 0 ||
            !package_sum_entry(check, entry, chunk, &hash, &crc) || crc != entry->crc)
            package_fault(check, NULL, 0, 0, last[i],
                          "does not stand where it must, or its checksum was changed");
    }
}

static void check_sums(PackageCheck *check)
{
    size_t size;
    g_autofree char *told = package_read(check, PACKAGE_SUMS, &size);
    g_autoptr(GArray) others = g_array_copy(check->manifest.files);
    if (!told || others->len == 0)
        return;
    g_array_set_size(others, others->len - 1);
    g_autoptr(GString) wanted = package_sums(others);
    if (wanted->len != size || memcmp(wanted->str, told, size) != 0)
        package_fault(check, NULL, 0, 0, PACKAGE_SUMS, "does not list what the manifest lists");
}

/* No file but those that a package of this format has. */
static void check_names(PackageCheck *check)
{
    static const char *const known[] = {
        PACKAGE_MANIFEST, PACKAGE_SIGNATURE, PACKAGE_CONTINUITY, PACKAGE_TIME,  PACKAGE_CUSTODY,
        PACKAGE_KEYS,     PACKAGE_KEY_PEM,   PACKAGE_ROOTS,      PACKAGE_PATHS, PACKAGE_SUMS,
        PACKAGE_README,   PACKAGE_STATEMENT, PACKAGE_PAGE,       PACKAGE_DAYS,  NULL};
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; check->listed && i < check->listed->len; i++)
        g_hash_table_add(names, g_strdup(g_array_index(check->listed, PackageMedia, i).name));
    for (size_t i = 0; i < check->manifest.working->len; i++)
        g_hash_table_add(names,
                         g_strdup(g_array_index(check->manifest.working, PackageWorking, i).name));
    package_given_names(check, names);
    if (check->manifest.holds->len > 0)
        g_hash_table_add(names, g_strdup(PACKAGE_HOLDS));
    for (unsigned i = 0; i < check->manifest.cameras->len; i++) {
        char name[ZIP_NAME_TEXT];
        package_seals_name(i, name);
        g_hash_table_add(names, g_strdup(name));
    }
    for (size_t i = 0; i < check->entries->len; i++) {
        const char *name = g_array_index(check->entries, ZipEntry, i).name;
        if (!g_strv_contains(known, name) && !g_str_has_prefix(name, CERTIFICATES_FOLDER) &&
            !g_hash_table_contains(names, name))
            package_fault(check, camera_of_name(check, name), 0, 0, name,
                          "belongs to no package, or continuity.json does not tell of it");
    }
}

static void check_all(PackageCheck *check)
{
    size_t size, first = check->verify->report->faults->len;
    package_check_headers(check);
    if (!package_read_manifest(check))
        return;
    check->facts.from_us = check->manifest.from_us;
    check->facts.to_us = check->manifest.to_us;
    g_array_append_vals(check->facts.cameras, check->manifest.cameras->data,
                        check->manifest.cameras->len);
    check_files(check);
    check_sums(check);
    g_autofree char *continuity = package_read(check, PACKAGE_CONTINUITY, &size);
    if (continuity && size > 0)
        check->listed = package_continuity_media(continuity, size - 1);
    check_names(check);
    package_check_footage(check);
    package_note_leads(check);
    package_note_overlaps(check);
    package_check_roots(check);
    package_check_films(check);
    package_check_holds(check);
    package_check_working(check);
    package_check_given(check);
    package_check_custody(check);
    package_check_facts(check);
    package_judge(check, first);
    package_check_certificates(check); /* no second of footage is worse for what is said there */
}

void package_check_init(PackageCheck *check, Verify *verify, const char *path, int fd)
{
    *check = (PackageCheck){.verify = verify, .path = path, .fd = fd};
    package_manifest_init(&check->manifest);
    package_facts_init(&check->facts);
    check->seals = g_array_new(FALSE, TRUE, sizeof(PackageSeal));
}

void package_check_clear(PackageCheck *check)
{
    g_clear_pointer(&check->entries, g_array_unref);
    g_clear_pointer(&check->listed, g_array_unref);
    g_array_unref(check->seals);
    package_facts_clear(&check->facts);
    package_manifest_clear(&check->manifest);
}

bool verify_is_package(const char *path)
{
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC);
    char head[4];
    return g_str_has_suffix(path, ".zip") ||
           (fd >= 0 && fd_read_at(fd, head, sizeof head, 0, NULL) &&
            memcmp(head, "PK\3\4", sizeof head) == 0);
}

static void check_alone(PackageCheck *check)
{
    g_auto(Certificate) certificate;
    certificate_init(&certificate);
    package_check_certificate(check, &certificate);
}

bool verify_package(Verify *verify, const char *path, GError **error)
{
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) < 0 || !S_ISREG(about.st_mode))
        return err_errno(error, fd < 0 ? errno : EINVAL, "cannot read %s", path);
    PackageCheck check;
    g_autoptr(GError) trouble = NULL;
    package_check_init(&check, verify, path, fd);
    verify->report->packages++;
    if (package_open_directory(&check, (uint64_t)about.st_size, &trouble)) {
        if (package_entry(&check, CERTIFICATE_FILE) && !package_entry(&check, PACKAGE_MANIFEST))
            check_alone(&check);
        else
            check_all(&check);
    } else {
        package_fault(&check, NULL, 0, 0, NULL, "%s", trouble->message);
        verify->report->key_asked |= verify->options->key_fingerprint != NULL;
        verify->report->key_confirmed = false;
    }
    package_check_clear(&check);
    return true;
}
