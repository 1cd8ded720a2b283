#include "people/grants.h"

#include "base/digest.h"
#include "base/secret.h"

#include <pthread.h>
#include <string.h>

enum { TEXT_BYTES = 24, HOLDER_MOST = 128 };

typedef struct Grant {
    char *text;
    uint8_t holder[SHA256_BYTES]; /* of what it shows: no session can be taken from here */
    GArray *cameras;              /* Uuid */
    int64_t from_us, to_us;
    int64_t given_us; /* monotonic */
    char reason[GRANT_REASON_BYTES];
} Grant;

struct Grants {
    pthread_mutex_t lock;
    GPtrArray *list; /* Grant *, oldest first: a person has a few a day */
};

static void free_grant(void *data)
{
    Grant *grant = data;
    g_free(grant->text);
    g_array_unref(grant->cameras);
    g_free(grant);
}

Grants *grants_new(void)
{
    Grants *grants = g_new0(Grants, 1);
    pthread_mutex_init(&grants->lock, NULL);
    grants->list = g_ptr_array_new_with_free_func(free_grant);
    return grants;
}

void grants_free(Grants *grants)
{
    if (!grants)
        return;
    g_ptr_array_unref(grants->list);
    pthread_mutex_destroy(&grants->lock);
    g_free(grants);
}

static bool has_ended(const Grant *grant)
{
    return clock_mono_us() - grant->given_us > GRANT_LIVES_US;
}

/* With the lock held: drops what has ended, and the oldest of a holder who has many. */
static void make_room(Grants *grants, const uint8_t holder[SHA256_BYTES])
{
    unsigned own = 0;
    for (guint i = grants->list->len; i-- > 0;) {
        const Grant *grant = grants->list->pdata[i];
        bool is_own = memcmp(grant->holder, holder, SHA256_BYTES) == 0;
        if (has_ended(grant) || (is_own && ++own >= HOLDER_MOST))
            g_ptr_array_remove_index(grants->list, i);
    }
}

char *grants_give(Grants *grants, const GrantAsked *asked)
{
    Grant *grant = g_new0(Grant, 1);
    grant->text = secret_token(TEXT_BYTES);
    sha256(asked->holder, strlen(asked->holder), grant->holder);
    grant->cameras = g_array_new(FALSE, FALSE, sizeof(Uuid));
    g_array_append_vals(grant->cameras, asked->cameras, (guint)asked->camera_count);
    grant->from_us = asked->from_us;
    grant->to_us = asked->to_us;
    grant->given_us = clock_mono_us();
    g_strlcpy(grant->reason, asked->reason, sizeof grant->reason);
    char *text = g_strdup(grant->text);
    pthread_mutex_lock(&grants->lock);
    make_room(grants, grant->holder);
    g_ptr_array_add(grants->list, grant);
    pthread_mutex_unlock(&grants->lock);
    return text;
}

static bool covers(const Grant *grant, const GrantLook *look)
{
    bool camera = uuids_have(grant->cameras, look->camera);
    bool whole = look->from_us >= grant->from_us && look->to_us <= grant->to_us;
    bool piece = look->from_us < grant->to_us && look->to_us > grant->from_us;
    return camera && (look->piece ? piece : whole);
}

/* With the lock held. */
static const Grant *find(const Grants *grants, const char *text)
{
    for (guint i = 0; i < grants->list->len; i++) {
        const Grant *grant = grants->list->pdata[i];
        if (strcmp(grant->text, text) == 0)
            return has_ended(grant) ? NULL : grant;
    }
    return NULL;
}

GrantAnswer grants_open(Grants *grants, const GrantLook *look, char reason[GRANT_REASON_BYTES])
{
    uint8_t holder[SHA256_BYTES];
    GrantAnswer answer = GRANT_OTHERWISE;
    sha256(look->holder, strlen(look->holder), holder);
    pthread_mutex_lock(&grants->lock);
    const Grant *grant = find(grants, look->grant);
    if (grant && memcmp(grant->holder, holder, SHA256_BYTES) != 0) {
        answer = GRANT_FOREIGN;
    } else if (grant && covers(grant, look)) {
        answer = GRANT_OPENS;
        memcpy(reason, grant->reason, GRANT_REASON_BYTES);
    }
    pthread_mutex_unlock(&grants->lock);
    return answer;
}
