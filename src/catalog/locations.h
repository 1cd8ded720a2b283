/* locations.h — rows of the named places where cameras stand. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct LocationRow {
    Uuid id;
    char *name;
    char *village; /* "": not told */
    char *kind;    /* crossroads market school gate … */
    double latitude;
    double longitude;
    bool locked; /* named by the configuration file */
} LocationRow;

void location_row_free(LocationRow *row);
LocationRow *location_row_copy(const LocationRow *row); /* returns owned */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LocationRow, location_row_free)

bool locations_put(CatalogDb *db, const LocationRow *row, GError **error);
bool locations_remove(CatalogDb *db, const Uuid *id, GError **error);

/* LocationRow *, by name. Returns owned, or NULL. */
GPtrArray *locations_list(CatalogDb *db, GError **error);
