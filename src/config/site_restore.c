/* Reads DATA/site.json back into an empty catalog, when that was lost. */
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "catalog/accounts.h"
#include "catalog/devices.h"
#include "catalog/settings.h"
#include "catalog/tokens.h"
#include "config/site_state.h"

#include <inttypes.h>

/* A member that must be there. */
static bool need_text(const Json *object, const char *name, char **text, GError **error)
{
    const char *found = NULL;
    if (!json_get_text(object, name, &found, error))
        return false;
    if (!found)
        return err_set(error, ERR_CORRUPT, "‘%s’ is missing", name);
    *text = g_strdup(found);
    return true;
}

static bool may_text(const Json *object, const char *name, char **text, GError **error)
{
    const char *found = NULL;
    if (!json_get_text(object, name, &found, error))
        return false;
    *text = g_strdup(found);
    return true;
}

static bool may_uuid(const Json *object, const char *name, Uuid *id, GError **error)
{
    const char *found = NULL;
    if (!json_get_text(object, name, &found, error))
        return false;
    if (found && !uuid_parse(found, id))
        return err_set(error, ERR_CORRUPT, "‘%s’ is not a UUID", name);
    return true;
}

static bool restore_camera(CatalogDb *db, const Json *object, const SecretKey *key, GError **error)
{
    g_autoptr(CameraRow) row = g_new0(CameraRow, 1);
    return may_uuid(object, "id", &row->id, error) &&
           need_text(object, "name", &row->name, error) &&
           may_uuid(object, "location", &row->location, error) &&
           need_text(object, "owner", &row->owner, error) &&
           need_text(object, "url", &row->url, error) &&
           may_text(object, "sub_url", &row->sub_url, error) &&
           may_text(object, "user", &row->user, error) &&
           may_text(object, "secret", &row->secret, error) &&
           may_text(object, "pause_reason", &row->pause_reason, error) &&
           may_text(object, "fingerprint", &row->fingerprint, error) &&
           may_text(object, "schedule", &row->schedule, error) &&
           may_text(object, "transport", &row->transport, error) &&
           json_get_bool(object, "audio", &row->audio, error) &&
           json_get_bool(object, "record_sub", &row->record_sub, error) &&
           json_get_bool(object, "view_off", &row->view_off, error) &&
           may_text(object, "onvif", &row->onvif, error) &&
           json_get_int(object, "heading_deg", &row->heading_deg, error) &&
           json_get_int(object, "fov_deg", &row->fov_deg, error) &&
           json_get_int(object, "reach_m", &row->reach_m, error) &&
           json_get_int(object, "height_cm", &row->height_cm, error) &&
           json_get_int(object, "connections", &row->connections, error) &&
           json_get_bool(object, "paused", &row->paused, error) &&
           json_get_bool(object, "locked", &row->locked, error) &&
           json_get_int(object, "retention_days", &row->retention_days, error) &&
           json_get_int(object, "retention_bytes", &row->retention_bytes, error) &&
           json_get_int(object, "created_us", &row->created_us, error) &&
           json_get_int(object, "removed_us", &row->removed_us, error) &&
           cameras_put(db, row, error);
}

static bool restore_location(CatalogDb *db, const Json *object, const SecretKey *key,
                             GError **error)
{
    g_autoptr(LocationRow) row = g_new0(LocationRow, 1);
    return may_uuid(object, "id", &row->id, error) &&
           need_text(object, "name", &row->name, error) &&
           need_text(object, "village", &row->village, error) &&
           need_text(object, "kind", &row->kind, error) &&
           json_get_double(object, "latitude", &row->latitude, error) &&
           json_get_double(object, "longitude", &row->longitude, error) &&
           json_get_bool(object, "locked", &row->locked, error) && locations_put(db, row, error);
}

/* An account whose password was sealed with a key that is lost stays, but nobody can sign in to it
 * until its password is set anew. */
static bool restore_account(CatalogDb *db, const Json *object, const SecretKey *key, GError **error)
{
    g_autoptr(AccountRow) row = g_new0(AccountRow, 1);
    g_autofree char *sealed = NULL, *recovery = NULL;
    if (!may_uuid(object, "id", &row->id, error) || !need_text(object, "name", &row->name, error) ||
        !need_text(object, "role", &row->role, error) ||
        !may_text(object, "village", &row->village, error) ||
        !need_text(object, "language", &row->language, error) ||
        !need_text(object, "password", &sealed, error) ||
        !may_text(object, "totp", &row->totp, error) ||
        !may_text(object, "recovery", &recovery, error) ||
        !json_get_int(object, "totp_step", &row->totp_step, error) ||
        !json_get_bool(object, "disabled", &row->disabled, error) ||
        !json_get_int(object, "created_us", &row->created_us, error))
        return false;
    row->password = secret_open(key, sealed, NULL);
    row->recovery = recovery ? secret_open(key, recovery, NULL) : NULL;
    if (!row->password) {
        char id[UUID_TEXT];
        log_warning("site.account-without-password", "account=%s", uuid_text(&row->id, id));
        row->password = g_strdup("");
    }
    return accounts_put(db, row, error);
}

static bool need_hash(const Json *object, uint8_t hash[SHA256_BYTES], GError **error)
{
    const char *text = NULL;
    return json_get_text(object, "hash", &text, error) &&
           ((text && hex_decode(text, hash, SHA256_BYTES)) ||
            err_set(error, ERR_CORRUPT, "‘hash’ is not a SHA-256"));
}

static bool restore_token(CatalogDb *db, const Json *object, const SecretKey *key, GError **error)
{
    g_autoptr(TokenRow) row = g_new0(TokenRow, 1);
    return may_uuid(object, "id", &row->id, error) && need_hash(object, row->hash, error) &&
           need_text(object, "role", &row->role, error) &&
           may_text(object, "village", &row->village, error) &&
           need_text(object, "purpose", &row->purpose, error) &&
           may_uuid(object, "created_by", &row->created_by, error) &&
           json_get_int(object, "created_us", &row->created_us, error) &&
           json_get_int(object, "expires_us", &row->expires_us, error) &&
           tokens_put(db, row, error);
}

static bool restore_device(CatalogDb *db, const Json *object, const SecretKey *key, GError **error)
{
    g_autoptr(DeviceRow) row = g_new0(DeviceRow, 1);
    const char *text = NULL;
    if (!json_get_text(object, "key", &text, error))
        return false;
    if (!text || !hex_decode(text, row->key, sizeof row->key))
        return err_set(error, ERR_CORRUPT, "‘key’ is not a key");
    return may_uuid(object, "id", &row->id, error) &&
           may_uuid(object, "account", &row->account, error) &&
           need_text(object, "name", &row->name, error) &&
           json_get_int(object, "created_us", &row->created_us, error) &&
           json_get_int(object, "shut_us", &row->shut_us, error) && devices_put(db, row, error);
}

static bool restore_all(CatalogDb *db, const Json *whole, const char *name, const SecretKey *key,
                        bool (*restore)(CatalogDb *, const Json *, const SecretKey *, GError **),
                        GError **error)
{
    size_t i;
    Json *object;
    json_array_foreach(json_object_get(whole, name), i, object)
    {
        if (restore(db, object, key, error))
            continue;
        g_prefix_error(error, "%s, number %zu: ", name, i + 1);
        return false;
    }
    return true;
}

/* Both as they were sealed; none in files of before there was one. */
static bool restore_webhook(CatalogDb *db, const Json *whole, GError **error)
{
    g_autofree char *url = NULL, *token = NULL;
    return may_text(whole, "webhook", &url, error) &&
           may_text(whole, "webhook_token", &token, error) &&
           settings_put(db, SITE_WEBHOOK, url ? url : "", error) &&
           settings_put(db, SITE_WEBHOOK_TOKEN, token ? token : "", error);
}

/* None in files of before it was asked. */
static bool restore_reason(CatalogDb *db, const Json *whole, GError **error)
{
    int64_t after_s = SITE_REASON_AFTER_DEFAULT_S;
    if (!json_get_int(whole, "reason_after_s", &after_s, error))
        return false;
    g_autofree char *text = g_strdup_printf("%" PRId64, after_s);
    return settings_put(db, SITE_REASON_AFTER, text, error);
}

static bool restore_settings(CatalogDb *db, const Json *whole, GError **error)
{
    g_autofree char *node = NULL;
    if (!need_text(whole, "node", &node, error) || !settings_put(db, SITE_NODE, node, error) ||
        !site_values_restore(db, whole, error))
        return false;
    g_autofree char *totp_roles = NULL, *device_roles = NULL;
    return restore_webhook(db, whole, error) && restore_reason(db, whole, error) &&
           may_text(whole, "totp_roles", &totp_roles, error) &&
           settings_put(db, SITE_TOTP_ROLES, totp_roles ? totp_roles : "", error) &&
           may_text(whole, "device_roles", &device_roles, error) &&
           settings_put(db, SITE_DEVICE_ROLES, device_roles ? device_roles : "", error);
}

static bool restore_site(CatalogDb *db, const Json *whole, const SecretKey *key, GError **error)
{
    int64_t format = 0;
    if (!json_get_int(whole, "format", &format, error))
        return false;
    if (format > SITE_FORMAT)
        return err_set(error, ERR_VERSION,
                       "it has format %" PRId64 ": install the newer vonglau that made it", format);
    return restore_settings(db, whole, error) &&
           restore_all(db, whole, "locations", key, restore_location, error) &&
           restore_all(db, whole, "cameras", key, restore_camera, error) &&
           restore_all(db, whole, "accounts", key, restore_account, error) &&
           restore_all(db, whole, "devices", key, restore_device, error) &&
           restore_all(db, whole, "tokens", key, restore_token, error);
}

bool site_restore(CatalogDb *db, void *data, GError **error)
{
    const SiteOptions *options = data;
    size_t size;
    g_autofree char *text = file_read(options->site_file, SITE_FILE_MOST, &size, error);
    g_autoptr(Json) whole = text ? json_parse(text, size, error) : NULL;
    g_autoptr(SecretKey) key = whole ? secret_key_open(options->secrets_key, error) : NULL;
    if (key && restore_site(db, whole, key, error))
        return true;
    g_prefix_error(error, "%s: ", options->site_file);
    return false;
}
