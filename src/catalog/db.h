/* db.h — private to catalog/: a connection to SQLite and queries on it.
 *
 * A query is prepared once a connection and kept. Its values are bound in order, its errors are
 * sticky and come out where it is run:
 *
 *   g_auto(Query) query = query_begin(db, "SELECT to_us FROM spans WHERE camera = ? AND from_us <
 * ?"); query_int(&query, camera); query_int(&query, from_us); while (query_next(&query, error) ==
 * QUERY_ROW) …
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <sqlite3.h>

struct CatalogDb {
    sqlite3 *sqlite;
    GHashTable *statements; /* const char * (constant text) -> sqlite3_stmt * */
    Catalog *home;          /* of reading connections: where it goes back to */
    bool damaged;           /* SQLite has said so of the file */
};

typedef enum DbMode { DB_READ, DB_WRITE, DB_REBUILD } DbMode;

/* One connection, on one thread at a time. Returns owned, or NULL. */
CatalogDb *db_open(const char *path, DbMode mode, GError **error);
void db_close(CatalogDb *db); /* NULL is allowed */

/* Runs one or more statements without values or rows. */
bool db_exec(CatalogDb *db, const char *sql, GError **error);

/* Sets `error` from the connection's last trouble; always returns false. */
bool db_failed(CatalogDb *db, GError **error);

typedef struct Query {
    CatalogDb *db;
    sqlite3_stmt *statement; /* NULL: could not be prepared */
    int bound;
} Query;

typedef enum QueryStep { QUERY_ROW, QUERY_END, QUERY_FAILED } QueryStep;

/* `sql` must be constant text. One use at a time of the same text on a connection. */
Query query_begin(CatalogDb *db, const char *sql);
void query_end(Query *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_end)

/* Bind the next `?`. Texts and bytes are borrowed until query_end(). */
void query_int(Query *query, int64_t value);
void query_double(Query *query, double value);
void query_text(Query *query, const char *value); /* NULL: SQL's NULL */
void query_uuid(Query *query, const Uuid *value); /* nil: SQL's NULL */
void query_bytes(Query *query, const void *data, size_t size);

QueryStep query_next(Query *query, GError **error);
bool query_run(Query *query, GError **error); /* to the end; rows are dropped */
int query_changes(const Query *query);        /* rows changed by it */

int64_t column_int(const Query *query, int column);
double column_double(const Query *query, int column);
char *column_text(const Query *query, int column); /* returns owned; NULL for SQL's NULL */
Uuid column_uuid(const Query *query, int column);  /* nil for SQL's NULL */
bool column_bytes(const Query *query, int column, void *data, size_t size); /* exactly `size` */
