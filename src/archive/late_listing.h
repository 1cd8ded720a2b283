/* late_listing.h — footage of a volume that was away when the catalog was made anew.
 *
 * The new catalog notes that the volume's footage is not in it; when the volume is back, its keeper
 * enters it from the seals, a day of a camera at a time, beside recording.
 */
#pragma once

#include "archive/store.h"

/* Within the making of a catalog: the footage in this folder is still to be listed. */
bool late_listing_note(CatalogDb *db, const char *volume_path, GError **error);

/* Enters what is to be listed, if anything; done again from the start after a stop. Blocking; the
 * keeper. */
bool late_listing_do(Store *store, GError **error);
