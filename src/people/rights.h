/* rights.h — who may do what, and where: one table of actions × roles, everything else denied.
 *
 * An entry of the table is a reach: nowhere, in the account's own village, at all cameras of the
 * commune, or at everything. Whoever serves pictures, lists or totals asks here and nowhere else.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/cameras.h"
#include "catalog/locations.h"
#include "config/site.h"

#include <stdbool.h>

typedef enum Role {
    ROLE_NONE,     /* not signed in; also what an unknown name parses to */
    ROLE_UNPROVEN, /* signed in, but what the site wants besides the password is missing: may only
                      give it, whatever the account's role is */
    ROLE_ADMIN,    /* the first one that an account can have */
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
    ACTION_SHARE,            /* a saved view with everyone */
    ACTION_DUTY,             /* to be on duty, and to see who is */
    ACTION_SHIFTS,           /* to say who is */
    ACTION_REPORT,           /* to tell one, and to see those of one's places and one's own */
    ACTION_REPORTS,          /* to see, take and answer all */
    ACTION_REPORT_PERSON,    /* who told it; an officer: of those that they have */
    ACTION_PRIVACY,          /* to copy and erase what is kept of a report, for who told it */
    ACTION_HOUSEHOLDS,       /* to see which stand in the register */
    ACTION_HOUSEHOLD_PEOPLE, /* to enter them, and to see whom to call */
    ACTION_FIGURES,          /* what a month was like, without persons */
    ACTION_CRITERIA,         /* to say what a good month is, and to judge one by hand */
    ACTION_CASES,            /* to open cases and to work on all */
    ACTION_CASE_READ,        /* to read them */
    ACTION_HOUSEHOLD_ASK,    /* to ask them for footage, and to see what they gave */
    ACTION_CONFIGURE,
    ACTION_USERS,
    ACTION_AUDIT,
    ACTION_JUDGE, /* what the audit log marks: misuse or not; for whoever is not one of them */
    ACTION_METRICS,
    ACTIONS,
} Action;

/* Text of a village with NUL: 80 characters of UTF-8. */
enum { VILLAGE_BYTES = 324 };

/* Who stands behind a request. Plain value. */
typedef struct Identity {
    Role role;
    Uuid account;                /* nil for a token */
    Uuid token;                  /* nil for a session */
    char village[VILLAGE_BYTES]; /* of a village head; "": none */
    char purpose[128];           /* of a token: counts as the reason of an access */
} Identity;

/* At some place at least: worth asking further. */
bool rights_allow(Role role, Action action);

/* Whatever it is done to: what has no place, and totals over all places. */
bool rights_allow_everywhere(Role role, Action action);

/* At this camera, which stands where the site says. NULL stands for one that is not there: as a
 * camera of the commune in no village. Never blocks. */
bool rights_allow_camera(const Identity *who, Action action, Site *site, const CameraRow *camera);
bool rights_allow_location(const Identity *who, Action action, const LocationRow *location);

/* At what stands in this village; "": in none. */
bool rights_allow_village(const Identity *who, Action action, const char *village);

/* Is the role bound to a village, which its accounts must then have? */
bool rights_need_village(Role role);

const char *role_text(Role role);              /* "village-head" … */
bool role_parse(const char *text, Role *role); /* only what an account can have */
const char *action_text(Action action);        /* "live" … as in GET /me */
