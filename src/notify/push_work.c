/* News of work on phones: a report, a case that is overdue, a package that waits for a second
 * person. Of the push thread. */
#include "base/clock.h"
#include "notify/push_state.h"
#include "notify/receivers.h"

static bool wants(Push *push, const PushWork *work, const Uuid *account, int minute, PushDuty duty,
                  Account *facts)
{
    const char *kind = json_string_value(json_object_get(work->message, "kind"));
    PushChoice *choice = push_choice(push, account);
    bool wanted = people_account(push->people, account, facts) &&
                  push_is_for(work->whom, &work->person, facts) &&
                  push_wants_work(choice, kind, minute, duty);
    push_choice_free(choice);
    return wanted;
}

/* Those on duty who have a phone that hears of it: with none it is for all. */
static GArray *phones_on_duty(Push *push, const PushWork *work, const GPtrArray *targets)
{
    Account facts;
    GArray *reached = g_array_new(FALSE, FALSE, sizeof(Uuid));
    if (work->whom == PUSH_FOR_COMMANDERS)
        return reached;
    g_autoptr(GArray) on_duty = duty_now(push->duty);
    for (guint i = 0; i < targets->len; i++) {
        const Uuid *account = &((PushTarget *)targets->pdata[i])->row->account;
        if (uuids_have(on_duty, account) && wants(push, work, account, 0, PUSH_ON_DUTY, &facts))
            g_array_append_vals(reached, account, 1);
    }
    return reached;
}

void push_tell_work(Push *push, const PushWork *work)
{
    Account facts = {0};
    g_autoptr(GPtrArray) targets = push_targets(push, NULL);
    g_autoptr(GArray) reached = phones_on_duty(push, work, targets);
    int minute = push_minute(push, clock_now_us());
    for (guint i = 0; i < targets->len && !atomic_load(&push->closing); i++) {
        const PushTarget *target = targets->pdata[i];
        const Uuid *account = &target->row->account;
        if (!wants(push, work, account, minute, push_duty_of(reached, account), &facts))
            continue;
        Json *message = json_deep_copy(work->message);
        json_object_set_new(message, "language", json_string(push_language(&facts)));
        push_deliver(push, target, message);
    }
}
