#include "archive/footage_scan.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ntp.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WINDOW_BYTES = 1 << 20,
    HEAD_BYTES = 16,       /* of a box, with a 64-bit size */
    PRFT_LEAST_BYTES = 24, /* with its NTP time; ISO/IEC 14496-12 §8.16.5 */
    PRFT_MOST_BYTES = 32,
    STEPS_BACK_MOST = 64,
};

/* A window on the file: buffer[at, end) are the bytes from `offset` on. */
typedef struct Scan {
    const char *path;
    int fd;
    uint64_t base; /* where in the file offset 0 is */
    uint64_t size; /* of the file when it was opened: what is appended later is not looked at */
    uint8_t *buffer;
    size_t at, end;
    uint64_t offset;
    Sha256 *hash;
    GHashTable *known;
    unsigned steps_back; /* left: a file made to be read again and again is not */
    GError *error;
} Scan;

typedef struct Box {
    char type[5];
    uint64_t bytes;
} Box;

guint hash_key_hash(const void *hash)
{
    guint value;
    memcpy(&value, hash, sizeof value);
    return value;
}

gboolean hash_key_equal(const void *a, const void *b)
{
    return hash_equal(a, b);
}

static void scan_seek(Scan *scan, uint64_t offset)
{
    scan->offset = offset;
    scan->at = scan->end = 0;
}

/* Makes at least `bytes` (≤ HEAD_BYTES … PRFT_MOST_BYTES) stand in the window, if there are. */
static bool scan_have(Scan *scan, size_t bytes)
{
    if (scan->end - scan->at >= bytes)
        return true;
    memmove(scan->buffer, scan->buffer + scan->at, scan->end - scan->at);
    scan->end -= scan->at;
    scan->at = 0;
    while (scan->end < bytes && !scan->error) {
        uint64_t from = scan->offset + scan->end;
        size_t room = WINDOW_BYTES - scan->end;
        ssize_t got = from >= scan->size
                          ? 0
                          : pread(scan->fd, scan->buffer + scan->end, MIN(room, scan->size - from),
                                  (off_t)(scan->base + from));
        if (got < 0 && errno != EINTR)
            err_errno(&scan->error, errno, "cannot read %s", scan->path);
        if (got == 0)
            return false;
        if (got > 0)
            scan->end += (size_t)got;
    }
    return !scan->error;
}

/* Hashes the next `bytes` bytes and steps over them; they are known to be in the file. */
static bool scan_take(Scan *scan, uint64_t bytes)
{
    while (bytes > 0) {
        if (!scan_have(scan, 1))
            return false;
        size_t part = MIN(bytes, scan->end - scan->at);
        sha256_add(scan->hash, scan->buffer + scan->at, part);
        scan->at += part;
        scan->offset += part;
        bytes -= part;
    }
    return true;
}

/* The box that begins here; false when there is none that lies whole in the file. */
static bool box_here(Scan *scan, Box *box)
{
    if (!scan_have(scan, 8))
        return false;
    const uint8_t *head = scan->buffer + scan->at;
    uint64_t bytes = get_u32(head);
    if (bytes == 1) {
        if (!scan_have(scan, HEAD_BYTES))
            return false;
        head = scan->buffer + scan->at;
        bytes = get_u64(head + 8);
    }
    memcpy(box->type, head + 4, 4);
    box->type[4] = '\0';
    box->bytes = bytes;
    return bytes >= 8 && bytes <= scan->size - scan->offset;
}

static bool is_type(const Box *box, const char *type)
{
    return memcmp(box->type, type, 4) == 0;
}

static bool fragment_take(Scan *scan, FootagePart *part)
{
    Box box;
    if (!box_here(scan, &box))
        return false;
    if (is_type(&box, "prft")) {
        if (box.bytes < PRFT_LEAST_BYTES || !scan_have(scan, PRFT_LEAST_BYTES))
            return false;
        part->prft_us = ntp_to_us(get_u64(scan->buffer + scan->at + 16));
        if (!scan_take(scan, box.bytes) || !box_here(scan, &box))
            return false;
    }
    if (!is_type(&box, "moof") || !scan_take(scan, box.bytes))
        return false;
    return box_here(scan, &box) && is_type(&box, "mdat") && scan_take(scan, box.bytes);
}

/* All boxes up to the first fragment. */
static bool init_take(Scan *scan)
{
    Box box;
    while (scan->offset < scan->size) {
        if (!box_here(scan, &box))
            return false;
        if (is_type(&box, "prft") || is_type(&box, "moof"))
            return scan->offset > 0;
        if (is_type(&box, "mdat") || !scan_take(scan, box.bytes))
            return false;
    }
    return true;
}

static bool fragment_starts(Scan *scan, uint64_t offset)
{
    uint8_t head[PRFT_MOST_BYTES + 8];
    size_t most = MIN(sizeof head, scan->size - offset);
    ssize_t got = pread(scan->fd, head, most, (off_t)(scan->base + offset));
    if (got < 8)
        return false;
    uint32_t bytes = get_u32(head);
    return bytes >= PRFT_LEAST_BYTES && bytes <= PRFT_MOST_BYTES && (size_t)got >= bytes + 8 &&
           memcmp(head + 4, "prft", 4) == 0 && memcmp(head + bytes + 4, "moof", 4) == 0;
}

/* Offset of the next fragment at or after `from`; the file's size when there is none. */
static uint64_t fragment_find(Scan *scan, uint64_t from)
{
    scan_seek(scan, from);
    while (scan_have(scan, 8)) {
        const uint8_t *start = scan->buffer + scan->at;
        const uint8_t *name = memmem(start, scan->end - scan->at, "prft", 4);
        if (name && name >= start + 4) {
            uint64_t offset = scan->offset + (uint64_t)(name - 4 - start);
            if (fragment_starts(scan, offset))
                return offset;
        }
        size_t step = name ? (size_t)(name + 1 - start) : scan->end - scan->at - 7;
        scan->at += step;
        scan->offset += step;
    }
    return scan->size;
}

static bool is_known(const Scan *scan, const FootagePart *part)
{
    return scan->known && !part->broken && g_hash_table_contains(scan->known, &part->hash);
}

/* What begins at `part` is not whole. A wrong size in the part before leads here too: when that one
 * is not known, the damage is looked for in it. Damage beside damage is one part. */
static void scan_skip_damage(Scan *scan, FootagePart *part, GArray *parts)
{
    uint64_t from = part->offset + 1;
    if (scan->known && parts->len > 0) {
        const FootagePart before = g_array_index(parts, FootagePart, parts->len - 1);
        bool again = !before.broken && !is_known(scan, &before) && scan->steps_back > 0;
        if (again) {
            from = before.offset + 1;
            scan->steps_back--;
        }
        if (again || before.broken) {
            *part = before;
            g_array_set_size(parts, parts->len - 1);
        }
    }
    uint64_t next = fragment_find(scan, from);
    part->bytes = next - part->offset;
    part->broken = true;
    scan_seek(scan, next);
}

static void scan_part(Scan *scan, GArray *parts)
{
    FootagePart part = {.offset = scan->offset, .prft_us = FOOTAGE_NO_TIME};
    bool whole = scan->offset == 0 ? init_take(scan) : fragment_take(scan, &part);
    part.bytes = scan->offset - part.offset;
    sha256_end(scan->hash, part.hash.bytes);
    if (!whole && !scan->error)
        scan_skip_damage(scan, &part, parts);
    g_array_append_val(parts, part);
}

GArray *footage_scan(const char *path, GHashTable *known, GError **error)
{
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0 || !S_ISREG(facts.st_mode)) {
        err_errno(error, fd < 0 ? errno : EINVAL, "cannot read %s", path);
        return NULL;
    }
    return footage_scan_part(fd, path, 0, (uint64_t)facts.st_size, known, error);
}

GArray *footage_scan_part(int fd, const char *path, uint64_t base, uint64_t bytes,
                          GHashTable *known, GError **error)
{
    posix_fadvise(fd, (off_t)base, (off_t)bytes, POSIX_FADV_SEQUENTIAL);
    g_autofree uint8_t *buffer = g_malloc(WINDOW_BYTES);
    g_autoptr(Sha256) hash = sha256_new();
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(FootagePart));
    Scan scan = {.path = path, .fd = fd, .base = base, .size = bytes, .buffer = buffer};
    scan.hash = hash;
    scan.known = known;
    scan.steps_back = STEPS_BACK_MOST;
    while (scan.offset < scan.size && !scan.error)
        scan_part(&scan, parts);
    if (scan.error) {
        g_propagate_error(error, scan.error);
        return NULL;
    }
    return g_steal_pointer(&parts);
}
