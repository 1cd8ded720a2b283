/* pending.c — what waits for a second person: listed, agreed to, refused, taken back. */
#include "config/pending_state.h"
#include "config/site_state.h"
#include "config/text_rules.h"

#include <string.h>

const char *pending_state_text(PendingState state)
{
    static const char *const texts[PENDING_STATES] = {
        [PENDING_STATE_WAITING] = "waiting",     [PENDING_STATE_AGREED] = "agreed",
        [PENDING_STATE_REFUSED] = "refused",     [PENDING_STATE_WITHDRAWN] = "withdrawn",
        [PENDING_STATE_OVERTAKEN] = "overtaken", [PENDING_STATE_LAPSED] = "lapsed",
    };
    return texts[state];
}

/* Would it do now what was asked for? */
static bool is_as_asked(Site *site, const PendingRow *row)
{
    g_autofree char *now = pending_now(site, row), *then = pending_then(site, row);
    return now && then && strcmp(now, row->before) == 0 && strcmp(then, row->after) == 0;
}

PendingState site_pending_state(Site *site, const PendingRow *row)
{
    static const PendingState of_outcome[] = {
        [PENDING_AGREED] = PENDING_STATE_AGREED,
        [PENDING_REFUSED] = PENDING_STATE_REFUSED,
        [PENDING_WITHDRAWN] = PENDING_STATE_WITHDRAWN,
        [PENDING_OVERTAKEN] = PENDING_STATE_OVERTAKEN,
    };
    if (row->outcome != PENDING_OPEN)
        return of_outcome[row->outcome];
    if (clock_now_us() - row->asked_us >= PENDING_WAITS_US)
        return PENDING_STATE_LAPSED;
    return is_as_asked(site, row) ? PENDING_STATE_WAITING : PENDING_STATE_OVERTAKEN;
}

GPtrArray *site_pending(Site *site)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)pending_row_free);
    int64_t since_us = clock_now_us() - PENDING_LISTED_US;
    pthread_mutex_lock(&site->lock);
    for (guint i = site->pending->len; i-- > 0;) {
        const PendingRow *row = site->pending->pdata[i];
        if (row->asked_us >= since_us)
            g_ptr_array_add(rows, pending_row_copy(row));
    }
    pthread_mutex_unlock(&site->lock);
    return rows;
}

bool pending_load(Site *site, CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = pending_since(db, clock_now_us() - PENDING_LISTED_US, error);
    if (rows)
        pending_take_all(site, rows);
    return rows;
}

/* ---- keeping; in a turn ---- */

bool pending_put_all(CatalogDb *db, const GPtrArray *rows, GError **error)
{
    for (guint i = 0; rows && i < rows->len; i++)
        if (!pending_put(db, rows->pdata[i], error))
            return false;
    return true;
}

/* Under the lock. */
static PendingRow **find_known(Site *site, const Uuid *id)
{
    for (guint i = 0; i < site->pending->len; i++) {
        PendingRow **row = (PendingRow **)&site->pending->pdata[i];
        if (uuid_equal(&(*row)->id, id))
            return row;
    }
    return NULL;
}

static void take(Site *site, const PendingRow *row)
{
    PendingRow *copy = pending_row_copy(row);
    pthread_mutex_lock(&site->lock);
    PendingRow **known = find_known(site, &row->id);
    if (known) {
        pending_row_free(*known);
        *known = copy;
    } else {
        g_ptr_array_add(site->pending, copy);
    }
    pthread_mutex_unlock(&site->lock);
}

void pending_take_all(Site *site, const GPtrArray *rows)
{
    for (guint i = 0; rows && i < rows->len; i++)
        take(site, rows->pdata[i]);
}

/* A copy of one that waits, for `by` to end it; owned, or NULL. */
static PendingRow *find_open(Site *site, const Uuid *id, const Uuid *by, GError **error)
{
    pthread_mutex_lock(&site->lock);
    PendingRow **known = find_known(site, id);
    g_autoptr(PendingRow) row = known ? pending_row_copy(*known) : NULL;
    pthread_mutex_unlock(&site->lock);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "there is no such change");
    else if (uuid_is_nil(by))
        err_set(error, ERR_TWO_PERSONS,
                "this takes two persons with accounts of their own: neither the console nor a "
                "token is one");
    else if (row->busy)
        err_set(error, ERR_EXISTS, "it is being carried out just now");
    else if (row->outcome != PENDING_OPEN || site_pending_state(site, row) == PENDING_STATE_LAPSED)
        err_set(error, ERR_EXISTS, "it waits for nobody's decision any more");
    else
        return g_steal_pointer(&row);
    return NULL;
}

static PendingRow *find_of_another(Site *site, const Uuid *id, const Uuid *by, GError **error)
{
    g_autoptr(PendingRow) row = find_open(site, id, by, error);
    if (row && uuid_equal(&row->by, by)) {
        err_set(error, ERR_TWO_PERSONS, "it is decided by another person than who asked");
        return NULL;
    }
    return g_steal_pointer(&row);
}

/* ---- ending; in a turn ---- */

/* What becomes durable together. */
typedef struct Ending {
    Site *site;
    const PendingRow *row;
    CameraRow *camera; /* owned, as it is to be; NULL: not a camera's */
    SiteValue value;
    bool sets_value;
} Ending;

static bool write_ending(CatalogDb *db, void *data, GError **error)
{
    const Ending *ending = data;
    return pending_put(db, ending->row, error) &&
           (!ending->camera || cameras_put(db, ending->camera, error)) &&
           (!ending->sets_value || site_value_put(db, ending->value, ending->row->set, error));
}

static void set_outcome(PendingRow *row, PendingOutcome outcome, const Uuid *by)
{
    row->outcome = outcome;
    row->ended_us = clock_now_us();
    row->ended_by = *by;
    row->busy = false;
}

/* Fills what is to change, of a row that is as it was asked for. */
static void plan(Ending *ending)
{
    const PendingRow *row = ending->row;
    if (uuid_is_nil(&row->camera)) {
        for (int i = 0; i < SITE_VALUES; i++)
            if (strcmp(site_value_name((SiteValue)i), row->field) == 0)
                ending->value = (SiteValue)i, ending->sets_value = true;
        return;
    }
    ending->camera = site_camera_get(ending->site, &row->camera);
    pending_apply_to_camera(row, ending->camera);
}

/* It is durable. */
static void carry_out(Ending *ending)
{
    Site *site = ending->site;
    take(site, ending->row);
    if (ending->sets_value)
        site_value_take(site, ending->value, ending->row->set);
    const Uuid camera = ending->row->camera;
    const bool changes_camera = ending->camera;
    if (ending->camera)
        site_show_camera(site, g_steal_pointer(&ending->camera));
    if (!ending->sets_value && !changes_camera)
        return;
    site_write_file(site);
    site_tell(site, changes_camera ? SITE_CAMERA_CHANGED : SITE_SETTINGS_CHANGED,
              changes_camera ? &camera : &site->node);
}

/* Takes `row`; returns it, or NULL. */
static PendingRow *end(Site *site, PendingRow *taken, bool changes, GError **error)
{
    g_autoptr(PendingRow) row = taken;
    Ending ending = {.site = site, .row = row};
    if (changes)
        plan(&ending);
    bool ended = catalog_write_wait(site->catalog, write_ending, &ending, error);
    if (ended)
        carry_out(&ending);
    camera_row_free(ending.camera);
    return ended ? g_steal_pointer(&row) : NULL;
}

static PendingRow *decide(Site *site, PendingRow *taken, bool agree, const char *words,
                          const Uuid *by, GError **error)
{
    g_autoptr(PendingRow) row = taken;
    const bool stands = is_as_asked(site, row);
    if (agree && pending_is_clock(row)) {
        err_set(error, ERR_UNSUPPORTED, "a clock is set by its camera");
        return NULL;
    }
    if (!text_rule(&row->words, "words", words, agree ? 0 : PENDING_WORDS_LEAST, PENDING_WORDS_MOST,
                   error))
        return NULL;
    set_outcome(row, !agree ? PENDING_REFUSED : stands ? PENDING_AGREED : PENDING_OVERTAKEN, by);
    return end(site, g_steal_pointer(&row), agree && stands, error);
}

PendingRow *site_pending_decide(Site *site, const Uuid *id, bool agree, const char *words,
                                const Uuid *by, GError **error)
{
    PendingRow *decided = NULL;
    turn_begin(&site->change);
    g_autoptr(PendingRow) row = find_of_another(site, id, by, error);
    if (row)
        decided = decide(site, g_steal_pointer(&row), agree, words, by, error);
    turn_end(&site->change);
    return decided;
}

PendingRow *site_pending_withdraw(Site *site, const Uuid *id, const Uuid *by, GError **error)
{
    PendingRow *ended = NULL;
    turn_begin(&site->change);
    g_autoptr(PendingRow) row = find_open(site, id, by, error);
    if (row && !uuid_equal(&row->by, by)) {
        err_set(error, ERR_TWO_PERSONS, "it is taken back by whoever asked: you can refuse it");
    } else if (row) {
        set_outcome(row, PENDING_WITHDRAWN, by);
        ended = end(site, g_steal_pointer(&row), false, error);
    }
    turn_end(&site->change);
    return ended;
}

/* ---- clocks ---- */

static bool write_asked(CatalogDb *db, void *data, GError **error)
{
    return pending_put_all(db, data, error);
}

bool site_clock_ask(Site *site, const Uuid *camera, const char *before, const char *server,
                    PendingAsk *ask, GError **error)
{
    turn_begin(&site->change);
    bool asked = pending_hold_back(
                     site, ask, &(PendingWish){camera, FIELD_NTP, server, before, server}, error) &&
                 catalog_write_wait(site->catalog, write_asked, ask->waits, error);
    if (asked)
        pending_take_all(site, ask->waits);
    turn_end(&site->change);
    return asked;
}

PendingRow *site_clock_begin(Site *site, const Uuid *id, const Uuid *by, GError **error)
{
    turn_begin(&site->change);
    g_autoptr(PendingRow) row = find_of_another(site, id, by, error);
    if (row && is_as_asked(site, row)) {
        row->busy = true;
        take(site, row);
    } else if (row) {
        set_outcome(row, PENDING_OVERTAKEN, by);
        row = end(site, g_steal_pointer(&row), false, error);
    }
    turn_end(&site->change);
    return g_steal_pointer(&row);
}

PendingRow *site_clock_end(Site *site, const Uuid *id, bool done, const Uuid *by, GError **error)
{
    PendingRow *ended = NULL;
    turn_begin(&site->change);
    pthread_mutex_lock(&site->lock);
    PendingRow **known = find_known(site, id);
    g_autoptr(PendingRow) row = known ? pending_row_copy(*known) : NULL;
    if (known)
        (*known)->busy = false;
    pthread_mutex_unlock(&site->lock);
    if (row && done) {
        set_outcome(row, PENDING_AGREED, by);
        ended = end(site, g_steal_pointer(&row), false, error);
    }
    turn_end(&site->change);
    return ended;
}

bool site_clock_overtake(Site *site, const Uuid *camera, GError **error)
{
    bool ended = true;
    const Uuid console = {0};
    turn_begin(&site->change);
    g_autoptr(GPtrArray) rows = site_pending(site);
    for (guint i = 0; i < rows->len && ended; i++) {
        PendingRow *row = rows->pdata[i];
        if (!pending_is_clock(row) || !uuid_equal(&row->camera, camera) || row->busy ||
            row->outcome != PENDING_OPEN)
            continue;
        PendingRow *copy = pending_row_copy(row);
        set_outcome(copy, PENDING_OVERTAKEN, &console);
        g_autoptr(PendingRow) over = end(site, copy, false, error);
        ended = over;
    }
    turn_end(&site->change);
    return ended;
}
