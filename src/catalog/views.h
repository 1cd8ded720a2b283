/* views.h — rows of saved views: which cameras stand where on somebody's wall. Rules about them
 * live in people/saved_view.h.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct ViewRow {
    Uuid id;
    Uuid account; /* whose it is */
    char *name;
    int64_t layout; /* places on a page; 0: all on one */
    int64_t turn_s; /* a patrol shows each page for so long */
    bool shared;
    char *places; /* ids of cameras by blanks, "-" for an empty place */
    int64_t changed_us;
} ViewRow;

void view_row_free(ViewRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ViewRow, view_row_free)

/* Inserts, or replaces all of it but the account. */
bool views_put(CatalogDb *db, const ViewRow *row, GError **error);

/* ERR_NOT_FOUND when there is none. Returns owned. */
ViewRow *views_get(CatalogDb *db, const Uuid *id, GError **error);

/* ViewRow *, those of `account` and those that are shared, by name. Returns owned, or NULL. */
GPtrArray *views_list(CatalogDb *db, const Uuid *account, GError **error);

bool views_count(CatalogDb *db, const Uuid *account, int64_t *count, GError **error);
bool views_remove(CatalogDb *db, const Uuid *id, GError **error);
