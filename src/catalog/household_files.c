#include "catalog/household_files.h"

#include "catalog/db.h"

#include <string.h>

static bool next_n(CatalogDb *db, int64_t ask, int *n, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT next_n FROM household_asks WHERE ref = ?");
    query_int(&query, ask);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *n = (int)column_int(&query, 0);
    g_auto(Query) count =
        query_begin(db, "UPDATE household_asks SET next_n = next_n + 1 WHERE ref = ?");
    query_int(&count, ask);
    return query_run(&count, error);
}

static bool insert(CatalogDb *db, const HouseholdFileRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "INSERT INTO household_files (ask, id, key, n, type, bytes, got, begun_us, done_us,"
            " withdrawn_us, evidence_us, sha256, room, piece_us, expired_us)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_int(&query, row->ask);
    query_uuid(&query, &row->id);
    query_uuid(&query, &row->key);
    query_int(&query, row->n);
    query_text(&query, row->type);
    query_int(&query, row->bytes);
    query_int(&query, row->got);
    query_int(&query, row->begun_us);
    query_int(&query, row->done_us);
    query_int(&query, row->withdrawn_us);
    query_int(&query, row->evidence_us);
    query_bytes(&query, row->sha256, sizeof row->sha256);
    query_int(&query, row->room);
    query_int(&query, row->piece_us);
    query_int(&query, row->expired_us);
    return query_run(&query, error);
}

bool household_files_add(CatalogDb *db, HouseholdFileRow *row, GError **error)
{
    if (!next_n(db, row->ask, &row->n, error) || !insert(db, row, error))
        return false;
    g_auto(Query) query = query_begin(db, "SELECT ref FROM household_files WHERE id = ?");
    query_uuid(&query, &row->id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    row->ref = column_int(&query, 0);
    return true;
}

bool household_files_put(CatalogDb *db, const HouseholdFileRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE household_files SET type = ?, got = ?, done_us = ?, withdrawn_us = ?,"
            " evidence_us = ?, sha256 = ?, room = ?, piece_us = ?, expired_us = ? WHERE ref = ?");
    query_text(&query, row->type);
    query_int(&query, row->got);
    query_int(&query, row->done_us);
    query_int(&query, row->withdrawn_us);
    query_int(&query, row->evidence_us);
    query_bytes(&query, row->sha256, sizeof row->sha256);
    query_int(&query, row->room);
    query_int(&query, row->piece_us);
    query_int(&query, row->expired_us);
    query_int(&query, row->ref);
    return query_run(&query, error);
}

bool household_files_remove(CatalogDb *db, int64_t ref, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "DELETE FROM household_files WHERE ref = ? AND done_us = 0");
    query_int(&query, ref);
    return query_run(&query, error);
}

#define FILE_COLUMNS                                                                        \
    "SELECT f.ref, f.ask, f.id, f.key, f.n, f.type, f.bytes, f.got, f.begun_us, f.done_us," \
    " f.withdrawn_us, f.evidence_us, f.sha256, f.room, f.piece_us, f.expired_us"

static void read_row(const Query *query, HouseholdFileRow *row)
{
    g_autofree char *type = column_text(query, 5);
    *row = (HouseholdFileRow){.ref = column_int(query, 0),
                              .ask = column_int(query, 1),
                              .id = column_uuid(query, 2),
                              .key = column_uuid(query, 3),
                              .n = (int)column_int(query, 4),
                              .bytes = column_int(query, 6),
                              .got = column_int(query, 7),
                              .begun_us = column_int(query, 8),
                              .done_us = column_int(query, 9),
                              .withdrawn_us = column_int(query, 10),
                              .evidence_us = column_int(query, 11),
                              .room = column_int(query, 13),
                              .piece_us = column_int(query, 14),
                              .expired_us = column_int(query, 15)};
    g_strlcpy(row->type, type, sizeof row->type);
    if (!column_bytes(query, 12, row->sha256, sizeof row->sha256))
        memset(row->sha256, 0, sizeof row->sha256);
}

GArray *household_files_list(CatalogDb *db, int64_t ask, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HouseholdFileRow));
    g_auto(Query) query =
        query_begin(db, FILE_COLUMNS " FROM household_files f WHERE f.ask = ? ORDER BY f.n");
    query_int(&query, ask);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        HouseholdFileRow row;
        read_row(&query, &row);
        g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

bool household_files_get(CatalogDb *db, const Uuid *id, HouseholdFileRow *row, Uuid *household,
                         Uuid *request, char **case_number, GError **error)
{
    g_auto(Query) query = query_begin(
        db, FILE_COLUMNS ", a.household, r.id, r.case_number FROM household_files f"
                         " JOIN household_asks a ON a.ref = f.ask"
                         " JOIN household_requests r ON r.ref = a.request WHERE f.id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such file");
    if (step != QUERY_ROW)
        return false;
    read_row(&query, row);
    *household = column_uuid(&query, 16);
    *request = column_uuid(&query, 17);
    *case_number = column_text(&query, 18);
    return true;
}

bool household_files_answer(CatalogDb *db, const Uuid *id, Uuid *answer, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT a.id FROM household_files f"
                                          " JOIN household_asks a ON a.ref = f.ask WHERE f.id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such file");
    *answer = step == QUERY_ROW ? column_uuid(&query, 0) : (Uuid){0};
    return step == QUERY_ROW;
}

bool household_files_room(CatalogDb *db, HouseholdRoom *room, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT coalesce(sum(f.room), 0), coalesce(sum(f.room - f.got), 0)"
                        " FROM household_files f JOIN household_asks a ON a.ref = f.ask"
                        " JOIN household_requests r ON r.ref = a.request WHERE f.evidence_us > 0"
                        " OR (f.withdrawn_us = 0 AND f.expired_us = 0"
                        " AND (f.done_us > 0 OR r.withdrawn_us = 0))");
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *room = (HouseholdRoom){column_int(&query, 0), column_int(&query, 1)};
    return true;
}

#define AGED_FROM                                                                            \
    " FROM household_files f"                                                                \
    " JOIN household_asks a ON a.ref = f.ask JOIN household_requests r ON r.ref = a.request" \
    " WHERE "
#define AGED_COLUMNS "SELECT f.id, a.household, r.deadline_us, r.case_number" AGED_FROM
#define STALE                                                                      \
    "f.done_us = 0 AND (f.withdrawn_us > 0 OR f.piece_us < ? OR r.deadline_us < ?" \
    " OR r.withdrawn_us > 0)"

static GArray *list_aged(Query *query, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HouseholdAgedRow));
    QueryStep step;
    while ((step = query_next(query, error)) == QUERY_ROW) {
        g_autofree char *number = column_text(query, 3);
        HouseholdAgedRow row = {.id = column_uuid(query, 0),
                                .household = column_uuid(query, 1),
                                .deadline_us = column_int(query, 2)};
        g_strlcpy(row.case_number, number, sizeof row.case_number);
        g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

GArray *household_files_stale(CatalogDb *db, int64_t piece_us, int64_t over_us, GError **error)
{
    g_auto(Query) query = query_begin(db, AGED_COLUMNS STALE " ORDER BY f.ref");
    query_int(&query, piece_us);
    query_int(&query, over_us);
    return list_aged(&query, error);
}

bool household_files_is_stale(CatalogDb *db, const Uuid *id, int64_t piece_us, int64_t over_us,
                              bool *stale, GError **error)
{
    g_auto(Query) query = query_begin(db, "SELECT count(*)" AGED_FROM STALE " AND f.id = ?");
    query_int(&query, piece_us);
    query_int(&query, over_us);
    query_uuid(&query, id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *stale = column_int(&query, 0) > 0;
    return true;
}

GArray *household_files_aged(CatalogDb *db, int64_t over_us, GError **error)
{
    g_auto(Query) query =
        query_begin(db, AGED_COLUMNS "f.done_us > 0 AND f.withdrawn_us = 0 AND f.evidence_us = 0"
                                     " AND f.expired_us = 0 AND r.deadline_us < ? ORDER BY f.ref");
    query_int(&query, over_us);
    return list_aged(&query, error);
}

static bool looked(CatalogDb *db, int64_t file, const Uuid *who, int64_t since_us, bool *again,
                   GError **error)
{
    g_auto(Query) query = query_begin(
        db, "SELECT count(*) FROM household_looks WHERE file = ? AND who IS ? AND at_us >= ?"
            " AND act = '" HOUSEHOLD_LOOK "'");
    query_int(&query, file);
    query_uuid(&query, who);
    query_int(&query, since_us);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *again = column_int(&query, 0) > 0;
    return true;
}

bool household_looks_add(CatalogDb *db, int64_t file, const HouseholdLookRow *row, int64_t since_us,
                         bool *again, GError **error)
{
    if (!looked(db, file, &row->who, since_us, again, error))
        return false;
    if (*again)
        return true;
    g_auto(Query) query =
        query_begin(db, "INSERT INTO household_looks (file, at_us, who, role) VALUES (?, ?, ?, ?)");
    query_int(&query, file);
    query_int(&query, row->at_us);
    query_uuid(&query, &row->who);
    query_text(&query, row->role);
    return query_run(&query, error);
}

GArray *household_looks_list(CatalogDb *db, int64_t file, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HouseholdLookRow));
    g_auto(Query) query =
        query_begin(db, "SELECT at_us, who, role, act, package FROM household_looks"
                        " WHERE file = ? ORDER BY ref DESC LIMIT 100");
    query_int(&query, file);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        HouseholdLookRow row = {.at_us = column_int(&query, 0), .who = column_uuid(&query, 1)};
        g_autofree char *role = column_text(&query, 2), *act = column_text(&query, 3),
                        *package = column_text(&query, 4);
        g_strlcpy(row.role, role, sizeof row.role);
        g_strlcpy(row.act, act, sizeof row.act);
        g_strlcpy(row.package, package, sizeof row.package);
        g_array_append_val(rows, row);
    }
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}
