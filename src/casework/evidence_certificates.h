/* evidence_certificates.h — negative certificates on their way into a package: the files that lie
 * there, which must be those that were made. Private to casework/evidence*.c. Blocking. */
#pragma once

#include "casework/evidence_zip.h"

/* All of the order. ERR_CORRUPT or ERR_NOT_FOUND, with `*changed`: one is not what was made, or
 * gone. */
bool evidence_certificates_put(const EvidenceOrder *order, EvidenceZip *zip, bool *changed,
                               GError **error);

int64_t evidence_certificates_bytes(const EvidenceOrder *order);
