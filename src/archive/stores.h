/* stores.h — the stores of an archive are made as the settings name them. archive_open() only. */
#pragma once

#include "archive/store.h"

/* The setting of older catalogs with the UUID of a volume: of the only one, and of each as
 * "archive.volume:FOLDER". known_volumes.h took its place. */
#define VOLUME_SETTING "archive.volume"

/* Makes archive->stores and looks for their volumes a first time. False when the catalog fails, a
 * volume is of a newer program, or two folders are one volume: that does not come right by itself.
 * Blocking. */
bool stores_open(Archive *archive, const ArchiveSettings *settings, GError **error);

/* Its threads are joined already. */
void store_free(Store *store);
