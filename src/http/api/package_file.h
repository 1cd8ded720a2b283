/* package_file.h — the file of an evidence package on its way to whoever fetches it. */
#pragma once

#include "casework/package_desk.h"
#include "http/api/call.h"

/* Answers with the ZIP as copy `n`. No more of it leaves from the moment in which the package may
 * not, or, with the `ticket` of a link (NULL: none), in which link or ticket is over. Blocks. */
bool package_send(ApiCall *call, const PackageRow *row, int n, const char *ticket, GError **error);
