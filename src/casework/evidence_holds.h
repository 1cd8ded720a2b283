/* evidence_holds.h — which holds keep the footage of a package, for whom, and their lines of the
 * ledger. Private to casework/ and the command line. Blocking.
 */
#pragma once

#include "casework/evidence.h"

/* Those that stand at `at_us` and hold some of this footage, in the order in which they were set;
 * of more than PACKAGE_HOLDS_MOST the newest. EvidenceHold, returned owned, or NULL. */
typedef struct EvidenceHoldsAsked {
    const char *data; /* DATA: its ledger is read */
    const Uuid *cameras;
    size_t camera_count;
    int64_t from_us, to_us, at_us;
} EvidenceHoldsAsked;

GArray *evidence_holds(CatalogDb *db, const EvidenceHoldsAsked *asked, GError **error);

/* Tells the manifest of them. */
void evidence_holds_tell(const EvidenceOrder *order, PackageManifest *manifest);

/* Their lines. Returned owned. */
GString *evidence_holds_lines(const EvidenceOrder *order);
