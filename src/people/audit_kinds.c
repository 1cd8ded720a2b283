/* audit_kinds.c — what the actions of the audit log are about, and which results mean “refused”. */
#include "people/audit_state.h"

#include <string.h>

static const char *const kinds[AUDIT_KINDS] = {
    [AUDIT_SIGN_IN] = "sign-in", [AUDIT_LIVE] = "live",     [AUDIT_REPLAY] = "replay",
    [AUDIT_EXPORT] = "export",   [AUDIT_CHANGE] = "change",
};

/* By how an action begins. */
static const struct {
    const char *begins;
    AuditKind kind;
} of_actions[] = {
    {"sign-", AUDIT_SIGN_IN},
    {"session", AUDIT_SIGN_IN},
    {"password", AUDIT_SIGN_IN},
    {"second-factor", AUDIT_SIGN_IN},
    {"recovery-codes", AUDIT_SIGN_IN},
    {"own", AUDIT_SIGN_IN},
    {"live", AUDIT_LIVE},
    {"listen", AUDIT_LIVE},
    {"ptz", AUDIT_LIVE},
    {"replay", AUDIT_REPLAY},
    {"thumbnail", AUDIT_REPLAY},
    {"snapshot", AUDIT_REPLAY},
    {"motion", AUDIT_REPLAY},
    {"clip", AUDIT_EXPORT},
    {"export", AUDIT_EXPORT},
    {"evidence", AUDIT_EXPORT},
    {"package", AUDIT_EXPORT},
    {"negative-", AUDIT_EXPORT},
    {"audit-csv", AUDIT_EXPORT},
    {"audit-read", AUDIT_REPLAY},
    {"event-picture", AUDIT_REPLAY},
    {"refused-", AUDIT_SIGN_IN},
    {"access", AUDIT_REPLAY},
};

static const char *const refusals[] = {"no-right",   "refused",   "locked-out",
                                       "wrong-code", "no-device", NULL};

const char *audit_kind_text(AuditKind kind)
{
    return kinds[kind];
}

bool audit_kind_parse(const char *text, AuditKind *kind)
{
    for (unsigned i = AUDIT_ANY + 1; i < AUDIT_KINDS; i++)
        if (strcmp(text, kinds[i]) == 0) {
            *kind = (AuditKind)i;
            return true;
        }
    return false;
}

AuditKind audit_kind_of(const char *action)
{
    for (size_t i = 0; i < G_N_ELEMENTS(of_actions); i++)
        if (g_str_has_prefix(action, of_actions[i].begins))
            return of_actions[i].kind;
    return AUDIT_CHANGE;
}

bool audit_tells_refusal(const char *result)
{
    return result && g_strv_contains(refusals, result);
}

const char *audit_why(const char *reason)
{
    const char *begins = "unmasked ";
    if (!g_str_has_prefix(reason, begins))
        return reason;
    const char *rest = reason + strlen(begins);
    rest += strcspn(rest, ";");
    return *rest ? rest + strspn(rest, "; ") : rest;
}

bool audit_is_refused(const AuditRow *row)
{
    return audit_tells_refusal(row->result);
}
