#include "people/lockout.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

enum { TALLIES_MOST = 10000 };

#define SECOND INT64_C(1000000)
/* How long an account is known at an address. */
#define KNOWN_US (INT64_C(30) * 86400 * SECOND)

typedef struct Tally {
    unsigned failures;
    int64_t last_us;
} Tally;

struct Lockout {
    pthread_mutex_t lock;
    GHashTable *failed; /* "@address", "account" or "account @address" -> Tally * */
    GHashTable *known;  /* "account @address" -> Tally *, when it last signed in there */
};

Lockout *lockout_new(void)
{
    Lockout *lockout = g_new0(Lockout, 1);
    pthread_mutex_init(&lockout->lock, NULL);
    lockout->failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    lockout->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return lockout;
}

void lockout_free(Lockout *lockout)
{
    if (!lockout)
        return;
    g_hash_table_unref(lockout->failed);
    g_hash_table_unref(lockout->known);
    pthread_mutex_destroy(&lockout->lock);
    g_free(lockout);
}

/* Whoever has one IPv6 address has all of its /64. */
char *lockout_place(const char *address)
{
    struct in6_addr bytes;
    char text[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, address, &bytes) != 1 || IN6_IS_ADDR_V4MAPPED(&bytes))
        return g_strdup_printf("@%s", address);
    memset(bytes.s6_addr + 8, 0, 8);
    return g_strdup_printf("@%s", inet_ntop(AF_INET6, &bytes, text, sizeof text));
}

/* Forgets what is old; when that frees no room, the oldest. */
static void make_room(GHashTable *tallies, int64_t before_us)
{
    if (g_hash_table_size(tallies) < TALLIES_MOST)
        return;
    GHashTableIter iter;
    void *key, *value, *oldest = NULL;
    int64_t oldest_us = INT64_MAX;
    g_hash_table_iter_init(&iter, tallies);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Tally *tally = value;
        if (tally->last_us < before_us) {
            g_hash_table_iter_remove(&iter);
        } else if (tally->last_us < oldest_us) {
            oldest_us = tally->last_us;
            oldest = key;
        }
    }
    if (g_hash_table_size(tallies) >= TALLIES_MOST)
        g_hash_table_remove(tallies, oldest);
}

static Tally *tally_of(GHashTable *tallies, const char *key, int64_t now_us, int64_t forget_us)
{
    Tally *tally = g_hash_table_lookup(tallies, key);
    if (!tally) {
        make_room(tallies, now_us - forget_us);
        tally = g_new0(Tally, 1);
        g_hash_table_insert(tallies, g_strdup(key), tally);
    }
    if (now_us - tally->last_us > forget_us)
        tally->failures = 0;
    return tally;
}

static int64_t wait_of(const Tally *tally, unsigned free, int64_t most_us, int64_t now_us)
{
    if (tally->failures < free)
        return 0;
    unsigned doublings = MIN(tally->failures - free, 20);
    int64_t wait_us = MIN(SECOND << doublings, most_us);
    return MAX(tally->last_us + wait_us - now_us, 0);
}

static void count(Tally *tally, int64_t now_us)
{
    tally->failures++;
    tally->last_us = now_us;
}

static Tally *failures_of(Lockout *lockout, const char *key, int64_t now_us)
{
    return tally_of(lockout->failed, key, now_us, LOCKOUT_FORGET_US);
}

static void count_try(Lockout *lockout, const char *where, const char *here, const char *account,
                      int64_t now_us)
{
    bool has_share = failures_of(lockout, here, now_us)->failures < LOCKOUT_SHARE;
    count(failures_of(lockout, where, now_us), now_us);
    count(failures_of(lockout, here, now_us), now_us);
    /* Once many addresses have filled it, it holds for each of them. */
    if (account &&
        (has_share || failures_of(lockout, account, now_us)->failures >= LOCKOUT_FREE_ACCOUNT))
        count(failures_of(lockout, account, now_us), now_us);
}

/* Did an account sign in there before? It is not counted everywhere then. */
static bool is_known(const Lockout *lockout, const char *here, int64_t now_us)
{
    const Tally *known = g_hash_table_lookup(lockout->known, here);
    return known && now_us - known->last_us < KNOWN_US;
}

int64_t lockout_try(Lockout *lockout, const char *account, const char *address, int64_t now_us)
{
    g_autofree char *where = lockout_place(address);
    g_autofree char *here = g_strdup_printf("%s %s", account, where);
    pthread_mutex_lock(&lockout->lock);
    if (is_known(lockout, here, now_us))
        account = NULL;
    /* Copied: room for one tally may take another. */
    Tally at_address = *failures_of(lockout, where, now_us);
    Tally at_here = *failures_of(lockout, here, now_us);
    Tally at_account = account ? *failures_of(lockout, account, now_us) : (Tally){0};
    int64_t wait_us =
        MAX(wait_of(&at_address, LOCKOUT_FREE_ADDRESS, LOCKOUT_MOST_ADDRESS_US, now_us),
            wait_of(&at_here, LOCKOUT_FREE_HERE, LOCKOUT_MOST_ACCOUNT_US, now_us));
    wait_us =
        MAX(wait_us, wait_of(&at_account, LOCKOUT_FREE_ACCOUNT, LOCKOUT_MOST_ACCOUNT_US, now_us));
    if (wait_us == 0)
        count_try(lockout, where, here, account, now_us);
    pthread_mutex_unlock(&lockout->lock);
    return wait_us;
}

static unsigned uncount(Lockout *lockout, const char *key)
{
    Tally *tally = g_hash_table_lookup(lockout->failed, key);
    return tally && tally->failures > 0 ? tally->failures-- : 0;
}

void lockout_take_back(Lockout *lockout, const char *account, const char *address, int64_t now_us)
{
    g_autofree char *where = lockout_place(address);
    g_autofree char *here = g_strdup_printf("%s %s", account, where);
    pthread_mutex_lock(&lockout->lock);
    uncount(lockout, where);
    /* Beyond its share, and where the account is known, the try was not counted there. */
    if (uncount(lockout, here) <= LOCKOUT_SHARE && !is_known(lockout, here, now_us))
        uncount(lockout, account);
    pthread_mutex_unlock(&lockout->lock);
}

/* The address keeps its earlier failures: one good account must not buy tries at the others. */
void lockout_succeeded(Lockout *lockout, const char *account, const char *address, int64_t now_us)
{
    g_autofree char *where = lockout_place(address);
    g_autofree char *here = g_strdup_printf("%s %s", account, where);
    pthread_mutex_lock(&lockout->lock);
    uncount(lockout, where);
    g_hash_table_remove(lockout->failed, account);
    g_hash_table_remove(lockout->failed, here);
    tally_of(lockout->known, here, now_us, KNOWN_US)->last_us = now_us;
    pthread_mutex_unlock(&lockout->lock);
}
