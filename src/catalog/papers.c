#include "catalog/papers.h"

#include "catalog/refs.h"

void papers_row_free(PapersRow *row)
{
    if (!row)
        return;
    char *texts[] = {row->make,     row->model,       row->serial, row->paid_by, row->bought,
                     row->warranty, row->certificate, row->sign,   row->note};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(row);
}

bool papers_put(CatalogDb *db, const Uuid *camera, const PapersRow *row, GError **error)
{
    int64_t ref = 0;
    if (!camera_ref(db, camera, &ref, error))
        return false;
    if (ref == 0)
        return err_set(error, ERR_NOT_FOUND, "papers of a camera that is not known");
    g_auto(Query) query = query_begin(
        db, "INSERT OR REPLACE INTO papers (camera, make, model, serial, paid_by, bought,"
            " warranty, certificate, sign, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_int(&query, ref);
    const char *texts[] = {row->make,     row->model,       row->serial, row->paid_by, row->bought,
                           row->warranty, row->certificate, row->sign,   row->note};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        query_text(&query, texts[i]);
    return query_run(&query, error);
}

PapersRow *papers_get(CatalogDb *db, const Uuid *camera, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "SELECT p.make, p.model, p.serial, p.paid_by, p.bought, p.warranty, p.certificate,"
            " p.sign, p.note FROM papers p JOIN cameras c ON c.ref = p.camera WHERE c.id = ?");
    query_uuid(&query, camera);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_FAILED)
        return NULL;
    PapersRow *row = g_new0(PapersRow, 1);
    char **texts[] = {&row->make,     &row->model,       &row->serial, &row->paid_by, &row->bought,
                      &row->warranty, &row->certificate, &row->sign,   &row->note};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        *texts[i] = step == QUERY_ROW ? column_text(&query, i) : g_strdup("");
    return row;
}
