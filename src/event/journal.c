#include "event/journal.h"

#include <string.h>

static bool end_all_work(CatalogDb *db, void *data, GError **error)
{
    return event_rows_end_all(db, *(int64_t *)data, error);
}

EventRow *event_row_copy(const EventRow *row)
{
    EventRow *copy = g_memdup2(row, sizeof *row);
    copy->kind = g_strdup(row->kind);
    copy->detail = g_strdup(row->detail);
    copy->mark = g_strdup(row->mark);
    return copy;
}

void event_row_free_any(void *row)
{
    event_row_free(row);
}

Events *events_open(Catalog *catalog, const char *folder, int64_t alive_us, GError **error)
{
    alive_us = MIN(alive_us, clock_now_us()); /* the clock may have been wrong then */
    if (!catalog_write_wait(catalog, end_all_work, &alive_us, error))
        return NULL;
    Events *events = g_new0(Events, 1);
    events->catalog = catalog;
    events->folder = g_strdup(folder);
    atomic_init(&events->due_us, 0);
    atomic_init(&events->picture_days, EVENTS_KEEP_US / DAY_US);
    pthread_mutex_init(&events->lock, NULL);
    events->open = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, event_row_free_any);
    events->waiting = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, event_row_free_any);
    events->pictures = queue_new();
    events->thread = thread_start("events", event_pictures_main, events);
    return events;
}

void events_close(Events *events)
{
    if (!events)
        return;
    atomic_store(&events->closing, true);
    queue_close(events->pictures);
    thread_join(events->thread);
    event_rows_still_open(events);
    event_rows_write_late(events, true);
    event_rows_lose(events);
    queue_free(events->pictures, event_picture_note_free);
    g_hash_table_unref(events->open);
    g_hash_table_unref(events->waiting);
    pthread_mutex_destroy(&events->lock);
    g_free(events->folder);
    g_free(events);
}

void events_listen(Events *events, EventListener listener, void *data)
{
    pthread_mutex_lock(&events->lock);
    g_assert(events->listener_count < EVENT_LISTENERS_MOST);
    events->listeners[events->listener_count++] = (Listener){listener, data};
    pthread_mutex_unlock(&events->lock);
}

/* Without the lock: a listener may ask the journal. */
static void tell(const Listener *listeners, unsigned count, const EventRow *row, EventKind kind)
{
    const Event event = {.id = row->id,
                         .camera = row->camera,
                         .kind = kind,
                         .from_us = row->from_us,
                         .to_us = row->open ? 0 : row->to_us,
                         .detail = row->detail};
    for (unsigned i = 0; i < count; i++)
        listeners[i].tell(listeners[i].data, &event);
}

Uuid events_begin(Events *events, const Uuid *camera, EventKind kind, int64_t from_us,
                  const char *detail)
{
    Listener listeners[EVENT_LISTENERS_MOST];
    g_autoptr(EventRow) row = g_new0(EventRow, 1);
    *row = (EventRow){.id = uuid_new(),
                      .camera = camera ? *camera : (Uuid){{0}},
                      .kind = g_strdup(event_kind_text(kind)),
                      .from_us = from_us,
                      .to_us = from_us,
                      .open = true,
                      .detail = g_strdup(detail)};
    EventRow *kept = event_row_copy(row);
    pthread_mutex_lock(&events->lock);
    g_hash_table_insert(events->open, &kept->id, kept);
    /* Under the lock, so that no end comes before its beginning. */
    event_row_write(events, event_row_copy(row));
    unsigned count = events->listener_count;
    memcpy(listeners, events->listeners, sizeof listeners);
    pthread_mutex_unlock(&events->lock);
    tell(listeners, count, row, kind);
    return row->id;
}

void events_end(Events *events, const Uuid *id, int64_t to_us)
{
    Listener listeners[EVENT_LISTENERS_MOST];
    EventKind kind = EVENT_KINDS;
    pthread_mutex_lock(&events->lock);
    void *stolen = NULL;
    g_hash_table_steal_extended(events->open, id, NULL, &stolen);
    g_autoptr(EventRow) row = stolen;
    if (row) {
        row->open = false;
        row->to_us = MAX(to_us, row->from_us);
        event_row_write(events, event_row_copy(row));
    }
    unsigned count = events->listener_count;
    memcpy(listeners, events->listeners, sizeof listeners);
    pthread_mutex_unlock(&events->lock);
    if (row && event_kind_parse(row->kind, &kind))
        tell(listeners, count, row, kind);
}

static int oldest_first(const void *a, const void *b)
{
    const EventRow *first = *(EventRow *const *)a, *second = *(EventRow *const *)b;
    return (first->from_us > second->from_us) - (first->from_us < second->from_us);
}

GPtrArray *events_now(Events *events)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(event_row_free_any);
    GHashTableIter iter;
    void *row;
    pthread_mutex_lock(&events->lock);
    g_hash_table_iter_init(&iter, events->open);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        g_ptr_array_add(rows, event_row_copy(row));
    pthread_mutex_unlock(&events->lock);
    g_ptr_array_sort(rows, oldest_first);
    return rows;
}

GPtrArray *events_list(Events *events, const EventQuery *query, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(events->catalog, error);
    return db ? event_rows_list(db, query, error) : NULL;
}

EventRow *events_get(Events *events, const Uuid *id, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(events->catalog, error);
    return db ? event_rows_get(db, id, error) : NULL;
}

typedef struct MarkWork {
    const EventMark *marks;
    size_t count;
    bool *set;
} MarkWork;

static bool mark_work(CatalogDb *db, void *data, GError **error)
{
    const MarkWork *work = data;
    for (size_t i = 0; i < work->count; i++)
        if (!event_rows_mark(db, &work->marks[i], &work->set[i], error))
            return false;
    return true;
}

bool events_mark(Events *events, const EventMark *marks, size_t count, bool *set, GError **error)
{
    MarkWork work = {marks, count, set};
    return catalog_write_wait(events->catalog, mark_work, &work, error);
}
