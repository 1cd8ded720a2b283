#include "people/rights.h"

#include <string.h>

static const char *const roles[ROLES] = {
    [ROLE_NONE] = "none",           [ROLE_UNPROVEN] = "unproven",
    [ROLE_ADMIN] = "admin",         [ROLE_COMMANDER] = "commander",
    [ROLE_OFFICER] = "officer",     [ROLE_VILLAGE_HEAD] = "village-head",
    [ROLE_HOUSEHOLD] = "household", [ROLE_AUDITOR] = "auditor",
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
    [ACTION_SHARE] = "share",
    [ACTION_DUTY] = "duty",
    [ACTION_SHIFTS] = "shifts",
    [ACTION_USERS] = "users",
    [ACTION_CONFIGURE] = "configure",
    [ACTION_AUDIT] = "audit",
    [ACTION_JUDGE] = "judge",
    [ACTION_METRICS] = "metrics",
    [ACTION_REPORT] = "report",
    [ACTION_REPORTS] = "reports",
    [ACTION_REPORT_PERSON] = "report-person",
    [ACTION_PRIVACY] = "privacy",
    [ACTION_HOUSEHOLDS] = "households",
    [ACTION_HOUSEHOLD_PEOPLE] = "household-people",
    [ACTION_FIGURES] = "figures",
    [ACTION_CRITERIA] = "criteria",
    [ACTION_CASES] = "cases",
    [ACTION_CASE_READ] = "case-read",
    [ACTION_HOUSEHOLD_ASK] = "household-ask",
};

/* How far a right goes; each goes further than the one before. */
typedef enum Reach {
    REACH_NOWHERE,
    REACH_VILLAGE, /* cameras of the commune, and locations, in the own village */
    REACH_COMMUNE, /* all cameras of the commune, all locations */
    REACH_ALL,     /* cameras of households too, and what has no place */
} Reach;

/* Who may what; what is not here may not. */
static const Reach rights[ROLES][ACTIONS] = {
    [ROLE_NONE] = {[ACTION_PUBLIC] = REACH_ALL},
    [ROLE_UNPROVEN] = {[ACTION_PUBLIC] = REACH_ALL, [ACTION_OWN] = REACH_ALL},
    [ROLE_ADMIN] =
        {
            [ACTION_PUBLIC] = REACH_ALL,    [ACTION_OWN] = REACH_ALL,
            [ACTION_LIVE] = REACH_ALL,      [ACTION_LISTEN] = REACH_ALL,
            [ACTION_REPLAY] = REACH_ALL,    [ACTION_EXPORT] = REACH_ALL,
            [ACTION_PTZ] = REACH_ALL,       [ACTION_HOLD] = REACH_ALL,
            [ACTION_SHARE] = REACH_ALL,     [ACTION_DUTY] = REACH_ALL,
            [ACTION_SHIFTS] = REACH_ALL,    [ACTION_REPORT] = REACH_ALL,
            [ACTION_REPORTS] = REACH_ALL,   [ACTION_HOUSEHOLDS] = REACH_ALL,
            [ACTION_FIGURES] = REACH_ALL,   [ACTION_CRITERIA] = REACH_ALL,
            [ACTION_CONFIGURE] = REACH_ALL, [ACTION_USERS] = REACH_ALL,
            [ACTION_AUDIT] = REACH_ALL,     [ACTION_METRICS] = REACH_ALL,
            [ACTION_CASES] = REACH_ALL,     [ACTION_CASE_READ] = REACH_ALL,
            [ACTION_PRIVACY] = REACH_ALL,
        },
    [ROLE_COMMANDER] =
        {
            [ACTION_PUBLIC] = REACH_ALL,         [ACTION_OWN] = REACH_ALL,
            [ACTION_LIVE] = REACH_COMMUNE,       [ACTION_LISTEN] = REACH_COMMUNE,
            [ACTION_REPLAY] = REACH_COMMUNE,     [ACTION_EXPORT] = REACH_COMMUNE,
            [ACTION_PTZ] = REACH_COMMUNE,        [ACTION_HOLD] = REACH_COMMUNE,
            [ACTION_SHARE] = REACH_COMMUNE,      [ACTION_DUTY] = REACH_ALL,
            [ACTION_SHIFTS] = REACH_ALL,         [ACTION_REPORT] = REACH_COMMUNE,
            [ACTION_REPORTS] = REACH_COMMUNE,    [ACTION_REPORT_PERSON] = REACH_COMMUNE,
            [ACTION_HOUSEHOLDS] = REACH_COMMUNE, [ACTION_HOUSEHOLD_PEOPLE] = REACH_COMMUNE,
            [ACTION_FIGURES] = REACH_ALL,        [ACTION_CASES] = REACH_COMMUNE,
            [ACTION_CASE_READ] = REACH_COMMUNE,  [ACTION_HOUSEHOLD_ASK] = REACH_COMMUNE,
            [ACTION_PRIVACY] = REACH_COMMUNE,    [ACTION_CRITERIA] = REACH_ALL,
        },
    [ROLE_OFFICER] =
        {
            [ACTION_PUBLIC] = REACH_ALL,
            [ACTION_OWN] = REACH_ALL,
            [ACTION_LIVE] = REACH_COMMUNE,
            [ACTION_LISTEN] = REACH_COMMUNE,
            [ACTION_REPLAY] = REACH_COMMUNE,
            [ACTION_EXPORT] = REACH_COMMUNE,
            [ACTION_DUTY] = REACH_ALL,
            [ACTION_REPORT] = REACH_COMMUNE,
            [ACTION_REPORTS] = REACH_COMMUNE,
            [ACTION_REPORT_PERSON] = REACH_COMMUNE,
            [ACTION_HOUSEHOLDS] = REACH_COMMUNE,
            [ACTION_HOUSEHOLD_PEOPLE] = REACH_COMMUNE,
            [ACTION_FIGURES] = REACH_ALL,
            [ACTION_CASES] = REACH_COMMUNE,
            [ACTION_CASE_READ] = REACH_COMMUNE,
            [ACTION_HOUSEHOLD_ASK] = REACH_COMMUNE,
        },
    [ROLE_VILLAGE_HEAD] =
        {
            [ACTION_PUBLIC] = REACH_ALL,
            [ACTION_OWN] = REACH_ALL,
            [ACTION_LIVE] = REACH_VILLAGE,
            [ACTION_REPORT] = REACH_VILLAGE,
            [ACTION_HOUSEHOLDS] = REACH_VILLAGE,
            [ACTION_HOUSEHOLD_PEOPLE] = REACH_VILLAGE,
        },
    [ROLE_HOUSEHOLD] = {[ACTION_PUBLIC] = REACH_ALL, [ACTION_OWN] = REACH_ALL},
    [ROLE_AUDITOR] =
        {
            [ACTION_PUBLIC] = REACH_ALL,
            [ACTION_OWN] = REACH_ALL,
            [ACTION_FIGURES] = REACH_ALL,
            [ACTION_AUDIT] = REACH_ALL,
            [ACTION_JUDGE] = REACH_ALL,
            [ACTION_METRICS] = REACH_ALL,
            [ACTION_CASE_READ] = REACH_ALL,
        },
};

static Reach reach_of(Role role, Action action)
{
    return role < ROLES && action < ACTIONS ? rights[role][action] : REACH_NOWHERE;
}

bool rights_allow(Role role, Action action)
{
    return reach_of(role, action) > REACH_NOWHERE;
}

bool rights_allow_everywhere(Role role, Action action)
{
    return reach_of(role, action) == REACH_ALL;
}

bool rights_need_village(Role role)
{
    for (int action = ACTION_NONE; action < ACTIONS; action++)
        if (reach_of(role, (Action)action) == REACH_VILLAGE)
            return true;
    return false;
}

static bool is_own_village(const Identity *who, const char *village)
{
    if (!village || !*village || !*who->village)
        return false;
    g_autofree char *own = g_utf8_casefold(who->village, -1);
    g_autofree char *its = g_utf8_casefold(village, -1);
    return g_str_equal(own, its);
}

bool rights_allow_village(const Identity *who, Action action, const char *village)
{
    Reach reach = reach_of(who->role, action);
    return reach >= REACH_COMMUNE || (reach == REACH_VILLAGE && is_own_village(who, village));
}

bool rights_allow_location(const Identity *who, Action action, const LocationRow *location)
{
    return rights_allow_village(who, action, location ? location->village : NULL);
}

bool rights_allow_camera(const Identity *who, Action action, Site *site, const CameraRow *camera)
{
    Reach reach = reach_of(who->role, action);
    if (reach == REACH_ALL || reach == REACH_NOWHERE)
        return reach == REACH_ALL;
    if (camera && g_strcmp0(camera->owner, OWNER_COMMUNE) != 0)
        return false;
    if (reach == REACH_COMMUNE)
        return true;
    g_autoptr(LocationRow) location = camera ? site_location_get(site, &camera->location) : NULL;
    return is_own_village(who, location ? location->village : NULL);
}

const char *role_text(Role role)
{
    return role < ROLES ? roles[role] : roles[ROLE_NONE];
}

bool role_parse(const char *text, Role *role)
{
    *role = ROLE_NONE;
    for (unsigned i = ROLE_ADMIN; text && i < ROLES; i++)
        if (strcmp(text, roles[i]) == 0)
            *role = (Role)i;
    return *role != ROLE_NONE;
}

const char *action_text(Action action)
{
    return action < ACTIONS ? actions[action] : actions[ACTION_NONE];
}
