#include "catalog/catalog.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "catalog/catalog_state.h"
#include "catalog/mend.h"
#include "catalog/migrations.h"

enum { GROUP_MOST = 4096 };

/* One write on its way. Those who wait hold theirs on their stack. */
typedef struct Write {
    CatalogWork work;
    void *data;
    CatalogDone done;
    GError *error;
    bool waited_for;
    bool soon;     /* others do not share its group */
    bool finished; /* under the catalog's lock */
} Write;

/* Collects writes until the group is due: at once when one of them is waited for, or to be stored
 * soon. */
static GPtrArray *take_group(Catalog *catalog)
{
    Write *write = queue_pop(catalog->writes, -1);
    if (!write)
        return NULL;
    GPtrArray *group = g_ptr_array_new();
    int64_t due_us = clock_mono_us() + CATALOG_GROUP_US;
    bool hurry = false;
    while (write) {
        g_ptr_array_add(group, write);
        hurry |= write->waited_for || write->soon;
        if (group->len == GROUP_MOST)
            break;
        int64_t left_us = due_us - clock_mono_us();
        write = queue_pop(catalog->writes, hurry || left_us < 0 ? 0 : left_us);
    }
    return group;
}

static void run_one(CatalogDb *db, Write *write)
{
    if (!db_exec(db, "SAVEPOINT one", &write->error))
        return;
    if (write->work(db, write->data, &write->error)) {
        db_exec(db, "RELEASE one", &write->error);
        return;
    }
    if (!write->error)
        err_set(&write->error, ERR_IO, "catalog: a write failed without saying why");
    if (!sqlite3_get_autocommit(db->sqlite))
        db_exec(db, "ROLLBACK TO one; RELEASE one", NULL);
}

/* All of the group, each undone by itself when it fails. False: nothing of it is stored, as when
 * the disk is full, which makes SQLite end the transaction. */
static bool run_group(CatalogDb *db, GPtrArray *group, GError **error)
{
    if (!db)
        return err_set(error, ERR_UNAVAILABLE, "the catalog cannot be opened");
    if (!db_exec(db, "BEGIN IMMEDIATE", error))
        return false;
    for (guint i = 0; i < group->len; i++) {
        Write *write = group->pdata[i];
        run_one(db, write);
        if (sqlite3_get_autocommit(db->sqlite)) {
            g_propagate_error(error, g_error_copy(write->error));
            return false;
        }
    }
    if (db_exec(db, "COMMIT", error))
        return true;
    if (!sqlite3_get_autocommit(db->sqlite))
        db_exec(db, "ROLLBACK", NULL);
    return false;
}

static void finish(Catalog *catalog, Write *write, const GError *trouble)
{
    if (trouble && !write->error)
        write->error = g_error_copy(trouble);
    if (write->waited_for) {
        pthread_mutex_lock(&catalog->lock);
        write->finished = true;
        pthread_cond_broadcast(&catalog->changed);
        pthread_mutex_unlock(&catalog->lock);
        return;
    }
    if (write->done)
        write->done(write->data, write->error);
    else if (write->error)
        log_error("catalog.write", "cause=\"%s\"", write->error->message);
    g_clear_error(&write->error);
    g_free(write);
}

static void forget_errors(GPtrArray *group, GError **trouble)
{
    g_clear_error(trouble);
    for (guint i = 0; i < group->len; i++)
        g_clear_error(&((Write *)group->pdata[i])->error);
}

static void writer_main(void *data)
{
    Catalog *catalog = data;
    GPtrArray *group;
    while ((group = take_group(catalog))) {
        g_autoptr(GError) trouble = NULL;
        bool stored = run_group(catalog->writing, group, &trouble);
        if (mend_if_damaged(catalog)) {
            forget_errors(group, &trouble);
            stored = run_group(catalog->writing, group, &trouble);
        }
        atomic_store(&catalog->failing, !stored);
        for (guint i = 0; i < group->len; i++)
            finish(catalog, group->pdata[i], trouble);
        g_ptr_array_unref(group);
    }
}

Catalog *catalog_open(const char *path, GError **error)
{
    CatalogDb *db = db_open(path, DB_WRITE, error);
    if (!db)
        return NULL;
    if (!migrations_run(db, error)) {
        g_prefix_error(error, "%s: ", path);
        db_close(db);
        return NULL;
    }
    Catalog *catalog = g_new0(Catalog, 1);
    catalog->path = g_strdup(path);
    catalog->writing = db;
    catalog->writes = queue_new();
    pthread_mutex_init(&catalog->lock, NULL);
    pthread_cond_init(&catalog->changed, NULL);
    mend_note_file(catalog);
    catalog->writer = thread_start("catalog", writer_main, catalog);
    return catalog;
}

void catalog_mend_from(Catalog *catalog, const CatalogSource *sources, size_t count)
{
    catalog->sources = sources;
    catalog->source_count = count;
}

void catalog_close(Catalog *catalog)
{
    if (!catalog)
        return;
    queue_close(catalog->writes);
    thread_join(catalog->writer);
    g_assert(catalog->idle_count == catalog->open_readers);
    for (unsigned i = 0; i < catalog->idle_count; i++)
        db_close(catalog->idle[i]);
    queue_free(catalog->writes, NULL);
    db_close(catalog->writing);
    pthread_cond_destroy(&catalog->changed);
    pthread_mutex_destroy(&catalog->lock);
    g_free(catalog->path);
    g_free(catalog);
}

static void hand_over(Catalog *catalog, Write how)
{
    queue_push(catalog->writes, g_memdup2(&how, sizeof how));
}

void catalog_write(Catalog *catalog, CatalogWork work, void *data, CatalogDone done)
{
    hand_over(catalog, (Write){.work = work, .data = data, .done = done});
}

void catalog_write_soon(Catalog *catalog, CatalogWork work, void *data, CatalogDone done)
{
    hand_over(catalog, (Write){.work = work, .data = data, .done = done, .soon = true});
}

bool catalog_write_wait(Catalog *catalog, CatalogWork work, void *data, GError **error)
{
    Write write = {.work = work, .data = data, .waited_for = true};
    queue_push(catalog->writes, &write);
    pthread_mutex_lock(&catalog->lock);
    while (!write.finished)
        pthread_cond_wait(&catalog->changed, &catalog->lock);
    pthread_mutex_unlock(&catalog->lock);
    if (!write.error)
        return true;
    g_propagate_error(error, write.error);
    return false;
}

size_t catalog_waiting(Catalog *catalog)
{
    return queue_length(catalog->writes);
}

bool catalog_is_well(Catalog *catalog, GError **error)
{
    if (atomic_load(&catalog->failing))
        return err_set(error, ERR_IO, "catalog: the last writes were not stored");
    g_autoptr(CatalogDb) db = catalog_read(catalog, error);
    return db && db_exec(db, "SELECT count(*) FROM settings", error);
}

/* An idle connection, or NULL when one more may be opened. */
static CatalogDb *take_reader(Catalog *catalog)
{
    CatalogDb *db = NULL;
    pthread_mutex_lock(&catalog->lock);
    while (catalog->changing || (catalog->idle_count == 0 && catalog->open_readers == READERS))
        pthread_cond_wait(&catalog->changed, &catalog->lock);
    if (catalog->idle_count > 0)
        db = catalog->idle[--catalog->idle_count];
    else
        catalog->open_readers++;
    pthread_mutex_unlock(&catalog->lock);
    return db;
}

static bool nothing(CatalogDb *db, void *data, GError **error)
{
    return true;
}

/* The writer is woken by a write. */
void catalog_tell_damaged(Catalog *catalog)
{
    if (!atomic_exchange(&catalog->damaged, true))
        catalog_write(catalog, nothing, NULL, NULL);
}

/* Gives `db` back; NULL: it could not be opened. */
static void give_reader(Catalog *catalog, CatalogDb *db)
{
    if (db && db->damaged)
        catalog_tell_damaged(catalog);
    pthread_mutex_lock(&catalog->lock);
    if (db)
        catalog->idle[catalog->idle_count++] = db;
    else
        catalog->open_readers--;
    pthread_cond_broadcast(&catalog->changed);
    pthread_mutex_unlock(&catalog->lock);
}

CatalogDb *catalog_read(Catalog *catalog, GError **error)
{
    CatalogDb *db = take_reader(catalog);
    if (!db)
        db = db_open(catalog->path, DB_READ, error);
    if (db && db_exec(db, "BEGIN", error)) {
        db->home = catalog;
        return db;
    }
    give_reader(catalog, db);
    return NULL;
}

void catalog_read_end(CatalogDb *db)
{
    if (!db)
        return;
    db_exec(db, "ROLLBACK", NULL);
    give_reader(db->home, db);
}
