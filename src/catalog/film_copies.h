/* film_copies.h — rows of redacted films that left by themselves, outside of a package: each with a
 * number, and who it is for. The film goes after a day; the row stays.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct FilmCopyRow {
    Uuid id; /* of the export */
    int year, seq;
    Uuid camera;
    int64_t from_us, to_us;
    char *receiver; /* who has it, with the body that they are of */
    unsigned boxes; /* made unrecognisable in it */
    Uuid by;        /* who had it made */
    int64_t at_us;
} FilmCopyRow;

void film_copy_row_free(FilmCopyRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FilmCopyRow, film_copy_row_free)

/* Inserts it as the next of `row->year`, and sets its `seq`. */
bool film_copies_add(CatalogDb *db, FilmCopyRow *row, GError **error);

/* One that is not made after all; its number is of no other. */
bool film_copies_remove(CatalogDb *db, const Uuid *id, GError **error);

/* The newest first: FilmCopyRow *. Returns owned, or NULL. */
GPtrArray *film_copies_list(CatalogDb *db, unsigned limit, GError **error);

/* ERR_NOT_FOUND when there is none. Returns owned, or NULL. */
FilmCopyRow *film_copies_get_number(CatalogDb *db, int year, int seq, GError **error);
