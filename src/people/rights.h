/* rights.h — who may do what: one table of actions × roles, everything else denied. */
#pragma once

#include <stdbool.h>

typedef enum Role {
    ROLE_NONE, /* not signed in; also what an unknown name parses to */
    ROLE_ADMIN,
    ROLE_COMMANDER,
    ROLE_OFFICER,
    ROLE_VILLAGE_HEAD,
    ROLE_HOUSEHOLD,
    ROLE_AUDITOR,
    ROLES,
} Role;

/* Every route of the API names one of these. */
typedef enum Action {
    ACTION_NONE,   /* nobody: what a forgotten row means */
    ACTION_PUBLIC, /* no account needed: sign-in page, healthz */
    ACTION_OWN,    /* anyone signed in: their own account and session */
    ACTION_LIVE,
    ACTION_LISTEN,
    ACTION_REPLAY,
    ACTION_EXPORT,
    ACTION_PTZ,
    ACTION_HOLD,
    ACTION_CONFIGURE,
    ACTION_USERS,
    ACTION_AUDIT,
    ACTION_METRICS,
    ACTIONS,
} Action;

bool rights_allow(Role role, Action action);

const char *role_text(Role role);              /* "village-head" … */
bool role_parse(const char *text, Role *role); /* not "none" */
const char *action_text(Action action);        /* "live" … as in GET /me */
