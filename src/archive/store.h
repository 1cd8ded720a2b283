/* store.h — what the parts of the archive share; private to archive/.
 *
 * A store is one volume and those who work on it: a writer, a sync thread, a keeper. Who owns what:
 * the writer thread owns the recorders it serves, open segments and the journal's end; a closed
 * segment is handed to the keeper, which alone touches seal chains. A stream is served by one
 * store at a time, and handed over whole, with all recorders it has. `lock` guards the lists below
 * and the members of Segment and Stream that say so; it is held for moments, never across I/O.
 */
#pragma once

#include "archive/archive.h"
#include "archive/due_time.h"
#include "archive/journal.h"
#include "archive/plan.h"
#include "archive/seal.h"
#include "archive/volume.h"
#include "base/turn.h"
#include "catalog/catalog.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct Writer Writer;
typedef struct Syncer Syncer;
typedef struct Keeper Keeper;
typedef struct Roots Roots;
typedef struct Store Store;

enum { VOLUMES_MOST = ARCHIVE_VOLUMES_MOST };

/* One stream that was ever recorded, by this run or as the catalog tells. Lives as long as the
 * archive. */
typedef struct Stream {
    Uuid camera;
    StreamKind kind;
    /* The writer's: what is accounted for, and gaps that no segment declares yet (SealGap). */
    int64_t cursor_us;         /* 0: nothing yet */
    atomic_bool after_restart; /* nothing was written in this run; any thread reads it */
    bool start_owed;           /* the gap from the last run to this one's start is among … */
    GArray *owed;
    /* Any thread; relaxed: figures that stand alone. */
    _Atomic int64_t written_us, durable_us;
    _Atomic int64_t written_at_us, durable_at_us; /* monotonic: when these became so */
    /* Those that record it, or have not written all yet, oldest first; guarded by ready_lock. The
     * first alone is served, so that one thread at a time accounts for the stream. */
    struct Recorder *recorders;
    Store *store; /* where its newest segment is; guarded by the archive's lock, as what follows */
    int64_t syncing_us[VOLUMES_MOST]; /* what was written when a store's sync began; 0: nothing */
    int64_t recovered_us;             /* where recovery found the last run to end; 0: not needed */
    GapCause silent_as;               /* why nothing came at the last look of silence.c */
} Stream;

enum { OWED_GAPS_MOST = 64 };

struct Store {
    Archive *archive;
    unsigned index; /* in archive->stores */
    Volume volume;
    bool remembered;      /* volumes.json has the volume's id; the sync thread's */
    atomic_bool returned; /* the volume's descriptors of before are of no use */
    int64_t floor_asked;  /* as ArchiveSettings has it */

    Journal *journal;
    Writer *writer;
    Syncer *syncer;
    Keeper *keeper;
    unsigned recorders; /* served here; guarded by ready_lock */

    /* Monotonic: until then it is left alone where there is another, and for how long it was so the
     * last time. */
    _Atomic int64_t avoid_until_us, avoided_us;

    /* Figures; relaxed. */
    atomic_int trouble; /* GapCause of the newest failure that has not passed yet, else 0 */
    atomic_bool recovering;
    /* As last seen while the volume was there, and the floor that follows from it; 0: never. */
    _Atomic int64_t free_bytes, total_bytes, floor_bytes;
    _Atomic int64_t sync_took_us;
    _Atomic uint64_t bytes, write_errors, sync_errors;
};

struct Archive {
    char *data_path;
    int64_t segment_us, sync_us;
    _Atomic int64_t retention_us, retention_bytes; /* relaxed: each round reads them anew */
    size_t queue_bytes;
    Catalog *catalog;   /* borrowed */
    const NodeKey *key; /* borrowed */
    int64_t opened_us;  /* node time */
    DueTime *due;       /* by which footage grows old and holds end */
    atomic_bool closing;

    Store *stores[VOLUMES_MOST];
    unsigned store_count;
    pthread_mutex_t ready_lock; /* guards the writers' lists of recorders, and which is whose */

    pthread_mutex_t lock;
    GHashTable *streams;  /* Stream, by itself; guarded by lock */
    GPtrArray *segments;  /* Segment that the catalog does not list as sealed; guarded by lock */
    GHashTable *plans;    /* Plan by its camera's Uuid; grows only; guarded by lock */
    GPtrArray *recorders; /* Recorder that are attached; guarded by lock */
    int64_t root_day_us;  /* the newest day with a root, 0: none; guarded by lock */
    Hash root_day;        /* its line's; guarded by lock */

    /* Figures; relaxed. */
    atomic_uint unsealed;
    _Atomic uint64_t retired, retired_bytes;
    atomic_uint holds;
    _Atomic int64_t held_bytes; /* as archive_held() saw it */
    atomic_uint holds_turn;     /* grows with each hold that is set */
    Turn holding;               /* whoever writes holds.jsonl has it */
    _Atomic uint64_t fragments, pictures, lost_pictures;
};

/* So long after the start a stream may need for its first picture: until then the server counts as
 * down, then what ails the stream. */
#define ARCHIVE_STARTING_US INT64_C(30000000)

/* Writes the id of a volume that is there into volumes.json, once: from then on it is never made
 * anew. Blocking; the sync thread. */
bool store_remember_volume(Store *store, GError **error);

/* Looks how much room a volume that is there has, and how much of it is to stay free: a disk that
 * was away at the start, or comes back as another, has its own floor. False when it is not there.
 * Blocking; the sync thread, or before it is started. */
bool store_note_space(Store *store);

/* The store of a volume, or NULL. Any thread. */
Store *archive_store_of(Archive *archive, const Uuid *volume);

/* Why nothing can be written: no volume is there that has no trouble. GAP_UNKNOWN: one is. */
GapCause archive_trouble(const Archive *archive);

/* Some volume is there. */
bool archive_any_present(const Archive *archive);

/* The stream's entry, made where it is missing. Any thread. */
Stream *archive_stream(Archive *archive, const Uuid *camera, StreamKind kind);

/* The camera's plan, made where it is missing. Any thread. */
Plan *archive_plan(Archive *archive, const Uuid *camera);

/* The stream's entry, or NULL. Any thread. */
Stream *archive_find_stream(Archive *archive, const Uuid *camera, StreamKind kind);
