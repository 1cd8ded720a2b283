#include "catalog/household_requests.h"

#include "catalog/db.h"

#include <string.h>

HouseholdAskRow *household_ask_row_new(void)
{
    HouseholdAskRow *row = g_new0(HouseholdAskRow, 1);
    row->files = g_array_new(FALSE, FALSE, sizeof(HouseholdFileRow));
    return row;
}

void household_ask_row_free(HouseholdAskRow *row)
{
    if (!row)
        return;
    g_array_unref(row->files);
    g_free(row);
}

HouseholdRequestRow *household_request_row_new(void)
{
    HouseholdRequestRow *row = g_new0(HouseholdRequestRow, 1);
    row->case_number = g_strdup("");
    row->what = g_strdup("");
    row->unit = g_strdup("");
    row->withdrawal = g_strdup("");
    row->asks = g_ptr_array_new_with_free_func((GDestroyNotify)household_ask_row_free);
    return row;
}

void household_request_row_free(HouseholdRequestRow *row)
{
    if (!row)
        return;
    g_free(row->case_number);
    g_free(row->what);
    g_free(row->unit);
    g_free(row->withdrawal);
    g_ptr_array_unref(row->asks);
    g_free(row);
}

/* ---- writing ---- */

static bool add_ask(CatalogDb *db, int64_t request, const HouseholdAskRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO household_asks (request, id, household, secret)"
                        " VALUES (?, ?, ?, ?)");
    query_int(&query, request);
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->household);
    query_bytes(&query, row->secret, sizeof row->secret);
    return query_run(&query, error);
}

static bool insert(CatalogDb *db, const HouseholdRequestRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO household_requests (id, case_number, latitude, longitude, radius_m,"
            " from_us, to_us, what, unit, deadline_us, made_us, made_by, key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_text(&query, row->case_number);
    query_double(&query, row->latitude);
    query_double(&query, row->longitude);
    query_int(&query, row->radius_m);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_text(&query, row->what);
    query_text(&query, row->unit);
    query_int(&query, row->deadline_us);
    query_int(&query, row->made_us);
    query_uuid(&query, &row->made_by);
    query_uuid(&query, &row->key);
    return query_run(&query, error);
}

static bool read_ref(CatalogDb *db, const Uuid *id, int64_t *ref, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT ref FROM household_requests WHERE id = ?");
    query_uuid(&query, id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *ref = column_int(&query, 0);
    return true;
}

bool household_requests_add(CatalogDb *db, HouseholdRequestRow *row, GError **error)
{
    if (!insert(db, row, error) || !read_ref(db, &row->id, &row->ref, error))
        return false;
    for (guint i = 0; i < row->asks->len; i++)
        if (!add_ask(db, row->ref, row->asks->pdata[i], error))
            return false;
    return true;
}

bool household_requests_put(CatalogDb *db, const HouseholdRequestRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "UPDATE household_requests SET withdrawn_us = ?, withdrawn_by = ?,"
                        " withdrawal = ? WHERE ref = ?");
    query_int(&query, row->withdrawn_us);
    query_uuid(&query, &row->withdrawn_by);
    query_text(&query, row->withdrawal);
    query_int(&query, row->ref);
    return query_run(&query, error);
}

bool household_asks_put(CatalogDb *db, const HouseholdAskRow *row, GError **error)
{
    g_auto(Query) query = query_begin(db, "UPDATE household_asks SET secret = ? WHERE id = ?");
    query_bytes(&query, row->secret, sizeof row->secret);
    query_uuid(&query, &row->id);
    return query_run(&query, error);
}

/* ---- reading ---- */

#define ASK_COLUMNS "SELECT ref, id, household, secret, request FROM household_asks "

static HouseholdAskRow *read_ask(const Query *query)
{
    HouseholdAskRow *row = household_ask_row_new();
    row->ref = column_int(query, 0);
    row->id = column_uuid(query, 1);
    row->household = column_uuid(query, 2);
    if (!column_bytes(query, 3, row->secret, sizeof row->secret))
        memset(row->secret, 0, sizeof row->secret);
    return row;
}

static bool read_files(CatalogDb *db, HouseholdAskRow *row, GError **error)
{
    GArray *files = household_files_list(db, row->ref, error);
    if (!files)
        return false;
    g_array_unref(row->files);
    row->files = files;
    return true;
}

static bool read_asks(CatalogDb *db, HouseholdRequestRow *row, GError **error)
{
    g_auto(Query) query = query_begin(db, ASK_COLUMNS "WHERE request = ? ORDER BY ref");
    query_int(&query, row->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_ptr_array_add(row->asks, read_ask(&query));
        if (!read_files(db, row->asks->pdata[row->asks->len - 1], error))
            return false;
    }
    return step == QUERY_END;
}

#define REQUEST_COLUMNS                                                                 \
    "SELECT ref, id, case_number, latitude, longitude, radius_m, from_us, to_us, what," \
    " unit, deadline_us, made_us, made_by, key, withdrawn_us, withdrawn_by, withdrawal" \
    " FROM household_requests "

static void take_text(char **text, const Query *query, int column)
{
    g_free(*text);
    *text = column_text(query, column);
}

static HouseholdRequestRow *read_request(const Query *query)
{
    HouseholdRequestRow *row = household_request_row_new();
    row->ref = column_int(query, 0);
    row->id = column_uuid(query, 1);
    take_text(&row->case_number, query, 2);
    row->latitude = column_double(query, 3);
    row->longitude = column_double(query, 4);
    row->radius_m = (int)column_int(query, 5);
    row->from_us = column_int(query, 6);
    row->to_us = column_int(query, 7);
    take_text(&row->what, query, 8);
    take_text(&row->unit, query, 9);
    row->deadline_us = column_int(query, 10);
    row->made_us = column_int(query, 11);
    row->made_by = column_uuid(query, 12);
    row->key = column_uuid(query, 13);
    row->withdrawn_us = column_int(query, 14);
    row->withdrawn_by = column_uuid(query, 15);
    take_text(&row->withdrawal, query, 16);
    return row;
}

static HouseholdRequestRow *get(Query *query, GError **error)
{
    QueryStep step = query_next(query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such request");
    return step == QUERY_ROW ? read_request(query) : NULL;
}

HouseholdRequestRow *household_requests_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, REQUEST_COLUMNS "WHERE id = ?");
    query_uuid(&query, id);
    g_autoptr(HouseholdRequestRow) row = get(&query, error);
    return row && read_asks(db, row, error) ? g_steal_pointer(&row) : NULL;
}

HouseholdRequestRow *household_requests_get_key(CatalogDb *db, const Uuid *key, GError **error)
{
    g_auto(Query) query = query_begin(db, REQUEST_COLUMNS "WHERE key = ?");
    query_uuid(&query, key);
    g_autoptr(HouseholdRequestRow) row = get(&query, error);
    return row && read_asks(db, row, error) ? g_steal_pointer(&row) : NULL;
}

static HouseholdRequestRow *get_ref(CatalogDb *db, int64_t ref, GError **error)
{
    g_auto(Query) query = query_begin(db, REQUEST_COLUMNS "WHERE ref = ?");
    query_int(&query, ref);
    return get(&query, error);
}

HouseholdAskRow *household_asks_get(CatalogDb *db, const Uuid *id, HouseholdRequestRow **request,
                                    GError **error)
{
    g_auto(Query) query = query_begin(db, ASK_COLUMNS "WHERE id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such request");
    g_autoptr(HouseholdAskRow) row = step == QUERY_ROW ? read_ask(&query) : NULL;
    g_autoptr(HouseholdRequestRow) of = row ? get_ref(db, column_int(&query, 4), error) : NULL;
    if (!of || !read_files(db, row, error))
        return NULL;
    *request = g_steal_pointer(&of);
    return g_steal_pointer(&row);
}

GPtrArray *household_requests_list(CatalogDb *db, const char *case_number, int64_t before_ref,
                                   unsigned limit, GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)household_request_row_free);
    g_auto(Query) query =
        query_begin(db, REQUEST_COLUMNS "WHERE ref < ? AND coalesce(?, case_number) = case_number"
                                        " ORDER BY ref DESC LIMIT ?");
    query_int(&query, before_ref ? before_ref : INT64_MAX);
    query_text(&query, case_number);
    query_int(&query, limit);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        g_ptr_array_add(rows, read_request(&query));
        if (!read_asks(db, rows->pdata[rows->len - 1], error))
            return NULL;
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
