/* seal.h — the lines of seals.jsonl: a segment sealed, a segment retired (FOOTAGE.md §4).
 *
 * A chain is a camera on a volume. A segment's line stands in the folder of its file; a retired
 * line in the folder of the UTC day on which it was made.
 *
 * Order of a seal:   footage synced → line appended and synced → catalog → journal dropped.
 * Order of a retire: retired line appended and synced → file deleted → leaves taken out → catalog.
 * After a kill at any point both may simply be done again: ask seal_find() first.
 */
#pragma once

#include "base/uuid.h"
#include "ledger/line.h"
#include "media/access_unit.h"
#include "media/gap.h"

enum { SEAL_FILE_TEXT = 64, SEAL_ENTRIES_MOST = 16384, SEAL_GAPS_MOST = 1024 };

typedef struct SealGap {
    int64_t from_us, to_us;
    GapCause cause;
} SealGap;

typedef struct SegmentSeal {
    Uuid camera, volume;
    int64_t seq;
    char file[SEAL_FILE_TEXT]; /* "<day>/<name>.mp4" */
    StreamKind stream;
    int64_t from_us, to_us;
    int64_t bytes, pictures;
    char codec[32];
    int64_t width, height; /* px */
    char audio[32];        /* RFC 6381, "" without audio */
    int64_t offset_us, ntp_us;
    size_t gap_count;
    SealGap *gaps; /* owned by the seal when it was parsed; borrowed when it is appended */
    bool recovered;
    size_t entry_count;
    Hash *entries; /* the same; NULL once retired */
    Hash root, prev;
    LineSeal seal; /* seal.hash: what the next line's prev says */
} SegmentSeal;

typedef struct RetiredSeal {
    Uuid camera, volume;
    int64_t seq;
    char file[SEAL_FILE_TEXT];
    int64_t at_us;
    char reason[64]; /* "age", "quota", "space", "asked" */
    Hash segment;    /* hash of the retired segment's line */
    Hash prev;
    LineSeal seal;
} RetiredSeal;

void segment_seal_clear(SegmentSeal *seal); /* frees gaps and entries of a parsed seal */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SegmentSeal, segment_seal_clear)

/* Signs: fills in root (from the entries) and seal; seq and prev stand already. Returns the whole
 * line, owned. */
GString *segment_seal_write(SegmentSeal *seal, const NodeKey *key);
GString *retired_seal_write(RetiredSeal *retired, const NodeKey *key);

/* Form only: neither signature nor root. False when it is not a line of this type, to the letter;
 * there is then nothing to clear. */
bool segment_seal_parse(const char *line, size_t size, SegmentSeal *seal);
bool retired_seal_parse(const char *line, size_t size, RetiredSeal *retired);

/* The line of a segment without its leaves and newline. Returns owned. */
char *segment_seal_bare(const char *line, const SegmentSeal *seal);

/* One camera's chain on one volume. One thread at a time; blocking. */
typedef struct SealChain SealChain;

/* Finds the head in the newest day folders (and the oldest, where a lost clock may have written),
 * cutting off torn lines. Holds `key`, which must outlive it. Returns owned. */
SealChain *seal_chain_load(const char *volume_folder, Uuid volume, Uuid camera, const NodeKey *key,
                           GError **error);
void seal_chain_free(SealChain *chain); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SealChain, seal_chain_free)

int64_t seal_chain_seq(const SealChain *chain); /* of the newest line, 0 when there is none */

/* Fills in camera, volume, seq, root, prev and seal; durable when it returns true. The segment's
 * file must be synced before. */
bool seal_chain_append(SealChain *chain, SegmentSeal *seal, GError **error);

/* Retires segments by file name ("<day>/<name>.mp4"), all or, on error, some: call again with the
 * same names; what is retired already is passed over. Cheapest in batches of one day. A name
 * without a seal line is an error (ERR_NOT_FOUND, nothing deleted). On a full disk the first file
 * goes before its line. */
bool seal_chain_retire(SealChain *chain, const char *const *files, size_t count, const char *reason,
                       int64_t at_us, GError **error);

/* The line of a segment, parsed (entries NULL once retired). 1 found: clear `seal`; 0 not; -1
 * error. Any thread. */
int seal_find(const char *volume_folder, const Uuid *camera, const char *file, SegmentSeal *seal,
              GError **error);

/* Visits the lines of one day's seals.jsonl ("2026-11-24"), segments and retired ones; one of the
 * two is NULL, and is cleared after the visit (steal what is to stay). Return false to stop. Lines
 * that cannot be read are told in the log. A missing file is empty. */
typedef bool (*SealVisit)(void *data, SegmentSeal *segment, RetiredSeal *retired);
bool seal_day_each(const char *volume_folder, const Uuid *camera, const char *day, SealVisit visit,
                   void *data, GError **error);
