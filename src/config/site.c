#include "config/site.h"

#include "base/file.h"
#include "base/log.h"
#include "catalog/settings.h"
#include "config/pending_state.h"
#include "config/site_state.h"

#include <unistd.h>

static void free_camera(void *row)
{
    camera_row_free(row);
}

static void free_location(void *row)
{
    location_row_free(row);
}

/* A catalog without a node is new: filled from site.json when there is one (the catalog was lost),
 * else this is the first start. */
static bool make_node(CatalogDb *db, void *data, GError **error)
{
    SiteOptions *options = data;
    g_autofree char *node = NULL;
    if (!settings_get(db, SITE_NODE, &node, error) || node)
        return node != NULL;
    if (access(options->site_file, F_OK) == 0) {
        log_warning("site.restored",
                    "file=\"%s\" advice=\"the catalog was lost: footage of before is neither shown "
                    "nor deleted until you stop the server and run vonglau catalog rebuild\"",
                    options->site_file);
        return site_restore(db, options, error);
    }
    Uuid id = uuid_new();
    char text[UUID_TEXT];
    return settings_put(db, SITE_NODE, uuid_text(&id, text), error);
}

static bool load_node(Site *site, CatalogDb *db, GError **error)
{
    g_autofree char *node = NULL;
    if (!settings_get(db, SITE_NODE, &node, error))
        return false;
    if (!node || !uuid_parse(node, &site->node))
        return err_set(error, ERR_CORRUPT,
                       "the catalog does not know which node it belongs to: "
                       "stop the server and run ‘vonglau catalog rebuild’");
    return true;
}

static bool load_rows(Site *site, CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) cameras = cameras_list(db, error);
    g_autoptr(GPtrArray) locations = cameras ? locations_list(db, error) : NULL;
    if (!cameras || !locations)
        return false;
    for (guint i = 0; i < cameras->len; i++) {
        CameraRow *row = camera_row_copy(cameras->pdata[i]);
        g_hash_table_replace(site->cameras, &row->id, row);
    }
    for (guint i = 0; i < locations->len; i++) {
        LocationRow *row = location_row_copy(locations->pdata[i]);
        g_hash_table_replace(site->locations, &row->id, row);
    }
    return true;
}

static bool load(Site *site, const SiteOptions *options, GError **error)
{
    if (!catalog_write_wait(site->catalog, make_node, (void *)options, error))
        return false;
    g_autoptr(CatalogDb) db = catalog_read(site->catalog, error);
    return db && load_node(site, db, error) && site_values_load(site, db, error) &&
           site_webhook_load(site, db, error) && site_reason_load(site, db, error) &&
           load_rows(site, db, error) && pending_load(site, db, error);
}

Site *site_open(Catalog *catalog, const SiteOptions *options, GError **error)
{
    g_autoptr(Site) site = g_new0(Site, 1);
    site->catalog = catalog;
    site->file = g_strdup(options->site_file);
    site->listener = options->listener;
    site->listener_data = options->listener_data;
    site->cameras = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_camera);
    site->locations = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, free_location);
    site->pending = g_ptr_array_new_with_free_func((GDestroyNotify)pending_row_free);
    pthread_mutex_init(&site->lock, NULL);
    turn_init(&site->change);
    site->key = secret_key_open(options->secrets_key, error);
    if (!site->key || !load(site, options, error))
        return NULL;
    if (access(site->file, F_OK) < 0 && !site_file_write(site, error))
        return NULL;
    return g_steal_pointer(&site);
}

void site_free(Site *site)
{
    if (!site)
        return;
    g_hash_table_unref(site->cameras);
    g_hash_table_unref(site->locations);
    g_ptr_array_unref(site->pending);
    if (site->key)
        secret_key_free(site->key);
    turn_clear(&site->change);
    pthread_mutex_destroy(&site->lock);
    site_webhook_clear(&site->webhook);
    for (int i = 0; i < SITE_VALUES; i++)
        g_free(site->values[i]);
    g_free(site->file);
    g_free(site);
}

void site_write_file(Site *site)
{
    g_autoptr(GError) trouble = NULL;
    if (!site_file_write(site, &trouble))
        log_error("site.file", "cause=\"%s\"", trouble->message);
}

void site_tell(Site *site, SiteChange change, const Uuid *id)
{
    if (site->listener)
        site->listener(site->listener_data, change, id);
}

bool site_save(Site *site, GError **error)
{
    turn_begin(&site->change);
    bool written = site_file_write(site, error);
    turn_end(&site->change);
    return written;
}

char *site_seal(const Site *site, const char *plain)
{
    return secret_seal(site->key, plain);
}

char *site_unseal(const Site *site, const char *sealed, GError **error)
{
    return secret_open(site->key, sealed, error);
}

Uuid site_node(const Site *site)
{
    return site->node;
}
