/* push.h — Web Push: tells people's phones while the app is closed, by the push service of the
 * browser's maker (RFC 8030), as best effort: it needs the internet, and the service may be late.
 *
 * Nothing leaves that the service could read (push_seal.h). An event is told to whoever may see its
 * camera live and wants to hear of its kind, once it has lasted as long as that person wants to
 * wait, outside their quiet hours; and its end to whoever was told. While somebody is on duty who
 * would be told, it is told to them, whatever their quiet hours are, and to whoever wants it off
 * duty too (receivers.h). Several at once are told as one. What a service does not take is tried
 * again while the event goes on. Thread-safe; functions that change something block.
 */
#pragma once

#include "base/json.h"
#include "catalog/push.h"
#include "event/event.h"
#include "notify/push_rules.h"
#include "notify/push_seal.h"
#include "people/duty.h"

typedef struct Push Push;

typedef struct PushOptions {
    Catalog *catalog; /* borrowed, as are these */
    Site *site;
    People *people;
    Duty *duty;
    const char *const
        *services;       /* "https://host[:port]" beside those of the browsers; NULL-ended */
    const char *contact; /* "mailto:…" or "https://…", or NULL */
} PushOptions;

/* Blocking. Returns owned, or NULL. */
Push *push_new(const PushOptions *options, GError **error);
void push_free(Push *push); /* what waits is given up; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Push, push_free)

/* Of a trouble that begins or ends. Never waits. */
void push_event(Push *push, const Event *event);

/* The account was signed in from a device that is new to it: to each phone that is told for it, at
 * once, quiet hours and duty or not. Never waits. */
void push_sign_in(Push *push, const Uuid *account, const SessionInfo *where);

/* Of a report, a case or a package, as `kind` of `message` says, which it takes. At once, or not at
 * all in quiet hours. `person` may be NULL. Never waits. */
void push_work(Push *push, Json *message, PushFor whom, const Uuid *person);

/* Our public key, as browsers want it for a subscription; borrowed. */
const char *push_public_key(const Push *push);

/* The app of `account` can be reached at `endpoint`. `device`: in words. ERR_INVALID: the endpoint
 * is of no push service that we know, or that account has too many. */
bool push_subscribe(Push *push, const Uuid *account, const char *endpoint, const PushReader *reader,
                    const char *device, Uuid *id, GError **error);
bool push_unsubscribe(Push *push, const Uuid *account, const Uuid *id, GError **error);

/* No device of the account is told any more, until its app, signed in, subscribes anew: a phone
 * that was lost could be among them. `push` may be NULL. Failures are logged. */
void push_forget(Push *push, const Uuid *account);

typedef struct PushDevice {
    Uuid id;
    char *device;
    char *service; /* the host that passes it on */
    int64_t created_us, delivered_us;
    char *trouble; /* why the last one was not taken; "": it was, or none was sent */
} PushDevice;

void push_device_free(PushDevice *device);
GPtrArray *push_devices(Push *push, const Uuid *account); /* PushDevice *; returns owned */

/* Has a person no choice stored, it is the default. Returns owned. */
PushChoice *push_choice(Push *push, const Uuid *account);
bool push_choose(Push *push, const PushChoice *choice, GError **error);

/* Sends a test to each device of the account; how many services took it. ERR_NOT_FOUND: it has no
 * device. ERR_UNAVAILABLE: none was taken, and why. */
bool push_test(Push *push, const Uuid *account, unsigned *taken, GError **error);
