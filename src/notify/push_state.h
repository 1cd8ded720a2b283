/* push_state.h — private to push*.c: what a Push is made of. */
#pragma once

#include "base/json.h"
#include "base/queue.h"
#include "base/thread.h"
#include "base/turn.h"
#include "config/push_service.h"
#include "notify/push.h"
#include "notify/push_rules.h"

#include <pthread.h>
#include <stdatomic.h>

/* A device, with how it goes. */
typedef struct PushTarget {
    PushRow *row;
    char *service;      /* origin of the endpoint */
    char *trouble;      /* of the last attempt; NULL: it was well, or there was none */
    unsigned failures;  /* attempts since the last that was taken */
    int64_t not_before; /* the next attempt, monotonic */
} PushTarget;

struct Push {
    Catalog *catalog;
    Site *site;
    People *people;
    Duty *duty;
    const char *const *services;
    const char *contact;
    PushKey *key;
    char *public_key;
    Queue *jobs; /* Job */
    Thread *thread;
    atomic_bool closing;
    GPtrArray *open; /* of the thread alone: troubles that go on */
    Turn change;     /* whoever changes what is stored has it */

    pthread_mutex_t lock; /* of what follows; never held over disk, catalog or network */
    GPtrArray *targets;   /* PushTarget *, oldest first */
    GHashTable *choices;  /* Uuid * (in the choice) -> PushChoice * */
};

typedef enum PushEnd {
    PUSH_TAKEN,
    PUSH_FAILED, /* may go another time */
    PUSH_GONE,   /* the service knows no such subscription any more */
} PushEnd;

/* push_send.c: one message, now. `row` and `service` are copies. Blocking, up to 10 s; ends early
 * when `closing` is set. */
PushEnd push_post(Push *push, const PushRow *row, const char *service, const Json *message,
                  GError **error);

/* push.c: says it to one device, in the language of whoever has it; takes `message`. False: its
 * service did not take it. */
bool push_deliver(Push *push, const PushTarget *target, Json *message);
const char *push_language(const Account *facts); /* borrowed */

/* How an account stands to those on duty who are reached, which may be nobody. */
PushDuty push_duty_of(const GArray *reached, const Uuid *account);

/* Of the site's day. */
int push_minute(Push *push, int64_t now_us);

/* push_work.c: news of work on its way. */
typedef struct PushWork {
    Json *message; /* owned by the job */
    PushFor whom;
    Uuid person;
} PushWork;

void push_tell_work(Push *push, const PushWork *work);

/* push_store.c */
bool push_load(Push *push, GError **error);
void push_target_free(PushTarget *target);

/* Copies of the targets of an account, or of all (NULL): PushTarget *, returned owned. */
GPtrArray *push_targets(Push *push, const Uuid *account);

/* Keeps how an attempt ended; one that is gone is removed. */
void push_ended(Push *push, const Uuid *id, PushEnd end, const GError *trouble);
