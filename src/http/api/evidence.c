/* evidence.c — what is asked for in an evidence package is sealed now, and stands in the audit log.
 */
#include "archive/archive.h"
#include "archive/package.h"
#include "camera/onvif_devices.h"
#include "casework/evidence_seal.h"
#include "casework/span.h"
#include "config/site.h"
#include "http/api/access.h"
#include "http/api/handlers.h"

/* The log goes before the root, which covers it. */
static bool tell(ApiCall *call, const Uuid *package, const GrantAsked *asked, GError **error)
{
    char id[UUID_TEXT];
    call_audit(call, "evidence", uuid_text(package, id), NULL, "ok");
    for (size_t i = 0; i < asked->camera_count; i++)
        call_audit_span(call, "evidence-camera", &asked->cameras[i], asked->from_us, asked->to_us);
    return !call->api->audit || audit_flush(call->api->audit, error);
}

static bool read_package(ApiCall *call, const Json *body, Uuid *package, GError **error)
{
    const char *id = NULL, *reason = NULL;
    if (!json_get_text(body, "package", &id, error) ||
        !json_get_text(body, "reason", &reason, error))
        return false;
    if (!id || !uuid_parse(id, package))
        return err_set(error, ERR_INVALID, "‘package’ must be a UUID");
    if (!reason)
        return err_set(error, ERR_INVALID, "‘reason’ is needed");
    g_autofree char *words = g_strstrip(g_strdup(reason));
    g_strlcpy(call->reason, words, sizeof call->reason);
    return access_check_words("reason", words, PACKAGE_REASON_LEAST, PACKAGE_REASON_MOST, error);
}

bool evidence_prepare(ApiCall *call, GError **error)
{
    static const char *const members[] = {"package", "cameras", "from", "to", "reason", NULL};
    Uuid cameras[GRANT_CAMERAS_MOST], package;
    GrantAsked asked = {0};
    const Json *body = call_body(call, members, error);
    if (!body || !read_package(call, body, &package, error) ||
        !access_read_footage(call, body, ACTION_CONFIGURE, cameras, &asked, error))
        return false;
    int64_t now_us = clock_now_us();
    if (asked.to_us > now_us + SPAN_CLOCKS_APART_US)
        return err_set(error, ERR_INVALID,
                       "‘to’ lies in the future: nothing is recorded there yet");
    asked.to_us = MIN(asked.to_us, now_us);
    Archive *archive = call->api->archive;
    bool sealed =
        !archive || evidence_seal(archive, cameras, asked.camera_count, asked.to_us, NULL);
    if (!tell(call, &package, &asked, error) || (archive && !archive_make_roots(archive, error)))
        return false;
    g_autofree char *site = site_name(call->api->site);
    g_autofree char *zone = site_time_zone(call->api->site);
    return call_json(
        call, 201, json_pack("{s:s, s:s, s:b}", "site", site, "time_zone", zone, "sealed", sealed));
}
