/* session_list.c — where an account is signed in, and ending it there. */
#include "base/clock.h"
#include "people/people_state.h"

#include <string.h>

/* A session is named by the first half of its token's hash. */
static Uuid id_of(const SessionRow *row)
{
    Uuid id;
    memcpy(id.bytes, row->hash, sizeof id.bytes);
    return id;
}

static SessionInfo describe(const SessionRow *row, const uint8_t *current)
{
    SessionInfo info = {.id = id_of(row), .created_us = row->created_us, .used_us = row->used_us};
    g_strlcpy(info.device, row->device, sizeof info.device);
    g_strlcpy(info.address, row->address ? row->address : "", sizeof info.address);
    info.current = current && memcmp(row->hash, current, SHA256_BYTES) == 0;
    return info;
}

static int by_use(const void *a, const void *b)
{
    const SessionInfo *one = a, *other = b;
    return (one->used_us < other->used_us) - (one->used_us > other->used_us);
}

GArray *people_sessions(People *people, const Uuid *account, const char *current)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(SessionInfo));
    GHashTableIter iter;
    void *value;
    uint8_t hash[SHA256_BYTES];
    if (current)
        token_digest(current, hash);
    int64_t now_us = clock_now_us();
    pthread_mutex_lock(&people->lock);
    g_hash_table_iter_init(&iter, people->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const SessionRow *row = value;
        if (!uuid_equal(&row->account, account) || people_session_over(row, now_us))
            continue;
        SessionInfo info = describe(row, current ? hash : NULL);
        g_array_append_val(list, info);
    }
    pthread_mutex_unlock(&people->lock);
    g_array_sort(list, by_use);
    return list;
}

bool people_session_end(People *people, const Uuid *account, const Uuid *id, GError **error)
{
    GHashTableIter iter;
    void *value;
    bool found = false;
    uint8_t hash[SHA256_BYTES];
    pthread_mutex_lock(&people->lock);
    g_hash_table_iter_init(&iter, people->sessions);
    while (!found && g_hash_table_iter_next(&iter, NULL, &value)) {
        const SessionRow *row = value;
        Uuid its = id_of(row);
        found = uuid_equal(&row->account, account) && uuid_equal(&its, id);
        if (found)
            memcpy(hash, row->hash, sizeof hash);
    }
    pthread_mutex_unlock(&people->lock);
    if (!found)
        return err_set(error, ERR_NOT_FOUND, "there is no such session");
    return people_end_session(people, hash, error);
}
