/* rows.c — events on their way into the catalog. Those it does not take, as on a full disk, wait in
 * memory, each with its newest end, and are written when it does. */
#include "event/journal.h"

#include "base/log.h"

/* So many wait; one more, and the oldest that is over is lost. */
enum { WAITING_MOST = 4096 };

typedef struct Put {
    Events *events;
    GPtrArray *rows; /* EventRow * */
} Put;

static Put *put_new(Events *events, EventRow *row)
{
    Put *put = g_new(Put, 1);
    *put = (Put){events, g_ptr_array_new_with_free_func(event_row_free_any)};
    if (row)
        g_ptr_array_add(put->rows, row);
    return put;
}

static void put_free(Put *put)
{
    g_ptr_array_unref(put->rows);
    g_free(put);
}

static void tell_lost(const EventRow *row, const char *cause)
{
    char camera[UUID_TEXT];
    log_error("event.lost", "kind=%s camera=%s cause=\"%s\"", row->kind,
              uuid_text(&row->camera, camera), cause);
}

/* Of a camera that was removed meanwhile nothing is kept. */
static bool put_work(CatalogDb *db, void *data, GError **error)
{
    const Put *put = data;
    for (guint i = 0; i < put->rows->len; i++) {
        GError *trouble = NULL;
        const EventRow *row = put->rows->pdata[i];
        if (event_rows_put(db, row, &trouble))
            continue;
        if (!g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, trouble);
            return false;
        }
        tell_lost(row, trouble->message);
        g_clear_error(&trouble);
    }
    return true;
}

/* ---- what waits; called with the lock held ---- */

static void forget_oldest(Events *events)
{
    GHashTableIter iter;
    void *value;
    const EventRow *oldest = NULL;
    g_hash_table_iter_init(&iter, events->waiting);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const EventRow *row = value;
        if (!oldest || (oldest->open && !row->open) ||
            (oldest->open == row->open && row->from_us < oldest->from_us))
            oldest = row;
    }
    if (!oldest)
        return;
    tell_lost(oldest, "too many wait for the catalog");
    g_hash_table_remove(events->waiting, &oldest->id);
}

static void keep_row(Events *events, EventRow *row)
{
    EventRow *kept = g_hash_table_lookup(events->waiting, &row->id);
    if (kept && !kept->open) {
        event_row_free(row);
        return;
    }
    if (kept) {
        kept->to_us = row->open ? MAX(kept->to_us, row->to_us) : row->to_us;
        kept->open = row->open;
        event_row_free(row);
        return;
    }
    if (g_hash_table_size(events->waiting) == WAITING_MOST)
        forget_oldest(events);
    g_hash_table_insert(events->waiting, &row->id, row);
}

/* ---- writing ---- */

static void keep_all(Put *put, const GError *error)
{
    Events *events = put->events;
    pthread_mutex_lock(&events->lock);
    bool first = !events->behind;
    events->behind = true;
    while (put->rows->len > 0)
        keep_row(events, g_ptr_array_steal_index(put->rows, put->rows->len - 1));
    pthread_mutex_unlock(&events->lock);
    if (first)
        log_error("event.waits",
                  "cause=\"%s\" advice=\"events are kept in memory until the catalog can be "
                  "written; a restart before that loses them\"",
                  error->message);
}

static void put_done(void *data, const GError *error)
{
    Put *put = data;
    if (error)
        keep_all(put, error);
    put_free(put);
}

void event_row_write(Events *events, EventRow *row)
{
    catalog_write(events->catalog, put_work, put_new(events, row), put_done);
}

void event_rows_write_late(Events *events, bool wait)
{
    GHashTableIter iter;
    void *row;
    g_autoptr(GError) error = NULL;
    Put *put = put_new(events, NULL);
    pthread_mutex_lock(&events->lock);
    bool due = wait || events->behind;
    g_hash_table_iter_init(&iter, events->waiting);
    while (g_hash_table_iter_next(&iter, NULL, &row)) {
        g_ptr_array_add(put->rows, row);
        g_hash_table_iter_steal(&iter);
    }
    pthread_mutex_unlock(&events->lock);
    if (!due) {
        put_free(put);
        return;
    }
    if (!catalog_write_wait(events->catalog, put_work, put, &error)) {
        keep_all(put, error);
    } else {
        pthread_mutex_lock(&events->lock);
        events->behind = g_hash_table_size(events->waiting) > 0;
        pthread_mutex_unlock(&events->lock);
        if (put->rows->len > 0)
            log_info("event.written_late", "events=%u", put->rows->len);
    }
    put_free(put);
}

void event_rows_lose(Events *events)
{
    GHashTableIter iter;
    void *row;
    g_hash_table_iter_init(&iter, events->waiting);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        tell_lost(row, "the server stopped before the catalog could be written");
}

/* ---- those that go on ---- */

static void still_open_done(void *data, const GError *error)
{
    put_free(data); /* what it began with is there, or waits */
}

void event_rows_still_open(Events *events)
{
    GHashTableIter iter;
    void *value;
    Put *put = put_new(events, NULL);
    int64_t now_us = clock_now_us();
    pthread_mutex_lock(&events->lock);
    g_hash_table_iter_init(&iter, events->open);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        EventRow *row = event_row_copy(value);
        row->to_us = MAX(row->from_us, now_us);
        g_ptr_array_add(put->rows, row);
    }
    /* Under the lock, so that no end comes before it. */
    catalog_write(events->catalog, put_work, put, still_open_done);
    pthread_mutex_unlock(&events->lock);
}
