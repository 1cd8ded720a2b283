/* push_rules.h — of what a person is told, and through whom: the rules of Web Push, without doing.
 */
#pragma once

#include "catalog/push.h"
#include "event/event.h"
#include "people/people.h"

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

/* Others: somebody told a report, a case is overdue, a package waits for a second person. Each is
 * told at once or not at all. */
#define PUSH_REPORT "report"
#define PUSH_CASE "case"
#define PUSH_PACKAGE "package"
bool push_wants_work(const PushChoice *choice, const char *kind, int minute, PushDuty duty);

/* Whom news of work is for. Of all but PUSH_FOR_COMMANDERS: those on duty who have a phone that
 * hears of it, where there are any. */
typedef enum PushFor {
    PUSH_FOR_REPORTS,    /* who works on reports */
    PUSH_FOR_COMMANDERS, /* of a report that nobody took */
    PUSH_FOR_CASE,       /* `person` has it, and who may hold; with nobody, who works on cases */
    PUSH_FOR_APPROVAL,   /* who may approve what `person` asked for */
} PushFor;

bool push_is_for(PushFor whom, const Uuid *person, const Account *facts);

/* Kinds that one may silence, at most. */
enum { PUSH_KINDS_MOST = EVENT_KINDS + 4 };
