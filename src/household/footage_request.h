/* footage_request.h — what households may be asked for: footage around a place, of at most twelve
 * hours, for one case, until a day. Pure, but for the desk's part below.
 *
 * Each household has a link of its own, with a secret. Whoever has it sees what is asked, gives
 * footage, takes it back, and sees every look at it. A no stays on their phone: nothing of it comes
 * here.
 */
#pragma once

#include "catalog/household_requests.h"
#include "household/household_desk.h"

#define FOOTAGE_WINDOW_MOST_US (INT64_C(12) * 3600 * 1000000)
#define FOOTAGE_DEADLINE_MOST_US (INT64_C(30) * 86400 * 1000000)
enum {
    FOOTAGE_WHAT_MOST = 500,
    FOOTAGE_UNIT_MOST = 100,
    FOOTAGE_CASE_MOST = 40,
    FOOTAGE_RADIUS_MOST_M = 1000,
    FOOTAGE_HOUSEHOLDS_MOST = 50,
    FOOTAGE_SECRET_BYTES = 16,
    FOOTAGE_WITHDRAWAL_MOST = 200,
};

/* As an officer asks; borrowed. */
typedef struct FootageAsked {
    const char *case_number, *what, *unit;
    const PlacePoint *place;
    int64_t radius_m, from_us, to_us, deadline_us;
    const Uuid *households;
    size_t household_count;
    const Uuid *key; /* the app's own name for it; NULL: none */
} FootageAsked;

/* ERR_INVALID says what is wrong, by its name on the API. Returns owned, or NULL. */
HouseholdRequestRow *footage_request_of(const FootageAsked *asked, const Uuid *by, int64_t now_us,
                                        GError **error);

/* Do both ask the same households for the same? */
bool footage_is_same(const HouseholdRequestRow *one, const HouseholdRequestRow *other);

/* ERR_INVALID once nothing can be given any more: it was withdrawn, or its deadline has passed,
 * `late_us` added. */
bool footage_takes(const HouseholdRequestRow *request, int64_t late_us, GError **error);

/* Was anything given in answer that was not taken back, be it deleted by age meanwhile? */
bool footage_is_given(const HouseholdAskRow *ask);
/* Is it there: whole, not taken back, not deleted by age? */
bool footage_file_is_given(const HouseholdFileRow *file);

/* ---- blocking ---- */

/* Was this asked before, under the key that is told? False with an error: it is not known. */
bool footage_was_asked(HouseholdDesk *desk, const FootageAsked *asked, bool *before,
                       GError **error);

/* Puts it to the households: each must have agreed to be asked. The same `key` by the same account
 * is the same request (`*again`), which nothing is done to. ERR_INVALID; ERR_EXISTS: the key is of
 * another request. Returns owned. */
HouseholdRequestRow *footage_ask(HouseholdDesk *desk, const FootageAsked *asked, const Uuid *by,
                                 bool *again, GError **error);

/* Nothing more is wanted of them: what was given stays as it is. One that was withdrawn before
 * stays as it was (`*again`). `reason` may be NULL. ERR_NOT_FOUND, ERR_INVALID. Returns owned. */
HouseholdRequestRow *footage_withdraw(HouseholdDesk *desk, const Uuid *request, const Uuid *by,
                                      const char *reason, bool *again, GError **error);

/* A new secret for the link of one household, in place of the one before; `*ask` is the id that the
 * link begins with. ERR_NOT_FOUND: it was not asked, or is asked no more. Returns owned
 * (secret_free), told this once. */
char *footage_link(HouseholdDesk *desk, const Uuid *request, const Uuid *household, Uuid *ask,
                   GError **error);

/* 0: one more may be asked of the public page, from that address; else how long to wait. */
int64_t footage_wait_us(HouseholdDesk *desk, const char *address);

/* What stands behind a link. ERR_NOT_FOUND for a wrong id and a wrong secret alike. Returns owned,
 * with the request in `*request` (owned). */
HouseholdAskRow *footage_follow(HouseholdDesk *desk, const char *id, const char *secret,
                                HouseholdRequestRow **request, GError **error);
