#include "http/report_notice.h"

#include "config/site.h"
#include "http/api/camera_json.h"
#include "http/api/report_json.h"
#include "http/live_socket.h"
#include "notify/notify.h"
#include "notify/push.h"
#include "people/audit.h"

#include <string.h>

typedef struct Told {
    ApiContext *api;
    Uuid location;
    bool rises; /* for those who command alone */
} Told;

static bool includes(void *data, const void *account)
{
    const Told *told = data;
    const Identity *who = live_socket_identity(account);
    if (told->rises)
        return who->role == ROLE_COMMANDER;
    if (rights_allow(who->role, ACTION_REPORTS))
        return true;
    g_autoptr(LocationRow) location = site_location_get(told->api->site, &told->location);
    return location && rights_allow_location(who, ACTION_REPORT, location);
}

static Json *notice_json(ApiContext *api, const ReportRow *row, bool rises)
{
    char id[UUID_TEXT], number[REPORT_NUMBER_TEXT], location[UUID_TEXT];
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "op", "report", "id", uuid_text(&row->id, id),
                  "number", report_number(row->year, row->seq, number), "kind", row->kind, "state",
                  row->state, "rises", rises);
    json_object_set_new(json, "location",
                        uuid_is_nil(&row->location)
                            ? json_null()
                            : json_string(uuid_text(&row->location, location)));
    g_autofree char *taker = report_name_of(api, &row->taken_by);
    if (*taker)
        json_object_set_new(json, "taken_by", json_string(taker));
    return json;
}

static void tell_apps(ApiContext *api, const ReportRow *row, bool rises)
{
    if (!api->live)
        return;
    Told *told = g_new(Told, 1);
    *told = (Told){api, row->location, rises};
    const LiveAudience audience = {includes, told, g_free};
    live_notice(api->live, &audience, notice_json(api, row, rises));
}

/* What nobody has taken, or whoever has it does not answer. */
static const char *state_of(const ReportRow *row, ReportNews news)
{
    if (news != REPORT_NEWS_RISES)
        return row->state;
    return strcmp(row->state, REPORT_NEW) == 0 ? "rises" : "unanswered";
}

/* docs/reference/webhook.md, push.md */
static Json *message_json(ApiContext *api, const ReportRow *row, ReportNews news)
{
    char id[UUID_TEXT], number[REPORT_NUMBER_TEXT];
    g_autoptr(LocationRow) location = site_location_get(api->site, &row->location);
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "report", "state",
                           state_of(row, news), "report", uuid_text(&row->id, id), "number",
                           report_number(row->year, row->seq, number), "about", row->kind);
    json_object_set_new(json, "location", json_text_or_null(location ? location->name : NULL));
    json_object_set_new(json, "village", json_text_or_null(location ? location->village : NULL));
    json_object_set_new(json, "since", json_time(row->told_us));
    return json;
}

/* By the server itself. */
static void audit_expired(ApiContext *api, const ReportRow *row)
{
    char id[UUID_TEXT];
    const AuditEntry entry = {
        .action = "report-expire", .object = uuid_text(&row->id, id), .result = "ok"};
    audit_append(api->audit, &entry);
}

void report_notice_tell(void *data, const ReportRow *row, ReportNews news)
{
    ApiContext *api = data;
    if (news == REPORT_NEWS_EXPIRED)
        audit_expired(api, row);
    tell_apps(api, row, news == REPORT_NEWS_RISES);
    if (news == REPORT_NEWS_CHANGED || news == REPORT_NEWS_EXPIRED)
        return;
    if (api->notify)
        notify_report(api->notify, message_json(api, row, news));
    if (api->push)
        push_work(api->push, message_json(api, row, news),
                  news == REPORT_NEWS_RISES ? PUSH_FOR_COMMANDERS : PUSH_FOR_REPORTS, NULL);
}
