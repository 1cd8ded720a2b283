/* shifts.c — the shift plan: who is on duty when, and saying so day by day. */
#include "people/duty.h"

#include "base/clock.h"
#include "http/api/handlers.h"
#include "http/api/minute.h"

#include <string.h>

#define TURNS_USUAL_US (7 * DAY_US)
#define TURNS_MOST_US (62 * DAY_US)
/* From now, back and ahead: times of which the calendar knows no day are far beyond it. */
#define TURNS_FAR_US (3660 * DAY_US)

/* ---- out ---- */

static Json *ids_json(const GArray *people)
{
    char id[UUID_TEXT];
    Json *ids = json_array();
    for (guint i = 0; i < people->len; i++)
        json_array_append_new(ids, json_string(uuid_text(&g_array_index(people, Uuid, i), id)));
    return ids;
}

static Json *day_json(const char *day, const GPtrArray *shifts)
{
    Json *list = json_array();
    for (guint i = 0; i < shifts->len; i++) {
        const Shift *shift = shifts->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "from", minute_json(shift->from), "to",
                                        minute_json(shift->to), "people", ids_json(shift->people)));
    }
    return json_pack("{s:s, s:o}", "day", day, "shifts", list);
}

static Json *days_json(const ShiftPlan *plan)
{
    Json *list = json_array();
    g_autoptr(GPtrArray) days = shift_plan_days(plan);
    for (guint i = 0; i < days->len; i++)
        json_array_append_new(list, day_json(days->pdata[i], shift_plan_day(plan, days->pdata[i])));
    return list;
}

static Json *turns_json(const GPtrArray *turns)
{
    Json *list = json_array();
    for (guint i = 0; i < turns->len; i++) {
        const ShiftTurn *turn = turns->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "from", json_time(turn->from_us), "to",
                                        json_time(turn->to_us), "people", ids_json(turn->people)));
    }
    return list;
}

static bool is_planned(const ShiftPlan *plan, const Uuid *account)
{
    g_autoptr(GPtrArray) days = shift_plan_days(plan);
    for (guint i = 0; i < days->len; i++)
        if (shifts_have(shift_plan_day(plan, days->pdata[i]), account))
            return true;
    return false;
}

/* Who can be put on, and who stands in the plan though he no longer can. */
static Json *people_json(const ApiCall *call, const ShiftPlan *plan)
{
    char id[UUID_TEXT];
    Json *list = json_array();
    g_autoptr(GArray) accounts = people_accounts(call->api->people);
    for (guint i = 0; i < accounts->len; i++) {
        const Account *account = &g_array_index(accounts, Account, i);
        bool may = duty_may_serve(call->api->duty, &account->id);
        if (may || is_planned(plan, &account->id))
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:b}", "id", uuid_text(&account->id, id), "name",
                                account->name, "role", role_text(account->role), "may_serve", may));
    }
    return list;
}

bool shifts_get(ApiCall *call, GError **error)
{
    const int64_t now_us = clock_now_us();
    int64_t from_us = now_us, to_us = 0;
    if (!call_query_time(call, "from", false, &from_us, error))
        return false;
    to_us = from_us + TURNS_USUAL_US;
    if (!call_query_time(call, "to", false, &to_us, error))
        return false;
    if (from_us >= to_us || to_us - from_us > TURNS_MOST_US)
        return err_set(error, ERR_INVALID, "‘from’ must be before ‘to’, by %d days at most",
                       (int)(TURNS_MOST_US / DAY_US));
    if (from_us < now_us - TURNS_FAR_US || from_us > now_us + TURNS_FAR_US)
        return err_set(error, ERR_INVALID, "‘from’ may be at most ten years from now");
    g_autoptr(ShiftPlan) plan = duty_plan(call->api->duty);
    g_autoptr(GPtrArray) turns = duty_turns(call->api->duty, from_us, to_us);
    return call_json(call, 200,
                     json_pack("{s:o, s:o, s:o}", "days", days_json(plan), "turns",
                               turns_json(turns), "people", people_json(call, plan)));
}

/* ---- in ---- */

static bool read_people(const Json *given, GArray *people, GError **error)
{
    if (json_array_size(given) > SHIFT_PEOPLE_MOST)
        return err_set(error, ERR_INVALID, "a shift must have 1 to %d people, each once",
                       SHIFT_PEOPLE_MOST);
    for (size_t i = 0; i < json_array_size(given); i++) {
        Uuid id;
        const char *text = json_string_value(json_array_get(given, i));
        if (!text || !uuid_parse(text, &id))
            return err_set(error, ERR_INVALID, "‘people’ must be a list of accounts");
        g_array_append_val(people, id);
    }
    return true;
}

static bool read_shift(const Json *given, GPtrArray *shifts, GError **error)
{
    int from, to;
    if (!json_is_object(given) || json_object_size(given) != 3)
        return err_set(error, ERR_INVALID, "a shift must have ‘from’, ‘to’ and ‘people’");
    if (!minute_read(given, "from", &from, error) || !minute_read(given, "to", &to, error))
        return false;
    Shift *shift = shift_new(from, to);
    g_ptr_array_add(shifts, shift);
    return read_people(json_object_get(given, "people"), shift->people, error);
}

/* Returns owned, or NULL. */
static GPtrArray *read_shifts(ApiCall *call, GError **error)
{
    static const char *const members[] = {"shifts", NULL};
    const Json *body = call_body(call, members, error);
    const Json *given = json_object_get(body, "shifts");
    if (!body)
        return NULL;
    if (!json_is_array(given) || json_array_size(given) > SHIFTS_OF_DAY_MOST) {
        err_set(error, ERR_INVALID, "‘shifts’ must be a list of at most %d shifts",
                SHIFTS_OF_DAY_MOST);
        return NULL;
    }
    g_autoptr(GPtrArray) shifts = shifts_new();
    for (size_t i = 0; i < json_array_size(given); i++)
        if (!read_shift(json_array_get(given, i), shifts, error))
            return NULL;
    return g_steal_pointer(&shifts);
}

/* ---- what changed, for the audit log ---- */

/* Who came to a shift, or left it: a change each, more lines when one has no room. */
typedef struct Told {
    const ApiCall *call;
    const char *action;
    Changes changes;
    char texts[CHANGES_ROOM][2][UUID_TEXT]; /* shift, person */
} Told;

static void tell(Told *told)
{
    if (told->changes.count > 0)
        call_audit_changes(told->call, told->action, told->call->params[0], &told->changes);
    told->changes = (Changes){0};
}

static void tell_person(Told *told, const Shift *shift, const Uuid *who, bool came)
{
    if (told->changes.count == CHANGES_ROOM)
        tell(told);
    char(*texts)[UUID_TEXT] = told->texts[told->changes.count];
    g_snprintf(texts[0], UUID_TEXT, "%02d:%02d-%02d:%02d", shift->from / 60, shift->from % 60,
               shift->to / 60, shift->to % 60);
    uuid_text(who, texts[1]);
    changes_text(&told->changes, texts[0], came ? "" : texts[1], came ? texts[1] : "");
}

static const Shift *same_time(const GPtrArray *shifts, const Shift *as)
{
    for (guint i = 0; shifts && i < shifts->len; i++) {
        const Shift *shift = shifts->pdata[i];
        if (shift->from == as->from && shift->to == as->to)
            return shift;
    }
    return NULL;
}

static void tell_missing(Told *told, const GPtrArray *have, const GPtrArray *lack, bool came)
{
    for (guint i = 0; have && i < have->len; i++) {
        const Shift *shift = have->pdata[i], *other = same_time(lack, shift);
        for (guint n = 0; n < shift->people->len; n++) {
            const Uuid *who = &g_array_index(shift->people, Uuid, n);
            if (!other || !uuids_have(other->people, who))
                tell_person(told, shift, who, came);
        }
    }
}

/* A date on which nobody is on duty, or from which that is taken, changes no person: it is told by
 * a line of its own. */
static void audit_day(const ApiCall *call, const char *action, const GPtrArray *before,
                      const GPtrArray *after)
{
    Told told = {.call = call, .action = action};
    tell_missing(&told, before, after, false);
    tell_missing(&told, after, before, true);
    bool same = told.changes.count == 0;
    tell(&told);
    if (same && !before != !after)
        call_audit(call, action, call->params[0], NULL, "ok");
}

bool shifts_put(ApiCall *call, GError **error)
{
    const char *day = call->params[0];
    g_autoptr(GPtrArray) shifts = read_shifts(call, error), before = NULL;
    if (!shifts || !duty_set(call->api->duty, day, g_ptr_array_ref(shifts), &before, error))
        return false;
    audit_day(call, "shift-edit", before, shifts);
    return call_json(call, 200, day_json(day, shifts));
}

bool shifts_remove(ApiCall *call, GError **error)
{
    const char *day = call->params[0];
    g_autoptr(GPtrArray) before = NULL;
    if (!duty_set(call->api->duty, day, NULL, &before, error))
        return false;
    if (!before)
        return err_set(error, ERR_NOT_FOUND, "the plan does not name that day");
    audit_day(call, "shift-remove", before, NULL);
    return call_empty(call);
}
