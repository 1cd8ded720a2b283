/* package_json.h — evidence packages as the API tells them, and who sees which: whoever may export
 * from all of its cameras. */
#pragma once

#include "casework/package_desk.h"
#include "http/api/call.h"

/* The desk; ERR_UNAVAILABLE: no server is running. Borrowed. */
PackageDesk *package_desk_of(const ApiCall *call, GError **error);

/* A PackageQuery's `may`; `call` is an ApiCall. */
bool package_may_see(void *call, const PackageRow *row);

/* The package of the path, as far as whoever calls may see it; ERR_NOT_FOUND otherwise. Returns
 * owned. */
PackageRow *package_find(ApiCall *call, GError **error);

/* The member `key` of what is asked for; nil: it has none. */
bool package_read_key(const Json *body, Uuid *key, GError **error);

/* Package of openapi.yaml. Returns owned. */
Json *package_json(const ApiCall *call, const PackageRow *row);

/* "CC-2026-0007/2" */
enum { PACKAGE_COPY_NUMBER_TEXT = PACKAGE_NUMBER_TEXT + 12 };
char *package_copy_number(const PackageRow *row, int n, char text[PACKAGE_COPY_NUMBER_TEXT]);
