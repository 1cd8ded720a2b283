#include "http/case_notice.h"

#include "base/clock.h"
#include "http/api/camera_json.h"
#include "http/api/report_json.h"
#include "http/live_socket.h"
#include "notify/push.h"

static bool includes(void *data, const void *account)
{
    return rights_allow(live_socket_identity(account)->role, ACTION_CASES);
}

static Json *notice_json(ApiContext *api, const CaseRow *row)
{
    char id[UUID_TEXT], number[CASE_NUMBER_TEXT];
    int64_t due_us = case_desk_due_us(api->cases, row);
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:b}", "op", "case", "id", uuid_text(&row->id, id),
                           "number", case_number(row->year, row->seq, number), "state", row->state,
                           "overdue", due_us && clock_now_us() > due_us);
    g_autofree char *who = report_name_of(api, &row->assignee);
    if (*who)
        json_object_set_new(json, "assignee", json_string(who));
    return json;
}

/* docs/reference/push.md */
static Json *message_json(ApiContext *api, const CaseRow *row)
{
    char id[UUID_TEXT], number[CASE_NUMBER_TEXT];
    g_autoptr(LocationRow) location = site_location_get(api->site, &row->location);
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "case", "state", "overdue", "case",
                           uuid_text(&row->id, id), "number",
                           case_number(row->year, row->seq, number), "about", row->kind);
    json_object_set_new(json, "location", json_text_or_null(location ? location->name : NULL));
    json_object_set_new(json, "village", json_text_or_null(location ? location->village : NULL));
    json_object_set_new(json, "since", json_time(row->state_us));
    return json;
}

void case_notice_tell(void *data, const CaseRow *row, bool late)
{
    ApiContext *api = data;
    const LiveAudience audience = {includes, NULL, g_free};
    if (api->live)
        live_notice(api->live, &audience, notice_json(api, row));
    if (late && api->push)
        push_work(api->push, message_json(api, row), PUSH_FOR_CASE, &row->assignee);
}
