/* migrations.h — private to catalog/: the schema, and how older ones become it. */
#pragma once

#include "catalog/db.h"

/* Brings the database to the newest version, each step in a transaction. ERR_VERSION when it is
 * newer than this program, ERR_CORRUPT when it is somebody else's. */
bool migrations_run(CatalogDb *db, GError **error);

/* The same to version `last` only, as an older program would: what it left is brought up later. */
bool migrations_run_to(CatalogDb *db, int last, GError **error);

/* The version of the database, and the newest this program knows. */
bool migrations_version(CatalogDb *db, int *version, GError **error);
int migrations_newest(void);
