#include "http/api/handlers.h"

#include "base/secret.h"
#include "http/api/camera_json.h"

enum { DAYS_DEFAULT = 90 };

static Json *token_json(const ApiToken *token)
{
    char id[UUID_TEXT], by[UUID_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s}", "id", uuid_text(&token->id, id), "role",
                           role_text(token->role), "purpose", token->purpose);
    json_object_set_new(json, "village", json_text_or_null(token->village));
    json_object_set_new(json, "created_by",
                        uuid_is_nil(&token->created_by)
                            ? json_null()
                            : json_string(uuid_text(&token->created_by, by)));
    json_object_set_new(json, "created", json_time(token->created_us));
    json_object_set_new(json, "expires", json_time(token->expires_us));
    return json;
}

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    return token_json(&g_array_index((GArray *)things, ApiToken, i));
}

bool tokens_get_all(ApiCall *call, GError **error)
{
    g_autoptr(GArray) tokens = people_tokens(call->api->people);
    return call_list(call, tokens->len, list_item, tokens, error);
}

bool tokens_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"role", "village", "days", "purpose", NULL};
    const Json *body = call_body(call, members, error);
    const char *role_name = NULL, *village = NULL, *purpose = "";
    int64_t days = DAYS_DEFAULT;
    Role role;
    if (!body || !json_get_text(body, "role", &role_name, error) ||
        !json_get_text(body, "village", &village, error) ||
        !json_get_int(body, "days", &days, error) ||
        !json_get_text(body, "purpose", &purpose, error))
        return false;
    if (!role_name || !role_parse(role_name, &role))
        return err_set(error, ERR_INVALID,
                       "‘role’ must be admin, commander, officer, village-head, "
                       "household or auditor");
    ApiToken made;
    secret_auto char *token = people_token_create(call->api->people, role, village, days, purpose,
                                                  &call->identity.account, &made, error);
    if (!token)
        return false;
    char id[UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "role", "", role_text(role));
    changes_text(&changes, "village", "", village);
    changes_int(&changes, "days", 0, days);
    call_audit_changes(call, "token-add", uuid_text(&made.id, id), &changes);
    Json *json = token_json(&made);
    json_object_set_new(json, "token", json_string(token));
    return call_json(call, 201, json);
}

bool token_delete(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "token", &id, error) || !people_token_remove(call->api->people, &id, error))
        return false;
    call_audit(call, "token-remove", call->params[0], NULL, "ok");
    return call_empty(call);
}
