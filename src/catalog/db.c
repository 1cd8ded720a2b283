#include "catalog/db.h"

#include "base/file.h"

#include <fcntl.h>
#include <string.h>

static const struct {
    int sqlite;
    ErrCode code;
    const char *advice;
} troubles[] = {
    {SQLITE_CORRUPT, ERR_CORRUPT,
     "the catalog is damaged: stop the server and run ‘vonglau catalog rebuild --data DIR’"},
    {SQLITE_NOTADB, ERR_CORRUPT,
     "not a catalog, or damaged: stop the server and run ‘vonglau catalog rebuild --data DIR’"},
    {SQLITE_FULL, ERR_FULL, "no room left on the disk of the data folder: free some space"},
    {SQLITE_BUSY, ERR_UNAVAILABLE, "the catalog is in use by another program: try again"},
    {SQLITE_LOCKED, ERR_UNAVAILABLE, "the catalog is in use by another program: try again"},
    {SQLITE_CONSTRAINT, ERR_EXISTS, "it would contradict what the catalog holds"},
    /* Not ERR_DENIED: whoever asks lacks no right. */
    {SQLITE_READONLY, ERR_IO,
     "the catalog cannot be written: give the user that runs vonglau rights on the data folder"},
    {SQLITE_PERM, ERR_IO, "give the user that runs vonglau rights on the data folder"},
    {SQLITE_CANTOPEN, ERR_IO,
     "the catalog cannot be opened: give the user that runs vonglau rights on the data folder"},
    {SQLITE_IOERR, ERR_IO, "the disk of the data folder fails: look into the system's log"},
};

bool db_failed(CatalogDb *db, GError **error)
{
    int code = sqlite3_errcode(db->sqlite) & 0xff;
    db->damaged |= code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++)
        if (troubles[i].sqlite == code)
            return err_set(error, troubles[i].code, "catalog: %s (%s)", troubles[i].advice,
                           sqlite3_errmsg(db->sqlite));
    return err_set(error, ERR_IO, "catalog: %s", sqlite3_errmsg(db->sqlite));
}

bool db_exec(CatalogDb *db, const char *sql, GError **error)
{
    if (sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
        return db_failed(db, error);
    return true;
}

/* `cache_size` is in KiB when negative: what a connection keeps in memory at most. */
static const char *const pragmas[] = {
    [DB_READ] = "PRAGMA query_only = ON; PRAGMA cache_size = -1024;",
    /* What is deleted is overwritten: words of people that were erased are not left in free pages.
     */
    [DB_WRITE] = ("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                  "PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -4096;"
                  "PRAGMA secure_delete = ON;"),
    /* Its file is thrown away unless all of it succeeds and is then synced: no journal. */
    [DB_REBUILD] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;"
                   "PRAGMA cache_size = -2048;",
};

static void finalize(void *statement)
{
    sqlite3_finalize(statement);
}

/* A new database is nobody else's to read: it holds hashes of passwords. Its -wal and -shm files
 * get the mode of the database. Trouble shows when it is opened. */
static void make_private(const char *path)
{
    fd_auto int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    (void)fd;
}

CatalogDb *db_open(const char *path, DbMode mode, GError **error)
{
    CatalogDb *db = g_new0(CatalogDb, 1);
    db->statements = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, finalize);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE;
    if (mode != DB_READ)
        make_private(path);
    if (sqlite3_open_v2(path, &db->sqlite, flags, NULL) != SQLITE_OK) {
        db_failed(db, error);
    } else {
        sqlite3_extended_result_codes(db->sqlite, 1);
        sqlite3_busy_timeout(db->sqlite, 10000);
        if (db_exec(db, pragmas[mode], error))
            return db;
    }
    g_prefix_error(error, "%s: ", path);
    db_close(db);
    return NULL;
}

void db_close(CatalogDb *db)
{
    if (!db)
        return;
    g_hash_table_unref(db->statements);
    sqlite3_close_v2(db->sqlite);
    g_free(db);
}

Query query_begin(CatalogDb *db, const char *sql)
{
    Query query = {.db = db, .statement = g_hash_table_lookup(db->statements, sql)};
    if (query.statement) {
        g_assert(!sqlite3_stmt_busy(query.statement));
    } else if (sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &query.statement,
                                  NULL) == SQLITE_OK) {
        g_hash_table_insert(db->statements, (void *)sql, query.statement);
    }
    return query;
}

void query_end(Query *query)
{
    if (!query->statement)
        return;
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
    query->statement = NULL;
}

void query_int(Query *query, int64_t value)
{
    if (query->statement)
        sqlite3_bind_int64(query->statement, ++query->bound, value);
}

void query_double(Query *query, double value)
{
    if (query->statement)
        sqlite3_bind_double(query->statement, ++query->bound, value);
}

void query_text(Query *query, const char *value)
{
    if (query->statement)
        sqlite3_bind_text(query->statement, ++query->bound, value, -1, SQLITE_STATIC);
}

void query_uuid(Query *query, const Uuid *value)
{
    if (uuid_is_nil(value))
        query_text(query, NULL);
    else
        query_bytes(query, value->bytes, sizeof value->bytes);
}

void query_bytes(Query *query, const void *data, size_t size)
{
    if (query->statement)
        sqlite3_bind_blob64(query->statement, ++query->bound, data, size, SQLITE_STATIC);
}

QueryStep query_next(Query *query, GError **error)
{
    int result = query->statement ? sqlite3_step(query->statement) : SQLITE_ERROR;
    if (result == SQLITE_ROW)
        return QUERY_ROW;
    if (result == SQLITE_DONE)
        return QUERY_END;
    db_failed(query->db, error);
    return QUERY_FAILED;
}

bool query_run(Query *query, GError **error)
{
    QueryStep step;
    while ((step = query_next(query, error)) == QUERY_ROW)
        ;
    return step == QUERY_END;
}

int query_changes(const Query *query)
{
    return sqlite3_changes(query->db->sqlite);
}

int64_t column_int(const Query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

double column_double(const Query *query, int column)
{
    return sqlite3_column_double(query->statement, column);
}

char *column_text(const Query *query, int column)
{
    return g_strdup((const char *)sqlite3_column_text(query->statement, column));
}

Uuid column_uuid(const Query *query, int column)
{
    Uuid id = {0};
    column_bytes(query, column, id.bytes, sizeof id.bytes);
    return id;
}

bool column_bytes(const Query *query, int column, void *data, size_t size)
{
    if ((size_t)sqlite3_column_bytes(query->statement, column) != size)
        return false;
    memcpy(data, sqlite3_column_blob(query->statement, column), size);
    return true;
}
