#include "notify/push_rules.h"

#include "base/clock.h"
#include "base/error.h"

#include <string.h>

void push_choice_default(PushChoice *choice, const Uuid *account)
{
    *choice =
        (PushChoice){.account = *account, .silent = g_strdup(""), .after_s = PUSH_AFTER_USUAL_S};
}

bool push_choice_check(const PushChoice *choice, GError **error)
{
    static const char *const others[] = {PUSH_SIGN_IN, PUSH_REPORT, PUSH_CASE, PUSH_PACKAGE, NULL};
    EventKind kind;
    g_auto(GStrv) silent = g_strsplit(choice->silent, ",", PUSH_KINDS_MOST + 1);
    for (char **one = silent; *one; one++)
        if (!g_strv_contains(others, *one) &&
            (!event_kind_parse(*one, &kind) || !event_kind_is_trouble(kind)))
            return err_set(error, ERR_INVALID, "‘%s’ is no kind of trouble that is told", *one);
    if (choice->after_s < 0 || choice->after_s > PUSH_AFTER_MOST_S)
        return err_set(error, ERR_INVALID, "‘after_s’ must be 0 to %d", PUSH_AFTER_MOST_S);
    if (choice->quiet_from < 0 || choice->quiet_from >= DAY_MINUTES || choice->quiet_to < 0 ||
        choice->quiet_to >= DAY_MINUTES)
        return err_set(error, ERR_INVALID, "quiet hours are minutes of a day, 0 to %d",
                       DAY_MINUTES - 1);
    return true;
}

static bool is_quiet(const PushChoice *choice, int minute)
{
    int from = choice->quiet_from, to = choice->quiet_to;
    if (from <= to)
        return minute >= from && minute < to;
    return minute >= from || minute < to; /* over midnight */
}

static bool is_silent(const PushChoice *choice, const char *kind)
{
    g_auto(GStrv) silent = g_strsplit(choice->silent, ",", -1);
    return g_strv_contains((const char *const *)silent, kind);
}

bool push_hears_sign_in(const PushChoice *choice)
{
    return !is_silent(choice, PUSH_SIGN_IN);
}

bool push_hears(const PushChoice *choice, EventKind kind)
{
    return event_kind_is_trouble(kind) && !is_silent(choice, event_kind_text(kind));
}

static bool is_time(const PushChoice *choice, int minute, PushDuty duty)
{
    return (duty == PUSH_ON_DUTY || !is_quiet(choice, minute)) &&
           (duty != PUSH_OFF_DUTY || choice->off_duty);
}

bool push_wants_work(const PushChoice *choice, const char *kind, int minute, PushDuty duty)
{
    return is_time(choice, minute, duty) && !is_silent(choice, kind);
}

bool push_wants(const PushChoice *choice, EventKind kind, int64_t age_us, int minute, PushDuty duty)
{
    return age_us >= choice->after_s * SECOND_US && is_time(choice, minute, duty) &&
           push_hears(choice, kind);
}

bool push_is_for(PushFor whom, const Uuid *person, const Account *facts)
{
    bool own = uuid_equal(person, &facts->id);
    if (facts->disabled)
        return false;
    switch (whom) {
    case PUSH_FOR_REPORTS:
        return rights_allow(facts->role, ACTION_REPORTS);
    case PUSH_FOR_COMMANDERS:
        return facts->role == ROLE_COMMANDER;
    case PUSH_FOR_CASE:
        return rights_allow(facts->role, ACTION_CASES) &&
               (own || uuid_is_nil(person) || rights_allow(facts->role, ACTION_HOLD));
    case PUSH_FOR_APPROVAL:
        return !own && rights_allow(facts->role, ACTION_HOLD);
    }
    return false;
}
