#include "catalog/packages_certificates.h"

#include "catalog/db.h"

bool packages_certificates_add(CatalogDb *db, int64_t package, const GPtrArray *certificates,
                               GError **error)
{
    for (guint i = 0; i < certificates->len; i++) {
        const PackageRow *one = certificates->pdata[i];
        g_auto(Query) query = query_begin(
            db, "INSERT INTO package_certificates (package, n, certificate) VALUES (?, ?, ?)");
        query_int(&query, package);
        query_int(&query, i + 1);
        query_int(&query, one->ref);
        if (!query_run(&query, error))
            return false;
    }
    return true;
}

/* Uuid, in their order. Returns owned, or NULL. */
static GArray *ids_of(CatalogDb *db, int64_t package, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Uuid));
    g_auto(Query) query = query_begin(
        db, "SELECT p.id FROM package_certificates c JOIN packages p ON p.ref = c.certificate"
            " WHERE c.package = ? AND p.regions != '' ORDER BY c.n");
    query_int(&query, package);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        Uuid id = column_uuid(&query, 0);
        g_array_append_val(ids, id);
    }
    return step == QUERY_END ? g_steal_pointer(&ids) : NULL;
}

/* With a certificate nothing goes along: so this ends. */
GPtrArray *packages_certificates_list(CatalogDb *db, int64_t package, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)package_row_free);
    g_autoptr(GArray) ids = ids_of(db, package, error);
    for (guint i = 0; ids && i < ids->len; i++) {
        PackageRow *one = packages_get(db, &g_array_index(ids, Uuid, i), error);
        if (!one)
            return NULL;
        g_ptr_array_add(rows, one);
    }
    return ids ? g_steal_pointer(&rows) : NULL;
}
