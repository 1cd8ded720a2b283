/* evidence_given.h — what households gave, on its way into a package: the bytes that lie there,
 * which must be those that arrived. Private to casework/evidence*.c. Blocking. */
#pragma once

#include "casework/evidence_zip.h"

/* All files and consents of the order. ERR_CORRUPT, with `*changed`: a file is gone, or is not what
 * had arrived. */
bool evidence_given_put(const EvidenceOrder *order, EvidenceZip *zip, bool *changed,
                        GError **error);

int64_t evidence_given_bytes(const EvidenceOrder *order);

/* As the manifest names them. */
void evidence_given_tell(const EvidenceOrder *order, PackageManifest *manifest);

/* Objects of the audit log's lines that are about them: Uuid, returned owned; `*since_us`: when the
 * first of the households was asked, or `*since_us` as it was if that is earlier. */
GArray *evidence_given_objects(const EvidenceOrder *order, int64_t *since_us);
