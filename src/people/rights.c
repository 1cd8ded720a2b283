#include "people/rights.h"

#include <string.h>

static const char *const roles[ROLES] = {
    [ROLE_NONE] = "none",
    [ROLE_ADMIN] = "admin",
    [ROLE_COMMANDER] = "commander",
    [ROLE_OFFICER] = "officer",
    [ROLE_VILLAGE_HEAD] = "village-head",
    [ROLE_HOUSEHOLD] = "household",
    [ROLE_AUDITOR] = "auditor",
};

static const char *const actions[ACTIONS] = {
    [ACTION_NONE] = "none",
    [ACTION_PUBLIC] = "public",
    [ACTION_OWN] = "own",
    [ACTION_LIVE] = "live",
    [ACTION_LISTEN] = "listen",
    [ACTION_REPLAY] = "replay",
    [ACTION_EXPORT] = "export",
    [ACTION_PTZ] = "ptz",
    [ACTION_HOLD] = "hold",
    [ACTION_USERS] = "users",
    [ACTION_CONFIGURE] = "configure",
    [ACTION_AUDIT] = "audit",
    [ACTION_METRICS] = "metrics",
};

/* Who may what; what is not here may not. */
static const bool rights[ROLES][ACTIONS] = {
    [ROLE_NONE] = {[ACTION_PUBLIC] = true},
    [ROLE_ADMIN] =
        {
            [ACTION_PUBLIC] = true,
            [ACTION_OWN] = true,
            [ACTION_LIVE] = true,
            [ACTION_LISTEN] = true,
            [ACTION_REPLAY] = true,
            [ACTION_EXPORT] = true,
            [ACTION_PTZ] = true,
            [ACTION_HOLD] = true,
            [ACTION_CONFIGURE] = true,
            [ACTION_USERS] = true,
            [ACTION_AUDIT] = true,
            [ACTION_METRICS] = true,
        },
    [ROLE_COMMANDER] =
        {
            [ACTION_PUBLIC] = true,
            [ACTION_OWN] = true,
            [ACTION_LIVE] = true,
            [ACTION_LISTEN] = true,
            [ACTION_REPLAY] = true,
            [ACTION_EXPORT] = true,
            [ACTION_PTZ] = true,
            [ACTION_HOLD] = true,
        },
    [ROLE_OFFICER] =
        {
            [ACTION_PUBLIC] = true,
            [ACTION_OWN] = true,
            [ACTION_LIVE] = true,
            [ACTION_LISTEN] = true,
            [ACTION_REPLAY] = true,
            [ACTION_EXPORT] = true,
        },
    [ROLE_VILLAGE_HEAD] = {[ACTION_PUBLIC] = true, [ACTION_OWN] = true, [ACTION_LIVE] = true},
    [ROLE_HOUSEHOLD] = {[ACTION_PUBLIC] = true, [ACTION_OWN] = true},
    [ROLE_AUDITOR] =
        {
            [ACTION_PUBLIC] = true,
            [ACTION_OWN] = true,
            [ACTION_AUDIT] = true,
            [ACTION_METRICS] = true,
        },
};

bool rights_allow(Role role, Action action)
{
    return role < ROLES && action < ACTIONS && rights[role][action];
}

const char *role_text(Role role)
{
    return role < ROLES ? roles[role] : roles[ROLE_NONE];
}

bool role_parse(const char *text, Role *role)
{
    *role = ROLE_NONE;
    for (unsigned i = ROLE_NONE + 1; text && i < ROLES; i++)
        if (strcmp(text, roles[i]) == 0)
            *role = (Role)i;
    return *role != ROLE_NONE;
}

const char *action_text(Action action)
{
    return action < ACTIONS ? actions[action] : actions[ACTION_NONE];
}
