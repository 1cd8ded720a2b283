/* pending_weaker.c — which changes take two persons, and how they are held back from those that one
 * makes alone. */
#include "config/pending_state.h"
#include "config/site_state.h"
#include "config/text_rules.h"

#include <inttypes.h>
#include <string.h>

#define FIELD_DAYS "retention_days"
#define FIELD_BYTES "retention_bytes"

/* How a value of the site becomes less. */
typedef enum Less {
    LESS_NEVER, /* one person may set it */
    LESS_FEWER,
    LESS_BOUND, /* fewer, and any is less than 0: without end */
    LESS_APPROVAL,
} Less;

static const Less less_of[SITE_VALUES] = {
    [SITE_VALUE_RETENTION_DAYS] = LESS_FEWER,   [SITE_VALUE_RETENTION_BYTES] = LESS_BOUND,
    [SITE_VALUE_REPORT_KEEP_DAYS] = LESS_BOUND, [SITE_VALUE_REPORT_KEEP_REJECTED_DAYS] = LESS_BOUND,
    [SITE_VALUE_GIVEN_KEEP_DAYS] = LESS_FEWER,  [SITE_VALUE_PACKAGE_APPROVAL] = LESS_APPROVAL,
};

static bool is_less(int64_t before, int64_t after, bool zero_is_all)
{
    if (zero_is_all && (before == 0 || after == 0))
        return before == 0 && after != 0;
    return after < before;
}

/* The strictest is the highest. */
static int strictness(const char *approval)
{
    static const char *const order[] = {"none", "within-24h", "before"};
    for (int i = 0; i < (int)G_N_ELEMENTS(order); i++)
        if (strcmp(approval, order[i]) == 0)
            return i;
    return -1;
}

bool pending_is_weaker(SiteValue value, const char *before, const char *after)
{
    switch (less_of[value]) {
    case LESS_NEVER:
        return false;
    case LESS_APPROVAL:
        return strictness(after) < strictness(before);
    case LESS_FEWER:
    case LESS_BOUND:
        return is_less(g_ascii_strtoll(before, NULL, 10), g_ascii_strtoll(after, NULL, 10),
                       less_of[value] == LESS_BOUND);
    }
    return true;
}

/* ---- holding back ---- */

static bool waits_for_the_same(Site *site, const PendingRow *row)
{
    bool found = false;
    for (guint i = 0; i < site->pending->len && !found; i++) { /* only a turn changes them */
        const PendingRow *other = site->pending->pdata[i];
        found = site_pending_state(site, other) == PENDING_STATE_WAITING &&
                uuid_equal(&other->camera, &row->camera) && strcmp(other->field, row->field) == 0;
    }
    return found;
}

static bool may_ask(const PendingAsk *ask, GError **error)
{
    if (uuid_is_nil(&ask->by))
        return err_set(error, ERR_TWO_PERSONS,
                       "this takes two persons with accounts of their own: a token is none");
    return ask->reason || err_set(error, ERR_NEEDS_REASON,
                                  "this counts once a second person agrees: tell them why, with "
                                  "‘reason’");
}

bool pending_hold_back(Site *site, PendingAsk *ask, const PendingWish *wish, GError **error)
{
    g_autoptr(PendingRow) row = pending_row_new();
    if (!may_ask(ask, error) || !text_rule(&row->reason, "reason", ask->reason, PENDING_WORDS_LEAST,
                                           PENDING_WORDS_MOST, error))
        return false;
    row->id = uuid_new();
    row->camera = wish->camera ? *wish->camera : (Uuid){0};
    row->by = ask->by;
    row->asked_us = clock_now_us();
    g_free(row->field), row->field = g_strdup(wish->field);
    g_free(row->set), row->set = g_strdup(wish->set);
    g_free(row->before), row->before = g_strdup(wish->before);
    g_free(row->after), row->after = g_strdup(wish->after);
    if (waits_for_the_same(site, row))
        return err_set(error, ERR_EXISTS,
                       "‘%s’: another change of it waits for a second person already", row->field);
    if (!ask->waits)
        ask->waits = g_ptr_array_new_with_free_func((GDestroyNotify)pending_row_free);
    g_ptr_array_add(ask->waits, g_steal_pointer(&row));
    return true;
}

void pending_ask_clear(PendingAsk *ask)
{
    g_clear_pointer(&ask->waits, g_ptr_array_unref);
}

/* ---- of a camera: its own rule, or where it has none the site's ---- */

static int64_t days_that_count(Site *site, int64_t own)
{
    return own ? own : site_number(site, SITE_VALUE_RETENTION_DAYS);
}

static int64_t bytes_that_count(Site *site, int64_t own)
{
    return own ? own : site_number(site, SITE_VALUE_RETENTION_BYTES);
}

/* `*own` becomes `was` again when it has to wait. */
static bool hold_back_number(Site *site, PendingAsk *ask, const CameraRow *of, const char *field,
                             int64_t was, int64_t *own,
                             int64_t (*that_counts)(Site *site, int64_t own), GError **error)
{
    char set[24], before[24], after[24];
    int64_t now = that_counts(site, was), then = that_counts(site, *own);
    if (!is_less(now, then, that_counts == bytes_that_count))
        return true;
    g_snprintf(set, sizeof set, "%" PRId64, *own);
    g_snprintf(before, sizeof before, "%" PRId64, now);
    g_snprintf(after, sizeof after, "%" PRId64, then);
    *own = was;
    return pending_hold_back(site, ask, &(PendingWish){&of->id, field, set, before, after}, error);
}

bool pending_hold_back_camera(Site *site, PendingAsk *ask, const CameraRow *before, CameraRow *row,
                              GError **error)
{
    return hold_back_number(site, ask, row, FIELD_DAYS, before->retention_days,
                            &row->retention_days, days_that_count, error) &&
           hold_back_number(site, ask, row, FIELD_BYTES, before->retention_bytes,
                            &row->retention_bytes, bytes_that_count, error);
}

/* ---- what counts ---- */

bool pending_is_clock(const PendingRow *row)
{
    return strcmp(row->field, FIELD_NTP) == 0;
}

static char *of_camera(Site *site, const PendingRow *row, const char *set)
{
    g_autoptr(CameraRow) camera = site_camera_get(site, &row->camera);
    if (camera && pending_is_clock(row)) /* whatever it is: the camera alone knows */
        return g_strdup(set ? row->after : row->before);
    if (!camera || camera->locked)
        return NULL;
    const bool days = strcmp(row->field, FIELD_DAYS) == 0;
    int64_t own = set    ? g_ascii_strtoll(set, NULL, 10)
                  : days ? camera->retention_days
                         : camera->retention_bytes;
    return g_strdup_printf("%" PRId64,
                           days ? days_that_count(site, own) : bytes_that_count(site, own));
}

static char *that_counts(Site *site, const PendingRow *row, const char *set)
{
    if (!uuid_is_nil(&row->camera))
        return of_camera(site, row, set);
    for (int i = 0; i < SITE_VALUES; i++)
        if (strcmp(site_value_name((SiteValue)i), row->field) == 0)
            return site_value_locked(site, (SiteValue)i) ? NULL
                   : set                                 ? g_strdup(set)
                                                         : site_value(site, (SiteValue)i);
    return NULL;
}

char *pending_now(Site *site, const PendingRow *row)
{
    return that_counts(site, row, NULL);
}

char *pending_then(Site *site, const PendingRow *row)
{
    return that_counts(site, row, row->set);
}

void pending_apply_to_camera(const PendingRow *row, CameraRow *camera)
{
    int64_t *own =
        strcmp(row->field, FIELD_DAYS) == 0 ? &camera->retention_days : &camera->retention_bytes;
    *own = g_ascii_strtoll(row->set, NULL, 10);
}

/* ---- clocks ---- */

bool site_camera_is_being_added(Site *site, const Uuid *camera)
{
    g_autoptr(CameraRow) row = site_camera_get(site, camera);
    const int64_t age_us = row ? clock_now_us() - row->created_us : -1;
    return age_us >= 0 && age_us < CAMERA_ADDING_US;
}
