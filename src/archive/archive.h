/* archive.h — the footage store: records streams into segments and tells what is there.
 *
 * One archive a data folder, with one volume or several. Threads of each, with one job: the writer
 * (appends fragments and journal records), the sync thread (syncfs once a second, checks the
 * volume), the keeper (recovers what the last run left, seals finished segments), and housekeeping
 * (retention, roots). All functions may be called on any thread; those marked blocking read the
 * catalog or the disk.
 */
#pragma once

#include "base/uuid.h"
#include "camera/hub.h"
#include "config/schedule.h"
#include "ledger/hash.h"
#include "ledger/key.h"
#include "media/access_unit.h"
#include "media/gap.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Archive Archive;
typedef struct Catalog Catalog;
typedef struct NodeKey NodeKey;

typedef struct ArchiveSettings {
    const char *data_path;         /* DATA: ledger/ stands in it; copied */
    const char *volume_path;       /* NULL: DATA/footage; copied */
    const char *const *more_paths; /* of further volumes; copied */
    unsigned more_count;
    Uuid node;
    int64_t segment_us;  /* 1–15 min; 0: 5 min */
    int64_t sync_us;     /* 0: 1 s */
    int64_t floor_bytes; /* free space that retention keeps; 0: 2 % of the disk, at most 10 GiB;
                            negative: none */
    int64_t
        retention_us; /* how long footage of a camera without its own rule is kept; 0: 30 days */
    int64_t retention_bytes; /* … and how much of it; 0: no bound */
    size_t queue_bytes;      /* of one stream, waiting for the writer; 0: 16 MiB */
} ArchiveSettings;

/* Opens the volume (volume.json is made at its first use), reads the journals, starts the threads;
 * recovery goes on beside. `catalog` and `key` are borrowed until archive_close(). Blocking. A
 * volume that is missing or foreign is no error: it is told in the log and in archive_figures(),
 * nothing is written to it, and recording starts when it appears. NULL: the catalog or the journals
 * cannot be read. */
Archive *archive_open(const ArchiveSettings *settings, Catalog *catalog, const NodeKey *key,
                      GError **error);

/* A clean stop: writes what has arrived, seals all segments, joins the threads. NULL is allowed. */
void archive_close(Archive *archive);

/* Records the hub's stream from its next key picture on, until archive_unrecord(). Never waits. */
void archive_record(Archive *archive, Hub *hub);

/* What has been published until now is still written; the segment is then sealed. Never waits. */
void archive_unrecord(Archive *archive, Hub *hub);

/* When the camera's streams are recorded, from now on; before the first call: always. `zone`: where
 * the hours are meant; NULL: as before, UTC at first. */
void archive_set_schedule(Archive *archive, const Uuid *camera, const Schedule *schedule,
                          GTimeZone *zone);

/* For cameras that are recorded on events: something was noticed at `at_us` and goes on; it is over
 * since `at_us`. */
void archive_event_begins(Archive *archive, const Uuid *camera, const Uuid *event, int64_t at_us);
void archive_event_ends(Archive *archive, const Uuid *camera, const Uuid *event, int64_t at_us);

/* Whether a picture of `at_us` is to be recorded, by the camera's schedule and its newest events.
 */
bool archive_should_record(Archive *archive, const Uuid *camera, int64_t at_us);

/* Whether it is recorded on events: what comes before one is held, so pictures must come all the
 * time. */
bool archive_waits_for_events(Archive *archive, const Uuid *camera);

/* End of the newest durable picture of a stream that is recorded, 0 when there is none: a sync that
 * began after its write has ended. */
int64_t archive_durable_us(Archive *archive, const Uuid *camera, StreamKind stream);

/* End of the newest written picture, 0 when there is none. */
int64_t archive_written_us(Archive *archive, const Uuid *camera, StreamKind stream);

/* How old these are, INT64_MAX when there is none; never less than by the monotonic clock, so that
 * what was written before the wall clock was set back is not taken for new. */
int64_t archive_durable_age_us(Archive *archive, const Uuid *camera, StreamKind stream);
int64_t archive_written_age_us(Archive *archive, const Uuid *camera, StreamKind stream);

typedef struct ArchiveFigures {
    bool volume_present; /* volume.json is there and ours, of all volumes */
    bool recovering;     /* segments of the last run are still being looked at */
    GapCause trouble;    /* GAP_UNKNOWN: none; else disk-full, disk-error, volume-missing */
    unsigned recorders, unsealed;
    size_t queued_bytes;  /* pictures that wait for the writer */
    double fullest_queue; /* of the bound of one stream, 0 to 1 */
    int64_t total_bytes, free_bytes;
    int64_t last_sync_us; /* how long the last syncfs took */
    uint64_t fragments, pictures, bytes, lost_pictures, write_errors, sync_errors;
    uint64_t retired, retired_bytes; /* segments that retention deleted */
    unsigned holds;
    int64_t held_bytes; /* that they keep, when archive_held() last looked */
} ArchiveFigures;
ArchiveFigures archive_figures(Archive *archive);

/* One of the volumes, in the order of the settings. */
typedef struct ArchiveVolume {
    const char *path; /* borrowed */
    bool present;
    bool avoided; /* it failed or was slow: others are written to for a while */
    GapCause trouble;
    unsigned recorders; /* streams that are written to it */
    int64_t total_bytes, free_bytes, last_sync_us;
    uint64_t bytes, write_errors, sync_errors;
} ArchiveVolume;

enum { ARCHIVE_VOLUMES_MOST = 16 };

/* Fills in up to `most`; returns how many. */
unsigned archive_volumes(Archive *archive, ArchiveVolume *volumes, unsigned most);

/* A footage file, sealed or open. */
typedef struct ArchiveSegment {
    char *path;             /* owned */
    char *file;             /* owned; "<day>/<name>", as in its seal */
    int64_t from_us, to_us; /* first picture, end of the last */
    int64_t bytes;          /* of an open segment: what is written and may be read */
    bool open;
} ArchiveSegment;

/* For GArray of them: frees what one owns; compares by time. */
void archive_segment_clear(void *segment);
int archive_segment_by_time(const void *a, const void *b);

/* Segments that overlap from..to, oldest first: GArray of ArchiveSegment, returned owned, maybe
 * empty; NULL on error. A listed file may be retired at any moment. Blocking. */
GArray *archive_segments(Archive *archive, const Uuid *camera, StreamKind stream, int64_t from_us,
                         int64_t to_us, GError **error);

/* Segments of the stream that hold pictures up to `to_us` are sealed when this returns: one that is
 * being written ends early, at its next key picture, and nothing is lost. Waits for that, at most
 * `wait_us`; false: it was not enough (the volume is away, say). Blocking. */
bool archive_seal_until(Archive *archive, const Uuid *camera, StreamKind stream, int64_t to_us,
                        int64_t wait_us);

/* An interim root over all seal lines since the last one, before an export. Blocking. */
bool archive_make_roots(Archive *archive, GError **error);

/* What has to be known elsewhere, so that nothing here can be written anew unnoticed: whose key
 * seals, and the hash of the newest day's root. */
typedef struct ArchiveFingerprints {
    char key[FINGERPRINT_TEXT];
    int64_t day_us; /* 0: no day has its root yet */
    Hash day;
} ArchiveFingerprints;
ArchiveFingerprints archive_fingerprints(Archive *archive);

enum { DAY_SPOKEN_BYTES = 10 }; /* of a day's hash are told in words (base/spoken.h) */

/* How footage of cameras without a rule of their own is kept, from the next round on, as in the
 * settings: 0 bytes is no bound. */
void archive_set_retention(Archive *archive, int64_t retention_us, int64_t retention_bytes);

/* What a rule keeps, and what it would delete now. */
typedef struct RetentionEffect {
    int64_t footage_bytes; /* there is */
    int64_t oldest_us;     /* where it begins; 0: there is none */
    int64_t day_bytes;     /* come in a day, by the newest day; 0: none of late */
    int64_t deletes_bytes; /* the rule deletes */
    int64_t held_bytes;    /* it would, were they not on hold */
    int64_t rule_days;     /* that it lets footage become old, by age or bytes */
    int64_t room_days;     /* that the disks have room for; -1: nothing comes */
    int64_t free_bytes, total_bytes;
} RetentionEffect;

/* Of one camera with the rule `days` and `bytes`, or (NULL) of the site with it, as far as cameras
 * have no rule of their own. Blocking. */
bool archive_retention_effect(Archive *archive, const Uuid *camera, int64_t days, int64_t bytes,
                              RetentionEffect *effect, GError **error);

/* How much of the room for footage holds take: of what there is of it, and what is free above the
 * floor. */
typedef struct ArchiveHeld {
    int64_t held_bytes, room_bytes;
} ArchiveHeld;

/* Blocking. False: the holds or the catalog cannot be read. */
bool archive_held(Archive *archive, ArchiveHeld *held, GError **error);

enum {
    HOLD_BASIS_BYTES = 32,
    HOLDS_OF_BASIS_MOST = 4000, /* each camera's counts */
};

/* A hold to be set on one camera's footage, that of the future included. */
typedef struct ArchiveHold {
    Uuid camera;
    int64_t from_us, to_us;
} ArchiveHold;

/* Sets holds that belong together, under one `id` and on one `basis` (a constant, kebab-case),
 * until `until_us` (INT64_MAX: until they are released); durable when it returns true. `object`:
 * what they are set for. Retention heeds them from then on, but for files whose deletion has begun.
 * Blocking. */
bool archive_hold(Archive *archive, const Uuid *id, const char *basis, const Uuid *object,
                  int64_t until_us, const ArchiveHold *holds, size_t count, GError **error);

/* Ends the holds of this `id`, whatever others hold of the same footage. `reason` is a constant,
 * kebab-case; who asked for it and who released it stand in the line (nil: the server, by a rule).
 * Durable when it returns true. Blocking. */
bool archive_release(Archive *archive, const Uuid *id, const char *reason, const Uuid *asked_by,
                     const Uuid *released_by, GError **error);

/* Tells of each hold that has lapsed in a line of the ledger, once. Blocking. */
bool archive_end_lapsed_holds(Archive *archive, GError **error);

/* The time by which what is kept so many days goes: node time, but for a jump ahead that nobody has
 * had the time to see (due_time.h). May wait for the disk. */
int64_t archive_due_us(Archive *archive);

/* The part of the fullest volume, 0 to 1, that is taken by footage held on this basis together with
 * what `holds` (may be none) would hold besides: what there is by now, not what is to come. A file
 * that several hold counts once. With HOLDS_OF_BASIS_MOST on the basis it is 1: what comes in a
 * flood must not make the ledger long. Blocking; false: it cannot be told. */
bool archive_held_part(Archive *archive, const char *basis, const ArchiveHold *holds, size_t count,
                       double *part, GError **error);

/* Retention does its round now, before this returns. Blocking. */
void archive_retain_now(Archive *archive);

/* Waits until recovery and the seals asked for so far are done, at most `wait_us`; but not for what
 * recovery failed at several times: ArchiveFigures.recovering tells of that. */
bool archive_settle(Archive *archive, int64_t wait_us);
