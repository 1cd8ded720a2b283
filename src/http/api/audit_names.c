#include "http/api/audit_names.h"

#include "config/site.h"
#include "people/people.h"

static char *token_purpose(ApiContext *api, const Uuid *id)
{
    g_autoptr(GArray) tokens = people_tokens(api->people);
    for (guint i = 0; i < tokens->len; i++) {
        const ApiToken *token = &g_array_index(tokens, ApiToken, i);
        if (uuid_equal(&token->id, id))
            return g_strdup(token->purpose);
    }
    return NULL;
}

char *audit_actor_name(ApiContext *api, const char *id)
{
    Uuid uuid;
    Account account;
    if (!uuid_parse(id, &uuid))
        return NULL;
    if (people_account(api->people, &uuid, &account))
        return g_strdup(account.name);
    return token_purpose(api, &uuid);
}

Json *audit_actor_json(ApiContext *api, const Uuid *id)
{
    char text[UUID_TEXT];
    if (uuid_is_nil(id))
        return json_null();
    g_autofree char *name = audit_actor_name(api, uuid_text(id, text));
    return json_pack("{s:s, s:s?}", "id", text, "name", name);
}

char *audit_object_name(ApiContext *api, const char *id)
{
    Uuid uuid;
    if (!uuid_parse(id, &uuid))
        return NULL;
    g_autoptr(CameraRow) camera = site_camera_known(api->site, &uuid);
    if (camera)
        return g_strdup(camera->name);
    g_autoptr(LocationRow) location = site_location_get(api->site, &uuid);
    return location ? g_strdup(location->name) : audit_actor_name(api, id);
}
