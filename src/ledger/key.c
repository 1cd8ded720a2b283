#include "ledger/key.h"

#include "base/digest.h"

#include <sodium.h>
#include <string.h>

enum { FINGERPRINT_LEAST_DIGITS = 32 };

const char *public_key_id(const PublicKey *key, char text[KEY_ID_TEXT])
{
    uint8_t digest[SHA256_BYTES];
    sha256(key->bytes, sizeof key->bytes, digest);
    hex_encode(digest, (KEY_ID_TEXT - 1) / 2, text);
    return text;
}

const char *public_key_fingerprint(const PublicKey *key, char text[FINGERPRINT_TEXT])
{
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256(key->bytes, sizeof key->bytes, digest);
    hex_encode(digest, sizeof digest, hex);
    char *to = text;
    for (size_t i = 0; i < SHA256_HEX - 1; i++) {
        if (i > 0 && i % 4 == 0)
            *to++ = ' ';
        *to++ = hex[i];
    }
    *to = '\0';
    return text;
}

/* The bare digits, in lower case. False when there are other characters, too few or too many. */
static bool fingerprint_digits(const char *text, char digits[SHA256_HEX])
{
    size_t length = 0;
    for (; text && *text; text++) {
        if (strchr(" :-", *text))
            continue;
        if (!g_ascii_isxdigit(*text) || length == SHA256_HEX - 1)
            return false;
        digits[length++] = g_ascii_tolower(*text);
    }
    digits[length] = '\0';
    return length >= FINGERPRINT_LEAST_DIGITS;
}

bool fingerprint_plausible(const char *text)
{
    char digits[SHA256_HEX];
    return fingerprint_digits(text, digits);
}

bool public_key_has_fingerprint(const PublicKey *key, const char *text)
{
    char wanted[SHA256_HEX], own_grouped[FINGERPRINT_TEXT], own[SHA256_HEX];
    return fingerprint_digits(text, wanted) &&
           fingerprint_digits(public_key_fingerprint(key, own_grouped), own) &&
           g_str_has_prefix(own, wanted);
}

bool signature_holds(const PublicKey *key, const void *data, size_t size,
                     const uint8_t signature[SIGNATURE_BYTES])
{
    return crypto_sign_verify_detached(signature, data, size, key->bytes) == 0;
}

struct NodeKey {
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    PublicKey public;
    char id[KEY_ID_TEXT];
};

NodeKey *node_key_from_seed(const uint8_t seed[NODE_KEY_SEED_BYTES])
{
    G_STATIC_ASSERT(NODE_KEY_SEED_BYTES == crypto_sign_SEEDBYTES);
    NodeKey *key = sodium_malloc(sizeof *key);
    if (!key)
        g_error("no locked memory for the signing key");
    crypto_sign_seed_keypair(key->public.bytes, key->secret, seed);
    public_key_id(&key->public, key->id);
    return key;
}

void node_key_free(NodeKey *key)
{
    sodium_free(key);
}

void node_key_seed(const NodeKey *key, uint8_t seed[NODE_KEY_SEED_BYTES])
{
    crypto_sign_ed25519_sk_to_seed(seed, key->secret);
}

const PublicKey *node_key_public(const NodeKey *key)
{
    return &key->public;
}

const char *node_key_id(const NodeKey *key)
{
    return key->id;
}

void node_key_sign(const NodeKey *key, const void *data, size_t size,
                   uint8_t signature[SIGNATURE_BYTES])
{
    crypto_sign_detached(signature, NULL, data, size, key->secret);
}
