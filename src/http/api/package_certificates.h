/* package_certificates.h — which negative certificates go along with a package that is asked for.
 */
#pragma once

#include "archive/certificate.h"
#include "casework/package_desk.h"
#include "http/api/call.h"

/* Those that the body names, or without a word of them all of the case that may go along, into
 * `ids` and `asked`. The case is `asked->case_number`. */
bool package_certificates_read(ApiCall *call, const Json *body, Uuid ids[CERTIFICATES_MOST],
                               PackageAsked *asked, GError **error);

/* Answers 409, when one of them may not leave now; false: all may. */
bool package_certificates_refused(ApiCall *call, const PackageAsked *asked);

/* Answers 409, when a package that waits for approval has one that does not stand any more. */
bool package_certificates_fallen(ApiCall *call, const PackageRow *row);
