/* office.h — the work of a post beside a world that is recorded: a case with its papers, asked for
 * and approved by two, a stick, and a household that gives a film by its link.
 *
 * What is asked of a server that is killed meanwhile has the status 0.
 */
#pragma once

#include "world.h"

typedef struct Office {
    World *world;
    char *officer, *commander; /* sessions: what takes two persons takes no token */
    char *sticks;              /* folder with one stick, “stick”; NULL: none */
    char *case_number;
    char *request, *secret; /* of the household's link */
    int64_t from_us, to_us; /* footage there is */
} Office;

/* The folder below which the stick is mounted, for `storage.hand_over`. Fails the test when nothing
 * may be mounted: ask office_may_mount() before. */
bool office_may_mount(void);
char *office_sticks(void);

/* Accounts, a case, a household that may be asked and its link; some seconds of footage. */
void office_open(Office *office, World *world, const char *sticks);
void office_close(Office *office); /* unmounts and removes the sticks */

/* Status of a request; 0: the server hung up. `who`: the officer, the
 * commander, a token; NULL: the household. `answer` (owned)
 * may be NULL. Any thread. */
int office_try(const Office *office, const char *who, const char *method, const char *path,
               const char *body, Json **answer);
/* The same, of which the status must be this; returns owned. */
Json *office_ask(const Office *office, const char *who, const char *method, const char *path,
                 const char *body, int status);

/* A report with a picture; its id, owned. */
char *office_report(const Office *office);

/* A package, or a certificate of all the picture, of one camera, asked for by the officer; its id,
 * owned. */
char *office_package(const Office *office, bool certificate);
void office_approve(const Office *office, const char *package);
/* Waits until it is over and is `state`; returns it as the officer sees it, owned. */
Json *office_wait(const Office *office, const char *package, const char *state);

/* By the household's link, with bytes as the body; those of `piece` are sent in small parts with
 * pauses, `ms` in all. */
int office_give(const Office *office, const char *path, const void *bytes, size_t size, int ms,
                Json **answer);

/* How often the log has `action` about `object`. */
unsigned office_audited(const Office *office, const char *action, const char *object);

/* Files on the stick whose name ends like this. */
unsigned office_on_stick(const Office *office, const char *end);
