/* audit.h — who did what: DATA/ledger/audit/<day>.jsonl, one chain of signed lines
 * (ledger/chain.h), ids only, never names.
 *
 * audit_append() never blocks: a thread of its own writes and syncs, within a second. Looks at
 * recorded pictures come piece by piece and are joined: one line when a look begins, one with its
 * whole span when it is over. Thread-safe.
 */
#pragma once

#include "base/error.h"
#include "base/uuid.h"
#include "ledger/hash.h"
#include "ledger/key.h"

#include <stdint.h>

typedef struct Audit Audit;

/* One field of a setting, before and after. Both "": it changed, and neither is told (secrets,
 * names, words of people). */
typedef struct AuditChange {
    const char *field, *before, *after;
} AuditChange;

/* Texts are borrowed until return; NULL counts as "". */
typedef struct AuditEntry {
    Uuid actor;                 /* account or token; nil: the console or the server itself */
    const char *device;         /* what the browser says it is */
    const char *address;        /* the peer's */
    const char *action;         /* kebab-case: "sign-in" "live" "clip" "camera-edit" … */
    const char *object;         /* ids: of the camera, account … it was done to */
    const char *reason;         /* told by the actor */
    const char *result;         /* "ok", or why not */
    int64_t from_us, to_us;     /* of the footage seen, or of the live view; 0: none */
    const AuditChange *changes; /* of a setting */
    size_t change_count;
} AuditEntry;

/* `folder` is DATA/ledger/audit; goes on with the chain in it. `key` (borrowed) signs. Blocks. */
Audit *audit_open(const char *folder, const NodeKey *key, GError **error);
void audit_close(Audit *audit); /* writes what waits; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audit, audit_close)

void audit_append(Audit *audit, const AuditEntry *entry);

/* A look at recorded pictures of one camera. Each piece that is seen joins the one look that this
 * viewer has of this camera: written as `action` when it begins, and as "<action>-end" with all of
 * its span when nothing was seen of it for a minute, or when something far from it is seen.
 * `entry` says whose it is (its span is not used); it is copied. Returns owned. */
typedef struct AuditLook AuditLook;
AuditLook *audit_look_new(Audit *audit, const AuditEntry *entry);
void audit_look_free(AuditLook *look); /* NULL is allowed; the look goes on for others of it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditLook, audit_look_free)

/* How far apart what is seen may be, and still be one look. */
typedef enum AuditJoin {
    AUDIT_JOIN_NEAR, /* pictures that run: what adjoins, a minute more or less */
    AUDIT_JOIN_ANY,  /* stills that are looked through */
} AuditJoin;

/* [from_us, to_us] was seen. Never blocks. */
void audit_look_seen(AuditLook *look, AuditJoin join, int64_t from_us, int64_t to_us);

/* Who asks for a flush over and over makes the disk write this often at most. */
#define AUDIT_FLUSHES_APART_US (INT64_C(50) * 1000)

/* Returns when all that was appended before is on disk; false: it could not be written. */
bool audit_flush(Audit *audit, GError **error);

/* All owned. */
typedef struct AuditRowChange {
    char *field, *before, *after;
} AuditRowChange;

typedef struct AuditRow {
    int64_t seq;
    int64_t time_us;
    int64_t from_us, to_us;
    char *actor; /* UUID or "" */
    char *device, *address, *action, *object, *reason, *result;
    GArray *changes; /* AuditRowChange; empty: none */
} AuditRow;

void audit_row_free(AuditRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditRow, audit_row_free)

/* What an action is about, for those who read. */
typedef enum AuditKind {
    AUDIT_ANY,
    AUDIT_SIGN_IN, /* sessions, passwords */
    AUDIT_LIVE,
    AUDIT_REPLAY, /* footage that was looked at or searched */
    AUDIT_EXPORT, /* footage that left */
    AUDIT_CHANGE, /* all else: settings, devices, accounts */
    AUDIT_KINDS,
} AuditKind;
const char *audit_kind_text(AuditKind kind); /* "sign-in" …; NULL for AUDIT_ANY */
bool audit_kind_parse(const char *text, AuditKind *kind);
AuditKind audit_kind_of(const char *action);

/* Why it was done, of a line's reason: without the "unmasked UUID; " of who saw without masks. */
const char *audit_why(const char *reason);

/* Was it an attempt without success for want of a right, of the right password …? */
bool audit_is_refused(const AuditRow *row);

typedef struct AuditQuery {
    int64_t from_us, to_us; /* of the lines, not of the footage */
    const char *actor;      /* UUID as text; "" the console and the server; NULL: anyone */
    const char *object;     /* UUID as text; NULL: any */
    const char *change;     /* what something was changed to; NULL: anything */
    AuditKind kind;
    bool refused;       /* only what was refused */
    const char *cursor; /* `next` of the page before; NULL: from the newest line on */
    unsigned limit;     /* rows */
    unsigned lines;     /* that are looked at, at most, however few of them fit; 0: all */
} AuditQuery;

/* Newest first: AuditRow *. `*next` (owned) is where to go on, NULL at the end of the log. A page
 * may have fewer rows than asked for, even none, and still a next one. ERR_INVALID: the cursor.
 * Reads the files from their end, no index (decisions/081). Returns owned, or NULL. Blocks. */
GPtrArray *audit_search(Audit *audit, const AuditQuery *query, char **next, GError **error);

/* What an evidence package takes from the log. */
typedef struct AuditExtract {
    const Uuid *cameras;
    size_t camera_count;
    int64_t from_us, to_us; /* of the footage */
    Uuid package;
    const Uuid *objects; /* other than cameras, since then */
    size_t object_count;
    int64_t objects_from_us;
    int64_t head_seq; /* told back: how far the log had come, and the hash of that line */
    Hash head;
} AuditExtract;

/* The lines, as they stand and oldest first, about the package, about one of the cameras when the
 * footage that was looked at, or the time of a line without footage, lies in the span, and about
 * one of the objects, but for those of whoever had no account: they hold the address of a home.
 * `folder` as for audit_open(); another process may write to it meanwhile. Returns owned, or NULL.
 * Blocks.
 */
GString *audit_extract(const char *folder, AuditExtract *extract, GError **error);

/* What was done since then by `action`, and went well: AuditRow *, oldest first. `folder` as for
 * audit_open(); another process may write to it meanwhile. Returns owned, or NULL. Blocks. */
GPtrArray *audit_since(const char *folder, const char *action, int64_t from_us, GError **error);
