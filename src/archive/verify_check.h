/* verify_check.h — what the parts of `verify` share. */
#pragma once

#include "archive/seal.h"
#include "archive/verify.h"
#include "ledger/chain.h"

/* One line of a chain, as far as links and roots need it. */
typedef struct CheckedLine {
    LineHead head;
    int key_index;
    int64_t from_us, to_us; /* of a segment; of a retired line both are its at_us */
    unsigned number;        /* line in the file of `day` */
    char day[11];
} CheckedLine;

typedef struct CheckedChain {
    Uuid camera, volume;
    GArray *lines; /* CheckedLine, by seq */
} CheckedChain;

typedef struct Verify {
    const VerifyOptions *options;
    VerifyReport *report;
    KeyRing *ring;       /* NULL: no public keys, signatures are not checked */
    GPtrArray *chains;   /* CheckedChain *, of all cameras looked at */
    GArray *volumes;     /* Uuid, of all volumes looked at as a whole */
    GHashTable *journal; /* path of a file that is being written → SegmentJournal */
    int64_t newest_root; /* seq of the newest root before the cameras were looked at */
    int64_t all_bytes;   /* for progress */
} Verify;

/* A camera's folder on a volume. `volume` may be NULL: not known. `only_day` (may be NULL): files
 * of other days are not read, though the whole chain is. */
typedef struct CameraTarget {
    const char *volume_folder;
    const Uuid *volume;
    Uuid camera;
    const char *only_day;
} CameraTarget;

void verify_camera(Verify *verify, const CameraTarget *target);

/* The bytes of a file against its seal, which has its leaves. */
void verify_segment(Verify *verify, const char *path, const SegmentSeal *seal);

/* Where the bytes of a segment are: part of an open file. */
typedef struct SegmentPlace {
    const char *path; /* for messages */
    int fd;
    uint64_t offset, bytes;
    int64_t first_us, last_us; /* told back: when its first and last fragment begin, by their prft
                                  and the seal's offset; when all are in place */
    uint64_t last_at;          /* told back: where the last one begins, behind `offset` */
    GArray *parts;             /* told back: FootagePart, owned; NULL: not all are in place */
} SegmentPlace;

/* The same of a part of a segment: its `seal` has the init part's entry and those of the fragments
 * that are there, and their bytes and times. */
void verify_segment_part(Verify *verify, SegmentPlace *place, const SegmentSeal *seal);

/* What the journal of a volume says, as it stands now; before the seals are read. */
void verify_journal_load(Verify *verify, const char *volume_folder);

/* A file with no seal: it must be as the journal says, or it is a fault. */
void verify_unsealed(Verify *verify, const CameraTarget *target, const char *file);

/* roots.jsonl, holds.jsonl, audit/ of a ledger folder: the first before, the second after all
 * cameras, so that roots made meanwhile are not held against lines read before. */
void verify_ledger_before(Verify *verify, const char *ledger_folder);
void verify_ledger(Verify *verify, const char *ledger_folder);

/* The line's signature; tells the fault. Returns the key's index, or -1. */
int verify_signature(Verify *verify, const LineHead *head, const char *text, const Uuid *camera,
                     int64_t from_us, int64_t to_us, const char *path, unsigned number);

/* Takes `ring`, the keys found at `path`, or tells why there is none (`trouble` may be NULL); and
 * whether it is the one asked for. */
void verify_ring_take(Verify *verify, KeyRing *ring, const char *path, const GError *trouble);

/* An evidence package, by its name or its first bytes. */
bool verify_is_package(const char *path);
bool verify_package(Verify *verify, const char *path, GError **error);

/* `camera` may be NULL; from_us and to_us are 0 when no time can be named. */
void verify_fault(Verify *verify, const Uuid *camera, int64_t from_us, int64_t to_us,
                  const char *path, const char *format, ...) G_GNUC_PRINTF(6, 7);
void verify_note(Verify *verify, const char *format, ...) G_GNUC_PRINTF(2, 3);
void verify_read(Verify *verify, int64_t bytes); /* so many bytes more were read: progress */
