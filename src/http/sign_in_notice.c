#include "http/sign_in_notice.h"

#include "base/digest.h"
#include "http/live_socket.h"
#include "notify/push.h"
#include "people/people.h"

#include <string.h>

typedef struct Told {
    Uuid account;
    uint8_t except[SHA256_BYTES]; /* of the token of the new session */
} Told;

static bool includes(void *data, const void *account)
{
    const Told *told = data;
    uint8_t hash[SHA256_BYTES];
    const char *session = live_socket_session(account);
    if (!session || !uuid_equal(&live_socket_identity(account)->account, &told->account))
        return false;
    sha256(session, strlen(session), hash);
    return memcmp(hash, told->except, sizeof hash) != 0;
}

static Json *notice_json(const SessionInfo *info)
{
    char id[UUID_TEXT];
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s}", "op", "sign-in", "session", uuid_text(&info->id, id),
                  "device", info->device, "address", info->address);
    json_object_set_new(json, "at", json_time(info->created_us));
    return json;
}

static void tell(ApiContext *api, const Uuid *account, const char *token, const SessionInfo *info)
{
    if (api->push)
        push_sign_in(api->push, account, info);
    if (!api->live)
        return;
    Told *told = g_new(Told, 1);
    told->account = *account;
    sha256(token, strlen(token), told->except);
    const LiveAudience audience = {includes, told, g_free};
    live_notice(api->live, &audience, notice_json(info));
}

void sign_in_notice_tell(ApiContext *api, const Uuid *account, const char *token)
{
    g_autoptr(GArray) sessions = people_sessions(api->people, account, token);
    for (guint i = 0; i < sessions->len; i++) {
        const SessionInfo *info = &g_array_index(sessions, SessionInfo, i);
        if (info->current)
            tell(api, account, token, info);
    }
}
