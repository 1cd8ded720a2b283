#include "base/clock.h"
#include "config/pending_state.h"
#include "config/site_rules.h"
#include "config/site_state.h"

static int by_name(const void *a, const void *b)
{
    const CameraRow *left = *(CameraRow *const *)a, *right = *(CameraRow *const *)b;
    return g_utf8_collate(left->name, right->name);
}

GPtrArray *site_camera_list(Site *site)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)camera_row_free);
    GHashTableIter iter;
    void *row;
    pthread_mutex_lock(&site->lock);
    g_hash_table_iter_init(&iter, site->cameras);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        if (!((CameraRow *)row)->removed_us)
            g_ptr_array_add(rows, camera_row_copy(row));
    pthread_mutex_unlock(&site->lock);
    g_ptr_array_sort(rows, by_name);
    return rows;
}

CameraRow *site_camera_known(Site *site, const Uuid *id)
{
    pthread_mutex_lock(&site->lock);
    const CameraRow *row = g_hash_table_lookup(site->cameras, id);
    CameraRow *copy = row ? camera_row_copy(row) : NULL;
    pthread_mutex_unlock(&site->lock);
    return copy;
}

CameraRow *site_camera_get(Site *site, const Uuid *id)
{
    g_autoptr(CameraRow) row = site_camera_known(site, id);
    return row && !row->removed_us ? g_steal_pointer(&row) : NULL;
}

bool site_camera_secret(Site *site, const Uuid *id, char **password, GError **error)
{
    *password = NULL;
    g_autoptr(CameraRow) row = site_camera_get(site, id);
    if (!row)
        return err_set(error, ERR_NOT_FOUND, "no such camera");
    if (!row->secret)
        return true;
    *password = secret_open(site->key, row->secret, error);
    if (*password)
        return true;
    g_prefix_error(error, "camera ‘%s’: set its password again: ", row->name);
    return false;
}

bool site_camera_secret_for(Site *site, const Uuid *id, const char *address, char **password,
                            GError **error)
{
    *password = NULL;
    g_autoptr(CameraRow) row = site_camera_get(site, id);
    if (row && row->secret && !camera_password_is_for(row, address))
        return err_set(error, ERR_NEEDS_PASSWORD,
                       "the stored password of camera ‘%s’ belongs to its own address: give the "
                       "password for the new one",
                       row->name);
    return site_camera_secret(site, id, password, error);
}

/* What becomes durable together. */
typedef struct Put {
    const CameraRow *row;
    const GPtrArray *waits; /* for a second person; NULL: nothing */
} Put;

static bool put_row(CatalogDb *db, void *data, GError **error)
{
    const Put *put = data;
    return cameras_put(db, put->row, error) && pending_put_all(db, put->waits, error);
}

void site_show_camera(Site *site, CameraRow *row)
{
    pthread_mutex_lock(&site->lock);
    g_hash_table_replace(site->cameras, &row->id, row);
    pthread_mutex_unlock(&site->lock);
}

static bool put_camera(Site *site, CameraRow *row, const GPtrArray *waits, GError **error)
{
    Put put = {row, waits};
    if (!catalog_write_wait(site->catalog, put_row, &put, error)) {
        camera_row_free(row);
        return false;
    }
    site_show_camera(site, row);
    pending_take_all(site, waits);
    return true;
}

bool site_put_camera(Site *site, CameraRow *row, GError **error)
{
    return put_camera(site, row, NULL, error);
}

/* What one row alone cannot tell. */
static bool check_among_others(Site *site, const CameraRow *row, GError **error)
{
    g_autoptr(GPtrArray) others = site_camera_list(site);
    for (guint i = 0; i < others->len; i++) {
        const CameraRow *other = others->pdata[i];
        if (!uuid_equal(&other->id, &row->id) && g_str_equal(other->name, row->name))
            return err_set(error, ERR_EXISTS, "another camera is called ‘%s’: choose another name",
                           row->name);
    }
    if (uuid_is_nil(&row->location))
        return true;
    g_autoptr(LocationRow) location = site_location_get(site, &row->location);
    return location || err_set(error, ERR_INVALID, "‘location’: there is no such location");
}

/* Takes `row`, which is the camera's and changed by `edit` on success. */
static bool edit_and_put(Site *site, CameraRow *taken, const CameraEdit *edit, GError **error)
{
    g_autoptr(CameraRow) row = taken;
    return camera_edit_apply(row, edit, site->key, error) && check_among_others(site, row, error) &&
           site_put_camera(site, g_steal_pointer(&row), error);
}

bool site_camera_add(Site *site, const CameraEdit *edit, Uuid *id, GError **error)
{
    CameraRow *row = g_new0(CameraRow, 1);
    *id = row->id = uuid_new();
    row->owner = g_strdup(OWNER_COMMUNE);
    row->created_us = clock_now_us();
    turn_begin(&site->change);
    bool added = edit_and_put(site, row, edit, error);
    if (added) {
        site_write_file(site);
        site_tell(site, SITE_CAMERA_ADDED, id);
    }
    turn_end(&site->change);
    return added;
}

/* A copy of a camera that may be changed. */
static CameraRow *changeable(Site *site, const Uuid *id, GError **error)
{
    g_autoptr(CameraRow) row = site_camera_get(site, id);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "no such camera");
    else if (row->locked)
        err_set(error, ERR_DENIED,
                "camera ‘%s’ is set by the configuration file: change it there and restart",
                row->name);
    else
        return g_steal_pointer(&row);
    return NULL;
}

/* As edit_and_put(); what of it takes two persons waits. */
static bool edit_what_one_may(Site *site, CameraRow *taken, const CameraEdit *edit, PendingAsk *ask,
                              GError **error)
{
    g_autoptr(CameraRow) row = taken, before = camera_row_copy(taken);
    return camera_edit_apply(row, edit, site->key, error) && check_among_others(site, row, error) &&
           pending_hold_back_camera(site, ask, before, row, error) &&
           put_camera(site, g_steal_pointer(&row), ask->waits, error);
}

bool site_camera_edit(Site *site, const Uuid *id, const CameraEdit *edit, GError **error)
{
    return site_camera_edit_asked(site, id, edit, NULL, error);
}

bool site_camera_edit_asked(Site *site, const Uuid *id, const CameraEdit *edit, PendingAsk *ask,
                            GError **error)
{
    turn_begin(&site->change);
    CameraRow *row = changeable(site, id, error);
    bool changed = row && (ask ? edit_what_one_may(site, row, edit, ask, error)
                               : edit_and_put(site, row, edit, error));
    if (changed) {
        site_write_file(site);
        site_tell(site, SITE_CAMERA_CHANGED, id);
    }
    turn_end(&site->change);
    return changed;
}

bool site_camera_remove(Site *site, const Uuid *id, GError **error)
{
    turn_begin(&site->change);
    CameraRow *row = changeable(site, id, error);
    bool removed = row;
    if (row) {
        row->removed_us = clock_now_us();
        row->location = (Uuid){0};
        g_clear_pointer(&row->secret, secret_free);
        removed = site_put_camera(site, row, error);
    }
    if (removed) {
        site_write_file(site);
        site_tell(site, SITE_CAMERA_REMOVED, id);
    }
    turn_end(&site->change);
    return removed;
}
