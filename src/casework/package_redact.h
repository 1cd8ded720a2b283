/* package_redact.h — the redacted copies of a package, before they are put into it. Private to
 * package_*.c. */
#pragma once

#include "casework/evidence.h"
#include "casework/package_desk_state.h"

typedef struct PackageRedacted {
    GPtrArray *redactions; /* Redaction; owned */
    GPtrArray *paths;      /* of the films, in the folder of packages; owned */
    GPtrArray *processing; /* char *; owned */
} PackageRedacted;

/* False stops it. `done` from 0 to 1 over all copies. */
typedef bool (*PackageRedactProgress)(void *data, double done);

/* Makes the copies that `row` asks for, one after another; `who` is burnt in. ERR_UNAVAILABLE: it
 * was stopped; else as copy_write() says. Blocks as long as it takes. */
bool package_redact(PackageDesk *desk, const PackageRow *row, const char *who,
                    PackageRedactProgress progress, void *data, PackageRedacted *made,
                    GError **error);

/* Removes the films. */
void package_redacted_clear(PackageRedacted *made);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PackageRedacted, package_redacted_clear)

/* Of each of them, as an order has it; borrows from `made`. Returned owned (g_free). */
EvidenceWorking *package_redacted_order(const PackageRedacted *made);
