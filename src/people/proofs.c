/* proofs.c — a device proves that it is there: challenges, and what they prove. */
#include "base/clock.h"
#include "base/secret.h"
#include "people/people_state.h"

#include <string.h>

enum { CHALLENGE_BYTES = 32, CHALLENGES_OF_DEVICE = 4 };

/* Given out and not used yet; in memory only. */
typedef struct Challenge {
    Uuid device;
    bool in_session;
    uint8_t session[SHA256_BYTES]; /* the one it counts in */
    int64_t mono_us;               /* given out */
} Challenge;

void people_free_challenge(void *challenge)
{
    g_free(challenge);
}

/* With the lock held: forgets what is too old, and of this device all but the newest. */
static void make_room(People *people, const Uuid *device, int64_t now_us)
{
    GHashTableIter iter;
    void *key, *value;
    const char *oldest = NULL;
    int64_t oldest_us = INT64_MAX;
    unsigned count = 0;
    g_hash_table_iter_init(&iter, people->challenges);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Challenge *one = value;
        if (now_us - one->mono_us >= DEVICE_CHALLENGE_US) {
            g_hash_table_iter_remove(&iter);
            continue;
        }
        if (!uuid_equal(&one->device, device))
            continue;
        count++;
        if (one->mono_us < oldest_us) {
            oldest_us = one->mono_us;
            oldest = key;
        }
    }
    if (count >= CHALLENGES_OF_DEVICE)
        g_hash_table_remove(people->challenges, oldest);
}

char *people_challenge(People *people, const Uuid *device, const char *session)
{
    char *text = secret_token(CHALLENGE_BYTES);
    int64_t now_us = clock_mono_us();
    pthread_mutex_lock(&people->lock);
    const DeviceRow *row = g_hash_table_lookup(people->devices, device);
    if (row && !row->shut_us) {
        make_room(people, device, now_us);
        Challenge *challenge = g_new0(Challenge, 1);
        challenge->device = *device;
        challenge->mono_us = now_us;
        challenge->in_session = session;
        if (session)
            token_digest(session, challenge->session);
        g_hash_table_replace(people->challenges, g_strdup(text), challenge);
    }
    pthread_mutex_unlock(&people->lock);
    return text;
}

char *device_proof_text(const Uuid *device, const char *challenge)
{
    char id[UUID_TEXT];
    return g_strdup_printf("vonglau proof\n%s\n%s", uuid_text(device, id), challenge);
}

/* Uses a challenge up: was it given to this device, in this session (NULL: to sign in), not too
 * long ago? `key` becomes the device's, when it is the account's and is not shut out. */
static bool take(People *people, const Uuid *account, const DeviceProof *proof,
                 const uint8_t *session, uint8_t key[P256_KEY_BYTES])
{
    pthread_mutex_lock(&people->lock);
    const Challenge *given = g_hash_table_lookup(people->challenges, proof->challenge);
    const DeviceRow *row = g_hash_table_lookup(people->devices, &proof->device);
    bool fits = given && row && uuid_equal(&given->device, &proof->device) &&
                clock_mono_us() - given->mono_us < DEVICE_CHALLENGE_US &&
                given->in_session == (session != NULL) &&
                (!session || memcmp(given->session, session, SHA256_BYTES) == 0) &&
                uuid_equal(&row->account, account) && !row->shut_us;
    if (fits)
        memcpy(key, row->key, P256_KEY_BYTES);
    if (given)
        g_hash_table_remove(people->challenges, proof->challenge);
    pthread_mutex_unlock(&people->lock);
    return fits;
}

static bool holds(People *people, const Uuid *account, const DeviceProof *proof,
                  const uint8_t *session)
{
    uint8_t key[P256_KEY_BYTES];
    g_autofree char *text = device_proof_text(&proof->device, proof->challenge);
    return take(people, account, proof, session, key) && p256_holds(key, proof->signature, text);
}

bool people_proof_holds(People *people, const Uuid *account, const DeviceProof *proof)
{
    return holds(people, account, proof, NULL);
}

bool people_lacks_device(const People *people, const SessionRow *row, Role role, int64_t now_us)
{
    if (uuid_is_nil(&row->enrolled))
        return people->device_roles[role];
    const DeviceRow *device = g_hash_table_lookup(people->devices, &row->enrolled);
    return !device || device->shut_us || now_us - row->proven_us > PROOF_MOST_US;
}

/* --- in a running session --- */

static void free_device_row(void *row, const GError *error)
{
    device_row_free(row);
}

static bool store_seen(CatalogDb *db, void *row, GError **error)
{
    return devices_seen(db, row, error);
}

void people_device_seen(People *people, const Uuid *device, int64_t now_us)
{
    pthread_mutex_lock(&people->lock);
    DeviceRow *row = g_hash_table_lookup(people->devices, device);
    if (row)
        row->seen_us = now_us;
    DeviceRow *copy = row ? device_row_copy(row) : NULL;
    pthread_mutex_unlock(&people->lock);
    if (copy)
        catalog_write(people->catalog, store_seen, copy, free_device_row);
}

bool people_prove_device(People *people, const char *session, const char *challenge,
                         const uint8_t signature[P256_SIGNATURE_BYTES], GError **error)
{
    uint8_t hash[SHA256_BYTES];
    Uuid account = {0};
    DeviceProof proof = {.challenge = challenge};
    token_digest(session, hash);
    memcpy(proof.signature, signature, P256_SIGNATURE_BYTES);
    pthread_mutex_lock(&people->lock);
    const SessionRow *row = g_hash_table_lookup(people->sessions, hash);
    if (row) {
        account = row->account;
        proof.device = row->enrolled;
    }
    pthread_mutex_unlock(&people->lock);
    if (!row || !holds(people, &account, &proof, hash))
        return err_set(error, ERR_DENIED, "this does not prove the device of the session");
    int64_t now_us = clock_now_us();
    pthread_mutex_lock(&people->lock);
    SessionRow *proven = g_hash_table_lookup(people->sessions, hash);
    if (proven)
        proven->proven_us = proven->used_us = proven->stored_us = now_us;
    SessionRow *copy = proven ? session_row_copy(proven) : NULL;
    pthread_mutex_unlock(&people->lock);
    if (copy)
        people_store_use(people, copy);
    people_device_seen(people, &proof.device, now_us);
    return true;
}

bool people_session_device(People *people, const char *session, Device *device, int64_t *due_us)
{
    uint8_t hash[SHA256_BYTES];
    Uuid id = {0};
    token_digest(session, hash);
    pthread_mutex_lock(&people->lock);
    const SessionRow *row = g_hash_table_lookup(people->sessions, hash);
    if (row) {
        id = row->enrolled;
        *due_us = row->proven_us + PROOF_MOST_US;
    }
    pthread_mutex_unlock(&people->lock);
    return row && !uuid_is_nil(&id) && people_device(people, &id, device);
}

static bool remove_rows(CatalogDb *db, void *device, GError **error)
{
    return sessions_remove_on(db, device, error);
}

static void free_id(void *device, const GError *error)
{
    g_free(device);
}

static gboolean is_on(void *key, void *row, void *device)
{
    return uuid_equal(&((const SessionRow *)row)->enrolled, device);
}

void people_end_device(People *people, const Uuid *device)
{
    Uuid id = *device;
    pthread_mutex_lock(&people->lock);
    g_hash_table_foreach_remove(people->sessions, is_on, &id);
    pthread_mutex_unlock(&people->lock);
    catalog_write(people->catalog, remove_rows, g_memdup2(device, sizeof *device), free_id);
}
