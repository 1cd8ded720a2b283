/* copies.h — private to catalog/: the hourly copies of it in a folder, by their names. */
#pragma once

#include "catalog/care.h"

#include <glib.h>

/* Names, the newest first. Returned owned. */
GPtrArray *copies_in(const char *folder);

/* When it was made; false when that is no name of a copy. */
bool copy_time(const char *name, int64_t *at_us);

/* Copies the catalog at `path` to `part`, which is not there. Whatever stands there after a failure
 * is to be removed. */
bool copy_whole(const char *path, const char *part, CatalogProgress progress, void *data,
                GError **error);
