#include "http/package_notice.h"

#include "http/live_socket.h"
#include "live/live.h"
#include "notify/push.h"

static bool includes(void *data, const void *account)
{
    return rights_allow(live_socket_identity(account)->role, ACTION_EXPORT);
}

static void tell_apps(ApiContext *api, const PackageRow *row)
{
    char id[UUID_TEXT], by[UUID_TEXT], number[PACKAGE_NUMBER_TEXT];
    const LiveAudience audience = {includes, NULL, g_free};
    live_notice(api->live, &audience,
                json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "op", "package", "id",
                          uuid_text(&row->id, id), "number", package_number(row, number), "state",
                          row->state, "waits", package_is_undecided(row), "asked_by",
                          uuid_text(&row->by, by)));
}

/* docs/reference/push.md */
static Json *message_json(const PackageRow *row)
{
    char id[UUID_TEXT], number[PACKAGE_NUMBER_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "package", "state", row->state,
                           "package", uuid_text(&row->id, id), "number",
                           package_number(row, number), "case_number", row->case_number);
    json_object_set_new(json, "since", json_time(row->asked_us));
    return json;
}

void package_notice_tell(void *data, const PackageRow *row, bool asked)
{
    ApiContext *api = data;
    if (api->live)
        tell_apps(api, row);
    if (asked && api->push && package_is_undecided(row))
        push_work(api->push, message_json(row), PUSH_FOR_APPROVAL, &row->by);
}
