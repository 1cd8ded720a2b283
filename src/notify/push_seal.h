/* push_seal.h — Web Push: messages that only the app they are for can read (RFC 8291), and the
 * token by which push services know who sends them (VAPID, RFC 8292).
 *
 * Pure but for randomness. Keys are of the curve P-256; a point is uncompressed.
 */
#pragma once

#include "base/p256.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PUSH_SECRET_BYTES = 32,
    PUSH_POINT_BYTES = P256_KEY_BYTES,
    PUSH_AUTH_BYTES = 16,
    PUSH_SALT_BYTES = 16,
    PUSH_PLAIN_MOST = 3072, /* services take at least 4096 bytes when it is sealed, RFC 8030 §7.2 */
};

typedef struct PushKey PushKey;

PushKey *push_key_new(void); /* a fresh one; returns owned */
/* Of a secret as push_key_secret() gave it. ERR_CORRUPT: it is none. Returns owned. */
PushKey *push_key_of(const uint8_t secret[PUSH_SECRET_BYTES], GError **error);
void push_key_free(PushKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PushKey, push_key_free)

void push_key_secret(const PushKey *key, uint8_t secret[PUSH_SECRET_BYTES]);
void push_key_point(const PushKey *key, uint8_t point[PUSH_POINT_BYTES]);

/* What a browser gives of a subscription. */
typedef struct PushReader {
    uint8_t point[PUSH_POINT_BYTES];
    uint8_t auth[PUSH_AUTH_BYTES];
} PushReader;

/* Reads them as they come: base64, URL-safe or not, with or without padding. ERR_INVALID. */
bool push_reader_parse(const char *p256dh, const char *auth, PushReader *reader, GError **error);

/* Seals `plain` for `reader` with a key and a salt that are used this once; the body of the POST is
 * returned owned. ERR_INVALID: its point is not on the curve. */
GBytes *push_seal(const PushReader *reader, const PushKey *once,
                  const uint8_t salt[PUSH_SALT_BYTES], const void *plain, size_t size,
                  GError **error);

/* The value of the header Authorization for a service at `audience` ("https://host"), good until
 * `until_s`, seconds since the epoch, 24 h ahead at most. `contact`: "mailto:…" or "https://…", or
 * NULL. Returns owned. */
char *push_token(const PushKey *key, const char *audience, const char *contact, int64_t until_s);

/* URL-safe base64 without padding (RFC 4648 §5). Returns owned. */
char *push_base64(const void *data, size_t size);
