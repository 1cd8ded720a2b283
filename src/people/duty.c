#include "people/duty.h"

#include "base/clock.h"
#include "base/turn.h"
#include "config/site_day.h"

#include <pthread.h>
#include <string.h>

/* Dates are kept for so long after they are over: it can be asked who was to be there. */
#define KEEP_US (62 * DAY_US)

struct Duty {
    Catalog *catalog;
    Site *site;
    People *people;
    Turn change; /* whoever changes the plan has it */

    pthread_mutex_t lock; /* of what follows; never held over disk or catalog */
    ShiftPlan *plan;
    char *zone_name;
    GTimeZone *zone;  /* kept: to make one reads a file */
    GArray *last;     /* who was on duty when it was last asked for the turn */
    int64_t asked_us; /* when that was, monotonic */
    unsigned turn;
};

/* How old an answer of duty_turn() may be. */
#define TURN_AGE_US SECOND_US

Duty *duty_open(Catalog *catalog, Site *site, People *people, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(catalog, error);
    g_autoptr(GArray) rows = db ? shifts_list(db, error) : NULL;
    if (!rows)
        return NULL;
    Duty *duty = g_new0(Duty, 1);
    duty->catalog = catalog;
    duty->site = site;
    duty->people = people;
    duty->plan = shift_plan_of_rows(rows);
    duty->last = g_array_new(FALSE, FALSE, sizeof(Uuid));
    turn_init(&duty->change);
    pthread_mutex_init(&duty->lock, NULL);
    return duty;
}

void duty_free(Duty *duty)
{
    if (!duty)
        return;
    shift_plan_free(duty->plan);
    g_array_unref(duty->last);
    g_clear_pointer(&duty->zone, g_time_zone_unref);
    g_free(duty->zone_name);
    pthread_mutex_destroy(&duty->lock);
    turn_clear(&duty->change);
    g_free(duty);
}

bool duty_may_serve(Duty *duty, const Uuid *account)
{
    Account facts;
    return people_account(duty->people, account, &facts) && !facts.disabled &&
           rights_allow(facts.role, ACTION_DUTY);
}

static void leave_out(Duty *duty, GArray *people)
{
    for (guint i = people->len; i-- > 0;)
        if (!duty_may_serve(duty, &g_array_index(people, Uuid, i)))
            g_array_remove_index(people, i);
}

/* With the lock held: the site's zone, borrowed until the lock is let go; `name` is the site's. */
static GTimeZone *zone_of(Duty *duty, const char *name)
{
    if (duty->zone && g_str_equal(name, duty->zone_name))
        return duty->zone;
    g_clear_pointer(&duty->zone, g_time_zone_unref);
    g_free(duty->zone_name);
    duty->zone_name = g_strdup(name);
    duty->zone = g_time_zone_new_identifier(name);
    if (!duty->zone)
        duty->zone = g_time_zone_new_utc();
    return duty->zone;
}

GArray *duty_now(Duty *duty)
{
    g_autofree char *zone = site_time_zone(duty->site);
    pthread_mutex_lock(&duty->lock);
    GArray *people = shift_plan_on_duty(duty->plan, zone_of(duty, zone), clock_now_us());
    pthread_mutex_unlock(&duty->lock);
    leave_out(duty, people);
    return people;
}

unsigned duty_turn(Duty *duty)
{
    int64_t now_us = clock_mono_us();
    pthread_mutex_lock(&duty->lock);
    unsigned turn = duty->turn;
    bool fresh = duty->asked_us && now_us - duty->asked_us < TURN_AGE_US;
    if (!fresh)
        duty->asked_us = now_us;
    pthread_mutex_unlock(&duty->lock);
    if (fresh)
        return turn;
    GArray *people = duty_now(duty);
    pthread_mutex_lock(&duty->lock);
    if (!shift_same_people(people, duty->last))
        duty->turn++;
    g_array_unref(duty->last);
    duty->last = people;
    turn = duty->turn;
    pthread_mutex_unlock(&duty->lock);
    return turn;
}

GPtrArray *duty_turns(Duty *duty, int64_t from_us, int64_t to_us)
{
    g_autofree char *zone = site_time_zone(duty->site);
    pthread_mutex_lock(&duty->lock);
    GPtrArray *turns = shift_plan_turns(duty->plan, zone_of(duty, zone), from_us, to_us);
    pthread_mutex_unlock(&duty->lock);
    for (guint i = 0; i < turns->len; i++)
        leave_out(duty, ((ShiftTurn *)turns->pdata[i])->people);
    for (guint i = turns->len; i-- > 1;) {
        ShiftTurn *before = turns->pdata[i - 1];
        const ShiftTurn *turn = turns->pdata[i];
        if (!shift_same_people(before->people, turn->people))
            continue;
        before->to_us = turn->to_us;
        g_ptr_array_remove_index(turns, i);
    }
    return turns;
}

static ShiftPlan *copy_of(const ShiftPlan *plan)
{
    ShiftPlan *copy = shift_plan_new();
    g_autoptr(GPtrArray) days = shift_plan_days(plan);
    for (guint i = 0; i < days->len; i++)
        shift_plan_set(copy, days->pdata[i], shifts_copy(shift_plan_day(plan, days->pdata[i])));
    return copy;
}

ShiftPlan *duty_plan(Duty *duty)
{
    pthread_mutex_lock(&duty->lock);
    ShiftPlan *copy = copy_of(duty->plan);
    pthread_mutex_unlock(&duty->lock);
    return copy;
}

/* ---- changing it ---- */

typedef struct Write {
    const char *day;
    GArray *rows; /* NULL: the day goes */
    const char *keep_from;
} Write;

static bool write_day(CatalogDb *db, void *data, GError **error)
{
    const Write *write = data;
    return shifts_remove_before(db, write->keep_from, error) &&
           (write->rows ? shifts_put_day(db, write->day, write->rows, error)
                        : shifts_remove_day(db, write->day, error));
}

static bool check(Duty *duty, const ShiftPlan *plan, const char *day, const GPtrArray *shifts,
                  GError **error)
{
    const GPtrArray *before = shift_plan_day(plan, day);
    if (!shift_day_is(day))
        return err_set(error, ERR_INVALID, "a day is mon, tue, wed, thu, fri, sat, sun or a date");
    if (!shifts)
        return true;
    for (guint i = 0; i < shifts->len; i++) {
        const GArray *people = ((Shift *)shifts->pdata[i])->people;
        for (guint n = 0; n < people->len; n++) {
            const Uuid *account = &g_array_index(people, Uuid, n);
            if (!(before && shifts_have(before, account)) && !duty_may_serve(duty, account))
                return err_set(
                    error, ERR_INVALID,
                    "‘people’ must be accounts that can be on duty, and are not disabled");
        }
    }
    g_autoptr(GPtrArray) days = shift_plan_days(plan);
    return (before || days->len < SHIFT_DATES_MOST ||
            err_set(error, ERR_INVALID, "the plan has at most %d days", SHIFT_DATES_MOST)) &&
           shift_day_check(shifts, error);
}

static void forget_before(ShiftPlan *plan, const char *date)
{
    g_autoptr(GPtrArray) days = shift_plan_days(plan);
    for (guint i = 0; i < days->len; i++)
        if (strcmp(days->pdata[i], date) < 0)
            shift_plan_set(plan, days->pdata[i], NULL);
}

/* Within a turn. A day of the week without shifts is not named: there is nothing it goes before. */
static bool set(Duty *duty, const char *day, GPtrArray *shifts, GPtrArray **before, GError **error)
{
    g_autoptr(ShiftPlan) plan = duty_plan(duty);
    if (!check(duty, plan, day, shifts, error))
        return false;
    if (shifts && shifts->len == 0 && !shift_day_is_date(day))
        shifts = NULL;
    g_autofree char *keep_from = site_day_text(duty->site, clock_now_us() - KEEP_US);
    if (shifts && strcmp(day, keep_from) < 0)
        return err_set(error, ERR_INVALID, "%s is too long over to be planned", day);
    g_autoptr(GArray) rows = shifts ? shift_rows(day, shifts) : NULL;
    Write write = {day, rows, keep_from};
    if (!catalog_write_wait(duty->catalog, write_day, &write, error))
        return false;
    const GPtrArray *was = shift_plan_day(plan, day);
    *before = was ? shifts_copy(was) : NULL;
    shift_plan_set(plan, day, shifts ? g_ptr_array_ref(shifts) : NULL);
    forget_before(plan, keep_from);
    pthread_mutex_lock(&duty->lock);
    ShiftPlan *old = duty->plan;
    duty->plan = g_steal_pointer(&plan);
    duty->asked_us = 0; /* the turn is looked at anew */
    pthread_mutex_unlock(&duty->lock);
    shift_plan_free(old);
    return true;
}

bool duty_set(Duty *duty, const char *day, GPtrArray *shifts, GPtrArray **before, GError **error)
{
    g_autoptr(GPtrArray) taken = shifts;
    *before = NULL;
    turn_begin(&duty->change);
    bool done = set(duty, day, taken, before, error);
    turn_end(&duty->change);
    return done;
}
