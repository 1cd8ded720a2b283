#include "catalog/mend.h"

#include "base/clock.h"
#include "base/log.h"
#include "catalog/catalog_state.h"

#include <sys/stat.h>
#include <unistd.h>

enum { TRY_AGAIN_US = 60 * 1000 * 1000 };

void mend_note_file(Catalog *catalog)
{
    struct stat facts;
    if (stat(catalog->path, &facts) < 0)
        return;
    catalog->device = facts.st_dev;
    catalog->inode = facts.st_ino;
}

/* SQLite goes on in a file that was deleted, and all of it is lost at the end. */
static bool file_is_another(const Catalog *catalog)
{
    struct stat facts;
    return stat(catalog->path, &facts) < 0 || facts.st_dev != catalog->device ||
           facts.st_ino != catalog->inode;
}

/* SQLite removes the log of a database by its name when it closes the last connection: all of the
 * old one's are closed before the new one stands there. */
static void close_all(Catalog *catalog)
{
    pthread_mutex_lock(&catalog->lock);
    catalog->changing = true;
    while (catalog->idle_count < catalog->open_readers)
        pthread_cond_wait(&catalog->changed, &catalog->lock);
    for (unsigned i = 0; i < catalog->idle_count; i++)
        db_close(catalog->idle[i]);
    catalog->idle_count = catalog->open_readers = 0;
    pthread_mutex_unlock(&catalog->lock);
    db_close(catalog->writing);
}

/* Where the new one did not get its place, none is made: it would be empty, and be taken for the
 * site's at the next start. */
static void open_again(Catalog *catalog)
{
    g_autoptr(GError) error = NULL;
    bool there = access(catalog->path, F_OK) == 0;
    catalog->writing = there ? db_open(catalog->path, DB_WRITE, &error) : NULL;
    if (!catalog->writing)
        log_error("catalog.open", "cause=\"%s\"", there ? error->message : "it is not there");
    mend_note_file(catalog);
    atomic_store(&catalog->damaged, false);
    pthread_mutex_lock(&catalog->lock);
    catalog->changing = false;
    pthread_cond_broadcast(&catalog->changed);
    pthread_mutex_unlock(&catalog->lock);
}

static bool mend(Catalog *catalog, GError **error)
{
    g_autofree char *aside = NULL;
    if (!rebuild_make(catalog->path, catalog->sources, catalog->source_count, error))
        return false;
    close_all(catalog);
    bool placed = rebuild_place(catalog->path, clock_wall_us(), &aside, error);
    open_again(catalog);
    if (placed)
        log_warning("catalog.mended",
                    "aside=%s cause=\"the catalog was made anew; people sign in anew\"",
                    aside ? aside : "none");
    return placed && catalog->writing;
}

bool mend_if_damaged(Catalog *catalog)
{
    bool damaged = !catalog->writing || catalog->writing->damaged ||
                   atomic_load(&catalog->damaged) || file_is_another(catalog);
    int64_t now = clock_mono_us();
    if (!damaged || !catalog->source_count || now < catalog->next_try_us)
        return false;
    catalog->next_try_us = now + TRY_AGAIN_US;
    log_error("catalog.damaged",
              "cause=\"%s is damaged or gone: it is made anew from the files; recording goes on\"",
              catalog->path);
    g_autoptr(GError) error = NULL;
    if (mend(catalog, &error))
        return true;
    log_error("catalog.rebuild", "cause=\"%s\"",
              error ? error->message : "the new catalog cannot be opened");
    return false;
}
