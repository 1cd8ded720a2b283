/* settings.h — a few named texts of the site: its name, its time zone, the node's UUID. */
#pragma once

#include "catalog/catalog.h"

bool settings_put(CatalogDb *db, const char *name, const char *value, GError **error);

/* `*value` is returned owned, or NULL when there is none of this name. */
bool settings_get(CatalogDb *db, const char *name, char **value, GError **error);
