/* policy.c — what the site wants of people: a second factor or an enrolled phone of some roles, a
 * reason for footage of some age. */
#include "http/api/handlers.h"

#include "config/site.h"
#include "people/devices.h"

static Json *roles_json(const bool wanted[ROLES])
{
    Json *list = json_array();
    for (unsigned role = ROLE_ADMIN; role < ROLES; role++)
        if (wanted[role])
            json_array_append_new(list, json_string(role_text((Role)role)));
    return list;
}

static bool read_roles(const Json *list, const char *member, bool wanted[ROLES], GError **error)
{
    size_t i;
    Json *name;
    if (!json_is_array(list))
        return err_set(error, ERR_INVALID, "‘%s’ must be a list of roles", member);
    json_array_foreach((json_t *)list, i, name)
    {
        Role role;
        if (!role_parse(json_string_value(name), &role))
            return err_set(error, ERR_INVALID, "‘%s’ names a role that is none", member);
        wanted[role] = true;
    }
    return true;
}

/* The names of the roles, by blanks. Returns owned. */
static char *roles_told(const bool wanted[ROLES])
{
    GString *told = g_string_new(NULL);
    for (unsigned role = ROLE_ADMIN; role < ROLES; role++)
        if (wanted[role])
            g_string_append_printf(told, "%s%s", told->len ? " " : "", role_text((Role)role));
    return g_string_free(told, FALSE);
}

bool policy_get(ApiCall *call, GError **error)
{
    bool wanted[ROLES], phones[ROLES];
    const SiteReason reason = site_reason(call->api->site);
    people_totp_roles(call->api->people, wanted);
    people_device_roles(call->api->people, phones);
    return call_json(call, 200,
                     json_pack("{s:o, s:o, s:I, s:b}", "totp_roles", roles_json(wanted),
                               "device_roles", roles_json(phones), "reason_after_s",
                               (json_int_t)reason.after_s, "reason_locked", reason.locked));
}

typedef struct RoleSetting {
    const char *member;
    void (*get)(People *people, bool wanted[ROLES]);
    bool (*set)(People *people, const bool wanted[ROLES], GError **error);
} RoleSetting;

/* Which of the two the body names, changes. */
static bool change_roles(ApiCall *call, const Json *body, const RoleSetting *setting,
                         GError **error)
{
    const Json *list = json_object_get(body, setting->member);
    Changes changes = {0};
    if (!list)
        return true;
    bool wanted[ROLES] = {false}, before[ROLES];
    setting->get(call->api->people, before);
    if (!read_roles(list, setting->member, wanted, error) ||
        !setting->set(call->api->people, wanted, error))
        return false;
    g_autofree char *was = roles_told(before), *is = roles_told(wanted);
    changes_text(&changes, setting->member, was, is);
    call_audit_changes(call, "policy-edit", NULL, &changes);
    return true;
}

static bool change_reason(ApiCall *call, const Json *body, Changes *changes, GError **error)
{
    const int64_t before_s = site_reason(call->api->site).after_s;
    int64_t after_s = before_s;
    if (!json_get_int(body, "reason_after_s", &after_s, error) ||
        !site_reason_set(call->api->site, after_s, error))
        return false;
    changes_int(changes, "reason_after_s", before_s, after_s);
    call_audit_changes(call, "policy-edit", NULL, changes);
    return true;
}

bool policy_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"totp_roles", "device_roles", "reason_after_s", NULL};
    static const RoleSetting totp = {"totp_roles", people_totp_roles, people_totp_roles_set};
    static const RoleSetting phones = {"device_roles", people_device_roles,
                                       people_device_roles_set};
    const Json *body = call_body(call, members, error);
    Changes of_reason = {0};
    if (!body || !change_roles(call, body, &totp, error) ||
        !change_roles(call, body, &phones, error) ||
        (json_object_get(body, "reason_after_s") && !change_reason(call, body, &of_reason, error)))
        return false;
    return policy_get(call, error);
}
