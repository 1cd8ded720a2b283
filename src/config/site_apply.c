/* What the configuration file names comes into the site and is locked there. What is as it was is
 * not touched, so that a restart with the same file changes nothing. */
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "config/site_rules.h"
#include "config/site_state.h"

#include <string.h>

enum { PASSWORD_FILE_MOST = 4096 };

typedef struct Applying {
    Site *site;
    const Config *config;
    bool changed;
} Applying;

static LocationRow *location_named(Site *site, const char *name)
{
    g_autoptr(GPtrArray) rows = site_location_list(site);
    for (guint i = 0; i < rows->len; i++) {
        const LocationRow *row = rows->pdata[i];
        if (g_str_equal(row->name, name))
            return location_row_copy(row);
    }
    return NULL;
}

static bool same_location(const LocationRow *a, const LocationRow *b)
{
    return g_str_equal(a->name, b->name) && g_str_equal(a->village, b->village) &&
           g_str_equal(a->kind, b->kind) && a->latitude == b->latitude &&
           a->longitude == b->longitude && a->locked == b->locked;
}

static bool apply_location(Applying *applying, const ConfigLocation *asked, GError **error)
{
    g_autoptr(LocationRow) old = location_named(applying->site, asked->name);
    g_autoptr(LocationRow) row = old ? location_row_copy(old) : g_new0(LocationRow, 1);
    const LocationEdit edit = {
        .name = asked->name,
        .village = asked->village ? asked->village : "",
        .kind = asked->kind ? asked->kind : "other",
        .latitude = &asked->latitude,
        .longitude = &asked->longitude,
    };
    row->locked = true;
    if (!location_edit_apply(row, &edit, error))
        return false;
    if (old && same_location(old, row))
        return true;
    if (!old)
        row->id = uuid_new();
    Uuid id = row->id;
    if (!site_put_location(applying->site, g_steal_pointer(&row), error))
        return false;
    applying->changed = true;
    site_tell(applying->site, SITE_LOCATION_CHANGED, &id);
    return true;
}

/* By id where the file has one, else by name. A removed camera of this id comes back. */
static CameraRow *camera_meant(Site *site, const ConfigCamera *asked)
{
    Uuid id;
    if (asked->id && uuid_parse(asked->id, &id))
        return site_camera_known(site, &id);
    g_autoptr(GPtrArray) rows = site_camera_list(site);
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        if (g_str_equal(row->name, asked->name))
            return camera_row_copy(row);
    }
    return NULL;
}

/* The first line of a file. Returns owned, or NULL. */
static char *read_secret(const char *file, GError **error)
{
    char *text = file_read(file, PASSWORD_FILE_MOST, NULL, error);
    if (text)
        text[strcspn(text, "\r\n")] = '\0';
    return text;
}

/* The password asked for: "" for none. NULL on error. */
static char *asked_password(const ConfigCamera *asked, GError **error)
{
    if (!asked->password_file)
        return g_strdup(asked->password ? asked->password : "");
    return read_secret(asked->password_file, error);
}

static bool same_secret(const Site *site, const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    secret_auto char *left = secret_open(site->key, a, NULL);
    secret_auto char *right = secret_open(site->key, b, NULL);
    return left && right && g_str_equal(left, right);
}

static bool same_camera(const Site *site, const CameraRow *a, const CameraRow *b)
{
    return uuid_equal(&a->location, &b->location) && g_str_equal(a->name, b->name) &&
           g_str_equal(a->url, b->url) && g_strcmp0(a->sub_url, b->sub_url) == 0 &&
           g_strcmp0(a->user, b->user) == 0 && g_strcmp0(a->pause_reason, b->pause_reason) == 0 &&
           g_strcmp0(a->fingerprint, b->fingerprint) == 0 &&
           g_strcmp0(a->transport, b->transport) == 0 && g_strcmp0(a->schedule, b->schedule) == 0 &&
           a->audio == b->audio && a->record_sub == b->record_sub && a->view_off == b->view_off &&
           g_strcmp0(a->onvif, b->onvif) == 0 && a->connections == b->connections &&
           a->heading_deg == b->heading_deg && a->fov_deg == b->fov_deg &&
           a->reach_m == b->reach_m && a->height_cm == b->height_cm && a->paused == b->paused &&
           a->locked == b->locked && a->retention_days == b->retention_days &&
           a->retention_bytes == b->retention_bytes && a->removed_us == b->removed_us &&
           same_secret(site, a->secret, b->secret);
}

/* `row` becomes what the file asks for. */
static bool shape_camera(Applying *applying, CameraRow *row, const ConfigCamera *asked,
                         GError **error)
{
    g_autoptr(LocationRow) location =
        asked->location ? location_named(applying->site, asked->location) : NULL;
    secret_auto char *password = asked_password(asked, error);
    const Uuid none = {0};
    const int64_t days = asked->retention_days, bytes = (int64_t)asked->retention_bytes,
                  connections = asked->connections, fov = asked->fov_deg, reach = asked->reach_m,
                  heading = asked->heading_deg ? g_ascii_strtoll(asked->heading_deg, NULL, 10) : -1;
    int64_t height_cm = 0;
    if (asked->height_m && !camera_height_read(asked->height_m, &height_cm, error))
        return false;
    const CameraEdit edit = {
        .name = asked->name,
        .location = location ? &location->id : &none,
        .url = asked->url,
        .sub_url = asked->sub_url ? asked->sub_url : "",
        .user = asked->user ? asked->user : "",
        .password = password,
        .fingerprint = asked->fingerprint ? asked->fingerprint : "",
        .transport = asked->transport ? asked->transport : "",
        .audio = &asked->audio,
        .record_sub = &asked->record_sub,
        .view_off = &asked->view_off,
        .onvif = asked->onvif ? asked->onvif : "",
        .heading_deg = &heading,
        .fov_deg = &fov,
        .reach_m = &reach,
        .height_cm = &height_cm,
        .connections = &connections,
        .paused = &asked->paused,
        .schedule = asked->schedule ? asked->schedule : "",
        .retention_days = &days,
        .retention_bytes = &bytes,
    };
    row->locked = true;
    row->removed_us = 0;
    return password && camera_edit_apply(row, &edit, applying->site->key, error);
}

static bool name_is_free(Site *site, const CameraRow *row, GError **error)
{
    g_autoptr(GPtrArray) rows = site_camera_list(site);
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *other = rows->pdata[i];
        if (!uuid_equal(&other->id, &row->id) && g_str_equal(other->name, row->name))
            return err_set(error, ERR_EXISTS, "another camera has that name already");
    }
    return true;
}

static CameraRow *new_camera(const ConfigCamera *asked)
{
    CameraRow *row = g_new0(CameraRow, 1);
    if (!asked->id || !uuid_parse(asked->id, &row->id))
        row->id = uuid_new();
    row->owner = g_strdup(OWNER_COMMUNE);
    row->created_us = clock_now_us();
    return row;
}

static bool apply_camera(Applying *applying, const ConfigCamera *asked, GError **error)
{
    g_autoptr(CameraRow) old = camera_meant(applying->site, asked);
    g_autoptr(CameraRow) row = old ? camera_row_copy(old) : new_camera(asked);
    if (!shape_camera(applying, row, asked, error) || !name_is_free(applying->site, row, error))
        return false;
    if (old && same_camera(applying->site, old, row))
        return true;
    Uuid id = row->id;
    bool was_there = old && !old->removed_us;
    if (!site_put_camera(applying->site, g_steal_pointer(&row), error))
        return false;
    applying->changed = true;
    site_tell(applying->site, was_there ? SITE_CAMERA_CHANGED : SITE_CAMERA_ADDED, &id);
    return true;
}

static bool names_camera(const Config *config, const CameraRow *row)
{
    char id[UUID_TEXT];
    uuid_text(&row->id, id);
    for (unsigned i = 0; i < config->cameras_count; i++) {
        const ConfigCamera *asked = &config->cameras[i];
        if (asked->id ? g_ascii_strcasecmp(asked->id, id) == 0
                      : g_str_equal(asked->name, row->name))
            return true;
    }
    return false;
}

static bool unlock_cameras(Applying *applying, GError **error)
{
    g_autoptr(GPtrArray) rows = site_camera_list(applying->site);
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        if (!row->locked || names_camera(applying->config, row))
            continue;
        char id[UUID_TEXT];
        log_warning("config.camera-no-longer-named",
                    "camera=%s advice=\"it goes on; remove it in the app if it is gone\"",
                    uuid_text(&row->id, id));
        CameraRow *unlocked = camera_row_copy(row);
        unlocked->locked = false;
        if (!site_put_camera(applying->site, unlocked, error))
            return false;
        applying->changed = true;
    }
    return true;
}

static bool names_location(const Config *config, const LocationRow *row)
{
    for (unsigned i = 0; i < config->locations_count; i++)
        if (g_str_equal(config->locations[i].name, row->name))
            return true;
    return false;
}

static bool unlock_locations(Applying *applying, GError **error)
{
    g_autoptr(GPtrArray) rows = site_location_list(applying->site);
    for (guint i = 0; i < rows->len; i++) {
        const LocationRow *row = rows->pdata[i];
        if (!row->locked || names_location(applying->config, row))
            continue;
        LocationRow *unlocked = location_row_copy(row);
        unlocked->locked = false;
        if (!site_put_location(applying->site, unlocked, error))
            return false;
        applying->changed = true;
    }
    return true;
}

static bool apply_rows(Applying *applying, GError **error)
{
    const Config *config = applying->config;
    for (unsigned i = 0; i < config->locations_count; i++)
        if (!apply_location(applying, &config->locations[i], error)) {
            g_prefix_error(error, "%s:%u: location ‘%s’: ", config->file, config->locations[i].line,
                           config->locations[i].name);
            return false;
        }
    for (unsigned i = 0; i < config->cameras_count; i++)
        if (!apply_camera(applying, &config->cameras[i], error)) {
            g_prefix_error(error, "%s:%u: camera ‘%s’: ", config->file, config->cameras[i].line,
                           config->cameras[i].name);
            return false;
        }
    return unlock_cameras(applying, error) && unlock_locations(applying, error);
}

static bool apply_webhook(Site *site, const Config *config, GError **error)
{
    const ConfigNotify *notify = &config->notify;
    secret_auto char *token =
        notify->webhook_token_file ? read_secret(notify->webhook_token_file, error) : NULL;
    if (notify->webhook_token_file && !token)
        return false;
    return site_webhook_apply(site, notify->webhook, token, error);
}

bool site_apply(Site *site, const Config *config, GError **error)
{
    Applying applying = {.site = site, .config = config};
    if (!site_values_apply(site, config, error) || !apply_webhook(site, config, error) ||
        !site_reason_apply(site, config->site.reason_after, error))
        return false;
    turn_begin(&site->change);
    bool applied = apply_rows(&applying, error);
    if (applying.changed)
        site_write_file(site);
    turn_end(&site->change);
    return applied;
}
