#include "config/config.h"

#include "base/digest.h"
#include "base/secret.h"
#include "base/uuid.h"
#include "config/language.h"
#include "config/masks.h"
#include "config/nearest.h"
#include "config/push_service.h"
#include "config/schedule.h"
#include "config/site.h"
#include "config/text_rules.h"
#include "config/webhook_address.h"
#include "config/yaml.h"
#include "media/onvif_address.h"
#include "media/rtsp_url.h"

#include <string.h>

static bool check_onvif(const char *text, GError **error)
{
    g_autoptr(OnvifAddress) address = onvif_address_parse(text, error);
    return address != NULL;
}

static bool check_address(const char *text, GError **error)
{
    g_autoptr(RtspUrl) url = rtsp_url_parse(text, error);
    return url != NULL;
}

static bool check_fingerprint(const char *text, GError **error)
{
    char hex[SHA256_HEX];
    return sha256_read(text, hex) ||
           err_set(error, ERR_INVALID,
                   "‘%s’ is not the SHA-256 of a certificate: 64 hex digits; vonglau camera probe "
                   "tells it",
                   text);
}

static bool check_transport(const char *text, GError **error)
{
    return g_str_equal(text, "auto") || g_str_equal(text, "tcp") || g_str_equal(text, "udp") ||
           err_set(error, ERR_INVALID, "‘%s’ is not known; use auto, tcp or udp", text);
}

static bool check_uuid(const char *text, GError **error)
{
    Uuid id;
    return uuid_parse(text, &id) ||
           err_set(error, ERR_INVALID,
                   "‘%s’ is not a UUID; leave it out to find the camera by name", text);
}

static bool check_time_zone(const char *text, GError **error)
{
    return text_is_time_zone(text) ||
           err_set(error, ERR_INVALID, "‘%s’ is not known; use a name such as Asia/Ho_Chi_Minh",
                   text);
}

static bool check_language(const char *text, GError **error)
{
    return language_is_known(text) ||
           err_set(error, ERR_INVALID, "‘%s’ is not known; use vi or en", text);
}

static bool check_kind(const char *text, GError **error)
{
    const char *kinds[32] = {NULL};
    g_autoptr(GString) all = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds) - 1 && location_kind(i); i++) {
        kinds[i] = location_kind(i);
        if (g_str_equal(text, kinds[i]))
            return true;
        g_string_append_printf(all, "%s%s", i ? ", " : "", kinds[i]);
    }
    const char *meant = nearest_word(text, kinds);
    if (meant)
        return err_set(error, ERR_INVALID, "‘%s’ is not a kind; did you mean ‘%s’?", text, meant);
    return err_set(error, ERR_INVALID, "‘%s’ is not a kind; use one of: %s", text, all->str);
}

/* HOST:PORT; an IPv6 host in brackets. */
static bool check_listen(const char *text, GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 port;
    if (colon && colon != text &&
        g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL) &&
        (!memchr(text, ':', (size_t)(colon - text)) || (*text == '[' && colon[-1] == ']')))
        return true;
    return err_set(error, ERR_INVALID, "‘%s’ is not HOST:PORT, such as 0.0.0.0:8443 or [::]:8443",
                   text);
}

static bool check_schedule(const char *text, GError **error)
{
    Schedule schedule;
    return schedule_parse(text, &schedule, error);
}

/* A text, so that 0, which is north, differs from a key that is not there. */
static bool check_heading(const char *text, GError **error)
{
    guint64 heading;
    return g_ascii_string_to_unsigned(text, 10, 0, 359, &heading, NULL) ||
           err_set(error, ERR_INVALID,
                   "‘%s’ is not a whole number of degrees from 0 to 359; north is 0, east 90",
                   text);
}

static bool check_height(const char *text, GError **error)
{
    int64_t height_cm;
    return camera_height_read(text, &height_cm, error);
}

static bool check_not_empty(const char *text, GError **error)
{
    return *text || err_set(error, ERR_INVALID, "must not be empty");
}

#define TEXT(where, member, its_check, is_needed)                                      \
    {                                                                                  \
#member, YAML_KEY_TEXT, .offset = offsetof(where, member), .check = its_check, \
                                .needed = is_needed                                    \
    }
#define BOOL(where, member)                                       \
    {                                                             \
#member, YAML_KEY_BOOL, .offset = offsetof(where, member) \
    }
#define WHOLE(where, member, from, to)                                                        \
    {                                                                                         \
#member, YAML_KEY_WHOLE, .offset = offsetof(where, member), .least = from, .most = to \
    }
#define DEGREE(where, member, limit)                                                    \
    {                                                                                   \
#member, YAML_KEY_DEGREE, .offset = offsetof(where, member), .least = -(limit), \
                                  .most = limit, .needed = true                         \
    }
#define BYTES(where, member, from)                                                \
    {                                                                             \
#member, YAML_KEY_BYTES, .offset = offsetof(where, member), .least = from \
    }
#define TABLE(where, member, keys)                                                \
    {                                                                             \
#member, YAML_KEY_TABLE, .offset = offsetof(where, member), .inner = keys \
    }
#define LIST(where, member, keys, type)                                                         \
    {                                                                                           \
#member, YAML_KEY_LIST, .offset = offsetof(where, member),                              \
                                .count_offset = offsetof(where, member##_count), .inner = keys, \
                                .inner_size = sizeof(type), .line_offset = offsetof(type, line) \
    }
#define END  \
    {        \
        NULL \
    }

#define TRANSCODINGS_MOST 16

static const YamlKey site_keys[] = {
    TEXT(ConfigSite, name, check_not_empty, false),
    TEXT(ConfigSite, time_zone, check_time_zone, false),
    TEXT(ConfigSite, language, check_language, false),
    WHOLE(ConfigSite, reason_after, 0, SITE_REASON_AFTER_MOST_S),
    WHOLE(ConfigSite, unmask_minutes, 1, LIFTING_MINUTES_MOST),
    END,
};

static const YamlKey storage_keys[] = {
    {"footage", YAML_KEY_TEXTS, .offset = offsetof(ConfigStorage, footage),
     .count_offset = offsetof(ConfigStorage, footage_count), .check = check_not_empty},
    TEXT(ConfigStorage, hand_over, check_not_empty, false),
    WHOLE(ConfigStorage, segment_minutes, 1, 15),
    BYTES(ConfigStorage, free_space_floor, 0),
    END,
};

static const YamlKey retention_keys[] = {
    WHOLE(ConfigRetention, days, 1, RETENTION_DAYS_MOST),
    BYTES(ConfigRetention, bytes, RETENTION_BYTES_LEAST),
    END,
};

static const YamlKey eye_keys[] = {
    BOOL(ConfigEye, off),
    BOOL(ConfigEye, view_off),
    WHOLE(ConfigEye, budget, 1, 100),
    WHOLE(ConfigEye, pictures, 1, 25),
    WHOLE(ConfigEye, motion_days, 1, RETENTION_DAYS_MOST),
    END,
};

static const YamlKey live_keys[] = {
    WHOLE(ConfigLive, transcodings, 0, TRANSCODINGS_MOST),
    END,
};

static const YamlKey server_keys[] = {
    TEXT(ConfigServer, listen, check_listen, false),
    TEXT(ConfigServer, tls_cert, check_not_empty, false),
    TEXT(ConfigServer, tls_key, check_not_empty, false),
    BOOL(ConfigServer, no_tls),
    END,
};

static const YamlKey notify_keys[] = {
    WHOLE(ConfigNotify, not_recorded_after, 5, 3600),
    TEXT(ConfigNotify, webhook, webhook_address_check, false),
    TEXT(ConfigNotify, webhook_token_file, check_not_empty, false),
    {"push_services", YAML_KEY_TEXTS, .offset = offsetof(ConfigNotify, push_services),
     .count_offset = offsetof(ConfigNotify, push_services_count), .check = push_service_check},
    TEXT(ConfigNotify, push_contact, push_contact_check, false),
    END,
};

static const YamlKey location_keys[] = {
    TEXT(ConfigLocation, name, check_not_empty, true),
    TEXT(ConfigLocation, village, NULL, false),
    TEXT(ConfigLocation, kind, check_kind, false),
    DEGREE(ConfigLocation, latitude, 90),
    DEGREE(ConfigLocation, longitude, 180),
    END,
};

static const YamlKey camera_keys[] = {
    TEXT(ConfigCamera, name, check_not_empty, true),
    TEXT(ConfigCamera, url, check_address, true),
    TEXT(ConfigCamera, sub_url, check_address, false),
    TEXT(ConfigCamera, user, NULL, false),
    TEXT(ConfigCamera, password, NULL, false),
    TEXT(ConfigCamera, password_file, check_not_empty, false),
    TEXT(ConfigCamera, fingerprint, check_fingerprint, false),
    TEXT(ConfigCamera, transport, check_transport, false),
    TEXT(ConfigCamera, location, check_not_empty, false),
    TEXT(ConfigCamera, id, check_uuid, false),
    BOOL(ConfigCamera, audio),
    BOOL(ConfigCamera, record_sub),
    BOOL(ConfigCamera, view_off),
    TEXT(ConfigCamera, onvif, check_onvif, false),
    TEXT(ConfigCamera, heading_deg, check_heading, false),
    WHOLE(ConfigCamera, fov_deg, 1, 360),
    WHOLE(ConfigCamera, reach_m, 1, CAMERA_REACH_MOST_M),
    TEXT(ConfigCamera, height_m, check_height, false),
    WHOLE(ConfigCamera, connections, 1, CAMERA_CONNECTIONS_MOST),
    BOOL(ConfigCamera, paused),
    TEXT(ConfigCamera, schedule, check_schedule, false),
    WHOLE(ConfigCamera, retention_days, 1, RETENTION_DAYS_MOST),
    BYTES(ConfigCamera, retention_bytes, RETENTION_BYTES_LEAST),
    END,
};

static const YamlKey config_keys[] = {
    TABLE(Config, site, site_keys),
    TABLE(Config, storage, storage_keys),
    TABLE(Config, retention, retention_keys),
    TABLE(Config, eye, eye_keys),
    TABLE(Config, live, live_keys),
    TABLE(Config, server, server_keys),
    TABLE(Config, notify, notify_keys),
    LIST(Config, locations, location_keys, ConfigLocation),
    LIST(Config, cameras, camera_keys, ConfigCamera),
    END,
};

/* What no key alone can tell. */
static bool check_locations(const Config *config, GError **error)
{
    for (unsigned i = 0; i < config->locations_count; i++)
        for (unsigned j = 0; j < i; j++)
            if (g_str_equal(config->locations[i].name, config->locations[j].name))
                return yaml_wrong(error, config->file, config->locations[i].line,
                                  "location ‘%s’ is named twice, first on line %u",
                                  config->locations[i].name, config->locations[j].line);
    return true;
}

static bool check_camera_location(const Config *config, const ConfigCamera *camera, GError **error)
{
    if (!camera->location)
        return true;
    g_autofree const char **names = g_new0(const char *, config->locations_count + 1);
    for (unsigned i = 0; i < config->locations_count; i++) {
        names[i] = config->locations[i].name;
        if (g_str_equal(names[i], camera->location))
            return true;
    }
    const char *meant = nearest_word(camera->location, names);
    return yaml_wrong(error, config->file, camera->line,
                      "camera ‘%s’: there is no location ‘%s’ under ‘locations’%s%s%s",
                      camera->name, camera->location, meant ? "; did you mean ‘" : "",
                      meant ? meant : "", meant ? "’?" : "");
}

static bool check_cameras(const Config *config, GError **error)
{
    for (unsigned i = 0; i < config->cameras_count; i++) {
        const ConfigCamera *camera = &config->cameras[i];
        if (camera->password && camera->password_file)
            return yaml_wrong(error, config->file, camera->line,
                              "camera ‘%s’: give ‘password’ or ‘password_file’, not both",
                              camera->name);
        if (!camera->heading_deg && (camera->fov_deg || camera->reach_m))
            return yaml_wrong(error, config->file, camera->line,
                              "camera ‘%s’: ‘fov_deg’ and ‘reach_m’ need ‘heading_deg’",
                              camera->name);
        if (!check_camera_location(config, camera, error))
            return false;
        for (unsigned j = 0; j < i; j++)
            if (g_str_equal(camera->name, config->cameras[j].name))
                return yaml_wrong(error, config->file, camera->line,
                                  "camera ‘%s’ is named twice, first on line %u", camera->name,
                                  config->cameras[j].line);
    }
    return true;
}

static bool check_server(const Config *config, GError **error)
{
    const ConfigServer *server = &config->server;
    if (!server->tls_cert != !server->tls_key)
        return err_set(error, ERR_INVALID, "%s: ‘tls_cert’ and ‘tls_key’ go together",
                       config->file);
    if (server->no_tls && server->tls_cert)
        return err_set(error, ERR_INVALID, "%s: ‘no_tls’ and ‘tls_cert’ exclude each other",
                       config->file);
    return true;
}

/* Paths are meant from where the file lies. */
static void resolve(char **path, const char *folder)
{
    if (!*path)
        return;
    char *whole = g_canonicalize_filename(*path, folder);
    g_free(*path);
    *path = whole;
}

static void resolve_all(Config *config)
{
    g_autofree char *folder = g_path_get_dirname(config->file);
    for (unsigned i = 0; i < config->storage.footage_count; i++)
        resolve(&config->storage.footage[i], folder);
    if (config->storage.hand_over)
        resolve(&config->storage.hand_over, folder);
    for (unsigned i = 0; i < config->cameras_count; i++)
        resolve(&config->cameras[i].password_file, folder);
    resolve(&config->server.tls_cert, folder);
    resolve(&config->server.tls_key, folder);
    resolve(&config->notify.webhook_token_file, folder);
}

Config *config_default(void)
{
    Config *config = g_new0(Config, 1);
    config->site.reason_after = CONFIG_REASON_AFTER_NOT_GIVEN;
    config->storage.segment_minutes = CONFIG_SEGMENT_MINUTES_DEFAULT;
    config->storage.free_space_floor = CONFIG_FREE_SPACE_FLOOR_DEFAULT;
    config->notify.not_recorded_after = CONFIG_NOT_RECORDED_AFTER_DEFAULT;
    config->eye.budget = CONFIG_EYE_BUDGET_DEFAULT;
    config->eye.pictures = CONFIG_EYE_PICTURES_DEFAULT;
    config->eye.motion_days = CONFIG_EYE_MOTION_DAYS_DEFAULT;
    config->live.transcodings = CONFIG_TRANSCODINGS_DEFAULT;
    config->server.listen = g_strdup(CONFIG_LISTEN_DEFAULT);
    return config;
}

Config *config_read(const char *path, GError **error)
{
    g_autoptr(Config) config = config_default();
    g_clear_pointer(&config->server.listen, g_free);
    config->file = g_canonicalize_filename(path, NULL);
    if (!yaml_read(config->file, config_keys, config, error) || !check_locations(config, error) ||
        !check_cameras(config, error) || !check_server(config, error))
        return NULL;
    if (!config->server.listen)
        config->server.listen = g_strdup(CONFIG_LISTEN_DEFAULT);
    resolve_all(config);
    return g_steal_pointer(&config);
}

static void camera_clear(ConfigCamera *camera)
{
    g_free(camera->id);
    g_free(camera->name);
    g_free(camera->location);
    secret_free(camera->url); /* may hold credentials */
    secret_free(camera->sub_url);
    g_free(camera->onvif);
    g_free(camera->heading_deg);
    g_free(camera->height_m);
    g_free(camera->user);
    secret_free(camera->password);
    g_free(camera->password_file);
    g_free(camera->fingerprint);
    g_free(camera->schedule);
    g_free(camera->transport);
}

void config_free(Config *config)
{
    if (!config)
        return;
    for (unsigned i = 0; i < config->cameras_count; i++)
        camera_clear(&config->cameras[i]);
    for (unsigned i = 0; i < config->locations_count; i++) {
        g_free(config->locations[i].name);
        g_free(config->locations[i].village);
        g_free(config->locations[i].kind);
    }
    g_free(config->cameras);
    g_free(config->locations);
    g_strfreev(config->storage.footage);
    g_free(config->storage.hand_over);
    g_free(config->site.name);
    g_free(config->site.time_zone);
    g_free(config->site.language);
    g_free(config->server.listen);
    g_free(config->server.tls_cert);
    g_free(config->server.tls_key);
    secret_free(config->notify.webhook);
    g_free(config->notify.webhook_token_file);
    g_strfreev(config->notify.push_services);
    g_free(config->notify.push_contact);
    g_free(config->file);
    g_free(config);
}
