#include "config/site_rules.h"
#include "config/site_state.h"
#include "config/text_rules.h"

enum { VILLAGE_MOST = 80 };

static int by_name(const void *a, const void *b)
{
    const LocationRow *left = *(LocationRow *const *)a, *right = *(LocationRow *const *)b;
    return g_utf8_collate(left->name, right->name);
}

GPtrArray *site_location_list(Site *site)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)location_row_free);
    GHashTableIter iter;
    void *row;
    pthread_mutex_lock(&site->lock);
    g_hash_table_iter_init(&iter, site->locations);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        g_ptr_array_add(rows, location_row_copy(row));
    pthread_mutex_unlock(&site->lock);
    g_ptr_array_sort(rows, by_name);
    return rows;
}

LocationRow *site_location_get(Site *site, const Uuid *id)
{
    pthread_mutex_lock(&site->lock);
    const LocationRow *row = g_hash_table_lookup(site->locations, id);
    LocationRow *copy = row ? location_row_copy(row) : NULL;
    pthread_mutex_unlock(&site->lock);
    return copy;
}

static void list_villages(const GPtrArray *locations, GString *text)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < locations->len; i++) {
        char *village = ((LocationRow *)locations->pdata[i])->village;
        if (*village && g_hash_table_add(told, village))
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", village);
    }
}

char *site_village(Site *site, const char *name, GError **error)
{
    g_autofree char *clean = NULL, *asked = NULL;
    if (!text_rule(&clean, "village", name, 1, VILLAGE_MOST, error))
        return NULL;
    asked = g_utf8_casefold(clean, -1);
    g_autoptr(GPtrArray) rows = site_location_list(site);
    for (guint i = 0; i < rows->len; i++) {
        const LocationRow *row = rows->pdata[i];
        g_autofree char *its = g_utf8_casefold(row->village, -1);
        if (g_str_equal(its, asked))
            return g_strdup(row->village);
    }
    g_autoptr(GString) villages = g_string_new(NULL);
    list_villages(rows, villages);
    if (villages->len)
        err_set(error, ERR_INVALID, "‘village’: no location lies in ‘%s’; there are: %s", clean,
                villages->str);
    else
        err_set(error, ERR_INVALID,
                "‘village’: no location has a village yet; set it at the locations first");
    return NULL;
}

static bool put_row(CatalogDb *db, void *row, GError **error)
{
    return locations_put(db, row, error);
}

bool site_put_location(Site *site, LocationRow *row, GError **error)
{
    if (!catalog_write_wait(site->catalog, put_row, row, error)) {
        location_row_free(row);
        return false;
    }
    pthread_mutex_lock(&site->lock);
    g_hash_table_replace(site->locations, &row->id, row);
    pthread_mutex_unlock(&site->lock);
    return true;
}

static bool check_name(Site *site, const LocationRow *row, GError **error)
{
    g_autoptr(GPtrArray) others = site_location_list(site);
    for (guint i = 0; i < others->len; i++) {
        const LocationRow *other = others->pdata[i];
        if (!uuid_equal(&other->id, &row->id) && g_str_equal(other->name, row->name))
            return err_set(error, ERR_EXISTS,
                           "another location is called ‘%s’: choose another name", row->name);
    }
    return true;
}

/* Takes `row`. Within a turn. */
static bool edit_and_put(Site *site, LocationRow *taken, const LocationEdit *edit, GError **error)
{
    g_autoptr(LocationRow) row = taken;
    Uuid id = row->id;
    if (!location_edit_apply(row, edit, error) || !check_name(site, row, error) ||
        !site_put_location(site, g_steal_pointer(&row), error))
        return false;
    site_write_file(site);
    site_tell(site, SITE_LOCATION_CHANGED, &id);
    return true;
}

bool site_location_add(Site *site, const LocationEdit *edit, Uuid *id, GError **error)
{
    LocationRow *row = g_new0(LocationRow, 1);
    *id = row->id = uuid_new();
    turn_begin(&site->change);
    bool added = edit_and_put(site, row, edit, error);
    turn_end(&site->change);
    return added;
}

/* A copy of a location that may be changed. */
static LocationRow *changeable(Site *site, const Uuid *id, GError **error)
{
    g_autoptr(LocationRow) row = site_location_get(site, id);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "no such location");
    else if (row->locked)
        err_set(error, ERR_DENIED,
                "location ‘%s’ is set by the configuration file: change it there and restart",
                row->name);
    else
        return g_steal_pointer(&row);
    return NULL;
}

bool site_location_edit(Site *site, const Uuid *id, const LocationEdit *edit, GError **error)
{
    turn_begin(&site->change);
    LocationRow *row = changeable(site, id, error);
    bool changed = row && edit_and_put(site, row, edit, error);
    turn_end(&site->change);
    return changed;
}

static bool check_empty(Site *site, const LocationRow *row, GError **error)
{
    g_autoptr(GPtrArray) cameras = site_camera_list(site);
    for (guint i = 0; i < cameras->len; i++) {
        const CameraRow *camera = cameras->pdata[i];
        if (uuid_equal(&camera->location, &row->id))
            return err_set(error, ERR_EXISTS,
                           "camera ‘%s’ stands at ‘%s’: move its cameras to another location first",
                           camera->name, row->name);
    }
    return true;
}

static bool remove_row(CatalogDb *db, void *id, GError **error)
{
    return locations_remove(db, id, error);
}

bool site_location_remove(Site *site, const Uuid *id, GError **error)
{
    Uuid gone = *id;
    turn_begin(&site->change);
    g_autoptr(LocationRow) row = changeable(site, id, error);
    bool removed = row && check_empty(site, row, error) &&
                   catalog_write_wait(site->catalog, remove_row, &gone, error);
    if (removed) {
        pthread_mutex_lock(&site->lock);
        g_hash_table_remove(site->locations, &gone);
        pthread_mutex_unlock(&site->lock);
        site_write_file(site);
        site_tell(site, SITE_LOCATION_CHANGED, &gone);
    }
    turn_end(&site->change);
    return removed;
}
