/* package_certificates.h — negative certificates of its case, for an evidence package that is asked
 * for and made: which may go along, and where they lie. Private to casework/package_*.c. */
#pragma once

#include "casework/evidence.h"
#include "casework/package_desk.h"

/* Each is a certificate of this case that is made, and may leave; fills in the rest of its row.
 * ERR_INVALID: it is none, or of another case; ERR_EXISTS: it may not leave now. */
bool package_certificates_check(CatalogDb *db, PackageRow *row, GError **error);

/* A row for each, whose texts are kept in `texts`. Returns owned (g_free). */
EvidenceCertificate *package_certificates_order(const PackageDesk *desk, const PackageRow *row,
                                                GStringChunk *texts);
