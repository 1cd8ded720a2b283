#include "http/case_notice.h"

#include "base/clock.h"
#include "http/api/report_json.h"
#include "http/live_socket.h"

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

void case_notice_tell(void *data, const CaseRow *row)
{
    ApiContext *api = data;
    if (!api->live)
        return;
    const LiveAudience audience = {includes, NULL, g_free};
    live_notice(api->live, &audience, notice_json(api, row));
}
