#include "camera/host_limit.h"

#include "base/clock.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    SET_UP_AT_FIRST = 2, /* connections that are set up at the same time */
    SET_UP_MOST = 8,     /* recorders choke at about ten (CAMERAS.md S18) */
    LEARN_FROM = 2,      /* connections that play: one alone tells of its stream, not of the host */
};
#define FAST_US (SECOND_US / 4) /* answered so soon, one more at a time is no burden */
#define LEARNED_US MINUTE_US
#define PUSH_AGAIN_US (10 * MINUTE_US)

typedef enum PlaceState { PLACE_NONE, PLACE_WAITS, PLACE_SET_UP, PLACE_PLAYS } PlaceState;

typedef struct Host {
    char *address;
    GPtrArray *places;       /* HostPlace, borrowed: who waits, is set up, or plays */
    unsigned window;         /* how many may be set up at once */
    unsigned learned;        /* 0: nothing */
    int64_t learned_till_us; /* from then on one more is tried */
} Host;

struct HostLimits {
    pthread_mutex_t lock; /* guards everything below, and the places */
    GHashTable *hosts;    /* address in Host → Host */
    uint64_t asked;       /* numbers who stands in line */
};

struct HostPlace {
    atomic_uint references; /* its owner, and messages on their way */
    HostLimits *limits;
    Loop *loop;
    bool is_main;
    HostTold told;
    void *data;
    bool freed; /* loop only */

    Host *host; /* NULL: PLACE_NONE */
    PlaceState state;
    uint64_t number;    /* its turn in line */
    unsigned limit;     /* as it was asked with */
    unsigned told_full; /* the limit it was told last; 0: none */
    bool yields;        /* was told to */
    int64_t set_up_us;  /* since when */
    int64_t pushed_us;  /* when a sub stream was last told to make room for it; 0: never */
    uint64_t changes;   /* a message about an older state says nothing any more */
};

/* ---- messages to the loops, sent without the lock ---- */

typedef struct Message {
    HostPlace *place; /* holds a reference */
    HostTurn turn;
    unsigned most;
    uint64_t changes;
} Message;

static void unref_place(HostPlace *place)
{
    if (atomic_fetch_sub_explicit(&place->references, 1, memory_order_acq_rel) == 1)
        g_free(place);
}

static void carry_message(void *data)
{
    Message *message = data;
    HostPlace *place = message->place;
    if (!place->freed) {
        pthread_mutex_lock(&place->limits->lock);
        bool holds = place->changes == message->changes;
        pthread_mutex_unlock(&place->limits->lock);
        if (holds)
            place->told(place->data, message->turn, message->most);
    }
    unref_place(place);
    g_free(message);
}

static void add_message(GPtrArray *messages, HostPlace *place, HostTurn turn, unsigned most)
{
    Message *message = g_new(Message, 1);
    *message = (Message){place, turn, most, place->changes};
    atomic_fetch_add_explicit(&place->references, 1, memory_order_relaxed);
    g_ptr_array_add(messages, message);
}

static void send_messages(GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        Message *message = messages->pdata[i];
        loop_post(message->place->loop, carry_message, message);
    }
    g_ptr_array_unref(messages);
}

/* ---- who is next; all below with the lock held ---- */

static void set_state(HostPlace *place, PlaceState state)
{
    place->state = state;
    place->changes++;
    place->yields = false;
    place->told_full = 0;
    if (state == PLACE_WAITS)
        place->number = place->limits->asked++;
    if (state == PLACE_SET_UP)
        place->set_up_us = clock_mono_us();
}

static const HostPlace *place_at(const Host *host, guint at)
{
    return host->places->pdata[at];
}

static unsigned count(const Host *host, PlaceState state)
{
    unsigned found = 0;
    for (guint i = 0; i < host->places->len; i++)
        found += place_at(host, i)->state == state;
    return found;
}

/* Who is not answered for long holds up nobody. */
static unsigned count_set_up_of_late(const Host *host, int64_t now_us)
{
    unsigned found = 0;
    for (guint i = 0; i < host->places->len; i++)
        found += place_at(host, i)->state == PLACE_SET_UP &&
                 now_us - place_at(host, i)->set_up_us < HOST_WAIT_US;
    return found;
}

/* Connections the host takes; 0: as many as there are. */
static unsigned most_of(const Host *host, int64_t now_us)
{
    unsigned most =
        host->learned && now_us >= host->learned_till_us ? host->learned + 1 : host->learned;
    for (guint i = 0; i < host->places->len; i++) {
        unsigned limit = place_at(host, i)->limit;
        if (limit && (!most || limit < most))
            most = limit;
    }
    return most;
}

static HostPlace *next_in_line(const Host *host)
{
    HostPlace *next = NULL;
    for (guint i = 0; i < host->places->len; i++) {
        HostPlace *place = host->places->pdata[i];
        if (place->state != PLACE_WAITS)
            continue;
        if (!next || place->is_main > next->is_main ||
            (place->is_main == next->is_main && place->number < next->number))
            next = place;
    }
    return next;
}

/* The newest sub stream makes room for each main stream that waits. */
static void push(const Host *host, HostPlace *waits, int64_t now_us, GPtrArray *messages)
{
    HostPlace *newest = NULL;
    if (!waits->is_main || (waits->pushed_us && now_us - waits->pushed_us < PUSH_AGAIN_US))
        return;
    for (guint i = 0; i < host->places->len; i++) {
        HostPlace *place = host->places->pdata[i];
        bool can = !place->is_main && !place->yields && place->state > PLACE_WAITS;
        if (can && (!newest || place->number > newest->number))
            newest = place;
    }
    if (!newest)
        return;
    waits->pushed_us = now_us;
    newest->yields = true;
    add_message(messages, newest, HOST_YIELD, 0);
}

static void tell_full(const Host *host, unsigned most, int64_t now_us, GPtrArray *messages)
{
    for (guint i = 0; i < host->places->len; i++) {
        HostPlace *place = host->places->pdata[i];
        if (place->state != PLACE_WAITS)
            continue;
        push(host, place, now_us, messages);
        if (place->told_full == most)
            continue;
        place->told_full = most;
        add_message(messages, place, HOST_FULL, most);
    }
}

static void settle(const Host *host, GPtrArray *messages)
{
    int64_t now_us = clock_mono_us();
    unsigned most = most_of(host, now_us), late = count_set_up_of_late(host, now_us),
             taken = count(host, PLACE_SET_UP) + count(host, PLACE_PLAYS);
    for (HostPlace *next; (next = next_in_line(host)); late++, taken++) {
        if (most && taken >= most) {
            tell_full(host, host->learned && most > host->learned ? host->learned : most, now_us,
                      messages);
            return;
        }
        if (late >= host->window)
            return;
        set_state(next, PLACE_SET_UP);
        add_message(messages, next, HOST_GO, 0);
    }
}

static void free_host(void *data)
{
    Host *host = data;
    g_free(host->address);
    g_ptr_array_unref(host->places);
    g_free(host);
}

static Host *find_host(HostLimits *limits, const char *name, uint16_t port)
{
    g_autofree char *address = g_strdup_printf("%s:%u", name, port);
    Host *host = g_hash_table_lookup(limits->hosts, address);
    if (host)
        return host;
    host = g_new(Host, 1);
    *host = (Host){.address = g_steal_pointer(&address),
                   .places = g_ptr_array_new(),
                   .window = SET_UP_AT_FIRST};
    g_hash_table_insert(limits->hosts, host->address, host);
    return host;
}

/* What a host taught is kept as long as a stream of it is known. */
static void move_to(HostPlace *place, Host *host)
{
    Host *left = place->host;
    if (left == host)
        return;
    if (left) {
        g_ptr_array_remove_fast(left->places, place);
        if (left->places->len == 0)
            g_hash_table_remove(place->limits->hosts, left->address);
    }
    place->host = host;
    if (host)
        g_ptr_array_add(host->places, place);
}

/* ---- what it taught ---- */

static void learn_from_end(Host *host, HostEnd end)
{
    unsigned playing = count(host, PLACE_PLAYS);
    if (end == HOST_END_OTHER)
        return;
    host->window = MAX(host->window / 2, (unsigned)SET_UP_AT_FIRST);
    if (end != HOST_END_REFUSED || playing < LEARN_FROM)
        return;
    host->learned = playing;
    host->learned_till_us = clock_mono_us() + LEARNED_US;
}

static void learn_from_playing(Host *host, const HostPlace *place)
{
    unsigned playing = count(host, PLACE_PLAYS);
    if (clock_mono_us() - place->set_up_us < FAST_US)
        host->window = MIN(host->window + 1, (unsigned)SET_UP_MOST);
    if (host->learned && playing > host->learned)
        host->learned = clock_mono_us() < host->learned_till_us ? playing : 0;
}

/* ---- places ---- */

HostLimits *host_limits_new(void)
{
    HostLimits *limits = g_new0(HostLimits, 1);
    pthread_mutex_init(&limits->lock, NULL);
    limits->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_host);
    return limits;
}

void host_limits_free(HostLimits *limits)
{
    g_hash_table_unref(limits->hosts);
    pthread_mutex_destroy(&limits->lock);
    g_free(limits);
}

HostPlace *host_place_new(HostLimits *limits, Loop *loop, bool is_main, HostTold told, void *data)
{
    HostPlace *place = g_new0(HostPlace, 1);
    atomic_init(&place->references, 1);
    place->limits = limits;
    place->loop = loop;
    place->is_main = is_main;
    place->told = told;
    place->data = data;
    return place;
}

HostTurn host_place_ask(HostPlace *place, const char *name, uint16_t port, unsigned limit,
                        unsigned *most)
{
    HostLimits *limits = place->limits;
    GPtrArray *messages = g_ptr_array_new();
    pthread_mutex_lock(&limits->lock);
    Host *host = find_host(limits, name, port);
    if (place->host && place->host != host && place->state != PLACE_NONE) {
        set_state(place, PLACE_NONE);
        settle(place->host, messages);
    }
    move_to(place, host);
    place->limit = limit;
    if (place->state != PLACE_WAITS && place->state != PLACE_SET_UP)
        set_state(place, PLACE_WAITS);
    settle(host, messages);
    HostTurn turn = place->state == PLACE_SET_UP ? HOST_GO
                    : place->told_full           ? HOST_FULL
                                                 : HOST_WAIT;
    *most = place->told_full;
    place->changes++;  /* what settling sent to itself is told at once … */
    if (place->yields) /* … but for this */
        add_message(messages, place, HOST_YIELD, 0);
    pthread_mutex_unlock(&limits->lock);
    send_messages(messages);
    return turn;
}

void host_place_playing(HostPlace *place)
{
    GPtrArray *messages = g_ptr_array_new();
    pthread_mutex_lock(&place->limits->lock);
    if (place->state == PLACE_SET_UP) {
        place->state = PLACE_PLAYS; /* what it was told on the way still holds */
        learn_from_playing(place->host, place);
        settle(place->host, messages);
    }
    pthread_mutex_unlock(&place->limits->lock);
    send_messages(messages);
}

void host_place_leave(HostPlace *place, HostEnd end)
{
    GPtrArray *messages = g_ptr_array_new();
    pthread_mutex_lock(&place->limits->lock);
    if (place->state != PLACE_NONE) {
        set_state(place, PLACE_NONE);
        learn_from_end(place->host, end);
        settle(place->host, messages);
    }
    pthread_mutex_unlock(&place->limits->lock);
    send_messages(messages);
}

void host_place_free(HostPlace *place)
{
    host_place_leave(place, HOST_END_OTHER);
    pthread_mutex_lock(&place->limits->lock);
    move_to(place, NULL);
    pthread_mutex_unlock(&place->limits->lock);
    place->freed = true;
    unref_place(place);
}
