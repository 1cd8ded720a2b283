/* secret.h — keys and secrets: encrypted at rest (libsodium secretbox), wiped after use.
 *
 * The key lives in DATA/keys/secrets.key (mode 0600). Sealed secrets are base64 text:
 * nonce (24 bytes), then the secretbox.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct SecretKey SecretKey;

/* Call once, before anything else of libsodium. Aborts when there is no randomness. */
void secret_init(void);

/* Loads the key from `path`, or makes it there. Returns owned, NULL on error. */
SecretKey *secret_key_open(const char *path, GError **error);
void secret_key_free(SecretKey *key); /* wipes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SecretKey, secret_key_free)

char *secret_seal(const SecretKey *key, const char *plain);                  /* returns owned */
char *secret_open(const SecretKey *key, const char *sealed, GError **error); /* returns owned */

/* Wipes and frees; NULL is allowed. Also as cleanup: secret_auto char *password = …; */
void secret_free(char *secret);
void secret_clear(char **secret);
#define secret_auto __attribute__((cleanup(secret_clear)))

/* `bytes` random bytes as URL-safe base64 without padding. Returns owned. */
char *secret_token(unsigned bytes);
