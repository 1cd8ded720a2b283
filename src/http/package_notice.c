#include "http/package_notice.h"

#include "http/live_socket.h"
#include "live/live.h"

static bool includes(void *data, const void *account)
{
    return rights_allow(live_socket_identity(account)->role, ACTION_EXPORT);
}

void package_notice_tell(void *data, const PackageRow *row)
{
    char id[UUID_TEXT], by[UUID_TEXT], number[PACKAGE_NUMBER_TEXT];
    ApiContext *api = data;
    if (!api->live)
        return;
    const LiveAudience audience = {includes, NULL, g_free};
    live_notice(api->live, &audience,
                json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "op", "package", "id",
                          uuid_text(&row->id, id), "number", package_number(row, number), "state",
                          row->state, "waits", package_is_undecided(row), "asked_by",
                          uuid_text(&row->by, by)));
}
