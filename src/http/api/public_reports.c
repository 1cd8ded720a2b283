/* public_reports.c — the page where residents tell and follow reports, without an account: nothing
 * of other people, of cameras, or of where these stand is told here. */
#include "http/api/report_json.h"

#include "base/secret.h"
#include "config/site.h"
#include "http/api/handlers.h"

#include <string.h>

static Json *kinds_json(void)
{
    Json *list = json_array();
    for (const char *const *kind = report_kinds; *kind; kind++)
        json_array_append_new(list, json_string(*kind));
    return list;
}

/* Where the site names no places, only that of the poster whose code somebody stands before. */
static Json *locations_json(Site *site, const char *poster)
{
    char id[UUID_TEXT];
    Json *list = json_array();
    g_autofree char *rule = site_value(site, SITE_VALUE_PUBLIC_LOCATIONS);
    const bool all = strcmp(rule, "names") == 0;
    g_autoptr(GPtrArray) rows = site_location_list(site);
    for (guint i = 0; i < rows->len; i++) {
        const LocationRow *row = rows->pdata[i];
        if (!all && g_strcmp0(poster, uuid_text(&row->id, id)) != 0)
            continue;
        Json *one = json_pack("{s:s, s:s}", "id", uuid_text(&row->id, id), "name", row->name);
        if (row->village && *row->village)
            json_object_set_new(one, "village", json_string(row->village));
        json_array_append_new(list, one);
    }
    return list;
}

bool report_form_get(ApiCall *call, GError **error)
{
    Site *site = call->api->site;
    g_autofree char *name = site_name(site), *language = site_language(site),
                    *zone = site_time_zone(site);
    return call_json(call, 200,
                     json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "site", name, "language", language,
                               "time_zone", zone, "now", json_time(clock_now_us()), "kinds",
                               kinds_json(), "locations",
                               locations_json(site, call_query(call, "location"))));
}

bool report_form_send(ApiCall *call, GError **error)
{
    static const char *const members[] = {"kind",     "location", "place",      "where",
                                          "from",     "to",       "span_words", "text",
                                          "reporter", "vneid",    "key",        NULL};
    char id[UUID_TEXT], number[REPORT_NUMBER_TEXT];
    ReportAsked asked;
    bool again = false;
    secret_auto char *secret = NULL;
    const Uuid nobody = {0};
    if (!call->api->reports)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!report_read(call_body(call, members, error), &asked, error))
        return false;
    if (report_answer_wait(call,
                           report_desk_wait_us(call->api->reports, call->request->address, true)))
        return true;
    asked.told.source = REPORT_BY_RESIDENT;
    g_autoptr(ReportRow) row =
        report_desk_tell(call->api->reports, &asked.told, &nobody, &secret, &again, error);
    if (!row)
        return false;
    if (!again)
        call_audit(call, "report-told", uuid_text(&row->id, id), NULL, "ok");
    return call_json(call, 201,
                     json_pack("{s:s, s:s}", "number", report_number(row->year, row->seq, number),
                               "secret", secret));
}

bool report_form_follow(ApiCall *call, GError **error)
{
    g_autoptr(ReportRow) row = NULL, joined = NULL;
    if (!report_followed(call, &row, &joined, error))
        return false;
    return !row || call_json(call, 200, report_followed_json(row, joined));
}
