#include "catalog/households.h"

#include "catalog/db.h"

#include <string.h>

HouseholdRow *household_row_new(void)
{
    HouseholdRow *row = g_new0(HouseholdRow, 1);
    char **const texts[] = {&row->village, &row->view, &row->name, &row->phone};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    row->heading_deg = -1;
    return row;
}

void household_row_free(HouseholdRow *row)
{
    if (!row)
        return;
    g_free(row->village);
    g_free(row->view);
    g_free(row->name);
    g_free(row->phone);
    g_free(row);
}

/* What may change; in the order of both statements below. */
static void bind_facts(Query *query, const HouseholdRow *row)
{
    query_text(query, row->village);
    query_double(query, row->latitude);
    query_double(query, row->longitude);
    query_text(query, row->view);
    query_int(query, row->heading_deg);
    query_int(query, row->days_kept);
    query_int(query, row->pin_us);
    query_int(query, row->asked_us);
    query_uuid(query, &row->agreed_by);
    query_text(query, row->name);
    query_text(query, row->phone);
    query_int(query, row->revoked_us);
    query_uuid(query, &row->revoked_by);
    query_text(query, row->photo_type);
    query_int(query, row->photo_bytes);
    query_bytes(query, row->photo_sha256, sizeof row->photo_sha256);
}

static bool insert(CatalogDb *db, const HouseholdRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO households (village, latitude, longitude, view, heading, days_kept,"
            " pin_us, asked_us, agreed_by, name, phone, revoked_us, revoked_by, photo_type,"
            " photo_bytes, photo_sha256, id, added_us, key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    bind_facts(&query, row);
    query_uuid(&query, &row->id);
    query_int(&query, row->added_us);
    query_uuid(&query, &row->key);
    return query_run(&query, error);
}

bool households_add(CatalogDb *db, HouseholdRow *row, GError **error)
{
    if (!insert(db, row, error))
        return false;
    g_auto(Query) query = query_begin(db, "SELECT ref FROM households WHERE id = ?");
    query_uuid(&query, &row->id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    row->ref = column_int(&query, 0);
    return true;
}

bool households_put(CatalogDb *db, const HouseholdRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE households SET village = ?, latitude = ?, longitude = ?, view = ?,"
            " heading = ?, days_kept = ?, pin_us = ?, asked_us = ?, agreed_by = ?, name = ?,"
            " phone = ?, revoked_us = ?, revoked_by = ?, photo_type = ?, photo_bytes = ?,"
            " photo_sha256 = ? WHERE id = ?");
    bind_facts(&query, row);
    query_uuid(&query, &row->id);
    return query_run(&query, error);
}

#define HOUSEHOLD_COLUMNS                                                                       \
    "SELECT ref, id, village, latitude, longitude, view, heading, days_kept, pin_us, asked_us," \
    " agreed_by, name, phone, added_us, revoked_us, revoked_by, key, photo_type, photo_bytes,"  \
    " photo_sha256 FROM households "

static void take_text(char **text, const Query *query, int column)
{
    g_free(*text);
    *text = column_text(query, column);
}

static HouseholdRow *read_row(const Query *query)
{
    HouseholdRow *row = household_row_new();
    row->ref = column_int(query, 0);
    row->id = column_uuid(query, 1);
    take_text(&row->village, query, 2);
    row->latitude = column_double(query, 3);
    row->longitude = column_double(query, 4);
    take_text(&row->view, query, 5);
    row->heading_deg = (int)column_int(query, 6);
    row->days_kept = (int)column_int(query, 7);
    row->pin_us = column_int(query, 8);
    row->asked_us = column_int(query, 9);
    row->agreed_by = column_uuid(query, 10);
    take_text(&row->name, query, 11);
    take_text(&row->phone, query, 12);
    row->added_us = column_int(query, 13);
    row->revoked_us = column_int(query, 14);
    row->revoked_by = column_uuid(query, 15);
    row->key = column_uuid(query, 16);
    g_autofree char *type = column_text(query, 17);
    g_strlcpy(row->photo_type, type, sizeof row->photo_type);
    row->photo_bytes = column_int(query, 18);
    if (!column_bytes(query, 19, row->photo_sha256, sizeof row->photo_sha256))
        memset(row->photo_sha256, 0, sizeof row->photo_sha256);
    return row;
}

static HouseholdRow *get(Query *query, GError **error)
{
    QueryStep step = query_next(query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such household");
    return step == QUERY_ROW ? read_row(query) : NULL;
}

HouseholdRow *households_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, HOUSEHOLD_COLUMNS "WHERE id = ?");
    query_uuid(&query, id);
    return get(&query, error);
}

HouseholdRow *households_get_key(CatalogDb *db, const Uuid *key, GError **error)
{
    g_auto(Query) query = query_begin(db, HOUSEHOLD_COLUMNS "WHERE key = ?");
    query_uuid(&query, key);
    return get(&query, error);
}

GPtrArray *households_list(CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)household_row_free);
    g_auto(Query) query = query_begin(db, HOUSEHOLD_COLUMNS "ORDER BY village, ref");
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
