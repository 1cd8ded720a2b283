/* Writes DATA/site.json: what the catalog knows that no footage could tell again. Of a token only
 * the hash is known; sessions are not kept: after a loss of the catalog people sign in anew. */
#include "base/file.h"
#include "base/json.h"
#include "catalog/accounts.h"
#include "catalog/devices.h"
#include "catalog/settings.h"
#include "catalog/tokens.h"
#include "config/site_state.h"

#include <string.h>

static void set_uuid(Json *object, const char *name, const Uuid *id)
{
    char text[UUID_TEXT];
    if (!uuid_is_nil(id))
        json_object_set_new(object, name, json_string(uuid_text(id, text)));
}

static void set_text(Json *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, json_string(text));
}

static Json *camera_json(const CameraRow *row)
{
    Json *object = json_object();
    set_uuid(object, "id", &row->id);
    set_text(object, "name", row->name);
    set_uuid(object, "location", &row->location);
    set_text(object, "owner", row->owner);
    set_text(object, "url", row->url);
    set_text(object, "sub_url", row->sub_url);
    set_text(object, "user", row->user);
    set_text(object, "secret", row->secret);
    set_text(object, "pause_reason", row->pause_reason);
    set_text(object, "fingerprint", row->fingerprint);
    set_text(object, "schedule", row->schedule);
    set_text(object, "transport", row->transport);
    json_object_set_new(object, "audio", json_boolean(row->audio));
    json_object_set_new(object, "record_sub", json_boolean(row->record_sub));
    json_object_set_new(object, "view_off", json_boolean(row->view_off));
    set_text(object, "onvif", row->onvif);
    json_object_set_new(object, "heading_deg", json_integer(row->heading_deg));
    json_object_set_new(object, "fov_deg", json_integer(row->fov_deg));
    json_object_set_new(object, "reach_m", json_integer(row->reach_m));
    json_object_set_new(object, "height_cm", json_integer(row->height_cm));
    json_object_set_new(object, "connections", json_integer(row->connections));
    json_object_set_new(object, "paused", json_boolean(row->paused));
    json_object_set_new(object, "locked", json_boolean(row->locked));
    json_object_set_new(object, "retention_days", json_integer(row->retention_days));
    json_object_set_new(object, "retention_bytes", json_integer(row->retention_bytes));
    json_object_set_new(object, "created_us", json_integer(row->created_us));
    json_object_set_new(object, "removed_us", json_integer(row->removed_us));
    return object;
}

static Json *location_json(const LocationRow *row)
{
    Json *object = json_object();
    set_uuid(object, "id", &row->id);
    set_text(object, "name", row->name);
    set_text(object, "village", row->village);
    set_text(object, "kind", row->kind);
    json_object_set_new(object, "latitude", json_real(row->latitude));
    json_object_set_new(object, "longitude", json_real(row->longitude));
    json_object_set_new(object, "locked", json_boolean(row->locked));
    return object;
}

static void set_sealed(Json *object, const char *name, const char *text, const SecretKey *key)
{
    g_autofree char *sealed = text ? secret_seal(key, text) : NULL;
    set_text(object, name, sealed);
}

static Json *account_json(const AccountRow *row, const SecretKey *key)
{
    Json *object = json_object();
    g_autofree char *sealed = secret_seal(key, row->password);
    set_uuid(object, "id", &row->id);
    set_text(object, "name", row->name);
    set_text(object, "role", row->role);
    set_text(object, "village", row->village);
    set_text(object, "language", row->language);
    set_text(object, "password", sealed);
    set_text(object, "totp", row->totp);
    set_sealed(object, "recovery", row->recovery, key);
    json_object_set_new(object, "totp_step", json_integer(row->totp_step));
    json_object_set_new(object, "disabled", json_boolean(row->disabled));
    json_object_set_new(object, "created_us", json_integer(row->created_us));
    return object;
}

static Json *token_json(const TokenRow *row)
{
    char hash[SHA256_HEX];
    Json *object = json_object();
    hex_encode(row->hash, sizeof row->hash, hash);
    set_uuid(object, "id", &row->id);
    set_text(object, "hash", hash);
    set_text(object, "role", row->role);
    set_text(object, "village", row->village);
    set_text(object, "purpose", row->purpose);
    set_uuid(object, "created_by", &row->created_by);
    json_object_set_new(object, "created_us", json_integer(row->created_us));
    json_object_set_new(object, "expires_us", json_integer(row->expires_us));
    return object;
}

static Json *device_json(const DeviceRow *row)
{
    char key[2 * P256_KEY_BYTES + 1];
    Json *object = json_object();
    hex_encode(row->key, sizeof row->key, key);
    set_uuid(object, "id", &row->id);
    set_uuid(object, "account", &row->account);
    set_text(object, "name", row->name);
    set_text(object, "key", key);
    json_object_set_new(object, "created_us", json_integer(row->created_us));
    json_object_set_new(object, "shut_us", json_integer(row->shut_us));
    return object;
}

static Json *rows_json(GHashTable *rows, Json *(*to_json)(const void *row))
{
    Json *array = json_array();
    GHashTableIter iter;
    void *row;
    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        json_array_append_new(array, to_json(row));
    return array;
}

static Json *any_camera_json(const void *row)
{
    return camera_json(row);
}

static Json *any_location_json(const void *row)
{
    return location_json(row);
}

/* Adds what people/ keeps in the catalog. */
static bool add_people(Site *site, Json *whole, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(site->catalog, error);
    g_autoptr(GPtrArray) rows = db ? accounts_list(db, error) : NULL;
    g_autoptr(GPtrArray) token_rows = rows ? tokens_list(db, error) : NULL;
    g_autoptr(GPtrArray) device_rows = token_rows ? devices_list(db, error) : NULL;
    g_autofree char *totp_roles = NULL, *device_roles = NULL;
    if (!device_rows || !settings_get(db, SITE_TOTP_ROLES, &totp_roles, error) ||
        !settings_get(db, SITE_DEVICE_ROLES, &device_roles, error))
        return false;
    set_text(whole, "device_roles", device_roles);
    set_text(whole, "totp_roles", totp_roles);
    Json *accounts = json_array(), *tokens = json_array(), *devices = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(accounts, account_json(rows->pdata[i], site->key));
    for (guint i = 0; i < token_rows->len; i++)
        json_array_append_new(tokens, token_json(token_rows->pdata[i]));
    for (guint i = 0; i < device_rows->len; i++)
        json_array_append_new(devices, device_json(device_rows->pdata[i]));
    json_object_set_new(whole, "devices", devices);
    json_object_set_new(whole, "accounts", accounts);
    json_object_set_new(whole, "tokens", tokens);
    return true;
}

bool site_file_write(Site *site, GError **error)
{
    g_autoptr(Json) whole = json_object();
    json_object_set_new(whole, "format", json_integer(SITE_FORMAT));
    set_uuid(whole, "node", &site->node);
    pthread_mutex_lock(&site->lock);
    for (int i = 0; i < SITE_VALUES; i++)
        set_text(whole, site_value_name((SiteValue)i), site->values[i]);
    json_object_set_new(whole, "reason_after_s", json_integer(site->reason.after_s));
    set_sealed(whole, "webhook", site->webhook.url, site->key);
    set_sealed(whole, "webhook_token", site->webhook.token, site->key);
    json_object_set_new(whole, "locations", rows_json(site->locations, any_location_json));
    json_object_set_new(whole, "cameras", rows_json(site->cameras, any_camera_json));
    pthread_mutex_unlock(&site->lock);
    if (!add_people(site, whole, error))
        return false;
    char *text = json_dumps(whole, JSON_INDENT(1));
    bool written = file_write_atomic(site->file, text, strlen(text), 0600, error);
    free(text);
    return written;
}
