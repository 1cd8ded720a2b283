#include "household/footage_request.h"

#include "base/clock.h"
#include "base/secret.h"
#include "config/text_rules.h"
#include "household/household_desk_state.h"

#include <math.h>
#include <string.h>

#define AGE_MOST_US (60 * DAY_US)

/* ---- what may be asked ---- */

static bool check_span(const FootageAsked *asked, GError **error)
{
    if (asked->to_us <= asked->from_us)
        return err_set(error, ERR_INVALID, "‘from’ must be before ‘to’");
    if (asked->to_us - asked->from_us > FOOTAGE_WINDOW_MOST_US)
        return err_set(error, ERR_INVALID, "from ‘from’ to ‘to’ may be at most 12 hours");
    return true;
}

/* Of a new one: what was asked before, and is asked again, stands whatever the time is now. */
static bool check_age(const HouseholdRequestRow *row, GError **error)
{
    int64_t now_us = row->made_us;
    if (row->from_us > now_us || row->from_us < now_us - AGE_MOST_US)
        return err_set(error, ERR_INVALID, "‘from’ must lie in the last 60 days");
    if (row->deadline_us <= now_us || row->deadline_us > now_us + FOOTAGE_DEADLINE_MOST_US)
        return err_set(error, ERR_INVALID, "‘deadline’ must be within the next 30 days");
    return true;
}

static bool check_place(const FootageAsked *asked, GError **error)
{
    const PlacePoint *place = asked->place;
    if (!place || !(fabs(place->latitude) <= 90 && fabs(place->longitude) <= 180))
        return err_set(error, ERR_INVALID, "‘place’ must be a latitude and a longitude in degrees");
    if (asked->radius_m < 1 || asked->radius_m > FOOTAGE_RADIUS_MOST_M)
        return err_set(error, ERR_INVALID, "‘radius’ must be 1 to %d", FOOTAGE_RADIUS_MOST_M);
    return (asked->household_count >= 1 && asked->household_count <= FOOTAGE_HOUSEHOLDS_MOST) ||
           err_set(error, ERR_INVALID, "‘households’ must be 1 to %d", FOOTAGE_HOUSEHOLDS_MOST);
}

static bool is_asked(const HouseholdRequestRow *row, const Uuid *household)
{
    for (guint i = 0; i < row->asks->len; i++)
        if (uuid_equal(&((const HouseholdAskRow *)row->asks->pdata[i])->household, household))
            return true;
    return false;
}

HouseholdRequestRow *footage_request_of(const FootageAsked *asked, const Uuid *by, int64_t now_us,
                                        GError **error)
{
    g_autoptr(HouseholdRequestRow) row = household_request_row_new();
    if (!check_span(asked, error) || !check_place(asked, error) ||
        !text_rule(&row->case_number, "case", asked->case_number ? asked->case_number : "", 3,
                   FOOTAGE_CASE_MOST, error) ||
        !text_rule(&row->what, "what", asked->what ? asked->what : "", 3, FOOTAGE_WHAT_MOST,
                   error) ||
        !text_rule(&row->unit, "unit", asked->unit ? asked->unit : "", 1, FOOTAGE_UNIT_MOST, error))
        return NULL;
    row->id = uuid_new();
    row->latitude = asked->place->latitude;
    row->longitude = asked->place->longitude;
    row->radius_m = (int)asked->radius_m;
    row->from_us = asked->from_us;
    row->to_us = asked->to_us;
    row->deadline_us = asked->deadline_us;
    row->made_us = now_us;
    row->made_by = *by;
    row->key = asked->key ? *asked->key : (Uuid){0};
    for (size_t i = 0; i < asked->household_count; i++) {
        if (is_asked(row, &asked->households[i]))
            continue;
        HouseholdAskRow *ask = household_ask_row_new();
        ask->id = uuid_new();
        ask->household = asked->households[i];
        g_ptr_array_add(row->asks, ask);
    }
    return g_steal_pointer(&row);
}

bool footage_is_same(const HouseholdRequestRow *one, const HouseholdRequestRow *other)
{
    bool same = strcmp(one->case_number, other->case_number) == 0 &&
                strcmp(one->what, other->what) == 0 && strcmp(one->unit, other->unit) == 0 &&
                one->latitude == other->latitude && one->longitude == other->longitude &&
                one->radius_m == other->radius_m && one->from_us == other->from_us &&
                one->to_us == other->to_us && one->deadline_us == other->deadline_us &&
                one->asks->len == other->asks->len;
    for (guint i = 0; same && i < one->asks->len; i++)
        same = is_asked(other, &((const HouseholdAskRow *)one->asks->pdata[i])->household);
    return same;
}

bool footage_takes(const HouseholdRequestRow *request, int64_t late_us, GError **error)
{
    if (request->withdrawn_us)
        return err_set(error, ERR_INVALID, "this is no longer asked for");
    return clock_now_us() <= request->deadline_us + late_us ||
           err_set(error, ERR_INVALID, "the time to answer is over");
}

bool footage_file_is_given(const HouseholdFileRow *file)
{
    return file->done_us && !file->withdrawn_us && !file->expired_us;
}

bool footage_is_given(const HouseholdAskRow *ask)
{
    for (guint i = 0; i < ask->files->len; i++) {
        const HouseholdFileRow *file = &g_array_index(ask->files, HouseholdFileRow, i);
        if (file->done_us && !file->withdrawn_us)
            return true;
    }
    return false;
}

/* ---- putting it to them ---- */

/* Takes `trouble`. That something is not there is an answer; all else is not known. */
static bool is_only_missing(GError *trouble, GError **error)
{
    if (trouble && !g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, trouble);
        return false;
    }
    g_clear_error(&trouble);
    return true;
}

static bool may_be_asked(CatalogDb *db, const Uuid *household, GError **error)
{
    GError *trouble = NULL;
    g_autoptr(HouseholdRow) row = households_get(db, household, &trouble);
    if (!is_only_missing(trouble, error))
        return false;
    return (row && !household_is_revoked(row) && household_level(row) >= HOUSEHOLD_ASKED) ||
           err_set(error, ERR_INVALID,
                   "‘households’ names one that has not agreed to be asked, or no more");
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Asking {
    HouseholdRequestRow *row;
    HouseholdRequestRow *known; /* with the same key */
} Asking;

/* True without one where there is none. */
static bool find_key(CatalogDb *db, const Uuid *key, HouseholdRequestRow **known, GError **error)
{
    GError *trouble = NULL;
    g_clear_pointer(known, household_request_row_free);
    if (!uuid_is_nil(key))
        *known = household_requests_get_key(db, key, &trouble);
    return is_only_missing(trouble, error);
}

static bool write_request(CatalogDb *db, void *data, GError **error)
{
    Asking *asking = data;
    HouseholdRequestRow *row = asking->row;
    if (!find_key(db, &row->key, &asking->known, error))
        return false;
    if (asking->known)
        return (uuid_equal(&asking->known->made_by, &row->made_by) &&
                footage_is_same(asking->known, row)) ||
               err_set(error, ERR_EXISTS, "‘key’ is of another request: make a new one");
    if (!check_age(row, error))
        return false;
    for (guint i = 0; i < row->asks->len; i++)
        if (!may_be_asked(db, &((const HouseholdAskRow *)row->asks->pdata[i])->household, error))
            return false;
    return household_requests_add(db, row, error);
}

bool footage_was_asked(HouseholdDesk *desk, const FootageAsked *asked, bool *before, GError **error)
{
    g_autoptr(HouseholdRequestRow) known = NULL;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    const Uuid none = {0};
    bool read = db && find_key(db, asked->key ? asked->key : &none, &known, error);
    *before = known != NULL;
    return read;
}

HouseholdRequestRow *footage_ask(HouseholdDesk *desk, const FootageAsked *asked, const Uuid *by,
                                 bool *again, GError **error)
{
    g_autoptr(HouseholdRequestRow) row = footage_request_of(asked, by, clock_now_us(), error);
    if (!row)
        return NULL;
    Asking asking = {.row = row};
    bool written = catalog_write_wait(desk->catalog, write_request, &asking, error);
    g_autoptr(HouseholdRequestRow) known = asking.known;
    if (!written)
        return NULL;
    *again = known != NULL;
    return known ? g_steal_pointer(&known) : g_steal_pointer(&row);
}

/* ---- withdrawing it ---- */

typedef struct Withdrawing {
    const Uuid *request, *by;
    const char *reason;
    bool again;
    HouseholdRequestRow *row;
} Withdrawing;

static bool write_withdrawal(CatalogDb *db, void *data, GError **error)
{
    Withdrawing *withdrawing = data;
    g_clear_pointer(&withdrawing->row, household_request_row_free);
    HouseholdRequestRow *row = withdrawing->row =
        household_requests_get(db, withdrawing->request, error);
    if (!row)
        return false;
    withdrawing->again = row->withdrawn_us != 0;
    if (withdrawing->again)
        return true;
    row->withdrawn_us = clock_now_us();
    row->withdrawn_by = *withdrawing->by;
    g_free(row->withdrawal);
    row->withdrawal = g_strdup(withdrawing->reason);
    return household_requests_put(db, row, error);
}

HouseholdRequestRow *footage_withdraw(HouseholdDesk *desk, const Uuid *request, const Uuid *by,
                                      const char *reason, bool *again, GError **error)
{
    g_autofree char *clean = NULL;
    if (!text_rule(&clean, "reason", reason ? reason : "", 0, FOOTAGE_WITHDRAWAL_MOST, error))
        return NULL;
    Withdrawing withdrawing = {.request = request, .by = by, .reason = clean};
    bool written = catalog_write_wait(desk->catalog, write_withdrawal, &withdrawing, error);
    g_autoptr(HouseholdRequestRow) row = withdrawing.row;
    *again = withdrawing.again;
    return written ? g_steal_pointer(&row) : NULL;
}

/* ---- links ---- */

typedef struct Linking {
    const Uuid *request, *household;
    uint8_t secret[SHA256_BYTES];
    Uuid ask;
} Linking;

static bool write_link(CatalogDb *db, void *data, GError **error)
{
    Linking *linking = data;
    g_autoptr(HouseholdRequestRow) row = household_requests_get(db, linking->request, error);
    if (!row)
        return false;
    for (guint i = 0; i < row->asks->len; i++) {
        HouseholdAskRow *ask = row->asks->pdata[i];
        if (!uuid_equal(&ask->household, linking->household))
            continue;
        memcpy(ask->secret, linking->secret, sizeof ask->secret);
        linking->ask = ask->id;
        /* Who gave something can always see what became of it, and take it back. */
        return (footage_is_given(ask) || may_be_asked(db, &ask->household, error)) &&
               household_asks_put(db, ask, error);
    }
    return err_set(error, ERR_NOT_FOUND, "this household was not asked");
}

char *footage_link(HouseholdDesk *desk, const Uuid *request, const Uuid *household, Uuid *ask,
                   GError **error)
{
    secret_auto char *secret = secret_token(FOOTAGE_SECRET_BYTES);
    Linking linking = {.request = request, .household = household};
    sha256(secret, strlen(secret), linking.secret);
    if (!catalog_write_wait(desk->catalog, write_link, &linking, error))
        return NULL;
    *ask = linking.ask;
    return g_steal_pointer(&secret);
}

int64_t footage_wait_us(HouseholdDesk *desk, const char *address)
{
    return gate_pass(desk->guests, address, clock_mono_us());
}

HouseholdAskRow *footage_follow(HouseholdDesk *desk, const char *id, const char *secret,
                                HouseholdRequestRow **request, GError **error)
{
    static const uint8_t none[SHA256_BYTES];
    uint8_t digest[SHA256_BYTES];
    Uuid ask;
    g_autoptr(HouseholdRequestRow) of = NULL;
    sha256(secret, strlen(secret), digest);
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    if (!db)
        return NULL;
    GError *trouble = NULL;
    g_autoptr(HouseholdAskRow) row =
        uuid_parse(id, &ask) ? household_asks_get(db, &ask, &of, &trouble) : NULL;
    if (!is_only_missing(trouble, error))
        return NULL;
    if (!row || memcmp(row->secret, none, sizeof none) == 0 ||
        memcmp(row->secret, digest, sizeof digest) != 0) {
        err_set(error, ERR_NOT_FOUND, "this link holds no more: ask for a new one");
        return NULL;
    }
    *request = g_steal_pointer(&of);
    return g_steal_pointer(&row);
}
