/* mend.h — private to catalog/: a catalog that is found damaged while it is open is made anew.
 *
 * The new one is made beside the old, which may be read meanwhile; then all connections are closed,
 * the two change places, and the writer goes on with the new one. Writer thread only.
 */
#pragma once

#include "catalog/catalog.h"

/* Makes `path`.rebuild from the sources; on failure nothing is left of it. ERR_VERSION: `path` is
 * sound, but of a newer program. */
bool rebuild_make(const char *path, const CatalogSource *sources, size_t count, GError **error);

/* Sets `path` aside, and puts what rebuild_make() made in its place. Nobody may have it open.
 * `*aside` (may be NULL) is returned owned or NULL. */
bool rebuild_place(const char *path, int64_t now_us, char **aside, GError **error);

/* Notes which file is open now. */
void mend_note_file(Catalog *catalog);

/* Whether the catalog is damaged or its file is another one by now, and was made anew: what failed
 * is to be done once more. */
bool mend_if_damaged(Catalog *catalog);
