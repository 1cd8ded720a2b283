/* server.c — of the server itself: what its seals are to be compared with, and its disks. */
#include "archive/archive.h"
#include "base/digest.h"
#include "base/qr.h"
#include "base/spoken.h"
#include "base/time_text.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"

static bool no_server(GError **error)
{
    return err_set(error, ERR_UNAVAILABLE, "no server is running");
}

/* ---- fingerprints ---- */

static Json *day_json(const ArchiveFingerprints *told)
{
    char day[DAY_TEXT], hash[SHA256_HEX];
    day_text(told->day_us, day);
    hex_encode(told->day.bytes, sizeof told->day.bytes, hash);
    g_autofree char *words = spoken_words(told->day.bytes, DAY_SPOKEN_BYTES);
    g_autofree char *code =
        g_strdup_printf("vonglau day %s\nsha256 %s\nkey %s\n%s", day, hash, told->key, words);
    g_autofree char *qr = qr_svg(code);
    return json_pack("{s:s, s:s, s:s, s:s}", "day", day, "hash", hash, "words", words, "qr", qr);
}

bool server_fingerprints(ApiCall *call, GError **error)
{
    if (!call->api->archive)
        return no_server(error);
    const ArchiveFingerprints told = archive_fingerprints(call->api->archive);
    return call_json(call, 200,
                     json_pack("{s:s, s:o}", "key", told.key, "day",
                               told.day_us ? day_json(&told) : json_null()));
}

/* ---- disks ---- */

static const char *state_of(const ArchiveVolume *volume)
{
    if (!volume->present)
        return "missing";
    if (volume->trouble == GAP_DISK_FULL)
        return "full";
    if (volume->trouble != GAP_UNKNOWN)
        return "failing";
    return volume->avoided ? "avoided" : "good";
}

static int64_t errors_of(const ArchiveVolume *volume)
{
    return (int64_t)volume->write_errors + (int64_t)volume->sync_errors;
}

static Json *volumes_json(Archive *archive)
{
    ArchiveVolume volumes[ARCHIVE_VOLUMES_MOST];
    const unsigned count = archive_volumes(archive, volumes, ARCHIVE_VOLUMES_MOST);
    Json *list = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:I, s:I, s:I}", "path",
                                              volumes[i].path, "state", state_of(&volumes[i]),
                                              "streams", (int)volumes[i].recorders, "total_bytes",
                                              (json_int_t)volumes[i].total_bytes, "free_bytes",
                                              (json_int_t)volumes[i].free_bytes, "errors",
                                              (json_int_t)errors_of(&volumes[i])));
    return list;
}

bool server_storage(ApiCall *call, GError **error)
{
    Archive *archive = call->api->archive;
    if (!archive)
        return no_server(error);
    const SiteRetention rule = site_retention(call->api->site);
    RetentionEffect effect;
    ArchiveHeld held;
    if (!archive_retention_effect(archive, NULL, rule.days, rule.bytes, &effect, error) ||
        !archive_held(archive, &held, error))
        return false;
    Json *json = json_pack(
        "{s:o, s:I, s:I, s:I, s:I}", "volumes", volumes_json(archive), "footage_bytes",
        (json_int_t)effect.footage_bytes, "held_bytes", (json_int_t)held.held_bytes, "room_bytes",
        (json_int_t)MAX(held.room_bytes, 0), "day_bytes", (json_int_t)effect.day_bytes);
    json_object_set_new(json, "oldest",
                        effect.oldest_us ? json_time(effect.oldest_us) : json_null());
    json_object_set_new(json, "room_days",
                        effect.room_days < 0 ? json_null() : json_integer(effect.room_days));
    return call_json(call, 200, json);
}
