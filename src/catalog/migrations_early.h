/* migrations_early.h — private to catalog/: the schema as it became version by version, up to
 * reports with their files. Closed: newer versions stand in migrations.c. */
#pragma once

enum { MIGRATIONS_EARLY = 25 };
extern const char *const migrations_early[MIGRATIONS_EARLY];
