/* package_case.h — an evidence package and its case. */
#pragma once

#include "catalog/packages.h"
#include "http/api/call.h"

/* The number of the case `name` (id or number) into `*number` (owned), when somebody works on it.
 * False: the answer is set, 422 `no-such-case` or 409 `case-over`, or `error`. */
bool package_case_read(ApiCall *call, const char *name, char **number, GError **error);

/* The number of the case `name` (id or number), over or not; without such a case `name` itself.
 * Returns owned. */
char *package_case_number(const ApiCall *call, const char *name);

/* A copy of the package has left: its case is exported, where that may follow. */
void package_case_left(ApiCall *call, const PackageRow *row);
