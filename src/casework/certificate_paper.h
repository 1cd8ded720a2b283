/* certificate_paper.h — report.pdf of a negative certificate. Private to casework/. */
#pragma once

#include "archive/certificate.h"
#include "casework/statement.h"

/* Of a statement of the same order and plan: its cameras are read, it has no pictures. Returns
 * owned. */
GByteArray *certificate_paper(const Statement *statement, const Certificate *certificate,
                              const char *fingerprint, GError **error);
