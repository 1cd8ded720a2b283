/* audit.h — who did what: DATA/ledger/audit/<day>.jsonl, one chain of signed lines
 * (ledger/chain.h), ids only, never names.
 *
 * audit_append() never blocks: a thread of its own writes and syncs, within a second. Thread-safe.
 */
#pragma once

#include "base/error.h"
#include "base/uuid.h"
#include "ledger/key.h"

#include <stdint.h>

typedef struct Audit Audit;

/* Texts are borrowed until return; NULL counts as "". */
typedef struct AuditEntry {
    Uuid actor;             /* account or token; nil: the console or the server itself */
    const char *device;     /* what the browser says it is */
    const char *address;    /* the peer's */
    const char *action;     /* kebab-case: "sign-in" "live" "clip" "camera-edit" … */
    const char *object;     /* ids: of the camera, account … it was done to */
    const char *reason;     /* told by the actor */
    const char *result;     /* "ok", or why not */
    int64_t from_us, to_us; /* of the footage seen; 0: none */
} AuditEntry;

/* `folder` is DATA/ledger/audit; goes on with the chain in it. `key` (borrowed) signs. Blocks. */
Audit *audit_open(const char *folder, const NodeKey *key, GError **error);
void audit_close(Audit *audit); /* writes what waits; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Audit, audit_close)

void audit_append(Audit *audit, const AuditEntry *entry);

/* Returns when all that was appended before is on disk; false: it could not be written. */
bool audit_flush(Audit *audit, GError **error);

typedef struct AuditRow {
    int64_t seq;
    int64_t time_us;
    int64_t from_us, to_us;
    char *actor; /* UUID or "" */
    char *device, *address, *action, *object, *reason, *result;
} AuditRow;

void audit_row_free(AuditRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditRow, audit_row_free)

/* Newest first, of [from_us, to_us), at most `limit`, those with a number below `before_seq` (0:
 * from the end): the cursor is the last row's number. AuditRow *; returns owned, or NULL. Blocks.
 */
GPtrArray *audit_list(Audit *audit, int64_t from_us, int64_t to_us, int64_t before_seq,
                      unsigned limit, GError **error);
