#include "people/password.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

_Static_assert(PASSWORD_HASH == crypto_pwhash_STRBYTES, "room for libsodium's hashes");

/* Above the least that OWASP asks for (19 MiB, 2 passes), below libsodium's "interactive" 64 MiB:
 * the server is to keep within 50 MiB (docs/design/decisions/032). */
enum { PASSES = 3, MEMORY_BYTES = 32 << 20 };

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

bool password_hash(const char *password, char hash[PASSWORD_HASH], GError **error)
{
    pthread_mutex_lock(&one_at_a_time);
    int result = crypto_pwhash_str(hash, password, strlen(password), PASSES, MEMORY_BYTES);
    pthread_mutex_unlock(&one_at_a_time);
    if (result == 0)
        return true;
    return err_set(error, ERR_UNAVAILABLE, "no memory to hash a password: %d MiB are needed",
                   MEMORY_BYTES >> 20);
}

bool password_holds(const char *password, const char *hash)
{
    pthread_mutex_lock(&one_at_a_time);
    int result = crypto_pwhash_str_verify(hash, password, strlen(password));
    pthread_mutex_unlock(&one_at_a_time);
    return result == 0;
}

static char nobody[PASSWORD_HASH];

static void make_nobody(void)
{
    g_autoptr(GError) trouble = NULL;
    password_hash("nobody has this password", nobody, &trouble);
}

void password_waste(const char *password)
{
    static pthread_once_t made = PTHREAD_ONCE_INIT;
    pthread_once(&made, make_nobody);
    password_holds(password, nobody);
}

bool password_outdated(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY_BYTES) != 0;
}
