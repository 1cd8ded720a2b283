#include "notify/push.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "config/language.h"
#include "config/site_day.h"
#include "notify/message.h"
#include "notify/push_state.h"
#include "notify/receivers.h"

#include <curl/curl.h>
#include <string.h>

enum { WAITING_MOST = 1024, APART_MOST = 3 };

/* Troubles are looked at this often while there are any: what comes within it goes as one. */
#define LOOK_US (3 * SECOND_US)

/* A trouble that goes on, and which devices know of it. */
typedef struct Open {
    Event event;      /* `detail` is owned */
    GHashTable *told; /* Uuid * (owned) of a device */
} Open;

static void open_free(Open *open)
{
    g_free((char *)open->event.detail);
    g_hash_table_unref(open->told);
    g_free(open);
}

/* What comes to the thread. */
typedef struct Job {
    Event event;   /* a copy */
    Json *sign_in; /* not an event, but this, to the phones of: */
    Uuid account;
    PushWork work; /* or this */
} Job;

static void job_free(void *data)
{
    Job *job = data;
    g_free((char *)job->event.detail);
    json_decref(job->sign_in);
    json_decref(job->work.message);
    g_free(job);
}

/* ---- what is said ---- */

const char *push_language(const Account *facts)
{
    return *facts->language ? facts->language : LANGUAGE_USUAL;
}

static Json *say(Push *push, const Event *event, const Account *facts)
{
    Json *message = message_of_event(push->site, event, clock_now_us());
    json_object_del(message, "cause"); /* plain English, for technicians */
    json_object_set_new(message, "language", json_string(push_language(facts)));
    return message;
}

static Json *say_many(Push *push, const char *state, unsigned count, const Account *facts)
{
    Json *message = json_pack("{s:s, s:s, s:i, s:s}", "kind", "several", "state", state, "count",
                              (int)count, "language", push_language(facts));
    message_sign(message, push->site, clock_now_us());
    return message;
}

bool push_deliver(Push *push, const PushTarget *target, Json *message)
{
    g_autoptr(GError) error = NULL;
    PushEnd end = push_post(push, target->row, target->service, message, &error);
    json_decref(message);
    if (!atomic_load(&push->closing))
        push_ended(push, &target->row->id, end, error);
    return end == PUSH_TAKEN;
}

/* Tells one device of all these at once; how many of them, from the first, were taken. */
static unsigned deliver_all(Push *push, const PushTarget *target, const GPtrArray *events,
                            const Account *facts)
{
    const Open *first = events->pdata[0];
    if (events->len > APART_MOST)
        return push_deliver(
                   push, target,
                   say_many(push, first->event.to_us ? "over" : "begun", events->len, facts))
                   ? events->len
                   : 0;
    for (guint i = 0; i < events->len; i++) {
        const Open *open = events->pdata[i];
        if (!push_deliver(push, target, say(push, &open->event, facts)))
            return i;
    }
    return events->len;
}

/* ---- a look at what goes on ---- */

/* Those on duty `now` who hear of such a trouble on a phone: with none it is for everybody. */
static GArray *phones_on_duty(Push *push, const GArray *now, const Event *event,
                              const GPtrArray *targets)
{
    GArray *reached = g_array_new(FALSE, FALSE, sizeof(Uuid));
    g_autoptr(GArray) on_duty = receivers_on_duty(now, push->people, push->site, event);
    for (guint i = 0; i < targets->len; i++) {
        const Uuid *account = &((PushTarget *)targets->pdata[i])->row->account;
        if (!uuids_have(on_duty, account))
            continue;
        PushChoice *choice = push_choice(push, account);
        if (push_hears(choice, event->kind))
            g_array_append_vals(reached, account, 1);
        push_choice_free(choice);
    }
    return reached;
}

/* A look at what goes on: `reached` has phones_on_duty() of each open trouble. */
typedef struct Look {
    int64_t now_us;
    int minute;
    GPtrArray *reached;
} Look;

PushDuty push_duty_of(const GArray *reached, const Uuid *account)
{
    if (reached->len == 0)
        return PUSH_NOBODY_ON_DUTY;
    return uuids_have(reached, account) ? PUSH_ON_DUTY : PUSH_OFF_DUTY;
}

/* Of which troubles this device is to hear now; `*facts` of whoever has it. */
static GPtrArray *due_for(Push *push, const PushTarget *target, const Look *look, Account *facts)
{
    GPtrArray *due = g_ptr_array_new();
    const Uuid *account = &target->row->account;
    PushChoice *choice = push_choice(push, account);
    for (guint i = 0; i < push->open->len; i++) {
        Open *open = push->open->pdata[i];
        if (!g_hash_table_contains(open->told, &target->row->id) &&
            push_wants(choice, open->event.kind, look->now_us - open->event.from_us, look->minute,
                       push_duty_of(look->reached->pdata[i], account)) &&
            receivers_may_know(push->people, push->site, account, &open->event, facts))
            g_ptr_array_add(due, open);
    }
    push_choice_free(choice);
    return due;
}

int push_minute(Push *push, int64_t now_us)
{
    return (int)((now_us - site_day_start_us(push->site, now_us)) / MINUTE_US) % DAY_MINUTES;
}

static void look_at_open(Push *push)
{
    int64_t now_us = clock_now_us();
    g_autoptr(GPtrArray) targets = push_targets(push, NULL);
    g_autoptr(GPtrArray) reached = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    const Look look = {now_us, push_minute(push, now_us), reached};
    g_autoptr(GArray) now = duty_now(push->duty);
    for (guint i = 0; i < push->open->len; i++) {
        const Open *open = push->open->pdata[i];
        g_ptr_array_add(reached, phones_on_duty(push, now, &open->event, targets));
    }
    for (guint i = 0; i < targets->len && !atomic_load(&push->closing); i++) {
        const PushTarget *target = targets->pdata[i];
        Account facts = {0};
        if (target->not_before > clock_mono_us())
            continue;
        g_autoptr(GPtrArray) due = due_for(push, target, &look, &facts);
        unsigned taken = due->len > 0 ? deliver_all(push, target, due, &facts) : 0;
        for (unsigned n = 0; n < taken; n++)
            g_hash_table_add(((Open *)due->pdata[n])->told,
                             g_memdup2(&target->row->id, sizeof(Uuid)));
    }
}

/* Who heard that it began hears that it is over. */
static void tell_over(Push *push, GPtrArray *over)
{
    g_autoptr(GPtrArray) targets = push_targets(push, NULL);
    for (guint i = 0; i < targets->len && !atomic_load(&push->closing); i++) {
        const PushTarget *target = targets->pdata[i];
        Account facts = {0};
        g_autoptr(GPtrArray) known = g_ptr_array_new();
        for (guint n = 0; n < over->len; n++) {
            Open *open = over->pdata[n];
            if (g_hash_table_contains(open->told, &target->row->id) &&
                receivers_may_know(push->people, push->site, &target->row->account, &open->event,
                                   &facts))
                g_ptr_array_add(known, open);
        }
        if (known->len > 0)
            deliver_all(push, target, known, &facts);
    }
}

/* ---- the thread ---- */

static void take(Push *push, const Event *event, GPtrArray *over)
{
    for (guint i = 0; i < push->open->len; i++) {
        Open *open = push->open->pdata[i];
        if (!uuid_equal(&open->event.id, &event->id))
            continue;
        if (!event->to_us)
            return;
        open->event.to_us = event->to_us;
        g_ptr_array_add(over, g_ptr_array_steal_index(push->open, i));
        return;
    }
    if (event->to_us)
        return;
    Open *open = g_new0(Open, 1);
    open->event = *event;
    open->event.detail = g_strdup(event->detail);
    open->told = g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, NULL);
    g_ptr_array_add(push->open, open);
}

/* To the phones of the account, where they hear of it. */
static void tell_sign_in(Push *push, const Job *job)
{
    Account facts = {0};
    PushChoice *choice = push_choice(push, &job->account);
    bool hears = push_hears_sign_in(choice) &&
                 people_account(push->people, &job->account, &facts) && !facts.disabled;
    push_choice_free(choice);
    g_autoptr(GPtrArray) targets = push_targets(push, &job->account);
    for (guint i = 0; hears && i < targets->len && !atomic_load(&push->closing); i++) {
        Json *message = json_deep_copy(job->sign_in);
        json_object_set_new(message, "language", json_string(push_language(&facts)));
        push_deliver(push, targets->pdata[i], message);
    }
}

/* Takes what comes for LOOK_US, or for ever while nothing goes on. False: it is time to stop. */
static bool gather(Push *push, GPtrArray *over)
{
    int64_t until_us = clock_mono_us() + LOOK_US;
    bool quiet = push->open->len == 0;
    for (;;) {
        int64_t left_us = MAX(until_us - clock_mono_us(), 0);
        Job *job = queue_pop(push->jobs, quiet ? -1 : left_us);
        if (atomic_load(&push->closing)) {
            g_clear_pointer(&job, job_free);
            return false;
        }
        if (!job)
            return true;
        if (job->sign_in) {
            tell_sign_in(push, job);
            job_free(job);
            continue;
        }
        if (job->work.message) {
            push_tell_work(push, &job->work);
            job_free(job);
            continue;
        }
        take(push, &job->event, over);
        job_free(job);
        if (quiet)
            until_us = clock_mono_us() + LOOK_US;
        quiet = false;
    }
}

static void push_main(void *data)
{
    Push *push = data;
    for (;;) {
        g_autoptr(GPtrArray) over = g_ptr_array_new_with_free_func((GDestroyNotify)open_free);
        if (!gather(push, over))
            return;
        if (over->len > 0)
            tell_over(push, over);
        look_at_open(push);
    }
}

Push *push_new(const PushOptions *options, GError **error)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        g_error("libcurl cannot be initialised");
    Push *push = g_new0(Push, 1);
    push->catalog = options->catalog;
    push->site = options->site;
    push->people = options->people;
    push->duty = options->duty;
    push->services = options->services;
    push->contact = options->contact;
    push->jobs = queue_new();
    push->open = g_ptr_array_new_with_free_func((GDestroyNotify)open_free);
    push->targets = g_ptr_array_new_with_free_func((GDestroyNotify)push_target_free);
    push->choices =
        g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, (GDestroyNotify)push_choice_free);
    turn_init(&push->change);
    pthread_mutex_init(&push->lock, NULL);
    if (!push_load(push, error)) {
        push_free(push);
        return NULL;
    }
    push->thread = thread_start("push", push_main, push);
    return push;
}

void push_free(Push *push)
{
    if (!push)
        return;
    atomic_store(&push->closing, true);
    queue_close(push->jobs);
    thread_join(push->thread);
    queue_free(push->jobs, job_free);
    g_ptr_array_unref(push->open);
    g_ptr_array_unref(push->targets);
    g_hash_table_unref(push->choices);
    push_key_free(push->key);
    g_free(push->public_key);
    pthread_mutex_destroy(&push->lock);
    turn_clear(&push->change);
    g_free(push);
}

const char *push_public_key(const Push *push)
{
    return push->public_key;
}

/* Takes `job`. */
static void enqueue(Push *push, Job *job)
{
    if (queue_length(push->jobs) < WAITING_MOST) {
        queue_push(push->jobs, job);
        return;
    }
    log_error("push.lost", "cause=\"%d messages wait already\"", WAITING_MOST);
    job_free(job);
}

void push_event(Push *push, const Event *event)
{
    Job *job = g_new0(Job, 1);
    job->event = *event;
    job->event.detail = g_strdup(event->detail);
    enqueue(push, job);
}

void push_sign_in(Push *push, const Uuid *account, const SessionInfo *where)
{
    Job *job = g_new0(Job, 1);
    job->account = *account;
    job->sign_in = json_pack("{s:s, s:s, s:s}", "kind", PUSH_SIGN_IN, "device", where->device,
                             "address", where->address);
    json_object_set_new(job->sign_in, "since", json_time(where->created_us));
    message_sign(job->sign_in, push->site, clock_now_us());
    enqueue(push, job);
}

void push_work(Push *push, Json *message, PushFor whom, const Uuid *person)
{
    Job *job = g_new0(Job, 1);
    job->work = (PushWork){.message = message, .whom = whom};
    if (person)
        job->work.person = *person;
    message_sign(message, push->site, clock_now_us());
    enqueue(push, job);
}

bool push_test(Push *push, const Uuid *account, unsigned *taken, GError **error)
{
    Account facts = {0};
    g_autoptr(GPtrArray) targets = push_targets(push, account);
    *taken = 0;
    if (targets->len == 0 || !people_account(push->people, account, &facts))
        return err_set(error, ERR_NOT_FOUND, "no device of this account is told");
    for (guint i = 0; i < targets->len; i++) {
        Json *message = message_of_test(push->site, clock_now_us());
        json_object_set_new(message, "language", json_string(push_language(&facts)));
        *taken += push_deliver(push, targets->pdata[i], message);
    }
    return *taken > 0 || err_set(error, ERR_UNAVAILABLE,
                                 "no push service took the message; see each device for why");
}
