/* push_rules.h — of what a person is told, and through whom: the rules of Web Push, without doing.
 */
#pragma once

#include "catalog/push.h"
#include "event/event.h"

enum {
    PUSH_AFTER_MOST_S = 6 * 3600,
    PUSH_AFTER_USUAL_S = 120,
};

/* What a person without a choice of one's own is told; `silent` is owned. */
void push_choice_default(PushChoice *choice, const Uuid *account);

/* ERR_INVALID names what is wrong. */
bool push_choice_check(const PushChoice *choice, GError **error);

/* Who is on duty, as somebody sees it who wants to be told. */
typedef enum PushDuty {
    PUSH_NOBODY_ON_DUTY, /* nobody who would be told of it: all are */
    PUSH_ON_DUTY,        /* whatever the quiet hours are */
    PUSH_OFF_DUTY,       /* others are: only who wants it so */
} PushDuty;

/* Is an event of this kind, which has lasted `age_us`, to be told now? `minute`: of the site's day.
 */
bool push_wants(const PushChoice *choice, EventKind kind, int64_t age_us, int minute,
                PushDuty duty);

/* Is this kind ever told? */
bool push_hears(const PushChoice *choice, EventKind kind);

/* A kind that is no event: the account was signed in from a device that is new to it. */
#define PUSH_SIGN_IN "sign-in"
bool push_hears_sign_in(const PushChoice *choice);

/* Another one: somebody told a report. It is told at once or not at all. */
#define PUSH_REPORT "report"
bool push_wants_report(const PushChoice *choice, int minute, PushDuty duty);
