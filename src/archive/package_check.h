/* package_check.h — what the parts of checking an evidence package share. */
#pragma once

#include "archive/certificate.h"
#include "archive/package.h"
#include "archive/verify_check.h"

/* A line of a camera's chain as the package has it. */
typedef struct PackageSeal {
    unsigned camera;
    Uuid volume;
    int64_t seq;
    Hash hash;
    int64_t from_us, to_us; /* of a segment; of a retired line both are its at_us */
    bool has_footage;       /* its leaves are there, so its media must be */
    bool rooted;            /* a path leads from it to a root that is signed */
    bool day;               /* to one of a day */
} PackageSeal;

typedef struct PackageCheck {
    Verify *verify;
    const char *path;
    int fd;
    uint64_t begin;  /* of the ZIP within the file: one may lie in another */
    GArray *entries; /* ZipEntry */
    PackageManifest manifest;
    bool manifest_signed;
    bool torn; /* some footage is not as it was sealed: its films are not counted */
    PackageFacts facts;
    GArray *listed; /* PackageMedia, as continuity.json lists them */
    GArray *seals;  /* PackageSeal, by camera, volume, seq */
} PackageCheck;

/* Times of a package come from anyone: sums of plausible ones stay far from overflow. */
static inline bool package_time_plausible(int64_t time_us)
{
    return time_us >= 0 && time_us < INT64_C(1) << 55;
}

/* A fault of one file of the package (NULL: of the package), of a camera (NULL: of none). */
void package_fault(PackageCheck *check, const Uuid *camera, int64_t from_us, int64_t to_us,
                   const char *name, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* The signature of line `number` of a file of the package; tells the fault. Returns the key's
 * index, or -1. */
int package_signature(PackageCheck *check, const LineHead *head, const char *text,
                      const Uuid *camera, int64_t from_us, int64_t to_us, const char *name,
                      unsigned number);

const ZipEntry *package_entry(const PackageCheck *check, const char *name); /* NULL: none */
uint64_t package_entry_at(const ZipEntry *entry); /* where its bytes begin in the ZIP */

/* All of a file, with a NUL behind. NULL, and told, when there is none or it is too large. */
char *package_read(PackageCheck *check, const char *name, size_t *size);

/* The entries of a file of `file_bytes`. False: it is no package's. */
bool package_open_directory(PackageCheck *check, uint64_t file_bytes, GError **error);

/* Keys, manifest and its signature. False, and told, when there is no manifest. */
bool package_read_manifest(PackageCheck *check);

/* Visits the lines of a file of lines; `text` is without its newline, NUL-terminated. */
typedef void (*PackageTakeLine)(PackageCheck *check, void *data, unsigned number, const char *text,
                                size_t size);
void package_each_line(PackageCheck *check, const char *name, PackageTakeLine take, void *data);

/* What stands before each file in the ZIP against the directory. */
void package_check_headers(PackageCheck *check);

/* Both sums of a file's bytes, by way of `chunk` of PACKAGE_CHUNK_BYTES. False when it cannot be
 * read. */
enum { PACKAGE_CHUNK_BYTES = 1 << 20 };
bool package_sum_entry(const PackageCheck *check, const ZipEntry *entry, uint8_t *chunk, Hash *hash,
                       uint32_t *crc);

/* A negative certificate, which comes in such a ZIP too, into `certificate` (initialised). False,
 * and told: it is none. */
bool package_check_certificate(PackageCheck *check, Certificate *certificate);

void package_check_init(PackageCheck *check, Verify *verify, const char *path, int fd);
void package_check_clear(PackageCheck *check);

/* Seals of all cameras against their signatures, and footage against the seals; fills in `facts`
 * and `seals`. */
void package_check_footage(PackageCheck *check);

/* Paths from seals to roots. */
void package_check_roots(PackageCheck *check);

/* What households gave. Adds the names of its files; whether a line of the log is about it; and
 * whether it is as it arrived. */
void package_given_names(const PackageCheck *check, GHashTable *names);
bool package_given_is_about(const PackageCheck *check, const char *line);
void package_check_given(PackageCheck *check);

/* Certificates that go along, each as by itself, and as one of this node and case. */
void package_check_certificates(PackageCheck *check);

/* The head of the fragment at `at` (behind the place's offset) into `fragment`, which is used
 * again. False: it makes no sense. */
bool package_read_fragment(const SegmentPlace *place, uint64_t at, Fmp4FragmentInfo *fragment);

/* How a footage file is coded, its pictures, and its first key picture; all its parts are in place,
 * and its times and offset are known. */
void package_count_film(const SegmentPlace *place, PackageMedia *media);

/* Of footage files that do not begin with a key picture: what their first pictures need. */
void package_note_leads(PackageCheck *check);

/* Of files that bear the same times. */
void package_note_overlaps(PackageCheck *check);

/* What the manifest says of the films against what was found. */
void package_check_films(PackageCheck *check);

/* Holds against their lines of the ledger. */
void package_check_holds(PackageCheck *check);

/* Working copies against the footage that was found. */
void package_check_working(PackageCheck *check);

/* Lines of the audit log. */
void package_check_custody(PackageCheck *check);

/* Continuity and time as told against what was found. */
void package_check_facts(PackageCheck *check);

/* The verdict of each second, by what was found and by the faults from number `first` on. */
void package_judge(PackageCheck *check, size_t first);
