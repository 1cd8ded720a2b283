#include "base/digest.h"
#include "config/schedule.h"
#include "config/site_rules.h"
#include "config/text_rules.h"
#include "media/onvif_address.h"
#include "media/rtsp_url.h"

#include <math.h>
#include <string.h>

enum {
    NAME_MOST = 80,
    REASON_MOST = 200,
    ADDRESS_MOST = 1024,
    USER_MOST = 128,
    PASSWORD_MOST = 256
};

#define RETENTION_BYTES_LEAST (INT64_C(1) << 30)

static bool set_user(CameraRow *row, const char *user, GError **error)
{
    if (!text_rule(&row->user, "user", user, 0, USER_MOST, error))
        return false;
    if (!*row->user)
        g_clear_pointer(&row->user, g_free);
    return true;
}

static bool set_password(CameraRow *row, const char *password, const SecretKey *key, GError **error)
{
    if (g_utf8_strlen(password, -1) > PASSWORD_MOST)
        return err_set(error, ERR_INVALID, "‘password’ must be at most %d characters",
                       PASSWORD_MOST);
    g_free(row->secret);
    row->secret = *password ? secret_seal(key, password) : NULL;
    return true;
}

/* Stores the address without its credentials; these go to user and password. */
static bool set_address(CameraRow *row, char **stored, const char *member, const char *text,
                        const SecretKey *key, GError **error)
{
    g_autofree char *clean = NULL;
    if (!text_rule(&clean, member, text, 1, ADDRESS_MOST, error))
        return false;
    g_autoptr(RtspUrl) url = rtsp_url_parse(clean, error);
    if (!url) {
        g_prefix_error(error, "‘%s’: ", member);
        return false;
    }
    g_free(*stored);
    *stored = rtsp_url_text(url);
    if (!url->user)
        return true;
    return set_user(row, url->user, error) &&
           set_password(row, url->password ? url->password : "", key, error);
}

/* The sub stream's address first: where both hold credentials, the main one's win. */
static bool set_addresses(CameraRow *row, const CameraEdit *edit, const SecretKey *key,
                          GError **error)
{
    if (edit->user && !set_user(row, edit->user, error))
        return false;
    if (edit->password && !set_password(row, edit->password, key, error))
        return false;
    if (edit->sub_url && !*edit->sub_url)
        g_clear_pointer(&row->sub_url, g_free);
    else if (edit->sub_url &&
             !set_address(row, &row->sub_url, "sub_url", edit->sub_url, key, error))
        return false;
    if (edit->url && !set_address(row, &row->url, "url", edit->url, key, error))
        return false;
    if (!row->url)
        return err_set(error, ERR_INVALID,
                       "‘url’ is missing: the camera's address, such as rtsp://192.168.1.64/main");
    return true;
}

bool camera_password_is_for(const CameraRow *row, const char *address)
{
    const char *known[] = {row->url, row->sub_url};
    g_autoptr(RtspUrl) asked = rtsp_url_parse(address, NULL);
    for (size_t i = 0; asked && i < G_N_ELEMENTS(known); i++) {
        g_autoptr(RtspUrl) url = known[i] ? rtsp_url_parse(known[i], NULL) : NULL;
        if (url && rtsp_url_same_server(url, asked))
            return true;
    }
    return false;
}

/* Whoever may change a camera's address must not learn its password by it: one that was given for
 * other servers goes to none that is new. `before` is the row before the change. */
static bool check_password_stays(const CameraRow *row, const CameraRow *before, GError **error)
{
    if (!row->secret || g_strcmp0(row->secret, before->secret) != 0)
        return true; /* none, or given with this change */
    const char *addresses[] = {row->url, row->sub_url};
    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
        if (addresses[i] && !camera_password_is_for(before, addresses[i]))
            return err_set(error, ERR_NEEDS_PASSWORD,
                           "the stored password belongs to the camera's old address: give the "
                           "password for %s too",
                           addresses[i]);
    return true;
}

static bool set_fingerprint(CameraRow *row, const char *text, GError **error)
{
    char hex[SHA256_HEX];
    if (*text && !sha256_read(text, hex))
        return err_set(error, ERR_INVALID,
                       "‘fingerprint’ must be the SHA-256 of the camera's certificate: 64 hex "
                       "digits, with or without colons; vonglau camera probe tells it");
    g_free(row->fingerprint);
    row->fingerprint = *text ? g_strdup(hex) : NULL;
    return true;
}

static bool set_transport(CameraRow *row, const char *text, GError **error)
{
    bool automatic = !*text || g_str_equal(text, "auto");
    if (!automatic && !g_str_equal(text, "tcp") && !g_str_equal(text, "udp"))
        return err_set(error, ERR_INVALID, "‘transport’ must be auto, tcp or udp, not ‘%.40s’",
                       text);
    g_free(row->transport);
    row->transport = automatic ? NULL : g_strdup(text);
    return true;
}

/* ---- the device behind the streams ---- */

static bool is_at_host(const char *address, const char *host)
{
    g_autoptr(RtspUrl) url = address ? rtsp_url_parse(address, NULL) : NULL;
    return url && g_ascii_strcasecmp(url->host, host) == 0;
}

static bool is_at_host_of(const CameraRow *row, const char *host)
{
    return is_at_host(row->url, host) || is_at_host(row->sub_url, host);
}

/* The device that was known goes with the host of the streams. */
static void forget_old_device(CameraRow *row, const CameraRow *before)
{
    g_autoptr(OnvifAddress) known = row->onvif ? onvif_address_parse(row->onvif, NULL) : NULL;
    if (known && is_at_host_of(before, known->host) && !is_at_host_of(row, known->host))
        g_clear_pointer(&row->onvif, g_free);
}

/* It gets the camera's password: as with an address of a stream, one that was given for other hosts
 * goes to none that is new. */
static bool set_device(CameraRow *row, const CameraRow *before, const CameraEdit *edit,
                       GError **error)
{
    if (!edit->onvif) {
        forget_old_device(row, before);
        return true;
    }
    g_clear_pointer(&row->onvif, g_free);
    if (!*edit->onvif)
        return true;
    g_autoptr(OnvifAddress) address = onvif_address_parse(edit->onvif, error);
    if (!address) {
        g_prefix_error(error, "‘onvif’: ");
        return false;
    }
    row->onvif = onvif_address_text(address);
    bool known = g_strcmp0(row->onvif, before->onvif) == 0 || is_at_host_of(before, address->host);
    if (row->secret && g_strcmp0(row->secret, before->secret) == 0 && !known)
        return err_set(
            error, ERR_NEEDS_PASSWORD,
            "the stored password belongs to the camera's own host: give the password for "
            "%s too",
            row->onvif);
    return true;
}

static bool set_connections(CameraRow *row, const CameraEdit *edit, GError **error)
{
    if (edit->connections)
        row->connections = *edit->connections;
    return (row->connections >= 0 && row->connections <= CAMERA_CONNECTIONS_MOST) ||
           err_set(error, ERR_INVALID, "‘connections’ must be 1 to %d, or 0 for not known",
                   CAMERA_CONNECTIONS_MOST);
}

/* ---- where it looks ---- */

static bool set_aim(CameraRow *row, const CameraEdit *edit, GError **error)
{
    int64_t heading = row->fov_deg ? row->heading_deg : -1;
    if (edit->heading_deg)
        heading = *edit->heading_deg;
    if (heading < -1 || heading > 359)
        return err_set(error, ERR_INVALID, "‘heading_deg’ must be 0 to 359: north is 0, east 90");
    if (edit->fov_deg && (*edit->fov_deg < 0 || *edit->fov_deg > 360))
        return err_set(error, ERR_INVALID, "‘fov_deg’ must be 1 to 360, or 0 for the usual %d",
                       CAMERA_FOV_DEFAULT_DEG);
    if (edit->reach_m && (*edit->reach_m < 0 || *edit->reach_m > CAMERA_REACH_MOST_M))
        return err_set(error, ERR_INVALID, "‘reach_m’ must be 1 to %d, or 0 for the usual %d",
                       CAMERA_REACH_MOST_M, CAMERA_REACH_DEFAULT_M);
    if (heading < 0) {
        row->heading_deg = row->fov_deg = row->reach_m = 0;
        return true;
    }
    row->heading_deg = heading;
    if (edit->fov_deg)
        row->fov_deg = *edit->fov_deg;
    if (edit->reach_m)
        row->reach_m = *edit->reach_m;
    row->fov_deg = row->fov_deg ? row->fov_deg : CAMERA_FOV_DEFAULT_DEG;
    row->reach_m = row->reach_m ? row->reach_m : CAMERA_REACH_DEFAULT_M;
    return true;
}

/* A hundredth of a metre is finer than anyone measures a mast. */
bool camera_height_of(double metres, int64_t *height_cm, GError **error)
{
    if (metres != 0 &&
        !(metres >= CAMERA_HEIGHT_LEAST_CM / 100.0 && metres <= CAMERA_HEIGHT_MOST_CM / 100.0))
        return err_set(error, ERR_INVALID,
                       "‘height_m’ must be 0.5 to 100 metres above the ground, or 0 for not known");
    *height_cm = llround(metres * 100);
    return true;
}

bool camera_height_read(const char *text, int64_t *height_cm, GError **error)
{
    char *end = NULL;
    g_autofree char *plain = g_strdelimit(g_strdup(text), ",", '.');
    double metres = g_ascii_strtod(plain, &end);
    if (end == plain || *end)
        return err_set(error, ERR_INVALID, "‘%.40s’ is no height in metres such as 4.5", text);
    return camera_height_of(metres, height_cm, error);
}

static bool set_height(CameraRow *row, const CameraEdit *edit, GError **error)
{
    if (edit->height_cm &&
        !camera_height_of((double)*edit->height_cm / 100, &row->height_cm, error))
        return false;
    return true;
}

static bool set_pause(CameraRow *row, const CameraEdit *edit, GError **error)
{
    if (edit->paused)
        row->paused = *edit->paused;
    if (edit->pause_reason &&
        !text_rule(&row->pause_reason, "pause_reason", edit->pause_reason, 0, REASON_MOST, error))
        return false;
    if (!row->paused || (row->pause_reason && !*row->pause_reason))
        g_clear_pointer(&row->pause_reason, g_free);
    return true;
}

static bool set_schedule(CameraRow *row, const CameraEdit *edit, GError **error)
{
    Schedule schedule;
    if (!edit->schedule)
        return true;
    if (!text_rule(&row->schedule, "schedule", edit->schedule, 0, SCHEDULE_TEXT_MOST, error) ||
        !schedule_parse(row->schedule, &schedule, error))
        return false;
    if (schedule.kind == SCHEDULE_ALWAYS)
        g_clear_pointer(&row->schedule, g_free);
    return true;
}

static bool set_retention(CameraRow *row, const CameraEdit *edit, GError **error)
{
    if (edit->retention_days)
        row->retention_days = *edit->retention_days;
    if (edit->retention_bytes)
        row->retention_bytes = *edit->retention_bytes;
    if (row->retention_days < 0 || row->retention_days > RETENTION_DAYS_MOST)
        return err_set(error, ERR_INVALID,
                       "‘retention_days’ must be 1 to 3650, or 0 for the site's own");
    if (row->retention_bytes != 0 && row->retention_bytes < RETENTION_BYTES_LEAST)
        return err_set(
            error, ERR_INVALID,
            "‘retention_bytes’ must be at least 1073741824 (1 GiB), or 0 for the site's own");
    return true;
}

/* A sub stream that is taken away is not recorded any more; one that is not there cannot be. */
static bool set_record_sub(CameraRow *row, const CameraEdit *edit, GError **error)
{
    if (edit->record_sub)
        row->record_sub = *edit->record_sub;
    if (row->sub_url || !row->record_sub)
        return true;
    row->record_sub = false;
    return !edit->record_sub ||
           err_set(error, ERR_INVALID,
                   "‘record_sub’: the camera has no sub stream to record; give its ‘sub_url’");
}

bool camera_edit_apply(CameraRow *row, const CameraEdit *edit, const SecretKey *key, GError **error)
{
    if (edit->name && !text_rule(&row->name, "name", edit->name, 1, NAME_MOST, error))
        return false;
    if (!row->name)
        return err_set(error, ERR_INVALID, "‘name’ is missing: what people call the camera");
    if (edit->location)
        row->location = *edit->location;
    if (edit->audio)
        row->audio = *edit->audio;
    if (edit->view_off)
        row->view_off = *edit->view_off;
    if ((edit->fingerprint && !set_fingerprint(row, edit->fingerprint, error)) ||
        (edit->transport && !set_transport(row, edit->transport, error)))
        return false;
    g_autoptr(CameraRow) before = camera_row_copy(row);
    return set_addresses(row, edit, key, error) && check_password_stays(row, before, error) &&
           set_record_sub(row, edit, error) && set_device(row, before, edit, error) &&
           set_connections(row, edit, error) && set_aim(row, edit, error) &&
           set_height(row, edit, error) && set_pause(row, edit, error) &&
           set_schedule(row, edit, error) && set_retention(row, edit, error);
}

PlaceLens camera_lens(const CameraRow *camera)
{
    return (PlaceLens){(double)camera->fov_deg, (double)camera->height_cm / 100};
}
